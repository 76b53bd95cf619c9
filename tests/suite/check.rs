//! `oncofeed check`: what an editor is told of the sources.

use serde_json::Value;

use crate::support::{
    document::Document,
    installation::{Installation, source},
    origin::{Origin, Reply},
};

/// A feed of entries with these titles, of one date.
fn feed(host: &str, date: &str, titles: &[&str]) -> Reply {
    Reply::feed(body(host, date, titles))
}

fn body(host: &str, date: &str, titles: &[&str]) -> String {
    let item = |(n, title): (usize, &&str)| {
        format!("<item><title>{title}</title><link>https://{host}.test/{n}</link><pubDate>{date}</pubDate></item>")
    };
    let items: String = titles.iter().enumerate().map(item).collect();
    format!("<rss version='2.0'><channel><title>T</title>{items}</channel></rss>")
}

const NEWS: [&str; 4] = [
    "Chemotherapy one",
    "Chemotherapy two",
    "Chemotherapy three",
    "Chemotherapy four",
];
const WEATHER: [&str; 3] = ["Rain", "Sun", "Snow"];

/// Today, as feeds write it: the program's own clock judges what is old.
fn today() -> String {
    httpdate::fmt_http_date(std::time::SystemTime::now())
}

fn answer(request: &crate::support::origin::Recorded) -> Reply {
    let old = "Mon, 06 Jul 2015 09:00:00 GMT";
    match &*request.path {
        "/fine" => feed("fine", &today(), &NEWS),
        "/copy" => feed("fine", &today(), &NEWS[..3]),
        "/old" => feed("old", old, &NEWS),
        "/undated" => feed("undated", "", &NEWS),
        "/weather" | "/always" => feed(request.path.trim_start_matches('/'), &today(), &WEATHER),
        "/empty" => feed("empty", "", &[]),
        "/moved" => Reply::redirect(301, "/elsewhere"),
        "/elsewhere" => feed("elsewhere", &today(), &NEWS),
        "/page" => Reply::new(200, "<!doctype html><title>Sign in</title>"),
        _ => Reply::new(404, ""),
    }
}

fn sources(origin: &Origin) -> String {
    let names = [
        "fine", "copy", "old", "undated", "weather", "always", "empty", "moved", "page", "missing", "resting",
    ];
    let one = |name: &str| {
        let more = match name {
            "always" => "relevance = \"always\"\n",
            "resting" => "enabled = false\n",
            _ => "",
        };
        source(name, &origin.url(&format!("/{name}"))) + more
    };
    names.map(one).concat()
}

#[test]
fn every_source_is_judged() {
    let origin = Origin::start(answer);
    let installation = Installation::new(&sources(&origin));
    let report = installation.json(&["check", "--online"]);
    let told = |answered: &Value| {
        let findings = answered["findings"].as_array().unwrap().iter();
        let kinds: Vec<_> = findings.map(|finding| finding["kind"].as_str().unwrap()).collect();
        let error = if answered["error"].is_null() { "" } else { " failed" };
        format!("{}: {}{error}", answered["source"].as_str().unwrap(), kinds.join(" "))
    };
    let told: Vec<_> = report["online"].as_array().unwrap().iter().map(told).collect();
    let expect = [
        "fine: ",
        "copy: duplicate",
        "old: stale",
        "undated: silent",
        "weather: irrelevant",
        "always: ",
        "empty: empty",
        "moved: moved",
        "page:  failed",
        "missing:  failed",
    ];
    assert_eq!(told, expect);

    let ran = installation.run(&["check", "--online"]);
    assert_eq!(ran.code, 0, "a source that fails is not a failed check");
    let last = ran.stdout.lines().last().unwrap();
    assert_eq!(
        last,
        "2 sources in order, 2 failing, 1 moved, 1 stale, 1 silent, 1 empty, 1 duplicate, 1 irrelevant"
    );
    for line in [
        "fine: rss, 4 entries, newest ",
        "duplicate: it sends the same as fine",
        "page: failed: not a feed: this is a web page (HTML)",
        "none of its 3 entries is about cancer",
    ] {
        assert!(ran.stdout.contains(line), "{line}: {}", ran.stdout);
    }
    assert!(
        ran.stdout
            .contains(&format!("moved: it is now at {}, for good", origin.url("/elsewhere"))),
        "{}",
        ran.stdout
    );
    assert!(!installation.path("var").exists(), "nothing is kept");
}

/// What the store remembers tells of a source without dates.
#[test]
fn the_store_tells_that_a_source_without_dates_lives() {
    let origin = Origin::start(answer);
    let installation = Installation::new(&source("undated", &origin.url("/undated")));
    installation.once();
    let report = installation.json(&["check", "--online"]);
    assert_eq!(report["online"][0]["findings"], Value::Array(vec![]), "{report}");
}

#[test]
fn a_source_whose_publisher_has_removed_it_is_told_until_an_editor_touches_it() {
    let origin = Origin::start(|_| Reply::new(410, ""));
    let lines = source("Ended", &origin.url("/feed"));
    let installation = Installation::new(&lines);
    let warned = || {
        installation
            .run(&["check"])
            .stderr
            .contains("Ended (ended): its publisher has removed the feed (410)")
    };
    assert!(!warned(), "without a store there is nothing to tell");
    installation.once();
    assert!(warned());
    assert!(installation.json(&["check"])["warnings"].to_string().contains("410"));
    installation.sources(&(lines.clone() + "priority = 1\n"));
    assert!(!warned(), "an editor has touched it: it is asked again");
    installation.sources(&(lines + "enabled = false\n"));
    assert!(!warned());
    assert_eq!(origin.requests().len(), 1, "check asks nobody");
}

#[test]
fn a_publisher_who_asked_to_be_left_alone_is() {
    let origin = Origin::start(|request| match &*request.path {
        "/gone" => Reply::new(410, ""),
        "/busy" => Reply::new(503, "").header("retry-after", "86400"),
        _ => feed("fine", &today(), &NEWS),
    });
    let names = ["gone", "fine", "busy"];
    let lines = names.map(|name| source(name, &origin.url(&format!("/{name}"))));
    let installation = Installation::new(&lines.concat());
    installation.once();
    let before = origin.requests().len();
    let ran = installation.run(&["check", "--online"]);
    assert_eq!(origin.paths()[before..], ["/fine"]);
    let told: Vec<_> = ran.stdout.lines().collect();
    assert_eq!(told[0], "gone: not asked: its publisher has removed the feed (410)");
    assert!(told[1].starts_with("fine: rss, 4 entries"), "{}", ran.stdout);
    assert!(
        told[2].starts_with("busy: not asked: it asked us to wait until "),
        "{}",
        ran.stdout
    );
    assert_eq!(told.last(), Some(&"1 source in order, 2 not asked"));
    let report = installation.json(&["check", "--online"]);
    let not_asked = |n: usize| report["online"][n]["not_asked"].as_str();
    assert_eq!((not_asked(0).is_some(), not_asked(1)), (true, None));

    installation.sources(
        &(lines
            .concat()
            .replace("name = \"gone\"", "name = \"gone\"\npriority = 1")),
    );
    installation.run(&["check", "--online"]);
    assert_eq!(
        origin.paths().iter().filter(|path| *path == "/gone").count(),
        2,
        "an editor has touched it"
    );
}

#[test]
fn rules_that_match_everything_or_nothing_of_what_is_kept_are_told() {
    let titles: Vec<_> = (0..20).map(|n| format!("Chemotherapy {n}")).collect();
    let titles: Vec<_> = titles.iter().map(String::as_str).collect();
    let document = Document::rss(body("fine", &today(), &titles));
    let few = Document::rss(body("few", &today(), &titles[..5]));
    let origin = Origin::serving([("/fine", &document), ("/few", &few)]);
    let rules = "keep = [\"chemotherapy\"]\ndrop = [\"title:podcast\", \"title:7\"]\n";
    let sources =
        source("Fine", &origin.url("/fine")) + rules + &source("Few", &origin.url("/few")) + "drop = [\"x\"]\n";
    let installation = Installation::new(&sources);
    let told = || installation.json(&["check"])["warnings"].to_string();
    assert!(!told().contains("rule"), "without a store there is nothing to say");
    installation.once();
    let told = told();
    for expect in [
        "the `keep` rule `chemotherapy` matches each of the 20 newest items of fine",
        "the `drop` rule `title:podcast` matches none of the 20 newest items of fine",
    ] {
        assert!(told.contains(expect), "{told}");
    }
    assert!(!told.contains("title:7") && !told.contains("few"), "{told}");

    let daemon = installation.daemon();
    daemon.logged("the `drop` rule `title:podcast` matches none");
    installation.sources(&sources.replace("podcast", "audio"));
    daemon.logged("the `drop` rule `title:audio` matches none");
}
