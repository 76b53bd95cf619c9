//! Headers, credentials and certificates: who sets them, and what is said where they are faulty.

use std::{fs, os::unix::fs::PermissionsExt as _, path::PathBuf};

use super::{FEEDS, Files, source};

/// The two files, and others beside them. `FOLDER` in the operators' file is where they are.
struct Beside(Files);

impl Beside {
    fn new(config: &str, feeds: &str, others: &[(&str, &str, u32)]) -> Self {
        let files = Files::new("", feeds);
        let folder = files.folder.path();
        fs::write(
            folder.join("oncofeed.toml"),
            config.replace("FOLDER", folder.to_str().unwrap()),
        )
        .unwrap();
        for (name, text, mode) in others {
            fs::write(folder.join(name), text).unwrap();
            fs::set_permissions(folder.join(name), fs::Permissions::from_mode(*mode)).unwrap();
        }
        Self(files)
    }

    /// Faults of a file that a variable names.
    fn faults_of(&self, variable: &str, file: &str) -> String {
        let path = self.0.folder.path().join(file);
        self.0.faults(&[(variable, path.to_str().unwrap())])
    }
}

const CREDENTIALS: &str = "[fetch]\ncredentials = \"FOLDER/credentials.toml\"\n";

fn values(files: &Files, variables: &[(&str, &str)]) -> Vec<String> {
    let loaded = files.load(variables).unwrap_or_else(|faults| panic!("{faults}"));
    let headers = loaded.feeds.sources[0].headers.iter();
    headers
        .map(|header| format!("{}: {}", header.name(), header.value().to_str().unwrap()))
        .collect()
}

#[test]
fn secrets_come_from_the_operators_file_and_else_from_the_environment() {
    let feeds = source("headers = { X-B = \"${B}\", authorization = \"Bearer ${A_1}\" }\n");
    let variables = [
        ("ONCOFEED_CREDENTIAL_A_1", "of the environment"),
        ("ONCOFEED_CREDENTIAL_B", "b"),
        ("ONCOFEED_CREDENTIAL_", "x"),
        ("ONCOFEED_CREDENTIAL_b", "x"),
    ];
    let with_file = Beside::new(
        CREDENTIALS,
        &feeds,
        &[("credentials.toml", "A_1 = \"of the file\"\n", 0o640)],
    );
    assert_eq!(
        values(&with_file.0, &variables),
        ["authorization: Bearer of the file", "x-b: b"]
    );
    let without = Files::new("", &feeds);
    assert_eq!(
        values(&without, &variables),
        ["authorization: Bearer of the environment", "x-b: b"]
    );
    let table = source("[source.headers]\nX-B = '${B}'\n");
    assert_eq!(values(&Files::new("", table), &variables), ["x-b: b"]);
}

#[test]
fn a_login_is_filled_in() {
    let config = "[fetch]\nproxy = \"http://proxy.test:3128\"\nproxy_login = \"us:${PW}\"\n";
    let loaded = Files::new(config, FEEDS)
        .load(&[("ONCOFEED_CREDENTIAL_PW", "p:w")])
        .unwrap();
    assert_eq!(loaded.settings.fetch.proxy_login.unwrap().expose(), "us:p:w");
    let alone = Files::new("[fetch]\nproxy_login = \"us:${PW}\"\n", FEEDS);
    let warnings = alone.load(&[("ONCOFEED_CREDENTIAL_PW", "p")]).unwrap().warnings;
    assert!(
        warnings.contains(&"fetch.proxy_login has no effect: fetch.proxy is not set".to_owned()),
        "{warnings:?}"
    );
}

#[test]
fn secrets_without_https_are_warned_of() {
    let feeds = FEEDS.replace("https://", "http://");
    let warnings = |more: &str| {
        Files::new("", format!("{feeds}{more}\n"))
            .load(&[("ONCOFEED_CREDENTIAL_A", "a")])
            .unwrap()
            .warnings
    };
    let warned = |more: &str| {
        warnings(more)
            .iter()
            .any(|warning| warning.contains("everybody on the way"))
    };
    assert!(warned("headers = { X-A = \"${A}\" }"));
    assert!(!warned("headers = { Accept-Language = \"en\" }"));
}

#[test]
fn faulty_headers_are_said_without_their_values() {
    let files = Beside::new(
        CREDENTIALS,
        &source(
            "\
headers = { Authorization = \"Bearer 5ecret\", Host = \"5ecret\", If-None-Match = \"x\", \"a b\" = \"x\", X-A = 3 }

[[source]]
name = \"B\"
url = \"https://b.test/\"
topics = [\"research\"]
[source.headers]
X-Key = \"${NEJM_TOKN}5ecret\"
x-key = \"5ecret\"
X-Other = \"${OTHER}\"
X-Open = \"5ecret ${nejm}\"
X-Bad = \"${BAD}\"
X-Odd = \"5ecrét\"
X-Empty = \" \"
Cookie = \"5ecret\"
Proxy-Authorization = \"Basic ${NEJM_TOKEN}\"
Accept-Encoding = \"x\"

[[source]]
name = \"C\"
url = \"https://c.test/\"
topics = [\"research\"]
headers = \"Authorization: 5ecret\"
",
        ),
        &[(
            "credentials.toml",
            "NEJM_TOKEN = \"5ecret\"\nBAD = \"5ecret\\n5ecret\"\n",
            0o600,
        )],
    );
    let shown = files.0.faults(&[]);
    assert!(!shown.contains("5ecr"), "{shown}");
    insta::assert_snapshot!("headers", shown);
}

#[test]
fn a_faulty_credentials_file_is_said_without_its_secrets() {
    let mut all = String::new();
    for (text, mode) in [
        ("A = \"5ecret\"\n", 0o644),
        ("A = \"5ecret\"\n", 0o642),
        ("A = \"5ecret\"\nB = 5ecret\n", 0o600),
        ("A = 5\n", 0o600),
        ("A = \"\"\n", 0o600),
        ("5ecret = \"A\"\n", 0o600),
        ("[A]\nB = \"5ecret\"\n", 0o600),
    ] {
        let files = Beside::new(
            "",
            &source("headers = { X-A = \"${A}\" }"),
            &[("credentials.toml", text, mode)],
        );
        all += &files.faults_of("ONCOFEED_FETCH_CREDENTIALS", "credentials.toml");
        all += "\n\n";
    }
    let absent = Beside::new("", FEEDS, &[]);
    all += &absent.faults_of("ONCOFEED_FETCH_CREDENTIALS", "absent.toml");
    assert!(!all.contains("5ecret"), "{all}");
    insta::assert_snapshot!("credentials", all);
}

#[test]
fn a_faulty_proxy_is_said() {
    let faults = |lines: &str| Files::new(format!("[fetch]\n{lines}\n"), FEEDS).faults(&[]);
    let shown = [
        "proxy = \"proxy.test:3128\"",
        "proxy = \"socks5://proxy.test:3128\"",
        "proxy = \"http://us:5ecret@proxy.test:3128\"",
        "proxy = \"http://proxy.test:3128/path\"",
        "proxy_login = \"us\"",
        "proxy_login = \"us:5ecret\"",
        "proxy_login = \"us:${PW}5ecret\"",
    ]
    .map(faults)
    .join("\n\n");
    assert!(!shown.contains("5ecret"), "{shown}");
    insta::assert_snapshot!("proxy", shown);
}

#[test]
fn certificates_are_read_or_refused() {
    let fixtures = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/tls");
    let fixture = |name: &str| fs::read_to_string(fixtures.join(name)).unwrap();
    let config = "[fetch]\nca_file = \"FOLDER/ca.pem\"\n";
    let two = format!("our proxy\n{}\n{}", fixture("trusted.pem"), fixture("good.pem"));
    let files = Beside::new(config, FEEDS, &[("ca.pem", &two, 0o644)]);
    assert_eq!(files.0.load(&[]).unwrap().settings.fetch.ca.len(), 2);
    let cut = &fixture("trusted.pem")[..200];
    let no_certificate = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let faulty = ["", "no certificates here\n", &fixture("site.key"), cut, no_certificate];
    let shown = faulty.map(|text| {
        let files = Beside::new("", FEEDS, &[("ca.pem", text, 0o644)]);
        files.faults_of("ONCOFEED_FETCH_CA_FILE", "ca.pem")
    });
    let absent = Beside::new("", FEEDS, &[]).faults_of("ONCOFEED_FETCH_CA_FILE", "absent.pem");
    let folder = Beside::new("", FEEDS, &[]).faults_of("ONCOFEED_FETCH_CA_FILE", ".");
    let folder = folder.lines().next().unwrap().to_owned();
    assert!(folder.ends_with("cannot be read: it is a directory"), "{folder}");
    let shown = [&shown[..], &[absent]].concat().join("\n\n");
    insta::assert_snapshot!("certificates", shown);
}
