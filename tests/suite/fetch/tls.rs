//! Certificates, by an authority of our own.

use std::{
    net::TcpListener,
    path::PathBuf,
    sync::{Arc, Mutex},
    time::Duration,
};

use oncofeed::model::fetched::Request;
use rustls::{
    HandshakeKind, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};
use tokio_rustls::{TlsAcceptor, server::TlsStream};
use url::Url;

use super::{fetcher, now};
use crate::support::{
    background::Background,
    origin::{Origin, Reply},
};

#[tokio::test]
async fn a_site_is_read_only_where_its_certificate_holds() {
    for (certificate, outcome) in [
        ("good", "read"),
        ("expired", "not secure: the site's certificate has expired"),
        (
            "early",
            "not secure: the site's certificate is not valid yet (is this machine's clock right?)",
        ),
        (
            "other-name",
            "not secure: the site's certificate belongs to another name",
        ),
        (
            "untrusted",
            "not secure: nobody that this machine trusts vouches for the site's certificate",
        ),
    ] {
        let site = Site::start(certificate, "http/1.1", answer);
        assert_eq!(visits(&site.url, 1).await, [outcome], "{certificate}");
    }
}

/// Nobody has to be asked to look the other way: there is nothing that would let them.
#[test]
fn no_code_turns_verification_off() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/src/edge/fetch");
    for entry in std::fs::read_dir(folder).unwrap() {
        let text = std::fs::read_to_string(entry.unwrap().path()).unwrap();
        assert!(!text.contains("danger") && !text.contains("ServerCertVerifier"));
    }
    let keys = oncofeed::edge::config::example().to_lowercase();
    assert!(!keys.contains("insecure") && !keys.contains("verify"), "{keys}");
}

#[tokio::test]
async fn a_session_is_resumed_at_the_next_visit() {
    let site = Site::start("good", "http/1.1", answer);
    assert_eq!(visits(&site.url, 3).await, ["read"; 3]);
    let expect = [HandshakeKind::Full, HandshakeKind::Resumed, HandshakeKind::Resumed];
    assert_eq!(*site.handshakes.lock().unwrap(), expect);
}

#[tokio::test]
async fn a_port_that_speaks_no_tls_is_said_to() {
    let plain = Origin::start(|_| Reply::feed("<rss/>"));
    let mut url = plain.url("/");
    url.set_scheme("https").unwrap();
    assert_eq!(visits(&url, 1).await, ["not secure: the site does not speak TLS here"]);
    assert!(plain.requests().is_empty());
}

/// How visits by one fetcher go that trusts our authority, one after the other.
pub async fn visits(url: &Url, count: usize) -> Vec<String> {
    visits_within(Duration::from_secs(20), url, count).await
}

pub async fn visits_within(patience: Duration, url: &Url, count: usize) -> Vec<String> {
    let trusted = CertificateDer::from_pem_file(fixture("trusted.pem")).unwrap();
    let fetcher = fetcher(|settings| {
        settings.timeout = patience;
        settings.ca = vec![trusted.to_vec()];
    });
    let mut outcomes = vec![];
    for _ in 0..count {
        let found = fetcher.fetch(&Request::new(url.clone()), now()).await;
        outcomes.push(found.map_or_else(|fault| fault.to_string(), |_| "read".to_owned()));
    }
    outcomes
}

/// Answers with a feed, and closes.
pub async fn answer(mut stream: TlsStream<TcpStream>) -> std::io::Result<()> {
    assert!(stream.read(&mut [0; 4096]).await? > 0);
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>";
    stream.write_all(answer).await?;
    stream.shutdown().await
}

/// A site that speaks TLS. Ends when dropped.
pub struct Site {
    pub url: Url,
    /// One for each connection that came about.
    pub handshakes: Arc<Mutex<Vec<HandshakeKind>>>,
    _background: Background,
}

impl Site {
    /// `serve` is given each connection; `protocol` is what the site says that it speaks.
    pub fn start<F>(
        certificate: &str,
        protocol: &str,
        serve: impl Fn(TlsStream<TcpStream>) -> F + Send + 'static,
    ) -> Self
    where
        F: Future<Output = std::io::Result<()>> + Send + 'static,
    {
        let chain = CertificateDer::from_pem_file(fixture(&format!("{certificate}.pem"))).unwrap();
        let key = PrivateKeyDer::from_pem_file(fixture("site.key")).unwrap();
        let config = ServerConfig::builder().with_no_client_auth();
        let mut config = config.with_single_cert(vec![chain], key).unwrap();
        config.alpn_protocols = vec![protocol.into()];
        let acceptor = TlsAcceptor::from(Arc::new(config));
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let url = format!("https://{}/", listener.local_addr().unwrap());
        let handshakes = Arc::new(Mutex::new(vec![]));
        let shaken = Arc::clone(&handshakes);
        let background = Background::run(async move {
            let listener = tokio::net::TcpListener::from_std(listener).unwrap();
            let mut connections = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                // Many clients here turn away in the middle of the handshake.
                if let Ok(stream) = acceptor.accept(stream).await {
                    shaken.lock().unwrap().extend(stream.get_ref().1.handshake_kind());
                    connections.spawn(serve(stream));
                }
            }
        });
        Self {
            url: url.parse().unwrap(),
            handshakes,
            _background: background,
        }
    }
}

pub(super) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/tls")
        .join(name)
}
