//! HTTP/2, frame by frame (RFC 9113), as sites speak it and as they should not.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};
use tokio_rustls::server::TlsStream;

use super::tls::{Site, visits, visits_within};

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const CONTINUATION: u8 = 9;

const END_STREAM: u8 = 1;
const ACK: u8 = 1;
const END_HEADERS: u8 = 4;

/// `:status: 200` in HPACK.
const OK: &[u8] = &[0x88];

/// What a site does at a request.
#[derive(Clone)]
enum Act {
    Frame(Frame),
    /// The same frame for ever.
    Flood(Frame),
    Close,
}

#[derive(Clone)]
struct Frame {
    kind: u8,
    flags: u8,
    /// Of the connection as a whole, not of the request's stream.
    of_connection: bool,
    payload: Vec<u8>,
}

fn frame(kind: u8, flags: u8, payload: impl Into<Vec<u8>>) -> Frame {
    Frame {
        kind,
        flags,
        of_connection: matches!(kind, SETTINGS | PING | GOAWAY),
        payload: payload.into(),
    }
}

impl Frame {
    fn bytes(&self, stream: u32) -> Vec<u8> {
        let length = u32::try_from(self.payload.len()).unwrap().to_be_bytes();
        let stream = if self.of_connection { 0 } else { stream };
        let head = [&length[1..], &[self.kind, self.flags], &stream.to_be_bytes()].concat();
        [head, self.payload.clone()].concat()
    }
}

fn code(code: u32) -> [u8; 4] {
    code.to_be_bytes()
}

/// The last stream that was taken, and why no more are.
fn goaway(last: u32, why: u32) -> Act {
    Act::Frame(frame(GOAWAY, 0, [code(last), code(why)].concat()))
}

fn feed() -> Vec<Act> {
    vec![
        Act::Frame(frame(HEADERS, END_HEADERS, OK)),
        Act::Frame(frame(DATA, END_STREAM, b"<rss/>")),
    ]
}

/// A site that follows a script at its nth request; counts its requests.
fn site(script: impl Fn(usize) -> Vec<Act> + Send + Sync + 'static) -> (Site, Arc<AtomicUsize>) {
    let asked = Arc::new(AtomicUsize::new(0));
    let (script, count) = (Arc::new(script), Arc::clone(&asked));
    let site = Site::start("good", "h2", move |stream| {
        let (script, count) = (Arc::clone(&script), Arc::clone(&count));
        serve(stream, move || script(count.fetch_add(1, Ordering::SeqCst)))
    });
    (site, asked)
}

async fn serve(mut stream: TlsStream<TcpStream>, at_request: impl Fn() -> Vec<Act>) -> io::Result<()> {
    let mut preface = [0; PREFACE.len()];
    stream.read_exact(&mut preface).await?;
    assert_eq!(preface, PREFACE);
    stream.write_all(&frame(SETTINGS, 0, []).bytes(0)).await?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head).await?;
        let [a, b, c, kind, flags, s, t, u, v] = head;
        let length = u32::from_be_bytes([0, a, b, c]).try_into().unwrap();
        stream.read_exact(&mut vec![0; length]).await?;
        let acts = match kind {
            SETTINGS if flags & ACK == 0 => vec![Act::Frame(frame(SETTINGS, ACK, []))],
            HEADERS => at_request(),
            _ => vec![],
        };
        for act in acts {
            let id = u32::from_be_bytes([s, t, u, v]);
            match act {
                Act::Frame(frame) => stream.write_all(&frame.bytes(id)).await?,
                Act::Flood(frame) => {
                    let many = frame.bytes(id).repeat(1 + 16_000 / (9 + frame.payload.len()));
                    loop {
                        stream.write_all(&many).await?;
                    }
                }
                Act::Close => return stream.shutdown().await,
            }
            stream.flush().await?;
        }
    }
}

#[tokio::test]
async fn one_connection_carries_all_requests() {
    let (site, asked) = site(|_| feed());
    assert_eq!(visits(&site.url, 4).await, ["read"; 4]);
    assert_eq!(asked.load(Ordering::SeqCst), 4);
    assert_eq!(site.handshakes.lock().unwrap().len(), 1);
}

/// A site says that it closes, and does: the next request goes over another connection, or is asked again there.
#[tokio::test]
async fn a_connection_that_ends_costs_no_visit() {
    for end in [vec![goaway(1, 0), Act::Close], vec![goaway(1, 0)], vec![Act::Close]] {
        let (site, _) = site(move |n| match n {
            0 => [feed(), end.clone()].concat(),
            _ => feed(),
        });
        assert_eq!(visits(&site.url, 3).await, ["read"; 3]);
        assert_eq!(site.handshakes.lock().unwrap().len(), 2);
    }
    for refusal in [goaway(1, 0), Act::Frame(frame(RST_STREAM, 0, code(7)))] {
        let (site, asked) = site(move |n| match n {
            1 => vec![refusal.clone()],
            _ => feed(),
        });
        assert_eq!(visits(&site.url, 2).await, ["read"; 2]);
        assert_eq!(asked.load(Ordering::SeqCst), 3, "the second one was not taken");
    }
}

fn begin(flags: u8, block: impl Into<Vec<u8>>) -> Act {
    Act::Frame(frame(HEADERS, flags, block))
}

/// The head of an answer and half of its body, then something else.
fn half_then(act: Act) -> Vec<Act> {
    let half = Act::Frame(frame(DATA, 0, b"<rss>"));
    vec![begin(END_HEADERS, OK), half, act]
}

/// Gives up a stream.
fn reset(why: u32) -> Act {
    Act::Frame(frame(RST_STREAM, 0, code(why)))
}

/// So many bytes of headers, in HPACK, each in full.
fn headers_of(bytes: usize) -> Vec<u8> {
    let header = [&[0, 1, b'x', 0x7f, 123][..], &[b'y'; 250]].concat();
    header.repeat(bytes / header.len())
}

async fn check(name: &str, acts: Vec<Act>, patience: Duration, words: &str) {
    let (site, asked) = site(move |_| acts.clone());
    assert_eq!(visits_within(patience, &site.url, 1).await, [words], "{name}");
    assert_eq!(asked.load(Ordering::SeqCst), 1, "{name}");
}

#[tokio::test]
async fn an_answer_that_is_broken_off_is_no_document() {
    let cut = "the connection ended before the whole document was there";
    for (name, acts, words) in [
        (
            "the connection ends",
            vec![goaway(0, 0), Act::Close],
            "the site broke off in HTTP/2: not a result of an error",
        ),
        (
            "it ends with an error",
            vec![goaway(0, 2), Act::Close],
            "the site broke off in HTTP/2: unexpected internal error encountered",
        ),
        ("it is closed", vec![Act::Close], "the site broke the connection off"),
        (
            "the stream is refused",
            vec![reset(7)],
            "the site broke off in HTTP/2: refused stream before processing any application logic",
        ),
        (
            "the stream ends with an error",
            vec![reset(2)],
            "the site broke off in HTTP/2: unexpected internal error encountered",
        ),
        ("a body, and an error", half_then(reset(2)), cut),
        ("a body, and no error", half_then(reset(0)), cut),
        ("a body, and a change of mind", half_then(reset(8)), cut),
        ("a body, and a close", half_then(Act::Close), cut),
        ("a body, and the end of the connection", half_then(goaway(0, 0)), cut),
        (
            "more than was announced",
            vec![
                begin(END_HEADERS, [OK, &[0x5c, 1, b'5']].concat()),
                Act::Frame(frame(DATA, END_STREAM, b"<rss/>")),
            ],
            cut,
        ),
    ] {
        check(name, acts, Duration::from_secs(20), words).await;
    }
}

#[tokio::test]
async fn floods_and_bombs_end_at_once() {
    let headers = "more than 100 headers, or 64 KiB of them";
    let unspecific = "the answer is not HTTP: unspecific protocol error detected, in HTTP/2";
    let load = "the answer is not HTTP: detected excessive load generating behavior, in HTTP/2";
    // One entry of 4,000 bytes goes into the table, and is then named in one byte.
    let entry = [OK, &[0x40, 1, b'x', 0x7f, 0xa1, 0x1e], &[b'y'; 4000]].concat();
    let large = [15_000, 15_000, 15_000, 15_000, 15_000].map(headers_of);
    let large = large.map(|block| Act::Frame(frame(CONTINUATION, 0, block)));
    let last = Act::Frame(frame(CONTINUATION, END_HEADERS, []));
    let nothing = |kind| Act::Flood(frame(kind, 0, []));
    for (name, acts, words) in [
        (
            "many headers",
            vec![begin(
                END_HEADERS,
                [OK.to_vec(), [0, 1, b'x', 1, b'y'].repeat(101)].concat(),
            )],
            headers,
        ),
        (
            "large headers",
            [vec![begin(0, OK)], large.to_vec(), vec![last]].concat(),
            unspecific,
        ),
        (
            "headers out of a table",
            vec![begin(END_HEADERS, [entry, [0xbe].repeat(9_000)].concat())],
            load,
        ),
        (
            "headers without end",
            vec![begin(0, OK), Act::Flood(frame(CONTINUATION, 0, headers_of(1000)))],
            load,
        ),
        (
            "continuations of nothing",
            vec![begin(0, OK), nothing(CONTINUATION)],
            load,
        ),
        (
            "headers that are none",
            vec![begin(END_HEADERS, [0xff; 20])],
            unspecific,
        ),
        (
            "data of nothing",
            half_then(nothing(DATA)),
            "the connection ended before the whole document was there",
        ),
    ] {
        check(name, acts, Duration::from_secs(20), words).await;
    }
    for (name, flood) in [
        ("pings", frame(PING, 0, [0; 8])),
        ("settings", frame(SETTINGS, 0, [])),
        ("interim answers", frame(HEADERS, END_HEADERS, [8, 3, b'1', b'0', b'3'])),
    ] {
        let patience = Duration::from_secs(2);
        check(name, vec![Act::Flood(flood)], patience, "took longer than 2 s").await;
    }
}
