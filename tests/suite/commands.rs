//! What the commands say, to people and to programs.

use serde_json::Value;

use crate::support::{
    document::Document,
    installation::{Installation, Ran, source},
    origin::Origin,
};

const README: &str = include_str!("../../README.md");

const FEED: &str = include_str!("../fixtures/homepage.rss");

fn keys(value: &Value) -> Vec<&str> {
    value.as_object().unwrap().keys().map(String::as_str).collect()
}

/// In alphabetical order, as `keys` gives them.
fn check(value: &Value, expect: &str) {
    let mut keys = keys(value);
    keys.sort_unstable();
    assert_eq!(keys.join(" "), expect);
}

#[test]
fn answers_to_programs_have_the_fields_of_the_contract() {
    let feed = Document::rss(FEED);
    let origin = Origin::serving([("/feed", &feed)]);
    let installation = Installation::new(&(source("A", &origin.url("/feed")) + &source("B", &origin.url("/missing"))));

    let once = installation.once();
    check(&once, "channels elapsed_ms entries failures sources");
    check(&once["sources"], "due failed fetched not_modified");
    check(&once["entries"], "new read rejected unchanged updated");
    check(&once["failures"][0], "error source url");

    let items = installation.json(&["items", "--channel", "latest-news", "--limit", "1"]);
    assert_eq!(items.as_array().unwrap().len(), 1);
    check(
        &items[0],
        "also channels doi excerpt first_seen id link news_type notice preprint published score sites source status title",
    );

    let parsed = installation.json(&["parse", origin.url("/feed").as_str()]);
    check(&parsed, "entries faults feed");
    check(&parsed["feed"], "format link title");
    let entry = &parsed["entries"][0];
    check(
        entry,
        "authors categories doi excerpt id image link published summary title updated",
    );
    assert_eq!(entry["published"], "2015-07-13T09:00:00Z");
    assert_eq!((&entry["doi"], &entry["image"]), (&Value::Null, &Value::Null));

    let explained = installation.json(&["explain", items[0]["id"].as_str().unwrap()]);
    assert_eq!(explained[0]["channels"][0]["shown"], true);
    let sources = installation.json(&["sources"]);
    assert_eq!(
        (&sources[0]["failures"], &sources[1]["failures"]),
        (&0.into(), &1.into())
    );
    assert_eq!(installation.json(&["check"])["sources"], 2);
    let online = installation.json(&["check", "--online"]);
    assert_eq!(
        (&online["online"][0]["entries"], &online["online"][0]["format"]),
        (&5.into(), &"rss".into())
    );
    assert!(
        online["online"][1]["error"].as_str().unwrap().contains("404"),
        "{online}"
    );
}

#[test]
fn parse_needs_no_configuration_and_tells_what_is_no_feed() {
    let nowhere = tempfile::tempdir().unwrap();
    let run = |args: &[&str]| {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_oncofeed"));
        Ran::from(
            command
                .args(args)
                .current_dir(nowhere.path())
                .env_clear()
                .output()
                .unwrap(),
        )
    };
    std::fs::write(nowhere.path().join("feed.xml"), FEED).unwrap();
    std::fs::write(
        nowhere.path().join("page.html"),
        "<!doctype html><title>Sign in</title>",
    )
    .unwrap();
    let parsed = run(&["parse", "feed.xml", "--base", "https://news.example/"]);
    assert_eq!(parsed.code, 0, "{}", parsed.stderr);
    assert!(
        parsed.stdout.contains("Promising drug combination"),
        "{}",
        parsed.stdout
    );
    for (args, expect) in [
        (["parse", "page.html"], "not a feed: this is a web page (HTML)"),
        (["parse", "missing.xml"], "cannot open missing.xml"),
        (["parse", "http://127.0.0.1/feed"], "127.0.0.1"),
    ] {
        let ran = run(&args);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{args:?}");
        assert!(ran.stderr.contains(expect), "{}", ran.stderr);
        assert_eq!(ran.stderr.lines().count(), 1, "{}", ran.stderr);
    }
    assert!(!nowhere.path().join("var").exists(), "parse creates nothing");
}

#[test]
fn exit_codes_and_places() {
    let installation = Installation::new(&source("A", &"https://a.example/feed".parse().unwrap()));
    let looked = installation.run(&["items"]);
    assert_eq!(looked.code, 1);
    assert!(
        looked.stderr.contains("no store at var/oncofeed.db"),
        "{}",
        looked.stderr
    );
    assert!(!installation.path("var").exists(), "only run and once create a store");

    assert_eq!(installation.run(&["nonsense"]).code, 2);
    assert_eq!(installation.run(&["check"]).code, 0);
    std::fs::remove_file(installation.path("config/oncofeed.toml")).unwrap();
    assert_eq!(
        installation.run(&["check"]).code,
        0,
        "without a file, the defaults hold"
    );
    installation.sources(
        "[[source]]\nname = \"A\"\nurl = \"https://a.example/feed\"\ntopics = [\"research\"]\nper_sorce = 3\n",
    );
    for command in ["check", "once", "run", "items", "sources"] {
        let ran = installation.run(&[command]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{command}");
        assert!(ran.stderr.contains("unknown key `per_sorce`"), "{}", ran.stderr);
        assert!(ran.stderr.contains("feeds.toml:14:1"), "{}", ran.stderr);
    }
    let origin = Origin::serving([]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    for args in [["explain", "nonsense"], ["items", "--channel=nonsense"]] {
        assert_eq!(installation.run(&args).code, 2, "{args:?}");
    }
    let other = installation.run(&["--feeds", "nowhere.toml", "check"]);
    assert_eq!(other.code, 2);
    assert!(other.stderr.contains("nowhere.toml"), "{}", other.stderr);
}

/// Options of every command may also follow it.
#[test]
fn common_options_may_follow_the_command() {
    let installation = Installation::new(&source("A", &"https://a.example/feed".parse().unwrap()));
    let text = installation.read("feeds.toml");
    installation.write("elsewhere.toml", &text);
    assert_eq!(
        installation.run(&["check", "--feeds", "elsewhere.toml", "--json"]).code,
        0
    );
}

/// `README.md` shows what `oncofeed check` says of the shipped files.
#[test]
fn the_readme_shows_the_check() {
    let shipped = env!("CARGO_MANIFEST_DIR");
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_oncofeed"));
    let ran = Ran::from(command.arg("check").current_dir(shipped).env_clear().output().unwrap());
    assert!(
        README.contains(&format!("$ oncofeed check\n{}", ran.stdout)),
        "{}",
        ran.stdout
    );
}

/// `README.md` shows what `oncofeed --help` says.
#[test]
fn the_readme_shows_the_help() {
    let installation = Installation::new("");
    let help = installation.run(&["--help"]);
    assert_eq!(help.code, 0);
    let shown: String = help
        .stdout
        .lines()
        .map(|line| line.trim_end().to_owned() + "\n")
        .collect();
    assert!(README.contains(&shown), "README.md does not show:\n{shown}");
    for command in [
        "run", "once", "check", "add", "import", "export", "parse", "items", "explain", "preview", "sources",
    ] {
        let own = installation.run(&[command, "--help"]);
        assert!(
            own.code == 0 && own.stdout.contains("Examples:"),
            "{command}: {}",
            own.stdout
        );
        assert!(shown.contains(&format!("\n  {command} ")), "{command}");
    }
}

#[test]
fn a_terminal_obeys_no_publisher() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("feed.xml");
    let title = "a \u{9b}31m \u{202e}b";
    let feed =
        format!("<rss><channel><item><guid>{title}</guid><title>T</title><link>{title}</link></item></channel></rss>");
    std::fs::write(&path, feed).unwrap();
    for json in [false, true] {
        let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_oncofeed"));
        command
            .arg("parse")
            .arg(&path)
            .args(json.then_some("--json"))
            .env_clear();
        let ran = Ran::from(command.output().unwrap());
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(
            !ran.stdout.contains(['\u{9b}', '\u{202e}']),
            "{}",
            ran.stdout.escape_debug()
        );
    }
}
