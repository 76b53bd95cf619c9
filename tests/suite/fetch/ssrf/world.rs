//! A network of our own in which every address is this machine: whatever is connected to arrives, and is written down.
//!
//! A few addresses are public sites. All others stand for what must not be reached.

use std::{
    collections::HashMap,
    io,
    net::{IpAddr, SocketAddr},
    process::{Command, Output},
    sync::{Arc, Mutex},
};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::{TcpListener, TcpStream, UdpSocket},
    sync::watch,
};

/// What a process in that network sees of the machine: all addresses are local, and names are asked of itself.
const ENTER: &str = "set -e
ip link set lo up
ip route add local 0.0.0.0/0 dev lo
ip -6 route add local ::/0 dev lo
mount --bind \"$1/resolv.conf\" /etc/resolv.conf
mount --bind \"$1/nsswitch.conf\" /etc/nsswitch.conf
shift
exec \"$@\"";

pub(super) const PUBLIC_V4: &str = "8.8.8.8";
pub(super) const PUBLIC_V6: &str = "2a00:1450:4009::1";

/// Runs a program there. An error says why this machine does not let us.
pub(super) fn run_inside(program: &[&str]) -> Result<Output, String> {
    let files = tempfile::tempdir().unwrap();
    std::fs::write(
        files.path().join("resolv.conf"),
        "nameserver 127.0.0.1\nsearch .\noptions timeout:20 attempts:1\n",
    )
    .unwrap();
    std::fs::write(files.path().join("nsswitch.conf"), "hosts: files dns\n").unwrap();
    let enter = |program: &[&str]| {
        let mut command = Command::new("unshare");
        command
            .args(["-rmn", "sh", "-c", ENTER, "sh"])
            .arg(files.path())
            .args(program);
        command.output().map_err(|error| format!("unshare: {error}"))
    };
    let probe = enter(&["true"])?;
    match probe.status.success() {
        true => enter(program),
        false => Err(String::from_utf8_lossy(&probe.stderr).trim().to_owned()),
    }
}

/// What arrived at addresses that must not be reached.
#[derive(Debug)]
pub(super) struct World {
    arrived: watch::Sender<Vec<SocketAddr>>,
    public: Vec<IpAddr>,
    /// How often each name was asked for each type.
    asked: Mutex<HashMap<(String, u16), usize>>,
}

impl World {
    /// Listens at ports 80 and 443 of every address, and to questions for names.
    pub(super) async fn start(public: Vec<IpAddr>) -> Arc<Self> {
        let world = Arc::new(Self {
            arrived: watch::Sender::new(vec![]),
            public,
            asked: Mutex::default(),
        });
        for port in [80, 443] {
            let listener = TcpListener::bind(("::", port)).await.unwrap();
            tokio::spawn(Arc::clone(&world).accept(listener));
        }
        let socket = UdpSocket::bind("127.0.0.1:53").await.unwrap();
        tokio::spawn(Arc::clone(&world).name(socket));
        world
    }

    /// All that arrived where it must not, now that everything which came before has been accepted: what is connected
    /// last is accepted last.
    pub(super) async fn arrived(&self) -> Vec<SocketAddr> {
        let mut arrived = self.arrived.subscribe();
        for sentinel in ["10.9.8.7:80", "10.9.8.7:443"].map(|address| address.parse::<SocketAddr>().unwrap()) {
            TcpStream::connect(sentinel).await.unwrap();
            arrived.wait_for(|all| all.contains(&sentinel)).await.unwrap();
        }
        self.arrived.send_replace(vec![])
    }

    pub(super) fn times_asked(&self, name: &str, kind: u16) -> usize {
        self.asked
            .lock()
            .unwrap()
            .get(&(name.to_owned(), kind))
            .copied()
            .unwrap_or(0)
    }

    async fn accept(self: Arc<Self>, listener: TcpListener) {
        loop {
            let (stream, _) = listener.accept().await.unwrap();
            let to = stream.local_addr().unwrap();
            let to = SocketAddr::new(to.ip().to_canonical(), to.port());
            if !self.public.contains(&to.ip()) {
                self.arrived.send_modify(|arrived| arrived.push(to));
            }
            // Nothing here speaks TLS; that something came is enough.
            if to.port() == 80 {
                tokio::spawn(answer(stream));
            }
        }
    }

    async fn name(self: Arc<Self>, socket: UdpSocket) {
        let mut question = [0; 512];
        loop {
            let (length, from) = socket.recv_from(&mut question).await.unwrap();
            if let Some(answer) = self.records(&question[..length]) {
                socket.send_to(&answer, from).await.unwrap();
            }
        }
    }

    /// The answer to one question (RFC 1035 §4), with a time to live of none.
    fn records(&self, question: &[u8]) -> Option<Vec<u8>> {
        let (name, rest) = labels(question.get(12..)?)?;
        let kind = u16::from_be_bytes([*rest.first()?, *rest.get(1)?]);
        let end = question.len() - rest.len() + 4;
        let before = {
            let mut asked = self.asked.lock().unwrap();
            let count = asked.entry((name.join("."), kind)).or_default();
            *count += 1;
            *count - 1
        };
        let addresses = addresses(&name, before).unwrap_or_default();
        let addresses = addresses.into_iter().filter(|address| address.is_ipv4() == (kind == A));
        let records: Vec<_> = addresses.filter(|_| matches!(kind, A | AAAA)).map(record).collect();
        let mut answer = question[..2].to_vec();
        answer.extend([0x84, 0, 0, 1, 0, u8::try_from(records.len()).unwrap(), 0, 0, 0, 0]);
        answer.extend_from_slice(question.get(12..end)?);
        answer.extend(records.concat());
        Some(answer)
    }
}

pub(super) const A: u16 = 1;
pub(super) const AAAA: u16 = 28;

fn labels(mut rest: &[u8]) -> Option<(Vec<String>, &[u8])> {
    let mut labels = vec![];
    loop {
        let (length, after) = rest.split_first()?;
        if *length == 0 {
            return Some((labels, after));
        }
        let label = after.get(..usize::from(*length))?;
        labels.push(String::from_utf8_lossy(label).to_lowercase());
        rest = &after[label.len()..];
    }
}

fn record(address: IpAddr) -> Vec<u8> {
    let (kind, octets) = match address {
        IpAddr::V4(v4) => (A, v4.octets().to_vec()),
        IpAddr::V6(v6) => (AAAA, v6.octets().to_vec()),
    };
    let [high, low] = kind.to_be_bytes();
    let length = u8::try_from(octets.len()).unwrap();
    [&[0xc0, 12, high, low, 0, 1, 0, 0, 0, 0, 0, length][..], &octets].concat()
}

/// A name says itself what it answers: `PLAN.ADDRESS.test`.
pub(super) fn name(plan: &str, address: IpAddr) -> String {
    let octets = match address {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets().to_vec(),
    };
    format!("{plan}.{}.test", hex(&octets))
}

/// `before` is how often the same was asked before.
fn addresses(name: &[String], before: usize) -> Option<Vec<IpAddr>> {
    let [plan, octets, _] = name else { return None };
    let octets = unhex(octets)?;
    let forbidden = match octets.len() {
        4 => IpAddr::from(<[u8; 4]>::try_from(octets).ok()?),
        _ => IpAddr::from(<[u8; 16]>::try_from(octets).ok()?),
    };
    let public: [IpAddr; 2] = [PUBLIC_V4, PUBLIC_V6].map(|address| address.parse().unwrap());
    Some(match (plan.as_str(), before) {
        ("only", _) => vec![forbidden],
        ("first", _) => [vec![forbidden], public.to_vec()].concat(),
        ("last", _) => [public.to_vec(), vec![forbidden]].concat(),
        // Both families turn over together: the one that is forbidden answers nothing else from then on.
        ("turning", 0) => public
            .into_iter()
            .filter(|public| public.is_ipv4() == forbidden.is_ipv4())
            .collect(),
        ("turning", _) => vec![forbidden],
        _ => public.to_vec(),
    })
}

/// `/to/STATUS/LOCATION-IN-HEX` leads there; any other path is a feed.
async fn answer(mut stream: TcpStream) -> io::Result<()> {
    let mut head = vec![];
    while !head.ends_with(b"\r\n\r\n") {
        head.push(stream.read_u8().await?);
    }
    let head = String::from_utf8_lossy(&head).into_owned();
    let mut path = head.split(' ').nth(1).unwrap_or_default().split('/').skip(1);
    let answer = match (path.next(), path.next(), path.next().and_then(unhex)) {
        (Some("to"), Some(status), Some(location)) => [
            format!("HTTP/1.1 {status} Go on\r\nLocation: ").as_bytes(),
            &location,
            b"\r\n",
        ]
        .concat(),
        _ => b"HTTP/1.1 200 OK\r\n".to_vec(),
    };
    let rest = b"Connection: close\r\nContent-Length: 6\r\n\r\n<rss/>";
    stream.write_all(&[&answer[..], rest].concat()).await
}

pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

pub(super) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<_> = text.chars().map(|c| c.to_digit(16)).collect::<Option<_>>()?;
    digits
        .chunks(2)
        .map(|pair| u8::try_from(pair.iter().fold(0, |sum, digit| sum * 16 + digit)).ok())
        .collect()
}
