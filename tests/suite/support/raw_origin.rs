//! A publisher on loopback that sends bytes as a test dictates: cut, slow, endless, or none.

use std::{
    fmt, io,
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use bytes::Bytes;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
    task::JoinSet,
};
use url::Url;

use super::background::Background;

/// Longest request head that is read, in bytes.
const HEAD_BYTES_MAX: usize = 64 * 1024;

/// No connection lives longer, whatever its script says.
const CONNECTION_MAX: Duration = Duration::from_secs(60);

/// One step of a connection's script. After the last one the connection is closed.
#[derive(Debug, Clone)]
pub enum Step {
    Send(Bytes),
    /// The same bytes, so many times, with a pause after each.
    Repeat {
        bytes: Bytes,
        times: u64,
        pause: Duration,
    },
    /// Nothing more, until the other side goes away.
    Silence,
    /// Waits for another request on the same connection.
    Asked,
    /// Not a close, but a reset.
    Reset,
}

pub fn send(bytes: impl Into<Bytes>) -> Step {
    Step::Send(bytes.into())
}

/// Ends when dropped. Each connection is asked once, and again at each [`Step::Asked`].
pub struct RawOrigin {
    address: SocketAddr,
    connections: Arc<AtomicUsize>,
    heads: Heads,
    _background: Background,
}

type Heads = Arc<Mutex<Vec<Vec<u8>>>>;
type Script = Arc<dyn Fn(usize, &str) -> Vec<Step> + Send + Sync>;

impl RawOrigin {
    /// `script` is asked for each connection, by its number from 0.
    pub fn start(script: impl Fn(usize) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::run(move |number, _| script(number))
    }

    /// `script` is asked for each connection, by the head of its first request.
    pub fn replying(script: impl Fn(&str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        Self::run(move |_, head| script(head))
    }

    fn run(script: impl Fn(usize, &str) -> Vec<Step> + Send + Sync + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let heads = Arc::new(Mutex::new(vec![]));
        let connections = Arc::new(AtomicUsize::new(0));
        let serving = serve(listener, Arc::new(script), Arc::clone(&connections), Arc::clone(&heads));
        let background = Background::run(serving);
        Self {
            address,
            connections,
            heads,
            _background: background,
        }
    }

    /// Every connection gets the same bytes.
    pub fn sending(bytes: impl Into<Bytes>) -> Self {
        let bytes = bytes.into();
        Self::start(move |_| vec![Step::Send(bytes.clone())])
    }

    pub fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.address)).unwrap()
    }

    /// How many were made so far.
    pub fn connections(&self) -> usize {
        self.connections.load(Ordering::SeqCst)
    }

    /// The heads of all requests so far, byte for byte.
    pub fn heads(&self) -> Vec<Vec<u8>> {
        self.heads.lock().unwrap().clone()
    }
}

impl fmt::Debug for RawOrigin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RawOrigin({})", self.address)
    }
}

async fn serve(listener: TcpListener, script: Script, number: Arc<AtomicUsize>, heads: Heads) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    let mut connections = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let number = number.fetch_add(1, Ordering::SeqCst);
        let (script, heads) = (Arc::clone(&script), Arc::clone(&heads));
        let playing = async move { play(stream, |head| script(number, head), heads).await };
        // A client that has had enough is what the tests are about.
        connections.spawn(tokio::time::timeout(CONNECTION_MAX, playing));
    }
}

async fn play(mut stream: TcpStream, script: impl FnOnce(&str) -> Vec<Step>, heads: Heads) -> io::Result<()> {
    let head = read_head(&mut stream).await?;
    heads.lock().unwrap().push(head.clone());
    for step in script(&String::from_utf8_lossy(&head)) {
        match step {
            Step::Asked => {
                let head = read_head(&mut stream).await?;
                heads.lock().unwrap().push(head);
            }
            Step::Send(bytes) => stream.write_all(&bytes).await?,
            Step::Repeat { bytes, times, pause } => {
                for _ in 0..times {
                    stream.write_all(&bytes).await?;
                    tokio::time::sleep(pause).await;
                }
            }
            Step::Silence => while stream.read(&mut [0; 1024]).await? > 0 {},
            Step::Reset => stream.set_zero_linger()?,
        }
    }
    Ok(())
}

async fn read_head(stream: &mut TcpStream) -> io::Result<Vec<u8>> {
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") && head.len() < HEAD_BYTES_MAX {
        head.push(stream.read_u8().await?);
    }
    Ok(head)
}
