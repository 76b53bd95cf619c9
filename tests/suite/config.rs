//! The two files, as editors and operators meet them.

#![allow(clippy::unwrap_used, reason = "a test fails by panicking, and so do its own tools")]

mod append;
mod faults;
mod lexicon;
mod secrets;

use std::{ffi::OsString, fs, path::Path, time::Duration};

use oncofeed::{
    edge::config::{Faults, Loaded, Paths, example, load},
    model::{
        boilerplate::Habit,
        label::{NewsType, Site},
        rule::Judged,
        settings::LogFormat,
        source::{Dates, Relevance, Source, Summaries},
    },
};
use tempfile::TempDir;

const FEEDS: &str = r#"
[[channel]]
id = "latest-news"

[[source]]
name = "Cancer Research UK"
url = "https://news.cancerresearchuk.org/feed/"
topics = ["research"]
"#;

/// Every key that a source may have.
const EVERY_KEY: &str = r#"id = "cruk"
enabled = false
priority = 70
outlet = "charity"
interval = "6h"
keep = ["cancer", '/tumou?rs?/']
drop = ["podcast"]
pin = ["category:recall"]
pinned_for = "2d"
boilerplate = ["Beating cancer …", '/ref\. \d+/']
relevance = "always"
dates = "ignore"
excerpt = 100
private = true
headers = { Accept-Language = "en" }
summary = "page"
format = "page"
selectors = { item = "li.news", title = "h3", link = "h3 > a", summary = "p", date = "time" }
"#;

/// Both files in a folder of their own.
struct Files {
    folder: TempDir,
}

impl Files {
    fn new(config: impl AsRef<[u8]>, feeds: impl AsRef<[u8]>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("oncofeed.toml"), config).unwrap();
        fs::write(folder.path().join("feeds.toml"), feeds).unwrap();
        Self { folder }
    }

    fn load(&self, variables: &[(&str, &str)]) -> Result<Loaded, Faults> {
        let paths = Paths {
            config: Some(self.folder.path().join("oncofeed.toml")),
            feeds: Some(self.folder.path().join("feeds.toml")),
        };
        load(
            &paths,
            variables.iter().map(|(name, value)| (name.into(), value.into())),
        )
    }

    /// What a terminal would show, with the files named as if they lay here.
    fn faults(&self, variables: &[(&str, &str)]) -> String {
        let shown = self.load(variables).expect_err("this should be faulty").to_string();
        shown.replace(&format!("{}/", self.folder.path().display()), "")
    }

    fn warnings(&self) -> Vec<String> {
        let warnings = self.load(&[]).unwrap_or_else(|faults| panic!("{faults}")).warnings;
        let folder = format!("{}/", self.folder.path().display());
        warnings
            .into_iter()
            .map(|warning| warning.replace(&folder, ""))
            .collect()
    }
}

fn loaded(config: &str, feeds: &str, variables: &[(&str, &str)]) -> Loaded {
    Files::new(config, feeds)
        .load(variables)
        .unwrap_or_else(|faults| panic!("{faults}"))
}

/// A source of the fewest keys, with more below it.
fn source(more: &str) -> String {
    format!("{FEEDS}{more}\n")
}

fn titled(title: &str) -> Judged<'_> {
    Judged::new(title, "", "", &[], &[])
}

fn only_source(more: &str) -> Source {
    loaded("", &source(more), &[]).feeds.sources.remove(0)
}

#[test]
fn an_empty_file_means_the_defaults() {
    let settings = loaded("", FEEDS, &[]).settings;
    assert_eq!(settings.site.language, "en-GB");
    assert_eq!(settings.site.timezone.iana_name(), Some("Europe/London"));
    assert_eq!((settings.site.home, settings.site.contact), (None, None));
    assert_eq!(settings.store.path, Path::new("var/oncofeed.db"));
    assert_eq!(settings.store.retention, Duration::from_secs(400 * 86_400));
    assert_eq!(settings.fetch.tick, "0 * * * * *");
    assert_eq!(settings.fetch.per_host, 1);
    assert_eq!(settings.fetch.timeout, Duration::from_secs(30));
    assert_eq!(settings.fetch.max_body, 8 * 1024 * 1024);
    assert_eq!(settings.fetch.min_interval, Duration::from_secs(3_600));
    assert_eq!(settings.fetch.max_interval, Duration::from_secs(86_400));
    assert!(settings.fetch.allow_addresses.is_empty());
    assert_eq!((settings.fetch.proxy, settings.fetch.proxy_login), (None, None));
    assert!(settings.fetch.ca.is_empty() && settings.fetch.credentials.names().next().is_none());
    assert_eq!(settings.publish.dir, Path::new("var/public"));
    assert_eq!(settings.serve.listen, Some("127.0.0.1:8080".parse().unwrap()));
    assert_eq!(
        (settings.log.level, settings.log.format),
        (tracing::Level::INFO, LogFormat::Text)
    );
}

#[test]
fn a_file_that_was_named_must_be_there() {
    let files = Files::new("", FEEDS);
    let mut paths = Paths {
        config: None,
        feeds: Some(files.folder.path().join("feeds.toml")),
    };
    assert_eq!(paths.config(), Path::new("config/oncofeed.toml"));
    paths.config = Some(files.folder.path().join("absent.toml"));
    let shown = load(&paths, []).unwrap_err().to_string();
    assert!(shown.contains("absent.toml: there is no such file"), "{shown}");
}

#[test]
fn channels_and_sources_have_defaults() {
    let feeds = loaded("", FEEDS, &[]).feeds;
    let channel = &feeds.channels[0];
    assert_eq!(
        (channel.title.as_str(), channel.topics.as_slice()),
        ("Latest news", &["research".to_owned()][..])
    );
    assert_eq!((channel.limit, channel.headlines, channel.per_source), (50, 5, 10));
    assert_eq!(
        (channel.max_age, channel.relevance),
        (Duration::from_secs(60 * 86_400), true)
    );
    let source = &feeds.sources[0];
    assert_eq!(
        (source.id.as_str(), source.enabled, source.priority),
        ("cancer-research-uk", true, 0)
    );
    assert_eq!(
        (source.relevance, source.dates, source.excerpt),
        (Relevance::Score, Dates::Trust, 250)
    );
    assert_eq!((source.interval, source.private), (None, false));
    assert_eq!(source.pinned_for, Duration::from_secs(72 * 3_600));
    assert!(source.headers.is_empty());
}

#[test]
fn every_key_of_a_source_is_read() {
    let read = only_source(EVERY_KEY);
    assert_eq!((read.id.as_str(), read.enabled, read.priority), ("cruk", false, 70));
    assert_eq!(read.interval, Some(Duration::from_secs(6 * 3_600)));
    assert!(read.keep[1].matches(&titled("Two tumours")) && read.drop[0].matches(&titled("A podcast")));
    assert_eq!(
        (read.relevance, read.dates, read.excerpt),
        (Relevance::Always, Dates::Ignore, 100)
    );
    let boilerplate: Vec<_> = read.boilerplate.iter().step_by(3).map(Habit::name).collect();
    assert_eq!(boilerplate, ["Beating cancer …", r"/ref\. \d+/"]);
    assert!(read.private);
    assert_eq!(
        (read.pin[0].as_str(), read.pinned_for),
        ("category:recall", Duration::from_secs(48 * 3_600))
    );
    let headers = read
        .headers
        .iter()
        .map(|header| (header.name().as_str(), header.value().to_str().unwrap()));
    assert!(headers.eq([("accept-language", "en")]));
    assert_eq!(read.summaries, Summaries::Page);
    let page = read.page.unwrap();
    assert_eq!((page.item.as_str(), page.link.unwrap().as_str()), ("li.news", "h3 > a"));
    assert!(page.title.is_some() && page.summary.is_some() && page.date.is_some());
}

#[test]
fn a_channel_can_ask_for_labels() {
    let feeds = FEEDS.replace(
        "id = \"latest-news\"",
        "id = \"latest-news\"\nsites = [\"breast\", \"uppergi\"]\nnews_type = [\"trial\"]",
    );
    let channel = loaded("", &feeds, &[]).feeds.channels.remove(0);
    assert_eq!(channel.sites, [Site::Breast, Site::UpperGi]);
    assert_eq!(channel.news_types, [NewsType::Trial]);
    let plain = loaded("", FEEDS, &[]).feeds.channels.remove(0);
    assert!(plain.sites.is_empty() && plain.news_types.is_empty());
}

#[test]
fn few_items_mean_few_headlines() {
    let feeds = FEEDS.replace("id = \"latest-news\"", "id = \"latest-news\"\nlimit = 3");
    assert_eq!(loaded("", &feeds, &[]).feeds.channels[0].headlines, 3);
}

#[test]
fn variables_go_before_the_file_and_others_are_ignored() {
    let config = "[serve]\nlisten = \"127.0.0.1:1\"\n[fetch]\nconcurrency = 2\nallow_addresses = [\"10.0.0.0/8\"]\n";
    let settings = loaded(
        config,
        FEEDS,
        &[
            ("ONCOFEED_SERVE_LISTEN", ""),
            ("ONCOFEED_SERVE_PROXIES", "10.20.0.5/32"),
            ("ONCOFEED_FETCH_CONCURRENCY", "7"),
            ("ONCOFEED_FETCH_ALLOW_ADDRESSES", "127.0.0.0/8, ::1/128"),
            ("ONCOFEED_SITE_BASE_URL", "https://news.example.org/feeds"),
            ("ONCOFEED_FOO", "1"),
            ("ONCOFEED_FETCH_NOPE", "1"),
            ("oncofeed_log_level", "trace"),
            ("FETCH_CONCURRENCY", "9"),
        ],
    )
    .settings;
    assert_eq!(settings.serve.listen, None);
    assert_eq!(settings.serve.proxies, ["10.20.0.5/32".parse().unwrap()]);
    assert_eq!(settings.fetch.concurrency, 7);
    assert_eq!(
        settings.fetch.allow_addresses,
        ["127.0.0.0/8", "::1/128"].map(|net| net.parse().unwrap())
    );
    assert_eq!(settings.site.base_url.as_str(), "https://news.example.org/feeds/");
    assert_eq!(settings.log.level, tracing::Level::INFO);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_no_text_is_a_fault_only_if_it_is_ours() {
    use std::os::unix::ffi::OsStringExt;

    let files = Files::new("", FEEDS);
    let paths = Paths {
        config: None,
        feeds: Some(files.folder.path().join("feeds.toml")),
    };
    let bytes = || OsString::from_vec(vec![0xff]);
    assert!(load(&paths, [("OTHER".into(), bytes()), (bytes(), "x".into())]).is_ok());
    let faults = load(&paths, [("ONCOFEED_SITE_TITLE".into(), bytes())]).unwrap_err();
    assert!(
        faults.to_string().starts_with("ONCOFEED_SITE_TITLE: is not UTF-8 text"),
        "{faults}"
    );
}

#[test]
fn files_from_windows_are_read() {
    let feeds = format!("\u{feff}{FEEDS}").replace('\n', "\r\n");
    assert_eq!(loaded("", &feeds, &[]).feeds.sources.len(), 1);
    let shown = Files::new("", "\u{feff}[[chanel]]\r\nid = \"a\"\r\n".as_bytes()).faults(&[]);
    assert!(
        shown.contains("feeds.toml:1:3: unknown section `chanel`\n  1 | [[chanel]]\n    |   ^^^^^^\n"),
        "{shown}"
    );
}

#[test]
fn what_is_probably_not_meant_is_warned_of() {
    let config = "[site]\nbase_url = \"https://example.org/\"\ncontact = \"news@example.org\"\n\
                  [fetch]\nmin_interval = \"10m\"\nallow_addresses = [\"0.0.0.0/0\"]\n";
    let feeds = r#"
[[channel]]
id = "latest-news"
topics = ["research", "practise"]

[[source]]
name = "A"
url = "https://a.test/"
topics = ["reserch"]
interval = "5m"
pinned_for = "1h"

[[source]]
name = "B"
url = "https://b.test/"
topics = ["practice", "research"]

[[source]]
name = "C"
url = "https://c.test/"
topics = ["resting"]
enabled = false
"#;
    assert_eq!(
        Files::new(config, feeds).warnings(),
        [
            "fetch.min_interval: publishers block whoever comes more often than every 15 minutes",
            "fetch.allow_addresses: any address is allowed, so a feed can reach this machine's neighbours",
            "feeds.toml:4:10: no source has the topic `practise`; did you mean `practice`?",
            "feeds.toml:9:10: no channel takes the topics of `A`: `reserch`; did you mean `research`?",
            "feeds.toml:10:12: `interval` has no effect: fetch.min_interval is 10m",
            "feeds.toml:11:14: `pinned_for` has no effect without `pin`",
        ]
    );
    let resting = source("enabled = false");
    let warnings = Files::new(config, resting).warnings();
    assert!(
        warnings.iter().any(|warning| warning.contains("nothing is visited")),
        "{warnings:?}"
    );
}

#[test]
fn the_shipped_operators_file_holds_every_key_with_its_default() {
    let shipped = include_str!("../../config/oncofeed.toml");
    assert_eq!(
        shipped,
        example(),
        "config/oncofeed.toml is what `oncofeed::edge::config::example` says"
    );
    let uncommented: String = shipped
        .lines()
        .map(|line| match line.strip_prefix('#') {
            Some(key) if !key.is_empty() && !key.starts_with(' ') => format!("{key}\n"),
            _ => format!("{line}\n"),
        })
        .collect();
    let shown = shipped
        .lines()
        .filter(|line| line.starts_with('#') && !line.starts_with("# ") && *line != "#")
        .count();
    assert_eq!(keys(&uncommented), shown);
    assert_eq!(
        loaded(&uncommented, FEEDS, &[]).settings,
        loaded("", FEEDS, &[]).settings
    );
    assert_eq!(loaded(shipped, FEEDS, &[]).settings, loaded("", FEEDS, &[]).settings);
}

fn keys(toml: &str) -> usize {
    let table: toml::Table = toml.parse().unwrap();
    table.values().map(|section| section.as_table().unwrap().len()).sum()
}

#[test]
fn the_shipped_feeds_are_without_fault() {
    let loaded = Files::new(
        "[site]\nbase_url = \"https://example.org/\"\ncontact = \"news@example.org\"\n",
        include_str!("../../feeds.toml"),
    )
    .load(&[])
    .unwrap_or_else(|faults| panic!("{faults}"));
    assert_eq!(loaded.warnings, Vec::<String>::new());

    let feeds = loaded.feeds;
    let ids: Vec<_> = feeds.channels.iter().map(|channel| channel.id.as_str()).collect();
    assert_eq!(ids, ["latest-news", "whats-new"]);
    let (enabled, resting): (Vec<_>, Vec<_>) = feeds.sources.iter().partition(|source| source.enabled);
    assert_eq!((enabled.len(), resting.len()), (32, 67));
    for source in &feeds.sources {
        assert_eq!(source.url.scheme(), "https", "{}", source.name);
        for topic in &source.topics {
            let taken = feeds.channels.iter().any(|channel| channel.topics.contains(topic));
            assert!(taken, "{topic} of {} is in no channel", source.name);
        }
    }
    for channel in &feeds.channels {
        for topic in &channel.topics {
            assert!(
                enabled.iter().any(|source| source.topics.contains(topic)),
                "nobody writes of {topic}"
            );
        }
    }
}

#[test]
fn the_shipped_rules_drop_corrections_and_keep_their_news() {
    let feeds = loaded("", include_str!("../../feeds.toml"), &[]).feeds;
    let dropped = |name: &str, title: &str| {
        let source = feeds.sources.iter().find(|source| source.name == name).unwrap();
        source.drop.iter().any(|rule| rule.matches(&titled(title)))
    };
    for (name, title, expect) in [
        ("Nature Cancer", "Author Correction: A trial of two drugs", true),
        ("Nature Cancer", "Publisher Correction: A trial of two drugs", true),
        ("British Journal of Cancer", "Correction to: A trial of two drugs", true),
        ("Annals of Oncology", "Corrigendum to “A trial of two drugs”", true),
        ("JAMA Oncology", "Error in Figure 2", true),
        (
            "The Lancet Oncology",
            "[Corrections] Correction to Lancet Oncol 2015; 16: 1",
            true,
        ),
        (
            "The Lancet Oncology",
            "[Articles] Correction of anaemia before surgery",
            false,
        ),
        ("Annals of Oncology", "Correction of anaemia before surgery", false),
        (
            "Annals of Oncology",
            "Retraction notice to “A trial of two drugs”",
            false,
        ),
        ("OncLive", "Watch: Dr Smith on two drugs", true),
        ("OncLive", "Watchful waiting in two trials", false),
    ] {
        assert_eq!(dropped(name, title), expect, "{name}: {title}");
    }
}
