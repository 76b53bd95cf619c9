//! Secrets of operators are nowhere but with those whom they are for: the real program, telling all that it can.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt as _,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use rustix::process::{Pid, Signal, kill_process};
use tempfile::TempDir;

use crate::support::{
    installation::{Installation, PATIENCE, source},
    origin::{Origin, Reply},
};

/// By the file, by the environment, for the proxy; the last is what HTTP makes of that.
const CANARIES: [&str; 4] = [
    "canary-of-the-file",
    "canary-of-the-environment",
    "canary-of-the-proxy",
    "b3A6Y2FuYXJ5LW9mLXRoZS1wcm94eQ==",
];

/// What an editor wrote into feeds.toml although it does not belong there.
const MISPLACED: &str = "canary-in-the-wrong-place";

const FEED: &str = include_str!("../fixtures/homepage.rss");

/// An installation whose secrets lie beside it.
struct Scene {
    oncofeed: Installation,
    outside: TempDir,
    proxy: Option<String>,
    own: Origin,
    other: Origin,
}

impl Scene {
    fn new() -> Self {
        let other = Origin::start_at("127.0.0.2", |_| Reply::feed(FEED));
        let away = other.url("/feed");
        let own = Origin::start(move |request| match &*request.path {
            "/away" => Reply::redirect(302, away.as_str()),
            "/refused" => Reply::redirect(302, "http://10.0.0.1/"),
            "/forbidden" => Reply::new(401, request.header("authorization").to_owned()),
            "/page" => Reply::new(200, "<p>no feed</p>"),
            // What was sent, sent back.
            "/encoded" => Reply::feed(FEED).header("content-encoding", request.header("authorization")),
            "/tagged" => Reply::feed(FEED).header("etag", format!("\"{}\"", request.header("x-key"))),
            "/moved" => Reply::redirect(301, &format!("/feed?t={}", request.header("x-key"))),
            "/named" => Reply::redirect(301, &format!("http://{}.invalid:25/", request.header("x-key"))),
            _ => Reply::feed(FEED),
        });
        let paths = [
            "/feed",
            "/away",
            "/refused",
            "/forbidden",
            "/page",
            "/encoded",
            "/tagged",
            "/moved",
            "/named",
        ];
        let headers = "headers = { Authorization = \"Bearer ${FILE}\", X-Key = \"${ENVIRONMENT}\" }\n";
        let sources: String = paths
            .iter()
            .map(|path| source(&path[1..], &own.url(path)) + headers)
            .collect();
        let gone = source("gone", &"http://127.0.0.3:1/".parse().unwrap()) + headers;
        let scene = Self {
            oncofeed: Installation::new(&(sources + &gone)),
            outside: tempfile::tempdir().unwrap(),
            proxy: None,
            own,
            other,
        };
        let file = scene.credentials();
        fs::write(&file, format!("FILE = \"{}\"\n", CANARIES[0])).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        scene
    }

    fn credentials(&self) -> std::path::PathBuf {
        self.outside.path().join("credentials.toml")
    }

    /// With every message that there is.
    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = self.oncofeed.command(arguments);
        command
            .env("ONCOFEED_FETCH_CREDENTIALS", self.credentials())
            .env("ONCOFEED_CREDENTIAL_ENVIRONMENT", CANARIES[1])
            .env("ONCOFEED_CREDENTIAL_PROXY", CANARIES[2])
            .env("ONCOFEED_LOG_LEVEL", "trace")
            .env("RUST_LOG", "trace")
            .env("RUST_BACKTRACE", "full")
            .stdin(Stdio::null());
        if let Some(proxy) = &self.proxy {
            command.env("ONCOFEED_FETCH_PROXY", proxy);
            command.env("ONCOFEED_FETCH_PROXY_LOGIN", "op:${PROXY}");
        }
        command
    }

    /// All that a command says.
    fn said(&self, arguments: &[&str]) -> String {
        let output = self.command(arguments).output().unwrap();
        [output.stdout, output.stderr]
            .map(|text| String::from_utf8(text).unwrap())
            .concat()
    }

    fn every_command(&self) -> String {
        let commands: [&[&str]; 9] = [
            &["once", "--all"],
            &["check", "--online"],
            &["sources"],
            &["items"],
            &["explain", "news"],
            &["check"],
            &["parse", "feeds.toml"],
            &["explain"],
            &["no-such-command"],
        ];
        let plain = commands.map(|command| self.said(command));
        let json = commands.map(|command| self.said(&[command, &["--json"]].concat()));
        [plain, json].concat().concat()
    }

    /// The daemon's log, with a reload of faulty files in it.
    fn life(&self) -> String {
        let log = self.outside.path().join("log");
        let mut daemon = self
            .command(&["run"])
            .stderr(File::create(&log).unwrap())
            .spawn()
            .unwrap();
        until_it_says(&log, "cycle done");
        let faulty = format!("headers = {{ Authorization = \"Bearer {MISPLACED}\", X-Key = \"${{NONE}}\" }}\n");
        self.oncofeed.sources(&(source("A", &self.own.url("/feed")) + &faulty));
        until_it_says(&log, "what was read before stays in force");
        kill_process(Pid::from_child(&daemon), Signal::TERM).unwrap();
        assert!(daemon.wait().unwrap().success());
        fs::read_to_string(log).unwrap()
    }
}

fn until_it_says(log: &Path, text: &str) {
    let until = Instant::now() + PATIENCE;
    while !fs::read_to_string(log).unwrap().contains(text) {
        assert!(
            Instant::now() < until,
            "no {text:?} in {}",
            fs::read_to_string(log).unwrap()
        );
        thread::sleep(Duration::from_millis(10));
    }
}

/// Every file below, with its bytes.
fn files(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let of = |path: std::path::PathBuf| match path.is_dir() {
        true => files(&path),
        false => vec![(path.display().to_string(), fs::read(&path).unwrap())],
    };
    entries.flat_map(of).collect()
}

fn holds(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[test]
fn secrets_are_in_no_output_no_file_and_no_database() {
    let mut scene = Scene::new();
    let direct = scene.every_command();
    let asked = scene.own.requests();
    let sent = |name: &str, value: &str| asked.iter().filter(|asked| asked.header(name) == value).count();
    assert_eq!(
        sent("authorization", "Bearer canary-of-the-file"),
        asked.len(),
        "they were used"
    );
    assert_eq!(sent("x-key", CANARIES[1]), asked.len());
    let elsewhere = scene.other.requests();
    assert!(!elsewhere.is_empty() && elsewhere.iter().all(|asked| asked.header("x-key").is_empty()));

    let proxy = Origin::start(|_| Reply::feed(FEED));
    scene.proxy = Some(proxy.url("/").into());
    let proxied = scene.every_command();
    let login = format!("Basic {}", CANARIES[3]);
    assert!(
        proxy
            .requests()
            .iter()
            .any(|asked| asked.header("proxy-authorization") == login)
    );
    scene.proxy = Some("http://127.0.0.1:1/".into());
    let living = Scene::new();
    let said = [direct, proxied, scene.every_command(), living.life()].concat();

    assert!(
        said.contains("TRACE") || said.contains("DEBUG"),
        "the log tells all: {said}"
    );
    for canary in CANARIES.iter().chain([&MISPLACED]) {
        let at = said.find(canary);
        assert!(
            at.is_none(),
            "{canary} was said: {}",
            &said[at.unwrap_or(0).saturating_sub(300)..]
        );
    }
    let files = [files(&scene.oncofeed.path("")), files(&living.oncofeed.path(""))].concat();
    assert!(
        files.iter().any(|(_, bytes)| bytes.starts_with(b"SQLite format 3")),
        "the database is among them"
    );
    for canary in CANARIES {
        let found: Vec<_> = files
            .iter()
            .filter(|(_, bytes)| holds(bytes, canary))
            .map(|(name, _)| name)
            .collect();
        assert!(found.is_empty(), "{canary} is in {found:?}");
    }
}
