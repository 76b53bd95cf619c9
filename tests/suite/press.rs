//! Publications as a whole: made again, packed, renamed, never torn.

use std::{
    fs,
    io::Read as _,
    path::Path,
    process::{Command, Stdio},
    sync::atomic::{AtomicBool, AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use flate2::read::GzDecoder;
use reqwest::{StatusCode, redirect::Policy};

use crate::{
    once::rss,
    support::{
        document::Document,
        installation::{Daemon, Installation, source},
        origin::Origin,
    },
};

/// Least reads of published files while they are replaced and the program is killed.
const READS: usize = 100_000;

/// Publications that are begun meanwhile; every other one is killed.
const PUBLICATIONS: usize = 60;

/// With three items published.
fn installation() -> (Origin, Installation) {
    let entries = ["One", "Two", "Three"].map(|title| (title, title, "Some text that is long enough to be packed."));
    let document = Document::rss(rss(&entries));
    let origin = Origin::serving([("/feed", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    installation.once();
    (origin, installation)
}

fn unpacked(name: &str, bytes: &[u8]) -> Vec<u8> {
    let mut plain = vec![];
    match Path::new(name).extension().and_then(|extension| extension.to_str()) {
        Some("gz") => GzDecoder::new(bytes).read_to_end(&mut plain).map(drop).unwrap(),
        Some("br") => brotli::BrotliDecompress(&mut &*bytes, &mut plain).unwrap(),
        _ => plain = bytes.to_vec(),
    }
    plain
}

/// Status and address to go to.
fn asked(daemon: &Daemon, path: &str) -> (StatusCode, String) {
    let url = daemon.url(path);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let client = reqwest::Client::builder().no_proxy().redirect(Policy::none()).build();
        let answer = client.unwrap().get(url).send().await.unwrap();
        let location = answer.headers().get("location").map(|value| value.to_str().unwrap());
        (answer.status(), location.unwrap_or_default().to_owned())
    })
}

#[test]
fn all_is_rendered_again_byte_for_byte() {
    let (_origin, installation) = installation();
    let published = installation.published();
    assert!(published.len() > 20, "{}", published.len());
    fs::remove_dir_all(installation.path("var/public")).unwrap();
    let report = installation.json(&["render"]);
    assert_eq!(report["changed"].as_array().unwrap().len(), published.len());
    assert_eq!(installation.published(), published);
    assert_eq!(installation.json(&["render"])["unchanged"], published.len());
}

#[test]
fn a_copy_is_rendered_beside_the_daemon() {
    let (_origin, installation) = installation();
    let _daemon = installation.daemon();
    let refused = installation.run(&["render"]);
    assert_eq!(refused.code, 1, "{}", refused.stderr);
    installation.json(&["render", "--to", "copy"]);
    for (name, bytes) in installation.published() {
        assert_eq!(
            fs::read(installation.path("copy").join(&name)).unwrap(),
            bytes,
            "{name}"
        );
    }
    let published = installation.run(&["render", "--to", "var/public"]);
    assert_eq!(published.code, 2, "{}", published.stderr);
}

#[test]
fn nothing_is_rendered_without_a_store() {
    let installation = Installation::new("");
    let document = Document::rss(rss(&[]));
    let origin = Origin::serving([("/feed", &document)]);
    installation.sources(&source("A", &origin.url("/feed")));
    let ran = installation.run(&["render"]);
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("no store at var/oncofeed.db"), "{}", ran.stderr);
    assert!(!installation.path("var").exists());
}

#[test]
fn what_lies_packed_beside_a_file_is_the_file() {
    let (_origin, installation) = installation();
    let published = installation.published();
    let find = |name: &str| {
        published
            .iter()
            .find(|(found, _)| found == name)
            .map(|(_, bytes)| bytes)
    };
    for name in ["latest-news.rss", "latest-news.js", "latest-news.html", "index.html"] {
        for packed in [format!("{name}.gz"), format!("{name}.br")] {
            let bytes = find(&packed).unwrap_or_else(|| panic!("no {packed}"));
            assert!(bytes.len() < find(name).unwrap().len(), "{packed}");
            assert_eq!(&unpacked(&packed, bytes), find(name).unwrap(), "{packed}");
        }
    }
}

#[test]
fn readers_of_a_renamed_channel_are_sent_on_and_those_of_a_removed_one_told() {
    let (_origin, installation) = installation();
    let feeds = installation.read("feeds.toml");
    let renamed = |formerly: &str| feeds.replace("id = \"latest-news\"", &format!("id = \"cancer-news\"\n{formerly}"));
    let daemon = installation.daemon();
    assert_eq!(asked(&daemon, "latest-news.rss").0, StatusCode::OK);

    installation.write("feeds.toml", &renamed("formerly = [\"latest-news\"]"));
    daemon.logged("configuration read again");
    let moved = |suffix: &str| {
        let address = format!("http://127.0.0.1:8080/cancer-news{suffix}");
        (StatusCode::MOVED_PERMANENTLY, address)
    };
    for suffix in [".rss", ".atom", ".json", ".html", ".fragment.html", ".js"] {
        assert_eq!(asked(&daemon, &format!("latest-news{suffix}")), moved(suffix));
    }
    let left = |(name, _): &(String, Vec<u8>)| name.starts_with("latest-news");
    assert!(!installation.published().iter().any(left));

    installation.write("feeds.toml", &renamed(""));
    daemon.logged("configuration read again");
    assert_eq!(asked(&daemon, "latest-news.js").0, StatusCode::GONE);
    drop(daemon);
    let daemon = installation.daemon();
    assert_eq!(asked(&daemon, "latest-news.rss").0, StatusCode::GONE);
    assert_eq!(asked(&daemon, "never-was.rss").0, StatusCode::NOT_FOUND);

    installation.write("feeds.toml", &feeds);
    daemon.logged("configuration read again");
    assert_eq!(asked(&daemon, "latest-news.rss").0, StatusCode::OK);
    assert_eq!(asked(&daemon, "cancer-news.rss").0, StatusCode::GONE);
}

/// Each publication names its turn at the top of every file and in its last item.
#[test]
fn no_reader_ever_finds_a_torn_file() {
    let (_origin, installation) = installation();
    let feeds = installation.read("feeds.toml");
    let (ended, reads) = (AtomicBool::new(false), AtomicUsize::new(0));
    thread::scope(|scope| {
        for _ in 0..2 {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) || reads.load(Ordering::Relaxed) < READS {
                    reads.fetch_add(read_all(&installation.path("var/public")), Ordering::Relaxed);
                }
            });
        }
        for turn in 0..PUBLICATIONS {
            let named = feeds.replace("Latest news", &format!("turn-{turn}-"));
            let named = named.replace("name = \"A\"", &format!("name = \"turn-{turn}-\"\nid = \"a\""));
            installation.write("feeds.toml", &named);
            publish(installation.command(&["render"]), turn);
        }
        ended.store(true, Ordering::Relaxed);
    });
    assert!(reads.load(Ordering::Relaxed) >= READS);
    let left = installation.run(&["render"]);
    assert_eq!(left.code, 0, "{}", left.stderr);
    let hidden = |(name, _): &(String, Vec<u8>)| name.starts_with('.');
    assert!(!installation.published().iter().any(hidden), "leftovers of kills");
}

/// Every other one is killed, each a little later than the one before.
fn publish(mut command: Command, turn: usize) {
    let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    if turn % 2 == 1 {
        thread::sleep(Duration::from_millis(5 * turn as u64));
        let _ended_already = child.kill();
    }
    child.wait().unwrap();
}

/// How many files were read, each whole and of one turn.
fn read_all(dir: &Path) -> usize {
    let mut read = 0;
    for path in fs::read_dir(dir).unwrap().map(|entry| entry.unwrap().path()) {
        let name = path.file_name().unwrap().to_str().unwrap().to_owned();
        // Replaced between listing and opening, or in the making.
        let Some(bytes) = fs::read(&path).ok().filter(|_| !name.starts_with('.')) else {
            continue;
        };
        let text = String::from_utf8(unpacked(&name, &bytes)).unwrap();
        let end = match name
            .trim_end_matches(".gz")
            .trim_end_matches(".br")
            .rsplit_once('.')
            .unwrap()
            .1
        {
            "rss" => "</rss>\n",
            "atom" => "</feed>\n",
            "json" => "\n}\n",
            "js" => "})();\n",
            "opml" => "</opml>\n",
            _ if name.contains("fragment") => "</section>",
            _ => "</html>",
        };
        assert!(
            text.ends_with(end),
            "{name} ends {:?}",
            &text[text.len().saturating_sub(40)..]
        );
        let mut turns: Vec<_> = text
            .split("turn-")
            .skip(1)
            .filter_map(|rest| rest.split('-').next())
            .collect();
        turns.dedup();
        assert!(turns.len() <= 1, "{name} is of the turns {turns:?}");
        read += 1;
    }
    read
}
