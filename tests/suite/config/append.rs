//! What is written into feeds.toml adds to it and changes nothing.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _, symlink},
    path::Path,
    thread,
};

use oncofeed::{
    edge::config::{Addition, AppendFault, Loaded, block},
    model::source::{Source, SourceId},
};
use proptest::prelude::*;

use super::{FEEDS, Files};

fn source(name: &str, url: &str, topics: &[&str]) -> Source {
    let topics = topics.iter().map(|topic| (*topic).to_owned()).collect();
    Source::new(
        SourceId::parse("an-id-of-its-own").unwrap(),
        name.into(),
        url.parse().unwrap(),
        topics,
    )
}

fn plain() -> Source {
    source("New", "https://new.test/feed", &["research"])
}

fn feeds(files: &Files) -> std::path::PathBuf {
    files.folder.path().join("feeds.toml")
}

fn prepare(files: &Files, loaded: &Loaded, sources: &[Source]) -> Result<Addition, AppendFault> {
    Addition::prepare(&feeds(files), &loaded.settings, sources)
}

/// Appends, and holds the file to what was promised.
fn check(text: &[u8], added: &[Source]) {
    let files = Files::new("", text);
    let before = files
        .load(&[])
        .unwrap_or_else(|faults| panic!("{faults}\n{}", String::from_utf8_lossy(text)));
    prepare(&files, &before, added).unwrap().save().unwrap();
    let bytes = fs::read(feeds(&files)).unwrap();
    assert!(bytes.starts_with(text), "{}", String::from_utf8_lossy(&bytes));
    let after = files.load(&[]).unwrap().feeds;
    let expect: Vec<_> = before.feeds.sources.iter().chain(added).cloned().collect();
    assert_eq!(after.sources, expect);
    let names: Vec<_> = fs::read_dir(files.folder.path())
        .unwrap()
        .map(|entry| entry.unwrap().file_name())
        .collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

/// A valid feeds.toml out of pieces that editors write.
fn text() -> impl Strategy<Value = String> {
    let sources = prop::collection::vec((0..5_usize, prop::bool::ANY), 1..6);
    let end = prop::sample::select(vec![
        "",
        "\n",
        "\n\n",
        "# the end",
        "# the end\n",
        "   ",
        "\t\n  # x",
        "\n\n\n# [[source]]\n#",
        "# \u{1f9ec} “x”",
    ]);
    let ends = prop::collection::vec(prop::bool::ANY, 1..40);
    let windows = 0..3_usize;
    (sources, end, ends, windows, prop::bool::ANY).prop_map(|(sources, end, ends, windows, bom)| {
        let mut text = String::from("# head\n[[channel]]\nid = \"latest-news\"\n\n");
        for (n, (kind, comment)) in sources.into_iter().enumerate() {
            let (name, url) = (format!("Source {n}"), format!("https://a.test/{n}"));
            text += &match kind {
                0 => format!("[[source]]\nname = \"{name}\"\nurl = \"{url}\"\ntopics = [\"research\"]\n"),
                1 => format!("[[ source ]] # x\n  name='{name}'\n  url='{url}'\n  topics=[ 'research', # y\n \"practice\",\n]\n"),
                2 => format!("[[\"source\"]]\n\"name\" = \"\"\"{name}\"\"\"\nurl = '''{url}'''\ntopics = ['x=y']\nkeep = [\"[[source]]\"]\n"),
                3 => format!("[[source]]\nname = \"{name} \\u00e9 \\\"q\\\"\"\ntopics = [\"research\"]\nurl = \"{url}\"\nenabled = false\n"),
                _ => format!("[[source]]\nname = \"{name}\"\nurl = \"{url}\"\ntopics = [\"research\"]\npriority = +1_0\ninterval = \"6h\"\n"),
            };
            text += if comment { "# and so on\n\n" } else { "" };
        }
        text += end;
        let mut ends = ends.into_iter().cycle();
        let crlf = |_| match windows {
            0 => "\n",
            1 => "\r\n",
            _ if ends.next().unwrap_or_default() => "\r\n",
            _ => "\n",
        };
        let breaks: Vec<_> = text.matches('\n').map(crlf).collect();
        let lines = text.split('\n').zip(breaks.iter().copied().chain([""]));
        let text: String = lines.flat_map(|(line, end)| [line, end]).collect();
        if bom { format!("\u{feff}{text}") } else { text }
    })
}

proptest! {
    #[test]
    fn every_byte_stays_and_only_the_sources_come(
        text in text(),
        name in r#"[a-zA-Z"'\\éß\u{1f9ec}#=\[\]][a-zA-Z0-9 "'\\éß\u{1f9ec}#=\[\]{}$\t]{0,20}[a-z"'\\]"#,
        query in "[a-z'!$&()*+,;=%]{0,12}",
        topics in prop::collection::vec(r#"[a-z"'\\]{1,8}"#, 1..3),
        (enabled, private) in (prop::bool::ANY, prop::bool::ANY),
    ) {
        let name = name.replace('\t', " ");
        let topics: Vec<_> = topics.iter().map(String::as_str).collect();
        let first = Source { enabled, private, ..source(&name, &format!("https://new.test/?{query}"), &topics) };
        let second = Source { id: SourceId::parse("another").unwrap(), ..source("Another", "https://another.test/", &topics) };
        check(text.as_bytes(), &[first, second]);
    }
}

#[test]
fn mode_link_and_owner_stay() {
    let files = Files::new("", FEEDS);
    let (real, link) = (files.folder.path().join("real.toml"), feeds(&files));
    fs::rename(&link, &real).unwrap();
    symlink("real.toml", &link).unwrap();
    fs::set_permissions(&real, fs::Permissions::from_mode(0o640)).unwrap();
    // Where the tests run as root, the file is somebody else's, too.
    let _not_root = std::os::unix::fs::chown(&real, Some(12_345), Some(12_345));
    let before = fs::metadata(&real).unwrap();
    let loaded = files.load(&[]).unwrap();
    prepare(&files, &loaded, &[plain()]).unwrap().save().unwrap();
    let after = fs::metadata(&real).unwrap();
    assert_eq!(
        (after.mode(), after.uid(), after.gid()),
        (before.mode(), before.uid(), before.gid())
    );
    assert_eq!(fs::read_link(&link).unwrap(), Path::new("real.toml"));
    assert_eq!(files.load(&[]).unwrap().feeds.sources.len(), 2);
}

#[test]
fn what_somebody_saves_meanwhile_is_not_lost() {
    let files = Files::new("", FEEDS);
    let addition = prepare(&files, &files.load(&[]).unwrap(), &[plain()]).unwrap();
    let edited = format!("{FEEDS}# an editor's word\n");
    fs::write(feeds(&files), &edited).unwrap();
    let fault = addition.save().unwrap_err().to_string();
    assert!(fault.contains("was changed by somebody else"), "{fault}");
    assert_eq!(fs::read_to_string(feeds(&files)).unwrap(), edited);
}

/// As if twelve editors added a source each, at once.
#[test]
fn additions_take_turns_and_lose_nothing() {
    let files = Files::new("", FEEDS);
    let loaded = files.load(&[]).unwrap();
    let names: Vec<_> = (0..12).map(|n| format!("new-{n}")).collect();
    thread::scope(|scope| {
        for name in &names {
            let (files, loaded) = (&files, &loaded);
            scope.spawn(move || {
                let source = Source {
                    id: SourceId::parse(name).unwrap(),
                    ..source(name, &format!("https://{name}.test/"), &["research"])
                };
                prepare(files, loaded, &[source]).unwrap().save().unwrap();
            });
        }
    });
    let sources = files.load(&[]).unwrap().feeds.sources;
    let mut added: Vec<_> = sources.into_iter().map(|source| source.name).collect();
    added.retain(|name| names.contains(name));
    added.sort();
    let mut expect = names.clone();
    expect.sort();
    assert_eq!(added, expect);
}

#[test]
fn what_would_be_faulty_is_not_written() {
    let inline = "channel = [{ id = \"latest-news\" }]\nsource = [{ name = \"A\", url = \"https://a.test/\", topics = [\"x\"] }]\n";
    let other_id = |source: Source| Source {
        id: SourceId::parse("cancer-research-uk").unwrap(),
        ..source
    };
    for (text, source, expect) in [
        (inline, plain(), "would be faulty with it"),
        (FEEDS, other_id(plain()), "the id `cancer-research-uk` is used"),
        (
            FEEDS,
            source("A\u{202e}B", "https://new.test/", &["x"]),
            "control characters",
        ),
        (
            FEEDS,
            source("A", "https://news.cancerresearchuk.org/feed/", &["x"]),
            "this feed is visited already",
        ),
        (FEEDS, Source { priority: 3, ..plain() }, "would say something else"),
    ] {
        let files = Files::new("", text);
        let fault = prepare(&files, &files.load(&[]).unwrap(), &[source])
            .unwrap_err()
            .to_string();
        assert!(fault.contains(expect), "{fault}");
        assert_eq!(fs::read_to_string(feeds(&files)).unwrap(), text);
    }
}

#[test]
fn a_channel_without_topics_takes_the_new_ones_too() {
    let files = Files::new("", FEEDS);
    let addition = prepare(
        &files,
        &files.load(&[]).unwrap(),
        &[source("A", "https://new.test/", &["practice"])],
    );
    addition.unwrap().save().unwrap();
    assert_eq!(
        files.load(&[]).unwrap().feeds.channels[0].topics,
        ["practice", "research"]
    );
}

#[test]
fn a_block_reads_like_an_editor_s() {
    let source = Source {
        private: true,
        enabled: false,
        ..source("Say \"Cancer\"", "https://new.test/?token=x", &["research", "practice"])
    };
    let expect = "[[source]]
id = \"an-id-of-its-own\"
name = 'Say \"Cancer\"'
url = \"https://new.test/?token=x\"
topics = [\"research\", \"practice\"]
enabled = false
private = true
";
    assert_eq!(block(&[source]), expect);
}
