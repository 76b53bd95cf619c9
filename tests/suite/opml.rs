//! `oncofeed import` and `oncofeed export`: the sources as OPML.

use std::{io::Write as _, process::Stdio};

use serde_json::Value;

use crate::support::installation::{Installation, Ran, source};

fn other() -> String {
    source("Other", &"https://other.example/feed".parse().unwrap())
}

fn list(body: &str) -> String {
    format!("<?xml version=\"1.0\"?><opml version=\"1.1\"><head><title>L</title></head><body>{body}</body></opml>")
}

/// Imports a list; what was appended must follow what was there.
fn import(installation: &Installation, body: &str, args: &[&str]) -> (Ran, String) {
    installation.write("list.opml", &list(body));
    let before = installation.read("feeds.toml");
    let ran = installation.run(&[&["import", "list.opml"], args].concat());
    let after = installation.read("feeds.toml");
    (ran, after.strip_prefix(&before).unwrap().to_owned())
}

fn blocks(appended: &str) -> usize {
    appended.matches("[[source]]\n").count()
}

#[test]
fn feeds_in_folders_become_sources_in_one_write() {
    let installation = Installation::new(&other());
    let body = "<outline text=\"research\"><outline text=\"A &amp; B\" type=\"rss\" xmlUrl=\"https://a.test/feed\"/>
        <outline text=\"Deeper\"><outline title=\"C\" xmlUrl=\"feed://c.test/?token=x\" isComment=\"true\"/></outline></outline>
        <outline text=\"A &amp; B\" xmlUrl=\"https://b.test/feed\" category=\"/unknown,other\"/>
        <outline xmlUrl=\"http://www.other.example/feed/\" text=\"Known\"/>
        <outline xmlUrl=\"https://a.test/feed\" text=\"Again\"/>
        <outline xmlUrl=\"exec:curl evil.test\" text=\"Evil\"/><outline text=\"folder\"/>";
    let (dry, appended) = import(&installation, body, &["--dry-run"]);
    assert_eq!((dry.code, appended.as_str()), (0, ""), "{}", dry.stderr);
    assert!(
        dry.stdout.starts_with("3 sources would be added to feeds.toml\n"),
        "{}",
        dry.stdout
    );

    let (ran, appended) = import(&installation, body, &[]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    let expect = "
[[source]]
id = \"a-b\"
name = \"A & B\"
url = \"https://a.test/feed\"
topics = [\"research\"]

[[source]]
id = \"c\"
name = \"C\"
url = \"https://c.test/?token=x\"
topics = [\"research\"]
enabled = false
private = true

[[source]]
id = \"a-b-2\"
name = \"A & B\"
url = \"https://b.test/feed\"
topics = [\"research\"]
";
    assert_eq!(appended, expect);
    for line in [
        "3 sources added to feeds.toml",
        "2 sources in the list already there",
        "http://www.other.example/feed/: is Other",
        "https://a.test/feed: is A & B",
        "1 refused",
        "Evil: is neither http nor https, but exec:",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    let (again, appended) = import(&installation, body, &[]);
    assert_eq!((again.code, appended.as_str()), (0, ""), "{}", again.stderr);
    assert!(again.stdout.starts_with("0 sources added"), "{}", again.stdout);
}

#[test]
fn nobody_s_list_has_us_knock_at_other_services_without_a_word() {
    let installation = Installation::new(&other());
    let body = "<outline xmlUrl='http://10.0.0.1:22/' text='Inside'/><outline xmlUrl='http://[::1]/' text='Here'/>
        <outline xmlUrl='http://127.0.0.1:9200/' text='Allowed'/>
        <outline xmlUrl='https://a.test:8443/feed' text='Elsewhere'/><outline xmlUrl='http://b.test:443/' text='Web'/>";
    let (ran, appended) = import(&installation, body, &[]);
    assert_eq!((ran.code, blocks(&appended)), (0, 3), "{}", ran.stderr);
    for line in [
        "2 refused",
        "Inside: 10.0.0.1 is not a public address (10.0.0.0/8, private use)",
        "Here: [::1] is not a public address (::1/128, this machine)",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    let ports: Vec<_> = ran.stderr.lines().filter(|line| line.contains("at port")).collect();
    assert_eq!(ports.len(), 2, "{}", ran.stderr);
    assert!(
        ports[0].contains("Allowed (allowed): would be asked at port 9200"),
        "{}",
        ran.stderr
    );
    assert!(
        ports[1].contains("Elsewhere (elsewhere): would be asked at port 8443"),
        "{}",
        ran.stderr
    );
}

#[test]
fn topics_are_given_or_are_those_that_are_known_here() {
    let installation = Installation::new(&other());
    let body = "<outline xmlUrl='https://a.test/' category='research,x'/>";
    let (ran, appended) = import(&installation, body, &["--topics", "practice, policy"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(appended.contains("topics = [\"practice\", \"policy\"]"), "{appended}");
    assert!(ran.stderr.contains("no channel takes the topics"), "{}", ran.stderr);
    let body = "<outline text='policy'><outline xmlUrl='https://b.test/' category='x,research'/></outline>";
    let (_, appended) = import(&installation, body, &[]);
    assert!(appended.contains("topics = [\"research\", \"policy\"]"), "{appended}");
}

#[test]
fn what_is_exported_is_imported_again_as_it_was() {
    let sources = [
        source("A & \\\"B\\\"", &"https://a.test/?x=1&y=2".parse().unwrap()),
        source("Resting", &"https://b.test/other".parse().unwrap()) + "id = \"other-id\"\n",
        source("Resting", &"https://b.test/feed".parse().unwrap()) + "enabled = false\n",
        "[[source]]\nname = \"Two topics\"\nurl = \"https://c.test/\"\ntopics = [\"research\", \"practice\"]\n".into(),
        source("Private", &"https://d.test/".parse().unwrap()) + "private = true\n",
    ];
    let channel = "[[channel]]\nid = \"practice\"\ntopics = [\"practice\"]\n";
    let installation = Installation::new(&(sources.concat() + channel));
    let exported = installation.run(&["export"]);
    assert_eq!(exported.code, 0, "{}", exported.stderr);
    assert!(
        exported.stderr.contains("left out: 1 private source"),
        "{}",
        exported.stderr
    );
    assert!(!exported.stdout.contains("d.test"), "{}", exported.stdout);
    assert_eq!(installation.json(&["export"])["opml"], exported.stdout.as_str());

    installation.sources(&(other() + channel));
    let mut command = installation.command(&["import", "-", "--json"]);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(exported.stdout.as_bytes())
        .unwrap();
    let ran = Ran::from(child.wait_with_output().unwrap());
    let report: Value = serde_json::from_str(&ran.stdout).unwrap();
    let added: Vec<_> = report["added"].as_array().unwrap().iter().map(told).collect();
    let expect = [
        "A & \"B\" https://a.test/?x=1&y=2 [\"research\"] true",
        "Resting https://b.test/other [\"research\"] true",
        "Resting https://b.test/feed [\"research\"] false",
        "Two topics https://c.test/ [\"research\",\"practice\"] true",
    ];
    assert_eq!(added, expect);
    let again = installation.run(&["export"]).stdout;
    let outlines = |opml: &str| {
        opml.lines()
            .filter(|line| line.contains("<outline"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    assert_eq!(outlines(&again)[1..], outlines(&exported.stdout));
}

/// The list that this project comes with: names that two sources share, topics of several channels, sources that rest.
#[test]
fn the_shipped_sources_go_there_and_back() {
    let shipped = include_str!("../../feeds.toml");
    let installation = Installation::new("");
    installation.write("feeds.toml", shipped);
    let exported = installation.run(&["export"]).stdout;
    let (channels, _) = shipped.split_once("\n[[source]]").unwrap();
    installation.write("feeds.toml", &format!("{channels}\n{}", other()));
    installation.write("list.opml", &exported);
    let report = installation.json(&["import", "list.opml"]);
    assert_eq!(
        (&report["known"], &report["refused"]),
        (&Value::Array(vec![]), &Value::Array(vec![]))
    );
    let again = installation.run(&["export"]).stdout;
    let other = |line: &&str| !line.contains("other.example");
    assert_eq!(
        again.lines().filter(other).collect::<Vec<_>>(),
        exported.lines().collect::<Vec<_>>()
    );
}

fn told(source: &Value) -> String {
    let text = |key: &str| source[key].as_str().unwrap().to_owned();
    format!(
        "{} {} {} {}",
        text("name"),
        text("url"),
        source["topics"],
        source["enabled"]
    )
}

#[test]
fn hostile_lists_are_bounded_and_harmless() {
    let installation = Installation::new(&other());
    let many: String = (0..60_000)
        .map(|n| format!("<outline text='{n}' xmlUrl='https://a.test/{n}'/>"))
        .collect();
    let (ran, appended) = import(&installation, &many, &[]);
    assert_eq!((ran.code, blocks(&appended)), (0, 1_000), "{}", ran.stderr);
    assert!(
        ran.stdout.contains("59000 left out: at most 1000 are added at once"),
        "{}",
        ran.stdout
    );

    let deep = "<outline text='x'>".repeat(300_000) + "<outline xmlUrl='https://deep.test/'/>";
    let (ran, appended) = import(&installation, &deep, &[]);
    assert_eq!((ran.code, blocks(&appended)), (0, 1), "{}", ran.stderr);

    let long = format!(
        "<outline text='{0}' xmlUrl='https://long.test/'/><outline xmlUrl='https://long.test/{0}'/>",
        "x".repeat(3_000)
    );
    let (ran, appended) = import(&installation, &long, &[]);
    assert_eq!((ran.code, blocks(&appended)), (0, 1), "{}", ran.stderr);
    assert!(appended.len() < 400, "{appended}");

    let marks = "<outline text='a&#x202e;b&#10;[[source]]&#7;\" \\' xmlUrl='https://marks.test/'/>";
    let (ran, appended) = import(&installation, marks, &[]);
    assert_eq!((ran.code, blocks(&appended)), (0, 1), "{}: {appended}", ran.stderr);

    let external = "<!DOCTYPE opml [<!ENTITY x SYSTEM 'file:///etc/hostname'>]>";
    installation.write(
        "list.opml",
        &format!(
            "{external}{}",
            list("<outline text='T&x;' xmlUrl='https://x.test/&x;'/>")
        ),
    );
    let ran = installation.run(&["import", "list.opml"]);
    assert_eq!(ran.code, 0, "{}", ran.stderr);
    assert!(installation.read("feeds.toml").contains("\"https://x.test/&x;\""));
}

#[test]
fn what_is_no_list_is_told() {
    let installation = Installation::new(&other());
    for (name, text, expect) in [
        (
            "page.html",
            "<!doctype html><html><title>x</title></html>",
            "no OPML: this is a web page (HTML)",
        ),
        ("feed.xml", "<rss><channel/></rss>", "this is a feed itself"),
    ] {
        installation.write(name, text);
        let ran = installation.run(&["import", name]);
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""));
        assert!(ran.stderr.contains(expect), "{}", ran.stderr);
    }
    assert_eq!(installation.run(&["import", "missing.opml"]).code, 1);
    installation.sources("[[source]]\nname = \"A\"\n");
    assert_eq!(installation.run(&["import", "feed.xml"]).code, 2);
    assert_eq!(installation.run(&["export"]).code, 2);
}
