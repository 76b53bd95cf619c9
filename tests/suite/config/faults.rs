//! Faulty files, and what their editors are told.

use std::{fs, path::Path};

use oncofeed::edge::config::{Paths, load};

use super::{EVERY_KEY, FEEDS, Files, source};

/// The faults of both files, as they are shown.
fn check(name: &str, config: &str, feeds: &str) {
    let shown = Files::new(config, feeds).faults(&[]);
    insta::assert_snapshot!(name, shown);
}

#[test]
fn misspelt_keys_are_named_and_mended() {
    check(
        "misspelt_keys",
        "[fetch]\ntime_out = \"30s\"\nper-host = 2\n\n[serv]\nlisten = \"\"\n\n[[source]]\nname = \"x\"\n",
        "\
titel = \"x\"

[[channel]]
id = \"latest-news\"
topcis = [\"research\"]
per_sorce = 10

[[sources]]
name = \"A\"

[[source]]
name = \"B\"
url = \"https://b.test/\"
topics = [\"research\"]
prority = 3
outlet = \"journals\"

[fetch]
timeout = \"30s\"
",
    );
}

#[test]
fn wrong_types_say_what_was_expected() {
    check(
        "wrong_types",
        "fetch = 3\n[site]\ntitle = 2015\n[log]\nlevel = \"warning\"\nformat = true\n",
        "\
[[channel]]
id = [\"latest-news\"]
limit = \"50\"
max_age = 60
relevance = \"true\"

[[source]]
name = \"A\"
url = 2015-07-01
topics = \"research\"
enabled = 1
priority = 4.5
keep = [\"ok\", 5]
dates = \"ignored\"
",
    );
}

#[test]
fn a_syntax_error_hides_no_other_fault() {
    check(
        "syntax_errors",
        "[fetch]\ntimeout = \"30s\nper_host = 99\n",
        "\
[[channel]]
id = \"latest-news\"
title = “Latest news”
limit = 9000

[[source]]
name = \"A\"
name = \"B\"
url = \"htps://a.test/\"
topics = [\"research\" \"practice\"]

[[source]
name = \"C\"
",
    );
}

#[test]
fn pages_and_selectors_go_together() {
    let sources: Vec<_> = [
        "format = \"page\"",
        "selectors = { item = \"li\" }",
        "format = \"feed\"\nselectors = { item = \"li\" }",
        "format = \"html\"\nselectors = { item = \"li\" }",
        "format = \"page\"\nselectors = \"li\"",
        "format = \"page\"\nselectors = { title = \"h3\", itm = \"li\" }",
        "format = \"page\"\nselectors = { item = \"li >\", title = \"h2 ~ p\", link = \"a:has(b)\", date = 3, summary = \"\" }",
        "summary = \"pages\"",
    ]
    .iter()
    .enumerate()
    .map(|(n, keys)| {
        format!("[[source]]\nname = \"S{n}\"\nurl = \"https://s{n}.test/\"\ntopics = [\"research\"]\n{keys}\n\n")
    })
    .collect();
    check(
        "pages",
        "",
        &format!("[[channel]]\nid = \"news\"\n\n{}", sources.concat()),
    );
}

#[test]
fn what_is_there_twice_says_where_it_was_first() {
    check(
        "duplicates",
        "",
        "\
[[channel]]
id = \"news\"
formerly = [\"old-news\"]

[[channel]]
id = \"news\"
formerly = [\"news\", \"old-news\", \"../x\"]

[[channel]]
id = \"policy\"
formerly = [\"news\", \"old-news\"]

[[source]]
name = \"BBC News\"
url = \"https://bbc.test\"
topics = [\"research\"]

[[source]]
name = \"BBC: News\"
url = \"https://BBC.test/\"
topics = [\"research\"]

[[source]]
id = \"bbc-news\"
name = \"Other\"
url = \"https://other.test/\"
topics = [\"research\"]
",
    );
}

#[test]
fn addresses_names_and_rules_say_what_is_wrong() {
    check(
        "addresses_names_and_rules",
        "",
        &format!(
            "\
[[channel]]
id = \"Latest News\"

[[channel]]
id = \"index\"
topics = []
sites = [\"brest\", \"thyroid\"]
news_type = []

[[source]]
name = \"\"
url = \"https://someone:secret@a.test/feed\"
topics = []

[[source]]
name = \"–\"
url = \"feed://b.test/\"
topics = [\"\"]
keep = [\"/(/\", \"\", \"//\"]
drop = [\"titel:podcast\", \"summary: quiz\", \"link:\", \"author:/(/\", \"Video: all\"]
pin = [\"Category:recall\"]
pinned_for = \"90d\"

[[source]]
name = \"Paid\"
url = \"https://paid.test/feed?x=1&token=s3cret\"
topics = [\"research\"]

[[source]]
id = \"C c\"
name = \"\\u001b[2J\"
url = \"https://c.test/{}\"
topics = [\"research\"]
",
            "x".repeat(3_000)
        ),
    );
}

#[test]
fn bounds_are_said() {
    check(
        "bounds",
        "\
[site]
base_url = \"example.org\"
contact = \"nobody\"
language = \"English\"
timezone = \"Europe/Lodon\"
[store]
path = \"var/public/oncofeed.db\"
retention = \"1h\"
[fetch]
tick = \"* * * * *\"
concurrency = 0
per_host = 9
timeout = \"11m\"
max_body = \"8MB\"
min_interval = \"2d\"
allow_addresses = [\"10.0.0.1\", \"hospital\"]
[serve]
listen = \":80\"
",
        "\
[[channel]]
id = \"a\"
limit = 0
max_age = \"1h\"

[[channel]]
id = \"b\"
limit = 10
headlines = 11
per_source = -1

[[source]]
name = \"A\"
url = \"https://a.test/\"
topics = [\"research\"]
priority = 99999999999999999999
interval = \"1y\"
excerpt = 5000
",
    );
}

#[test]
fn a_file_that_says_nothing_is_a_fault() {
    check("empty", "", "# nothing yet\n");
    check("no_channel", "", "[[source]]\nname = \"A\"\n");
    check("one_bracket", "", "channel = []\n\n[source]\nname = \"A\"\n");
}

#[test]
fn variables_are_named() {
    let faults = Files::new("[serve]\nlisten = 80\n", FEEDS).faults(&[
        ("ONCOFEED_SERVE_LISTEN", "localhost:80"),
        ("ONCOFEED_FETCH_ALLOW_ADDRESSES", "10.0.0.0/8, lan"),
        ("ONCOFEED_FETCH_CONCURRENCY", "many"),
        ("ONCOFEED_STORE_PATH", "var/public/x.db"),
    ]);
    insta::assert_snapshot!("variables", faults);
}

#[test]
fn unreadable_files_say_why() {
    let gone = Path::new("/no/such/folder");
    let paths = Paths {
        config: Some(gone.join("oncofeed.toml")),
        feeds: Some(gone.join("feeds.toml")),
    };
    insta::assert_snapshot!("missing", load(&paths, []).unwrap_err());

    let folder = tempfile::tempdir().unwrap();
    let paths = Paths {
        config: Some(folder.path().into()),
        feeds: Some("/dev/zero".into()),
    };
    let shown = load(&paths, []).unwrap_err().to_string();
    insta::assert_snapshot!(
        "not_files",
        shown.replace(&folder.path().display().to_string(), "FOLDER")
    );

    let latin1 = b"[site]\n# caf\xe9\n";
    let huge = format!("{FEEDS}#{}", "x".repeat(1024 * 1024));
    insta::assert_snapshot!("not_text", Files::new(latin1, huge).faults(&[]));
}

#[test]
fn a_page_given_as_a_file_does_not_flood_the_terminal() {
    let page = "<p class=\"x\">Forbidden</p>\n".repeat(5_000);
    let shown = Files::new("", page).faults(&[]);
    assert!(shown.lines().count() < 600, "{} lines", shown.lines().count());
    assert!(
        shown.ends_with("feeds.toml: and 4900 more\n\n5000 faults in feeds.toml"),
        "{shown}"
    );
}

#[test]
fn boilerplate_of_a_source_that_takes_off_anything_is_refused() {
    let words = format!("{:?}, {:?}, \"\", \"…\", \"/(/\", 5", "/.*/", "x".repeat(201));
    check(
        "boilerplate_of_a_source",
        "",
        &source(&format!("boilerplate = [{words}]")),
    );
}

#[test]
fn a_rule_that_does_not_do_what_its_example_says_is_a_fault() {
    let files = Files::new("", FEEDS);
    let rules = "\
[[rule]]
name = \"in order\"
place = \"tail\"
pattern = '([.!?]) Read more'
before = \"Text. Read more\"
after = \"Text.\"

[[rule]]
name = \"does something else\"
place = \"tail\"
pattern = ' Read more'
before = \"They read more. Read more\"
after = \"They read\"

[[rule]]
name = \"takes off anything\"
place = \"head\"
pattern = '.*'
before = \"Text\"
after = \"\"

[[rule]]
place = \"middle\"
pattern = '('
before = \"Text\"
";
    fs::write(files.folder.path().join("boilerplate.toml"), rules).unwrap();
    insta::assert_snapshot!("boilerplate", files.faults(&[]));
}

proptest::proptest! {
    /// Files that are cut, mixed up or mistyped are read or refused, and never more than that.
    #[test]
    fn no_file_is_too_broken_to_be_judged(
        cut in 0usize..400,
        at in 0usize..300,
        text in "[\\PC\n\"\\[\\]={}#.,]{0,40}",
    ) {
        let mut feeds: Vec<char> = source(EVERY_KEY).chars().collect();
        feeds.splice(at..at, text.chars());
        feeds.truncate(cut);
        let feeds: String = feeds.into_iter().collect();
        if let Err(faults) = Files::new(&text, feeds).load(&[]) {
            proptest::prop_assert!(!faults.is_empty() && faults.to_string().contains(" in "));
        }
    }
}
