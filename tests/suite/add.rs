//! `oncofeed add`: from an address to a source in feeds.toml.

use std::{
    fs::File,
    io::{Read as _, Write as _},
    path::PathBuf,
    process::Stdio,
    sync::Arc,
};

use serde_json::Value;

use crate::{
    once::rss,
    support::{
        document::Document,
        installation::{Installation, Ran, source},
        origin::{Origin, Reply},
    },
};

const PAGE: &str = "<!doctype html><title>A site</title>
    <link rel='alternate' type='application/rss+xml' href='/feed/'>
    <link rel='alternate' type='application/rss+xml' title='Comments' href='/comments/feed/'>";

fn page(html: &str) -> Reply {
    Reply::new(200, html.to_owned()).header("content-type", "text/html")
}

/// A source that is there before.
fn other() -> String {
    source("Other", &"https://other.example/feed".parse().unwrap())
}

fn titled(title: &str, items: &[(&str, &str, &str)]) -> String {
    rss(items).replace("<title>T</title>", &format!("<title>{title}</title>"))
}

/// What was appended to what was there.
fn appended(installation: &Installation, before: &str) -> String {
    let after = installation.read("feeds.toml");
    after
        .strip_prefix(before)
        .unwrap_or_else(|| panic!("{after}"))
        .to_owned()
}

fn added(installation: &Installation, args: &[&str]) -> (Ran, String) {
    let before = installation.read("feeds.toml");
    let ran = installation.run(args);
    let appended = appended(installation, &before);
    (ran, appended)
}

#[test]
fn the_feed_that_a_page_names_is_shown_and_added() {
    let origin = Origin::start(|request| match &*request.path {
        "/" => page(PAGE),
        "/feed/" => Reply::feed(titled("A &amp;amp; B", &[("1", "A trial", "Of a drug.")])),
        _ => Reply::new(404, ""),
    });
    let installation = Installation::new(&other());
    let (ran, block) = added(&installation, &["add", origin.url("/").as_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    for expect in [
        "1  A & B",
        "rss, 1 entry: one entry, but nothing for",
        "0 of them about cancer",
        "A trial",
        "Of a drug.",
        "added to feeds.toml",
        "joins it to: Latest news",
    ] {
        assert!(ran.stdout.contains(expect), "{expect}: {}", ran.stdout);
    }
    let expect = format!(
        "\n[[source]]\nid = \"a-b\"\nname = \"A & B\"\nurl = \"{}\"\ntopics = [\"research\"]\n",
        origin.url("/feed/")
    );
    assert_eq!(block, expect);
    assert_eq!(origin.paths(), ["/", "/feed/"], "comments are nobody's news");
    assert!(!installation.path("var").exists(), "nothing is kept");
    assert_eq!(installation.once()["entries"]["new"], 1);
}

#[test]
fn an_editor_decides_name_and_topics() {
    let feed = Document::rss(titled("A feed", &[("1", "A trial", "One.")]));
    let origin = Origin::serving([("/rss", &feed)]);
    let installation = Installation::new(&other());
    let url = origin.url("/rss");
    let args = [
        "add",
        url.as_str(),
        "--name",
        "Say \"C\\O\"",
        "--topics",
        "research, other",
    ];
    let (ran, block) = added(&installation, &args);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(
        block.contains("id = \"say-c-o\"\n") && block.contains("topics = [\"research\", \"other\"]\n"),
        "{block}"
    );
}

#[test]
fn of_several_feeds_one_has_to_be_chosen() {
    let origin = Origin::start(|request| match &*request.path {
        "/" => {
            page("<link rel=feed href=/a><link rel=feed href=/b><link rel=feed href=/a.atom><link rel=feed href=/gone>")
        }
        "/a" | "/a.atom" => Reply::feed(titled("News", &[("1", "A trial", "One.")])),
        "/b" => Reply::feed(titled("News", &[("2", "A guideline", "Two.")])),
        _ => Reply::new(404, ""),
    });
    let installation = Installation::new(&other());
    let url = origin.url("/");
    let (ran, block) = added(&installation, &["add", url.as_str()]);
    assert_eq!((ran.code, block.as_str()), (2, ""), "{}", ran.stderr);
    assert!(
        ran.stderr
            .contains("2 feeds were found: choose one with --feed 1 to --feed 2"),
        "{}",
        ran.stderr
    );
    assert!(
        ran.stdout.contains("1  News") && ran.stdout.contains("2  News"),
        "{}",
        ran.stdout
    );

    let look = installation.json(&["add", url.as_str(), "--dry-run"]);
    assert_eq!(
        (look["candidates"].as_array().unwrap().len(), &look["source"]),
        (2, &Value::Null)
    );
    assert!(
        look["passed_over"]
            .to_string()
            .contains("/a.atom: has the same entries as"),
        "{look}"
    );
    assert!(look["passed_over"].to_string().contains("/gone: 404"), "{look}");
    let entry = &look["candidates"][1]["newest"][0];
    assert_eq!(
        (&entry["title"], &entry["excerpt"]),
        (&"A guideline".into(), &"Two.".into())
    );

    let (none, _) = added(&installation, &["add", url.as_str(), "--feed", "3"]);
    assert_eq!(none.code, 2, "{}", none.stderr);
    let before = installation.read("feeds.toml");
    let chosen = installation.json(&["add", url.as_str(), "--feed", "2"]);
    assert_eq!(
        (&chosen["written"], &chosen["source"]["id"]),
        (&true.into(), &"news".into())
    );
    assert!(appended(&installation, &before).contains(origin.url("/b").as_str()));
    let second = installation.json(&["add", url.as_str(), "--feed", "1"]);
    assert_eq!(second["source"]["name"], "News (127.0.0.1)");
}

#[test]
fn a_dry_run_changes_nothing() {
    let feed = Document::rss(rss(&[("1", "A trial", "One.")]));
    let origin = Origin::serving([("/rss", &feed)]);
    let installation = Installation::new(&other());
    let (ran, block) = added(&installation, &["add", origin.url("/rss").as_str(), "--dry-run"]);
    assert_eq!((ran.code, block.as_str()), (0, ""), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("would be added to feeds.toml:\n\n[[source]]"),
        "{}",
        ran.stdout
    );
}

#[test]
fn a_source_is_not_added_twice() {
    let origin = Origin::start(|request| match &*request.path {
        "/old" => Reply::redirect(302, "/new"),
        _ => Reply::feed(rss(&[("1", "A trial", "One.")])),
    });
    let installation = Installation::new(&source("Known", &origin.url("/new")));
    for path in ["/new", "/old", "/new?utm_source=x#y"] {
        let (ran, block) = added(&installation, &["add", origin.url(path).as_str()]);
        assert_eq!((ran.code, block.as_str()), (1, ""), "{path}");
        assert!(
            ran.stderr
                .contains("is a source already, named Known: nothing was added"),
            "{}",
            ran.stderr
        );
        assert!(ran.stdout.contains("is a source already: Known"), "{}", ran.stdout);
    }
}

#[test]
fn the_address_that_is_written_is_where_the_feed_has_moved_for_good() {
    let origin = Origin::start(|request| match &*request.path {
        "/new" => Reply::feed(rss(&[("1", "A trial", "One.")])),
        "/moved" => Reply::redirect(301, "/new"),
        _ => Reply::redirect(302, "/new"),
    });
    for (asked, written) in [("/moved", "/new"), ("/for-now", "/for-now")] {
        let installation = Installation::new(&other());
        let (ran, block) = added(&installation, &["add", origin.url(asked).as_str()]);
        assert_eq!(ran.code, 0, "{}", ran.stderr);
        assert!(block.contains(&format!("url = \"{}\"", origin.url(written))), "{block}");
    }
}

#[test]
fn usual_places_are_asked_one_by_one_and_no_longer_than_needed() {
    let origin = Origin::start(|request| match &*request.path {
        "/rss.xml" => Reply::feed(rss(&[("1", "A trial", "One.")])),
        "/" => page("<title>No feed is named here</title>"),
        _ => Reply::new(404, "not here"),
    });
    let (ran, block) = added(&Installation::new(&other()), &["add", origin.url("/").as_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(block.contains("/rss.xml"), "{block}");
    assert_eq!(origin.paths(), ["/", "/feed/", "/rss", "/rss.xml"]);
}

#[test]
fn where_there_is_no_feed_the_editor_is_told_what_else_there_is() {
    let origin = Origin::start(|request| match &*request.path {
        "/" => page("<title>No feed</title>"),
        _ => Reply::new(404, "not here"),
    });
    let (ran, block) = added(&Installation::new(&other()), &["add", origin.url("/").as_str()]);
    assert_eq!((ran.code, block.as_str(), ran.stdout.as_str()), (1, "", ""));
    assert!(
        ran.stderr.contains("no feed was found") && ran.stderr.contains("format = \"page\""),
        "{}",
        ran.stderr
    );
    assert!(origin.requests().len() < 12, "{:?}", origin.paths());

    let silent = Installation::new(&other()).run(&["add", origin.url("/missing").as_str()]);
    assert_eq!(silent.code, 1);
    assert!(silent.stderr.contains("404"), "{}", silent.stderr);
}

/// The editor vouches for the port of the address that is typed, and for no other.
#[test]
fn a_page_cannot_have_us_knock_at_other_ports() {
    let victim = Origin::start(|_| Reply::feed(rss(&[("1", "A trial", "One.")])));
    let feed = victim.url("/feed");
    let html = format!("<link rel=feed href='{feed}'><a href='{feed}'>RSS</a>");
    let origin = Origin::start(move |request| match &*request.path {
        "/" => page(&html),
        _ => Reply::new(404, ""),
    });
    let ran = Installation::new(&other()).run(&["add", origin.url("/").as_str()]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("is at a port of its own"), "{}", ran.stderr);
    assert!(victim.requests().is_empty());
}

#[test]
fn what_is_kept_already_is_told() {
    let (kept, new) = (
        Document::rss(rss(&[
            ("1", "A trial of a new drug", "One."),
            ("2", "A guideline for nurses", "Two."),
        ])),
        Document::rss(rss(&[
            ("1", "A trial", "One."),
            ("9", "A Guideline for Nurses", "Two."),
            ("3", "Third", "Three."),
        ])),
    );
    let origin = Origin::serving([("/kept", &kept), ("/new", &new)]);
    let installation = Installation::new(&source("The Guardian", &origin.url("/kept")));
    installation.once();
    let ran = installation.run(&["add", origin.url("/new").as_str(), "--dry-run"]);
    assert!(
        ran.stdout.contains("2 of 3 are kept already, from The Guardian"),
        "{}",
        ran.stdout
    );
}

#[test]
fn an_address_with_a_secret_is_private() {
    let origin = Origin::start(|_| Reply::feed(rss(&[("1", "A trial", "One.")])));
    let installation = Installation::new(&other());
    let (ran, block) = added(&installation, &["add", origin.url("/feed?token=canary").as_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(block.ends_with("private = true\n"), "{block}");
    assert!(ran.stdout.contains("looks like a secret (token=)"), "{}", ran.stdout);
}

#[test]
fn a_faulty_file_is_told_and_left_alone() {
    let origin = Origin::start(|_| Reply::feed(rss(&[])));
    let installation = Installation::new("[[source]]\nname = \"A\"\n");
    let (ran, block) = added(&installation, &["add", origin.url("/feed").as_str()]);
    assert_eq!((ran.code, block.as_str()), (2, ""));
    assert!(ran.stderr.contains("feeds.toml:10:"), "{}", ran.stderr);
    assert!(origin.requests().is_empty(), "nobody is asked in vain");
}

#[test]
fn what_cannot_be_written_is_given_to_be_pasted() {
    let origin = Origin::start(|_| Reply::feed(rss(&[("1", "A trial", "One.")])));
    let installation = Installation::new("");
    let inline = "channel = [{ id = \"latest-news\" }]\nsource = [{ name = \"A\", url = \"https://a.test/\", topics = [\"x\"] }]";
    installation.write("feeds.toml", inline);
    let (ran, block) = added(&installation, &["add", origin.url("/feed").as_str(), "--name", "New"]);
    assert_eq!((ran.code, block.as_str()), (2, ""));
    assert!(
        ran.stderr.contains("nothing was changed") && ran.stderr.contains("name = \"New\""),
        "{}",
        ran.stderr
    );
}

/// What an editor saves while the site is asked is what the source is added to.
#[test]
fn an_editor_may_save_meanwhile() {
    let installation = Arc::new(Installation::new(&other()));
    let text = installation.read("feeds.toml") + "# saved meanwhile";
    let (editor, saved) = (Arc::clone(&installation), text.clone());
    let origin = Origin::start(move |_| {
        editor.write("feeds.toml", &saved);
        Reply::feed(rss(&[("1", "A trial", "One.")]))
    });
    let ran = installation.run(&["add", origin.url("/feed").as_str()]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(appended(&installation, &text).starts_with("\n\n[[source]]\n"));
}

#[test]
fn addresses_that_are_none_are_usage() {
    let installation = Installation::new(&other());
    for address in [
        "file:///etc/passwd",
        "exec:id",
        "https://u:p@a.test/",
        "/etc/passwd",
        "",
    ] {
        let ran = installation.run(&["add", address]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{address}: {}", ran.stderr);
    }
}

#[test]
fn on_a_terminal_it_asks() {
    let origin = Origin::start(|request| match &*request.path {
        "/" => page("<link rel=feed href=/a><link rel=feed href=/b>"),
        path => Reply::feed(rss(&[(path, "A trial", "One.")])),
    });
    let installation = Installation::new(&other());
    let before = installation.read("feeds.toml");
    let (mut editor, terminal) = terminal();
    let mut command = installation.command(&["add", origin.url("/").as_str()]);
    let stdin = File::open(&terminal).unwrap();
    let stderr = File::options().write(true).open(&terminal).unwrap();
    let child = command
        .stdin(stdin)
        .stderr(stderr)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut shown = String::new();
    let mut answers = ["7\n", "2\n"].iter();
    while let Some(answer) = answers.next() {
        let prompts = 2 - answers.len();
        while shown.matches("Which one? 1 to 2: ").count() < prompts {
            let mut bytes = [0; 1_024];
            let read = editor.read(&mut bytes).unwrap();
            shown.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
        editor.write_all(answer.as_bytes()).unwrap();
    }
    let ran = child.wait_with_output().unwrap();
    assert_eq!(ran.status.code(), Some(0), "{shown}");
    assert!(appended(&installation, &before).contains(origin.url("/b").as_str()));
}

/// A terminal's two ends: the person's, and the path of the program's.
fn terminal() -> (File, PathBuf) {
    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
    let person = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
    grantpt(&person).unwrap();
    unlockpt(&person).unwrap();
    let name = ptsname(&person, vec![]).unwrap().into_string().unwrap();
    (File::from(person), name.into())
}
