//! A proxy that the operator names, and none that the environment does.

use std::{net::TcpListener, sync::Arc};

use oncofeed::{
    edge::fetch::{FetchFault, Fetcher},
    model::{
        credential::Secret,
        fetched::{Fetched, Request},
        settings,
    },
};
use rustls::pki_types::{CertificateDer, pem::PemObject as _};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use url::Url;

use super::{
    fetcher, now,
    tls::{Site, answer, fixture},
};
use crate::support::{
    background::Background,
    installation::{Installation, source},
    origin::{Origin, Reply},
    raw_origin::RawOrigin,
};

/// Nothing but the proxy is allowed, and the proxy need not be.
fn through(proxy: &Url, change: impl FnOnce(&mut settings::Fetch)) -> Fetcher {
    fetcher(|settings| {
        settings.allow_addresses.clear();
        settings.proxy = Some(proxy.clone());
        change(settings);
    })
}

async fn get(fetcher: &Fetcher, url: &str) -> Result<Fetched, FetchFault> {
    fetcher.fetch(&Request::new(url.parse().unwrap()), now()).await
}

async fn fault(fetcher: &Fetcher, url: &str) -> String {
    get(fetcher, url).await.unwrap_err().to_string()
}

#[tokio::test]
async fn it_is_asked_for_the_whole_address_and_resolves_the_name() {
    let proxy = Origin::start(|request| match &*request.path {
        "http://journal.test/old" => Reply::redirect(301, "http://moved.test/feed"),
        _ => Reply::feed("<rss/>"),
    });
    let fetcher = through(&proxy.url("/"), |_| ());
    get(&fetcher, "http://journal.test/old?a=b").await.unwrap();
    get(&fetcher, "http://journal.test/old").await.unwrap();
    let asked = [
        "http://journal.test/old?a=b",
        "http://journal.test/old",
        "http://moved.test/feed",
    ];
    assert_eq!(proxy.paths(), asked);
    assert_eq!(proxy.requests()[2].header("host"), "moved.test");
}

/// A proxy that has a name and is not public is reached by it.
#[tokio::test]
async fn its_own_address_is_nobodys_to_judge() {
    let proxy = Origin::start(|_| Reply::feed("<rss/>"));
    let named = format!("http://localhost:{}/", proxy.port()).parse().unwrap();
    let fetcher = through(&named, |_| ());
    get(&fetcher, "http://journal.test/").await.unwrap();
    let refused = fault(&fetcher, "http://127.0.0.1/").await;
    assert!(refused.contains("not a public address"), "{refused}");
}

/// Whatever the proxy could reach.
#[tokio::test]
async fn addresses_that_are_not_public_are_not_asked_of_it() {
    let proxy = Origin::start(|request| {
        let location = request.path.strip_prefix("http://journal.test/to/").unwrap();
        Reply::redirect(302, location)
    });
    let fetcher = through(&proxy.url("/"), |_| ());
    let inward = [
        "http://10.0.0.1/",
        "http://0x7f.1/",
        "http://[::ffff:169.254.169.254]/",
        "https://[fd00::1]/",
    ];
    for url in inward {
        let words = fault(&fetcher, url).await;
        assert!(words.contains("not a public address"), "{url}: {words}");
        let words = fault(&fetcher, &format!("http://journal.test/to/{url}")).await;
        assert!(
            words.starts_with("redirected to ") && words.contains("not a public address"),
            "{url}: {words}"
        );
    }
    assert_eq!(
        proxy.requests().len(),
        inward.len(),
        "only the first hop of each redirect"
    );
}

#[tokio::test]
async fn https_goes_through_a_tunnel_to_whom_it_trusts() {
    let site = Site::start("good", "http/1.1", answer);
    let url = &site.url;
    let tunnel = Tunnel::start(url, b"HTTP/1.1 200 Connection established\r\n\r\n");
    let trusted = CertificateDer::from_pem_file(fixture("trusted.pem")).unwrap().to_vec();
    let through = |ca: Vec<Vec<u8>>| {
        fetcher(|settings| {
            settings.proxy = Some(tunnel.url.clone());
            settings.proxy_login = Some(Secret::new("us:p:w"));
            settings.ca = ca;
        })
    };
    get(&through(vec![trusted]), url.as_str()).await.unwrap();
    let head = tunnel.heads().remove(0);
    assert!(
        head.starts_with(&format!("CONNECT {} HTTP/1.1\r\n", url.authority())),
        "{head}"
    );
    assert!(
        head.to_lowercase().contains("proxy-authorization: basic dxm6cdp3\r\n"),
        "{head}"
    );
    assert_eq!(
        fault(&through(vec![]), url.as_str()).await,
        "not secure: nobody that this machine trusts vouches for the site's certificate"
    );
}

/// Without a proxy, too.
#[tokio::test]
async fn certificates_of_the_operators_are_trusted() {
    let site = Site::start("good", "http/1.1", answer);
    let url = &site.url;
    let trusted = CertificateDer::from_pem_file(fixture("trusted.pem")).unwrap().to_vec();
    let fetcher = fetcher(|settings| settings.ca = vec![trusted]);
    get(&fetcher, url.as_str()).await.unwrap();
    let site = Site::start("other-name", "http/1.1", answer);
    let url = &site.url;
    assert_eq!(
        fault(&fetcher, url.as_str()).await,
        "not secure: the site's certificate belongs to another name",
        "what they vouch for is checked all the same"
    );
}

#[tokio::test]
async fn what_keeps_a_proxy_from_helping_is_said() {
    let gone = Origin::start(|_| Reply::feed("")).url("/");
    let name = format!("127.0.0.1:{}", gone.port().unwrap());
    for url in ["http://journal.test/", "https://journal.test/"] {
        let words = fault(&through(&gone, |_| ()), url).await;
        assert_eq!(words, format!("the proxy {name} takes no connections"), "{url}");
    }
    let nowhere = format!("http://{}.test:3128/", "x".repeat(64)).parse().unwrap();
    let words = fault(&through(&nowhere, |_| ()), "http://journal.test/").await;
    assert!(
        words.starts_with("the proxy xxx") && words.ends_with(".test:3128 has a name that does not resolve"),
        "{words}"
    );
    for (answer, plain, tunnel) in [
        (
            "407 No",
            "407: a proxy asks for a password",
            "407: a proxy asks for a password",
        ),
        (
            "403 No",
            "403: the site refuses automated readers",
            "the proxy NAME does not lead to the site",
        ),
        (
            "502 No",
            "502: the site's front reaches no server behind it",
            "the proxy NAME does not lead to the site",
        ),
    ] {
        let proxy = RawOrigin::sending(format!("HTTP/1.1 {answer}\r\nContent-Length: 0\r\n\r\n"));
        let url = proxy.url("/");
        let fetcher = through(&url, |_| ());
        assert_eq!(fault(&fetcher, "http://journal.test/").await, plain);
        let words = fault(&fetcher, "https://journal.test/").await;
        assert_eq!(words, tunnel.replace("NAME", url.authority()));
    }
    let closing = RawOrigin::sending("");
    let words = fault(&through(&closing.url("/"), |_| ()), "https://journal.test/").await;
    assert_eq!(
        words,
        format!("the proxy {} broke the connection off", closing.url("/").authority())
    );
}

#[tokio::test]
async fn a_login_goes_to_the_proxy() {
    let proxy = Origin::start(|_| Reply::feed("<rss/>"));
    let fetcher = through(&proxy.url("/"), |settings| {
        settings.proxy_login = Some(Secret::new("us:p:w"))
    });
    get(&fetcher, "http://journal.test/").await.unwrap();
    assert_eq!(proxy.requests()[0].header("proxy-authorization"), "Basic dXM6cDp3");
}

/// The real program: named by the environment a proxy is not asked, named by the operator it is.
#[test]
fn only_the_operators_word_makes_a_proxy() {
    let feed = include_str!("../../fixtures/homepage.rss");
    let direct = Origin::start(move |_| Reply::feed(feed));
    let proxy = Origin::start(move |_| Reply::feed(feed));
    let oncofeed = Installation::new(&source("A", &direct.url("/feed")));
    let run = |more: &[(&str, &str)]| {
        let mut command = oncofeed.command(&["once", "--all"]);
        for name in [
            "http_proxy",
            "https_proxy",
            "all_proxy",
            "HTTP_PROXY",
            "HTTPS_PROXY",
            "ALL_PROXY",
        ] {
            command.env(name, proxy.url("/").as_str());
        }
        assert!(command.envs(more.iter().copied()).output().unwrap().status.success());
        (direct.requests().len(), proxy.requests().len())
    };
    assert_eq!(run(&[]), (1, 0));
    let configured = proxy.url("/");
    let configured = ("ONCOFEED_FETCH_PROXY", configured.as_str());
    assert_eq!(run(&[configured]), (1, 1));
    assert_eq!(run(&[configured, ("NO_PROXY", "*"), ("no_proxy", "127.0.0.1")]), (1, 2));
}

/// A proxy that leads everything to one site.
struct Tunnel {
    url: Url,
    heads: Arc<std::sync::Mutex<Vec<String>>>,
    _background: Background,
}

impl Tunnel {
    fn start(site: &Url, answer: &'static [u8]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("http://{}/", listener.local_addr().unwrap()).parse().unwrap();
        let heads = Arc::new(std::sync::Mutex::new(vec![]));
        let (site, seen) = (site.authority().to_owned(), Arc::clone(&heads));
        let background = Background::run(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            while let Ok((mut client, _)) = listener.accept().await {
                let mut head = vec![];
                while !head.ends_with(b"\r\n\r\n") {
                    head.push(client.read_u8().await.unwrap());
                }
                seen.lock().unwrap().push(String::from_utf8(head).unwrap());
                client.write_all(answer).await.unwrap();
                let mut site = tokio::net::TcpStream::connect(&site).await.unwrap();
                // One of the two turns away in the middle where it does not trust the other.
                let _ended = tokio::io::copy_bidirectional(&mut client, &mut site).await;
            }
        });
        Self {
            url,
            heads,
            _background: background,
        }
    }

    fn heads(&self) -> Vec<String> {
        self.heads.lock().unwrap().clone()
    }
}
