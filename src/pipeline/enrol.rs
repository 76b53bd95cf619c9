//! From an address to a source of feeds.toml: what it is called, whether it is there already, and whether its address
//! is anybody's business.

use std::collections::{HashMap, HashSet};

use url::{ParseError, Url};

use super::extract::{self, link};
use crate::model::{
    entry::Markup,
    link::{LINK_BYTES_MAX, Link},
    secrecy::secret_parameter,
    settings::Feeds,
    source::{Source, SourceId},
};

/// Longest name that is made of a feed's title, in characters. Titles that tell a site's whole story are longer.
const NAME_CHARS_MAX: usize = 120;

/// The sources that there are, and those that were added since.
#[derive(Debug)]
pub struct Register {
    ids: HashSet<String>,
    /// In lower case.
    names: HashSet<String>,
    /// Names by address.
    addresses: HashMap<String, String>,
}

/// What is known of a source before it is one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Newcomer {
    /// What an editor calls it: taken as it is, even where another source is called so.
    pub name: Option<String>,
    /// What its feed is called, as plain text: a name is made of it where there is none.
    pub title: String,
    pub link: Link,
    pub topics: Vec<String>,
    pub enabled: bool,
}

impl Register {
    pub fn new(sources: &[Source]) -> Self {
        let mut register = Self {
            ids: HashSet::new(),
            names: HashSet::new(),
            addresses: HashMap::new(),
        };
        sources.iter().for_each(|source| register.enter(source));
        register
    }

    fn enter(&mut self, source: &Source) {
        self.ids.insert(source.id.to_string());
        self.names.insert(source.name.to_lowercase());
        self.addresses.insert(address_of(&source.url), source.name.clone());
    }

    /// The name of the source that is at this address already, however it is spelt.
    pub fn at(&self, url: &Url) -> Option<&str> {
        self.addresses.get(&address_of(url)).map(String::as_str)
    }

    /// Makes a source that shares neither id nor name with another one; a name of the editor's own is left alone.
    pub fn enrol(&mut self, newcomer: Newcomer) -> Source {
        let name = match newcomer.name {
            Some(name) => name,
            None => self.name(&newcomer.title, &newcomer.link),
        };
        let id = self.id(&name, &newcomer.link);
        let url = newcomer.link.url().clone();
        let source = Source {
            enabled: newcomer.enabled,
            private: secret_parameter(&url).is_some(),
            ..Source::new(id, name, url, newcomer.topics)
        };
        self.enter(&source);
        source
    }

    fn name(&self, title: &str, link: &Link) -> String {
        let host = link.host().trim_start_matches("www.");
        let title = clean(title);
        let plain = title.as_deref().unwrap_or(host);
        let named = std::iter::once(plain.to_owned()).chain(std::iter::once(format!("{plain} ({host})")));
        let numbered = (2..).map(|n| format!("{plain} ({n})"));
        let free = |name: &String| !self.names.contains(&name.to_lowercase());
        named.chain(numbered).find(free).unwrap_or_default()
    }

    fn id(&self, name: &str, link: &Link) -> SourceId {
        let bases = [name, link.host(), "source"];
        let base = bases.into_iter().find_map(SourceId::from_name);
        let base = base.as_ref().map(SourceId::as_str).unwrap_or_default();
        let ids = std::iter::once(base.to_owned()).chain((2..).map(|n| format!("{base}-{n}")));
        let mut free = ids
            .filter(|id| !self.ids.contains(id))
            .filter_map(|id| SourceId::parse(&id));
        free.next().expect("there are more numbers than sources")
    }
}

/// A text of somebody else's as a name: one line, without what a terminal would obey, bounded. `None` where nothing is
/// left of it.
pub fn clean(text: &str) -> Option<String> {
    let line = extract::line(&Markup::Text(text.to_owned()), NAME_CHARS_MAX);
    (!line.is_empty()).then_some(line)
}

/// One page under all its spellings.
fn address_of(url: &Url) -> String {
    Link::new(url.clone()).map_or_else(|| url.to_string(), |link| link::canonical(&link))
}

/// The address of a feed as people write and copy it: `feed:` is what browsers once gave to feed readers.
///
/// # Errors
/// What is wrong with it, as the rest of a sentence.
pub fn address(written: &str) -> Result<Link, String> {
    let written = written.trim();
    let bare = match written.strip_prefix("feed:") {
        Some(rest) if rest.starts_with("//") => format!("https:{rest}"),
        Some(rest) => rest.to_owned(),
        None => written.to_owned(),
    };
    let mut url = Url::parse(&bare).map_err(|error| match error {
        ParseError::RelativeUrlWithoutBase => "must begin with http:// or https://".to_owned(),
        error => format!("is no web address: {error}"),
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!("is neither http nor https, but {}:", url.scheme()));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("has a user name or password in it".into());
    }
    // A place inside a document is nothing that is fetched.
    url.set_fragment(None);
    Link::new(url).ok_or_else(|| format!("is longer than {LINK_BYTES_MAX} bytes"))
}

/// The topic of a source of which its editor has said nothing: the first of the first channel, so that its news appears
/// somewhere, and in as few channels as it can.
pub fn usual_topic(feeds: &Feeds) -> Option<&str> {
    let topics = feeds.channels.iter().flat_map(|channel| &channel.topics);
    topics
        .chain(feeds.sources.iter().flat_map(|source| &source.topics))
        .next()
        .map(String::as_str)
}

/// Those of the words that are topics here. Categories and folders of other people's lists are mostly none.
pub fn known_topics(feeds: &Feeds, words: &[String]) -> Vec<String> {
    let of_channels = feeds.channels.iter().flat_map(|channel| &channel.topics);
    let of_sources = feeds.sources.iter().flat_map(|source| &source.topics);
    let known: HashSet<&String> = of_channels.chain(of_sources).collect();
    let mut topics: Vec<String> = vec![];
    for word in words {
        if known.contains(word) && !topics.contains(word) {
            topics.push(word.clone());
        }
    }
    topics
}

#[cfg(test)]
mod tests {
    use super::*;

    fn newcomer(title: &str, url: &str) -> Newcomer {
        Newcomer {
            name: None,
            title: title.into(),
            link: Link::parse(url).unwrap(),
            topics: vec!["research".into()],
            enabled: true,
        }
    }

    #[test]
    fn no_two_sources_are_called_the_same() {
        let mut register = Register::new(&[]);
        let mut enrol = |title: &str, url: &str| {
            let source = register.enrol(newcomer(title, url));
            format!("{} / {}", source.id, source.name)
        };
        assert_eq!(enrol("News", "https://www.a.test/feed"), "news / News");
        assert_eq!(enrol("news", "https://www.b.test/feed"), "news-b-test / news (b.test)");
        assert_eq!(enrol("NEWS", "https://b.test/2"), "news-2 / NEWS (2)");
        assert_eq!(enrol("  ", "https://www.c.test/"), "c-test / c.test");
        assert_eq!(enrol("–", "https://www.d.test/"), "www-d-test / –");
    }

    #[test]
    fn an_address_is_known_however_it_is_spelt() {
        let mut register = Register::new(&[]);
        register.enrol(newcomer("A", "https://www.a.test/feed/"));
        for (url, expect) in [
            ("http://a.test/feed", Some("A")),
            ("https://a.test/feed/?utm_source=x", Some("A")),
            ("https://a.test/feed?x=1", None),
        ] {
            assert_eq!(register.at(&Url::parse(url).unwrap()), expect, "{url}");
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_taken() {
        for (written, expect) in [
            (" https://a.test/x#y ", Ok("https://a.test/x")),
            ("feed://a.test/x", Ok("https://a.test/x")),
            ("feed:http://a.test/x", Ok("http://a.test/x")),
            ("exec:curl evil.test", Err("is neither http nor https, but exec:")),
            ("file:///etc/passwd", Err("is neither http nor https, but file:")),
            ("feed:file:///etc/passwd", Err("is neither http nor https, but file:")),
            ("/etc/passwd", Err("must begin with http:// or https://")),
            ("https://u:p@a.test/", Err("has a user name or password in it")),
        ] {
            let found = address(written);
            assert_eq!(
                found.as_ref().map(Link::as_str).map_err(String::as_str),
                expect,
                "{written}"
            );
        }
        assert!(
            address(&format!("https://a.test/{}", "x".repeat(3_000)))
                .unwrap_err()
                .contains("2048")
        );
    }

    #[test]
    fn addresses_with_secrets_are_private() {
        for (url, expect) in [
            ("https://a.test/?token=abc", true),
            ("https://a.test/feed?jc=key&rss=yes", false),
        ] {
            assert_eq!(Register::new(&[]).enrol(newcomer("A", url)).private, expect, "{url}");
        }
    }
}
