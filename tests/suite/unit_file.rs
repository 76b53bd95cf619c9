//! The systemd unit that we ship. What only systemd's own programs can tell is left out, and said to be, where they
//! are missing.

use std::{ffi::OsString, fs, process::Command};

use oncofeed::edge::config::{Paths, load};

use crate::support::left_out;

const UNIT: &str = include_str!("../../config/oncofeed.service");

/// Of 10; what is left is the network, which the service is for.
const EXPOSURE_MAX: f64 = 1.2;

/// `None` where this machine has no such program.
fn run(program: &str, arguments: &[&str]) -> Option<(bool, String)> {
    match Command::new(program).args(arguments).output() {
        Ok(output) => {
            let text = [output.stdout, output.stderr].concat();
            Some((output.status.success(), String::from_utf8_lossy(&text).into_owned()))
        }
        Err(_) => {
            left_out(&format!("{program} is not on this machine"));
            None
        }
    }
}

fn values<'a>(key: &str) -> impl Iterator<Item = &'a str> {
    let key = format!("{key}=");
    UNIT.lines().filter_map(move |line| line.strip_prefix(key.as_str()))
}

#[test]
fn systemd_accepts_it_and_finds_it_closed() {
    let folder = tempfile::tempdir().unwrap();
    let unit = folder.path().join("oncofeed.service");
    fs::write(
        &unit,
        UNIT.replace("/usr/local/bin/oncofeed", env!("CARGO_BIN_EXE_oncofeed")),
    )
    .unwrap();
    let unit = unit.to_str().unwrap();

    let Some((accepted, text)) = run("systemd-analyze", &["verify", unit]) else {
        return;
    };
    assert!(accepted && text.trim().is_empty(), "{text}");

    let (_, text) = run("systemd-analyze", &["security", "--offline=true", "--no-pager", unit]).unwrap();
    let overall = text
        .lines()
        .find(|line| line.contains("Overall exposure level"))
        .unwrap_or_default();
    let exposure: Option<f64> = overall.split_whitespace().find_map(|word| word.parse().ok());
    assert!(exposure.is_some_and(|exposure| exposure <= EXPOSURE_MAX), "{text}");
}

#[test]
fn systemd_can_make_its_user() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/config/oncofeed.sysusers.conf");
    let Some((accepted, text)) = run("systemd-sysusers", &["--dry-run", file]) else {
        return;
    };
    assert!(accepted, "{text}");
    assert!(values("User").eq(["oncofeed"]) && values("Group").eq(["oncofeed"]));
}

#[test]
fn its_variables_are_keys_of_ours() {
    let variables = values("Environment").map(|value| value.split_once('=').unwrap());
    let variables: Vec<(OsString, OsString)> = variables.map(|(name, value)| (name.into(), value.into())).collect();
    assert_eq!(variables.len(), 2);
    let paths = Paths {
        config: None,
        feeds: Some(concat!(env!("CARGO_MANIFEST_DIR"), "/feeds.toml").into()),
    };
    let settings = load(&paths, variables).unwrap().settings;
    let state = "/var/lib/oncofeed";
    assert_eq!(settings.store.path.to_str(), Some(&*format!("{state}/oncofeed.db")));
    assert_eq!(settings.publish.dir.to_str(), Some(&*format!("{state}/public")));
    assert!(
        values("StateDirectory").eq(["oncofeed oncofeed/public"]),
        "both folders are there at the start"
    );
}
