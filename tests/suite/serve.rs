//! The server, over real sockets on the loopback.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use bytes::Bytes;
use oncofeed::{
    edge::serve::{self, Limits},
    model::publication::{Departed, Document, Format, Publication},
    pipeline::render,
};
use reqwest::{Client, Method, Response, StatusCode, header::HeaderMap, redirect::Policy};
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpSocket, TcpStream},
    sync::{oneshot, watch},
    task::JoinHandle,
    time::timeout,
};

use crate::render::at;

/// Long enough for a machine under load; nothing waits for it to pass.
const PATIENCE: Duration = Duration::from_secs(20);

struct Server {
    address: SocketAddr,
    client: Client,
    publish: watch::Sender<Arc<Publication>>,
    stop: oneshot::Sender<()>,
    task: JoinHandle<()>,
}

async fn start(publication: Publication, limits: Limits) -> Server {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let (publish, publication) = watch::channel(Arc::new(publication));
    let (stop, stopped) = oneshot::channel();
    let task = tokio::spawn(serve::run(listener, publication, limits, async {
        let _ = stopped.await;
    }));
    let client = Client::builder()
        .no_proxy()
        .redirect(Policy::none())
        .no_gzip()
        .no_brotli()
        .no_deflate()
        .no_zstd()
        .build()
        .unwrap();
    Server {
        address,
        client,
        publish,
        stop,
        task,
    }
}

impl Server {
    async fn ask(&self, method: Method, path: &str, headers: &[(&str, &str)]) -> Response {
        let mut request = self.client.request(method, format!("http://{}{path}", self.address));
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        request.send().await.unwrap()
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response {
        self.ask(Method::GET, path, headers).await
    }

    /// Sends bytes as they are and reads until the server closes.
    async fn raw(&self, request: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.address).await.unwrap();
        stream.write_all(request).await.unwrap();
        let mut answer = vec![];
        // A reset after the answer is an end as well.
        let _ = timeout(PATIENCE, stream.read_to_end(&mut answer))
            .await
            .expect("the server closes");
        String::from_utf8_lossy(&answer).into_owned()
    }
}

fn document(format: Format, text: &str) -> Document {
    render::packed(Document {
        format,
        bytes: Bytes::from(text.to_owned()),
        changed: at("2015-07-06T10:00:00Z"),
        packed: vec![],
        link: None,
    })
}

fn long(word: &str) -> String {
    word.repeat(500)
}

fn publication(word: &str) -> Publication {
    let documents = [
        ("latest-news.rss".to_owned(), document(Format::Rss, &long(word))),
        ("latest-news.html".to_owned(), document(Format::Page, &long("page "))),
        ("index.html".to_owned(), document(Format::Page, &long("index "))),
        ("tiny.json".to_owned(), document(Format::Json, "{}")),
    ];
    Publication {
        documents: documents.into_iter().collect(),
        ..Publication::default()
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> &'a str {
    headers.get(name).map_or("", |value| value.to_str().unwrap())
}

#[tokio::test]
async fn a_feed_comes_with_all_that_a_cache_needs() {
    let server = start(publication("news "), Limits::default()).await;
    let answer = server.get("/latest-news.rss", &[("Host", "evil.example")]).await;
    assert_eq!(answer.status(), StatusCode::OK);
    let headers = answer.headers().clone();
    for (name, expect) in [
        ("content-type", "application/rss+xml; charset=utf-8"),
        ("content-length", "2500"),
        ("last-modified", "Mon, 06 Jul 2015 10:00:00 GMT"),
        (
            "cache-control",
            "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400",
        ),
        ("vary", "Accept-Encoding"),
        ("access-control-allow-origin", "*"),
        ("cross-origin-resource-policy", "cross-origin"),
        ("x-content-type-options", "nosniff"),
        ("referrer-policy", "no-referrer"),
        (
            "content-security-policy",
            "default-src 'none'; frame-ancestors 'none'; sandbox",
        ),
        ("content-encoding", ""),
        ("server", ""),
    ] {
        assert_eq!(text(&headers, name), expect, "{name}");
    }
    let etag = text(&headers, "etag");
    assert!(
        etag.starts_with('"') && etag.ends_with('"') && etag.len() == 34,
        "{etag}"
    );
    assert_eq!(answer.text().await.unwrap(), long("news "));
}

#[tokio::test]
async fn a_page_may_have_its_style_and_nothing_else() {
    let server = start(publication("news "), Limits::default()).await;
    let page = server.get("/latest-news.html", &[]).await;
    let policy = text(page.headers(), "content-security-policy");
    assert!(
        policy.starts_with("default-src 'none'; style-src 'unsafe-inline';"),
        "{policy}"
    );
    assert!(policy.ends_with("; frame-ancestors 'none'"), "{policy}");
    for (name, expect) in [
        ("content-type", "text/html; charset=utf-8"),
        ("x-frame-options", "DENY"),
        ("access-control-allow-origin", ""),
    ] {
        assert_eq!(text(page.headers(), name), expect, "{name}");
    }
    let index = server.get("/", &[]).await;
    assert_eq!(index.text().await.unwrap(), long("index "));
}

#[tokio::test]
async fn only_exact_names_are_there() {
    let server = start(publication("news "), Limits::default()).await;
    for path in [
        "/latest-news.RSS",
        "/latest-news.rss/",
        "/latest-news%2erss",
        "/%6catest-news.rss",
        "//latest-news.rss",
        "/./latest-news.rss%00",
        "/../Cargo.toml",
        "/..%2fCargo.toml",
        "/%2e%2e/etc/passwd",
        "/..%5c..%5cx",
        "/etc/passwd",
        "/.git/config",
        "/%3Cscript%3E",
        "/x%E2%80%AE",
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        let answer = server.raw(request.as_bytes()).await;
        assert!(answer.starts_with("HTTP/1.1 404 "), "{path}: {answer}");
        assert!(answer.ends_with("\r\n\r\nNot found\n"), "{path}: {answer}");
        assert!(!answer.contains("access-control"), "{answer}");
    }
    let query = server.get("/latest-news.rss?a=b&../..", &[]).await;
    assert_eq!(query.status(), StatusCode::OK);
    let absolute = b"GET http://evil.example/latest-news.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    assert!(server.raw(absolute).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn who_asks_for_a_channel_of_yesterday_is_told() {
    let departed = [
        ("old.rss".to_owned(), Departed::Gone),
        (
            "news.rss".to_owned(),
            Departed::Moved("https://news.example/latest-news.rss".into()),
        ),
        // What is published counts.
        ("latest-news.rss".to_owned(), Departed::Gone),
    ];
    let publication = Publication {
        departed: departed.into_iter().collect(),
        ..publication("news ")
    };
    let server = start(publication, Limits::default()).await;
    for (path, status, location) in [
        ("/old.rss", StatusCode::GONE, ""),
        (
            "/news.rss",
            StatusCode::MOVED_PERMANENTLY,
            "https://news.example/latest-news.rss",
        ),
        ("/news.atom", StatusCode::NOT_FOUND, ""),
        ("/latest-news.rss", StatusCode::OK, ""),
    ] {
        let answer = server.get(path, &[("Host", "evil.example")]).await;
        assert_eq!(answer.status(), status, "{path}");
        assert_eq!(text(answer.headers(), "location"), location, "{path}");
    }
}

#[tokio::test]
async fn other_methods_are_refused() {
    let server = start(publication("news "), Limits::default()).await;
    for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "BREW"] {
        for path in ["/latest-news.rss", "/nothing"] {
            let answer = server.ask(method.parse().unwrap(), path, &[]).await;
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method}");
            assert_eq!(text(answer.headers(), "allow"), "GET, HEAD");
        }
    }
    let connect = server.raw(b"CONNECT a.example:443 HTTP/1.1\r\nHost: a.example\r\n\r\n");
    assert!(connect.await.starts_with("HTTP/1.1 405 "));
}

#[tokio::test]
async fn head_is_get_without_the_bytes() {
    let server = start(publication("news "), Limits::default()).await;
    for (path, encoding) in [
        ("/latest-news.rss", "identity"),
        ("/latest-news.rss", "br"),
        ("/nothing", "gzip"),
    ] {
        let asked = [("Accept-Encoding", encoding)];
        let (get, head) = (
            server.get(path, &asked).await,
            server.ask(Method::HEAD, path, &asked).await,
        );
        let without_date = |headers: &HeaderMap| {
            let mut headers = headers.clone();
            headers.remove("date");
            headers
        };
        assert_eq!(without_date(get.headers()), without_date(head.headers()), "{path}");
        assert_eq!(get.status(), head.status());
        assert!(head.bytes().await.unwrap().is_empty());
        assert!(!get.bytes().await.unwrap().is_empty());
    }
    let head = server
        .raw(b"HEAD /latest-news.rss HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        .await;
    assert!(
        head.contains("content-length: 2500") && head.ends_with("\r\n\r\n"),
        "{head}"
    );
}

#[tokio::test]
async fn each_encoding_is_a_representation_of_its_own() {
    use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder};
    let server = start(publication("news "), Limits::default()).await;
    let mut etags = vec![];
    for asked in ["identity", "gzip", "br", "gzip;q=0.5, br;q=0.4"] {
        let answer = server.get("/latest-news.rss", &[("Accept-Encoding", asked)]).await;
        let encoding = text(answer.headers(), "content-encoding").to_owned();
        etags.push(text(answer.headers(), "etag").to_owned());
        assert_eq!(text(answer.headers(), "vary"), "Accept-Encoding");
        let bytes = answer.bytes().await.unwrap();
        let mut plain = String::new();
        match &*encoding {
            "gzip" => GzipDecoder::new(&bytes[..]).read_to_string(&mut plain).await.unwrap(),
            "br" => BrotliDecoder::new(&bytes[..]).read_to_string(&mut plain).await.unwrap(),
            other => {
                assert_eq!((other, asked), ("", "identity"));
                (&bytes[..]).read_to_string(&mut plain).await.unwrap()
            }
        };
        assert_eq!(plain, long("news "), "{asked}");
    }
    assert_eq!(etags[1], etags[3], "the same encoding, the same tag");
    etags.truncate(3);
    etags.dedup();
    assert_eq!(etags.len(), 3, "{etags:?}");
    let tiny = server.get("/tiny.json", &[("Accept-Encoding", "gzip, br")]).await;
    assert_eq!(
        text(tiny.headers(), "content-encoding"),
        "",
        "longer compressed than plain"
    );
}

#[tokio::test]
async fn who_has_it_already_gets_304() {
    let server = start(publication("news "), Limits::default()).await;
    let etag = |answer: &Response| text(answer.headers(), "etag").to_owned();
    let plain = etag(&server.get("/latest-news.rss", &[]).await);
    let gzip = etag(&server.get("/latest-news.rss", &[("Accept-Encoding", "gzip")]).await);
    let tags: Vec<_> = (0..200).map(|n| format!("\"{n}\"")).chain([plain.clone()]).collect();
    let (weak, list) = (format!("W/{plain}"), tags.join(", "));
    let (before, after) = ("Mon, 06 Jul 2015 09:00:00 GMT", "Mon, 06 Jul 2015 10:00:00 GMT");
    for (headers, expect) in [
        (vec![("If-None-Match", &*plain)], 304),
        (vec![("If-None-Match", &*weak)], 304),
        (vec![("If-None-Match", &*list)], 304),
        (vec![("If-None-Match", "*")], 304),
        (vec![("If-None-Match", "\"other\"")], 200),
        (vec![("If-None-Match", &*gzip)], 200),
        (vec![("If-None-Match", &*gzip), ("Accept-Encoding", "gzip")], 304),
        (vec![("If-None-Match", &*plain), ("If-Modified-Since", before)], 304),
        (vec![("If-None-Match", "\"other\""), ("If-Modified-Since", after)], 200),
        (vec![("If-Modified-Since", after)], 304),
        (vec![("If-Modified-Since", before)], 200),
        (vec![("If-Modified-Since", "tomorrow")], 200),
        (vec![("Range", "bytes=0-1,2-3")], 200),
    ] {
        for method in [Method::GET, Method::HEAD] {
            let answer = server.ask(method, "/latest-news.rss", &headers).await;
            assert_eq!(answer.status(), expect, "{headers:?}");
        }
    }
    let answer = server.get("/latest-news.rss", &[("If-None-Match", &plain)]).await;
    for (name, expect) in [
        ("etag", &*plain),
        (
            "cache-control",
            "public, max-age=300, stale-while-revalidate=600, stale-if-error=86400",
        ),
        ("vary", "Accept-Encoding"),
        ("last-modified", after),
        ("content-type", ""),
    ] {
        assert_eq!(text(answer.headers(), name), expect, "{name}");
    }
    assert!(!text(answer.headers(), "date").is_empty());
    assert!(answer.bytes().await.unwrap().is_empty());
    let missing = server.get("/nothing", &[("If-None-Match", "*")]).await;
    assert_eq!(missing.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_new_publication_is_swapped_in_while_readers_read() {
    let server = start(publication("old "), Limits::default()).await;
    let etag = |answer: &Response| text(answer.headers(), "etag").to_owned();
    let page = etag(&server.get("/latest-news.html", &[]).await);
    assert_eq!(
        server.get("/latest-news.rss", &[]).await.text().await.unwrap(),
        long("old ")
    );
    server.publish.send(Arc::new(publication("new "))).unwrap();
    timeout(PATIENCE, async {
        loop {
            let text = server.get("/latest-news.rss", &[]).await.text().await.unwrap();
            assert!(text == long("old ") || text == long("new "), "one or the other, whole");
            if text == long("new ") {
                break;
            }
        }
    })
    .await
    .unwrap();
    assert_eq!(
        etag(&server.get("/latest-news.html", &[]).await),
        page,
        "unchanged, same tag"
    );
    server.publish.send(Arc::new(Publication::default())).unwrap();
    timeout(PATIENCE, async {
        while server.get("/latest-news.rss", &[]).await.status() == StatusCode::OK {}
    })
    .await
    .unwrap();
    // Whoever published is gone; what was published last is still served.
    drop(server.publish);
    let answer = server
        .client
        .get(format!("http://{}/", server.address))
        .send()
        .await
        .unwrap();
    assert_eq!(answer.status(), StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn half_a_head_and_silence_end_a_connection() {
    let limits = Limits {
        head: Duration::from_millis(100),
        idle: Duration::from_millis(100),
        ..Limits::default()
    };
    let server = start(publication("news "), limits).await;
    for request in [
        "",
        "GET /latest-news.rss HTTP/1.1\r\nHost: x\r\nX-Slow: ",
        "GET / HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        server.raw(request.as_bytes()).await;
    }
}

#[tokio::test]
async fn who_reads_nothing_is_let_go() {
    let limits = Limits {
        stall: Duration::from_millis(200),
        ..Limits::default()
    };
    // More than the kernel's buffers of both ends hold.
    let huge = Document {
        bytes: Bytes::from(vec![b'x'; 16 << 20]),
        ..document(Format::Opml, "")
    };
    let documents = [("huge".to_owned(), huge)].into_iter().collect();
    let server = start(
        Publication {
            documents,
            ..Publication::default()
        },
        limits,
    )
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    // Accepted, and the answer under way.
    stream.read_exact(&mut [0]).await.unwrap();
    server.stop.send(()).unwrap();
    // The server ends with its last connection, which nobody reads from, long before its own patience is over.
    timeout(Duration::from_secs(4), server.task).await.unwrap().unwrap();
}

#[tokio::test]
async fn beyond_the_limit_connections_wait_for_a_place() {
    let limits = Limits {
        connections: 1,
        ..Limits::default()
    };
    let server = start(publication("news "), limits).await;
    let request = b"GET /tiny.json HTTP/1.1\r\nHost: x\r\n\r\n";
    let mut first = TcpStream::connect(server.address).await.unwrap();
    first.write_all(request).await.unwrap();
    let mut byte = [0];
    first.read_exact(&mut byte).await.unwrap();
    let mut second = TcpStream::connect(server.address).await.unwrap();
    second.write_all(request).await.unwrap();
    let early = timeout(Duration::from_millis(100), second.read_exact(&mut byte)).await;
    assert!(early.is_err(), "no place yet");
    drop(first);
    timeout(PATIENCE, second.read_exact(&mut byte)).await.unwrap().unwrap();
}

/// From any address of the loopback.
async fn connect_from(from: &str, to: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind(format!("{from}:0").parse().unwrap()).unwrap();
    socket.connect(to).await.unwrap()
}

/// Whether the server answers; else it closes.
async fn is_answered(mut stream: TcpStream) -> bool {
    let _ = stream.write_all(b"GET /tiny.json HTTP/1.1\r\nHost: x\r\n\r\n").await;
    let read = timeout(PATIENCE, stream.read(&mut [0])).await.unwrap();
    read.is_ok_and(|count| count == 1)
}

#[tokio::test]
async fn one_address_has_only_so_many_connections() {
    let limits = Limits {
        connections: 4,
        per_client: 2,
        exempt: vec!["127.0.0.3/32".parse().unwrap()],
        ..Limits::default()
    };
    let server = start(publication("news "), limits).await;
    let mut held = vec![];
    for _ in 0..2 {
        let mut stream = connect_from("127.0.0.2", server.address).await;
        stream
            .write_all(b"GET /tiny.json HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .unwrap();
        stream.read_exact(&mut [0]).await.unwrap();
        held.push(stream);
    }
    // More often than there are places: a refusal costs none.
    for _ in 0..8 {
        assert!(!is_answered(connect_from("127.0.0.2", server.address).await).await);
    }
    assert!(is_answered(connect_from("127.0.0.4", server.address).await).await);
    held.clear();
    timeout(PATIENCE, async {
        while !is_answered(connect_from("127.0.0.2", server.address).await).await {}
    })
    .await
    .expect("who has left may come back");
    let (one, two) = (
        connect_from("127.0.0.3", server.address).await,
        connect_from("127.0.0.3", server.address).await,
    );
    assert!(is_answered(connect_from("127.0.0.3", server.address).await).await);
    assert!(is_answered(one).await && is_answered(two).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn five_thousand_half_heads_starve_nobody() {
    let limits = Limits {
        exempt: vec![],
        ..Limits::default()
    };
    let server = start(publication("news "), limits).await;
    let address = server.address;
    let mut attackers = tokio::task::JoinSet::new();
    for n in 2..6 {
        attackers.spawn(async move {
            let mut held = vec![];
            for _ in 0..1250 {
                let mut stream = connect_from(&format!("127.0.0.{n}"), address).await;
                let _ = stream.write_all(b"GET / HTTP/1.1\r\nHost: x\r\nX-Slow: ").await;
                held.push(stream);
                // Those that the server has closed would only use up our own descriptors.
                held.retain(|stream| {
                    let read = stream.try_read(&mut [0]);
                    read.is_err_and(|error| error.kind() == std::io::ErrorKind::WouldBlock)
                });
            }
        });
    }
    let mut asked = 0;
    while asked == 0 || !attackers.is_empty() {
        let answered = timeout(
            Duration::from_secs(2),
            is_answered(connect_from("127.0.0.9", address).await),
        );
        assert!(answered.await.expect("in time"));
        asked += 1;
        while let Some(ended) = attackers.try_join_next() {
            ended.unwrap();
        }
    }
}

#[tokio::test]
async fn a_head_and_the_silence_before_it_have_each_their_time() {
    let (short, long) = (Duration::from_millis(100), Duration::from_secs(600));
    let whole = b"GET /tiny.json HTTP/1.1\r\nHost: x\r\n\r\n";
    for (head, idle, request) in [
        (long, short, &whole[..]),
        (short, long, b"GET / HTTP/1.1\r\nHost: "),
        (short, long, b""),
    ] {
        let limits = Limits {
            head,
            idle,
            ..Limits::default()
        };
        start(publication("news "), limits).await.raw(request).await;
    }
}

#[tokio::test]
async fn who_reads_a_little_now_and_then_is_let_go() {
    let limits = Limits {
        answer: Duration::from_millis(300),
        goodbye: Duration::from_secs(600),
        ..Limits::default()
    };
    let huge = Document {
        bytes: Bytes::from(vec![b'x'; 16 << 20]),
        ..document(Format::Opml, "")
    };
    let documents = [("huge".to_owned(), huge)].into_iter().collect();
    let server = start(
        Publication {
            documents,
            ..Publication::default()
        },
        limits,
    )
    .await;
    let mut stream = TcpStream::connect(server.address).await.unwrap();
    stream
        .write_all(b"GET /huge HTTP/1.1\r\nHost: x\r\n\r\n")
        .await
        .unwrap();
    stream.read_exact(&mut [0]).await.unwrap();
    server.stop.send(()).unwrap();
    let reader = tokio::spawn(async move {
        let mut pace = tokio::time::interval(Duration::from_millis(5));
        while stream.read(&mut [0; 1024]).await.is_ok_and(|count| count > 0) {
            pace.tick().await;
        }
    });
    timeout(PATIENCE, server.task).await.unwrap().unwrap();
    reader.abort();
}

#[tokio::test]
async fn what_proxies_say_changes_no_byte() {
    let server = start(publication("news "), Limits::default()).await;
    for path in ["/", "/latest-news.rss", "/nothing"] {
        let mut answers = vec![];
        for said in [
            "Host: x",
            "Host: evil.example",
            "Host: x\r\nX-Forwarded-Host: evil.example",
            "Host: x\r\nX-Forwarded-Proto: https",
            "Host: x\r\nX-Forwarded-For: 192.0.2.1",
            "Host: x\r\nForwarded: for=192.0.2.1;host=evil.example;proto=https",
        ] {
            let request = format!("GET {path} HTTP/1.1\r\n{said}\r\nConnection: close\r\n\r\n");
            let answer = server.raw(request.as_bytes()).await;
            let lines = answer.split("\r\n").filter(|line| !line.starts_with("date: "));
            answers.push(lines.map(str::to_owned).collect::<Vec<_>>());
        }
        assert!(answers[0][0].starts_with("HTTP/1.1 "));
        answers.dedup();
        assert_eq!(answers.len(), 1, "{path}");
    }
}

#[tokio::test]
async fn nonsense_is_answered_and_closed() {
    let server = start(publication("news "), Limits::default()).await;
    let long_path = format!("GET /{} HTTP/1.1\r\nHost: x\r\n\r\n", "x".repeat(70_000));
    let query = format!("GET /?{} HTTP/1.1\r\nHost: x\r\n\r\n", "a=b&".repeat(10_000));
    let many: String = (0..200).map(|n| format!("X-{n}: y\r\n")).collect();
    let many = format!("GET / HTTP/1.1\r\nHost: x\r\n{many}\r\n");
    for (request, expect) in [
        ("NONSENSE\r\n\r\n", "HTTP/1.1 400 "),
        (&*long_path, "HTTP/1.1 4"),
        (&*query, "HTTP/1.1 4"),
        (&*many, "HTTP/1.1 431 "),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
            "HTTP/1.1 400 ",
        ),
        // A second request that one of two servers would take for the body of the first.
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /x HTTP/1.1\r\n\r\n",
            "HTTP/1.1 400 ",
        ),
        (
            "GET / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 400 ",
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nbody",
            "HTTP/1.1 405 ",
        ),
    ] {
        let answer = server.raw(request.as_bytes()).await;
        assert_eq!(answer.matches("HTTP/1.1 ").count(), 1, "{answer}");
        assert!(
            answer.starts_with(expect),
            "{}: {answer}",
            &request[..20.min(request.len())]
        );
    }
}

#[tokio::test]
async fn stopping_is_prompt_and_lets_the_last_answer_end() {
    let server = start(publication("news "), Limits::default()).await;
    // An idle kept-alive connection does not hold it up.
    server.get("/latest-news.rss", &[]).await.bytes().await.unwrap();
    server.stop.send(()).unwrap();
    timeout(Duration::from_secs(4), server.task)
        .await
        .expect("before its patience is over")
        .unwrap();
    assert!(TcpStream::connect(server.address).await.is_err());
}
