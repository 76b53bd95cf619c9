//! Certificates, against a trust store of our own. It is chosen by the environment, so each visit is made by a child
//! process.

use std::{net::TcpListener, path::PathBuf, process::Command, sync::Arc};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _},
};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio_rustls::TlsAcceptor;
use url::Url;

use super::get;
use crate::support::{
    background::Background,
    origin::{Origin, Reply},
};

const SITE: &str = "SITE_TO_VISIT";

#[test]
fn a_site_is_read_only_where_its_certificate_holds() {
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
        let (url, _site) = site(certificate);
        assert_eq!(visit_with_our_trust(&url), outcome, "{certificate}");
    }
}

#[test]
fn a_port_that_speaks_no_tls_is_said_to() {
    let plain = Origin::start(|_| Reply::feed("<rss/>"));
    let mut url = plain.url("/");
    url.set_scheme("https").unwrap();
    assert_eq!(
        visit_with_our_trust(&url),
        "not secure: the site does not speak TLS here"
    );
    assert!(plain.requests().is_empty());
}

/// The child's part.
#[tokio::test]
#[ignore = "run by the others, each time in an environment of its own"]
async fn visit() {
    let url = std::env::var(SITE).unwrap().parse().unwrap();
    let outcome = get(url)
        .await
        .map_or_else(|fault| fault.to_string(), |_| "read".to_owned());
    println!("\noutcome: {outcome}");
}

fn visit_with_our_trust(url: &Url) -> String {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "fetch::tls::visit", "--ignored", "--nocapture"])
        .env(SITE, url.as_str())
        .env("SSL_CERT_FILE", fixture("trusted.pem"))
        .env_remove("SSL_CERT_DIR")
        .output()
        .unwrap();
    let output = String::from_utf8(output.stdout).unwrap();
    let outcome = output.lines().find_map(|line| line.strip_prefix("outcome: "));
    outcome.unwrap_or(&output).to_owned()
}

/// Answers every request with a feed.
pub(super) fn site(certificate: &str) -> (Url, Background) {
    let chain = CertificateDer::from_pem_file(fixture(&format!("{certificate}.pem"))).unwrap();
    let key = PrivateKeyDer::from_pem_file(fixture("site.key")).unwrap();
    let config = ServerConfig::builder().with_no_client_auth();
    let acceptor = TlsAcceptor::from(Arc::new(config.with_single_cert(vec![chain], key).unwrap()));
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let url = format!("https://{}/", listener.local_addr().unwrap());
    let background = Background::run(async move {
        let listener = tokio::net::TcpListener::from_std(listener).unwrap();
        while let Ok((stream, _)) = listener.accept().await {
            // Most clients here turn away in the middle of the handshake.
            if let Ok(mut stream) = acceptor.accept(stream).await {
                assert!(stream.read(&mut [0; 4096]).await.unwrap() > 0);
                let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\n<rss/>";
                stream.write_all(answer).await.unwrap();
                stream.shutdown().await.unwrap();
            }
        }
    });
    (url.parse().unwrap(), background)
}

pub(super) fn fixture(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("tests/fixtures/tls")
        .join(name)
}
