//! oncofeed as somebody installed it: a folder with both files, in which the real binary runs.

use std::{
    fs,
    io::{BufRead as _, BufReader},
    path::{Path, PathBuf},
    process::{Child, ChildStderr, Command, ExitStatus, Output, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::Value;
use tempfile::TempDir;
use url::Url;

/// For anything that a daemon is waited for: far more than it takes on a busy machine.
pub const PATIENCE: Duration = Duration::from_secs(30);

/// Loopback may be visited; each second is a tick.
const CONFIG: &str = r#"
[fetch]
allow_addresses = ["127.0.0.0/8"]
tick = "* * * * * *"
per_host = 8
[serve]
listen = "127.0.0.1:0"
[log]
level = "debug"
"#;

/// Takes everything of the last ten years.
const CHANNEL: &str = r#"
[[channel]]
id = "latest-news"
title = "Latest news"
topics = ["research"]
limit = 500
per_source = 500
max_age = "3650d"
relevance = false
"#;

pub struct Installation {
    folder: TempDir,
}

/// How a command ended.
#[derive(Debug)]
pub struct Ran {
    pub code: i32,
    pub stdout: String,
    pub stderr: String,
}

impl Installation {
    /// One channel that takes everything of the topic `research`.
    pub fn new(sources: &str) -> Self {
        let installation = Self {
            folder: tempfile::tempdir().unwrap(),
        };
        installation.write("config/oncofeed.toml", CONFIG);
        installation.sources(sources);
        installation
    }

    /// Saves other sources in feeds.toml, with the same channel.
    pub fn sources(&self, sources: &str) {
        self.write("feeds.toml", &format!("{CHANNEL}{sources}"));
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// By rename, as editors do.
    pub fn write(&self, name: &str, text: &str) {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        let beside = path.with_extension("new");
        fs::write(&beside, text).unwrap();
        fs::rename(beside, path).unwrap();
    }

    pub fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap()
    }

    pub fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_oncofeed"));
        command.args(args).current_dir(self.folder.path()).env_clear();
        command
    }

    pub fn run(&self, args: &[&str]) -> Ran {
        Ran::from(self.command(args).stdin(Stdio::null()).output().unwrap())
    }

    /// The answer of a command that did what it was asked for.
    pub fn json(&self, args: &[&str]) -> Value {
        let ran = self.run(&[args, &["--json"]].concat());
        assert_eq!(ran.code, 0, "{args:?}: {}", ran.stderr);
        serde_json::from_str(&ran.stdout).unwrap()
    }

    /// `once --all`.
    pub fn once(&self) -> Value {
        self.json(&["once", "--all"])
    }

    pub fn items(&self) -> Vec<Value> {
        self.json(&["items"]).as_array().unwrap().clone()
    }

    /// Every published file, byte for byte, by name.
    pub fn published(&self) -> Vec<(String, Vec<u8>)> {
        let files = fs::read_dir(self.path("var/public")).unwrap();
        let mut published: Vec<_> = files
            .map(|file| file.unwrap().path())
            .map(|path| (name(&path), fs::read(&path).unwrap()))
            .collect();
        published.sort();
        published
    }

    /// The daemon, once it serves.
    pub fn daemon(&self) -> Daemon {
        let mut child = self.command(&["run"]).stderr(Stdio::piped()).spawn().unwrap();
        let log = lines(child.stderr.take().unwrap());
        let mut daemon = Daemon {
            child,
            log,
            base: Url::parse("http://unknown.invalid/").unwrap(),
        };
        let line = daemon.logged("see http://");
        let (_, address) = line.split_once("see ").unwrap();
        daemon.base = Url::parse(address.split_whitespace().next().unwrap()).unwrap();
        daemon
    }
}

fn name(path: &Path) -> String {
    path.file_name().unwrap().to_string_lossy().into_owned()
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// A `[[source]]` with the topic `research`.
pub fn source(name: &str, url: &Url) -> String {
    format!("[[source]]\nname = \"{name}\"\nurl = \"{url}\"\ntopics = [\"research\"]\n")
}

/// A running daemon; killed when dropped.
pub struct Daemon {
    child: Child,
    log: Receiver<String>,
    base: Url,
}

impl Daemon {
    pub fn url(&self, path: &str) -> Url {
        self.base.join(path).unwrap()
    }

    /// Waits for a line of the log that holds this text.
    pub fn logged(&self, text: &str) -> String {
        let until = Instant::now() + PATIENCE;
        let mut seen = vec![];
        loop {
            match self.log.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(line) if line.contains(text) => return line,
                Ok(line) => seen.push(line),
                Err(error) => panic!("no line with {text:?} ({error}):\n{}", seen.join("\n")),
            }
        }
    }

    /// The lines that nobody has waited for yet.
    pub fn logged_so_far(&self) -> Vec<String> {
        self.log.try_iter().collect()
    }

    /// The most memory that it has held so far.
    pub fn resident_kib_max(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap();
        let line = status.lines().find(|line| line.starts_with("VmHWM:")).unwrap();
        line.split_whitespace().nth(1).unwrap().parse().unwrap()
    }

    pub fn signal(&self, signal: Signal) {
        kill_process(Pid::from_child(&self.child), signal).unwrap();
    }

    /// Waits for its end, and tells how long that took.
    pub fn ended(mut self) -> (ExitStatus, Duration) {
        let started = Instant::now();
        while started.elapsed() < PATIENCE {
            if let Some(status) = self.child.try_wait().unwrap() {
                return (status, started.elapsed());
            }
            thread::sleep(Duration::from_millis(10));
        }
        panic!("it does not end")
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ended_already = self.child.kill();
        let _reaped = self.child.wait();
    }
}

fn lines(stderr: ChildStderr) -> Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(stderr).lines().map_while(Result::ok) {
            if send.send(line).is_err() {
                return;
            }
        }
    });
    receive
}
