//! What an element's name means: namespaces by their URI, forgivingly, and by convention where none is declared.

use quick_xml::events::BytesStart;

/// Most declarations in force at once. Real feeds have up to 30; each name is looked up among them.
const DECLARATIONS_MAX: usize = 64;

/// Most attributes of one element that are looked at. Real feeds have up to 40.
pub(super) const ATTRIBUTES_MAX: usize = 256;

/// A namespace that feeds use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ns {
    /// That of the feed's own dialect: RSS of any version, or Atom if the root is Atom's.
    Core,
    /// Atom inside something else.
    Atom,
    Rdf,
    Dc,
    DcTerms,
    Content,
    Media,
    Itunes,
    Prism,
    Syndication,
    Xhtml,
    Other,
}

/// The declarations in force, innermost last.
#[derive(Debug, Default)]
pub(super) struct Scopes {
    declared: Vec<(u64, Ns)>,
    /// The root's own namespace, whatever its publisher wrote there.
    home: Option<Ns>,
}

impl Scopes {
    /// Takes the declarations of a start tag. False where there are too many.
    pub(super) fn declare(&mut self, start: &BytesStart<'_>) -> bool {
        if !start.attributes_raw().contains("xmlns") {
            return true;
        }
        for attribute in start
            .html_attributes()
            .with_checks(false)
            .take(ATTRIBUTES_MAX)
            .flatten()
        {
            let prefix = match attribute.key.as_ref().split_once(':') {
                None if attribute.key.as_ref() == "xmlns" => "",
                Some(("xmlns", prefix)) => prefix,
                _ => continue,
            };
            if self.declared.len() >= DECLARATIONS_MAX {
                return false;
            }
            let ns = match by_uri(&attribute.value) {
                Ns::Other if !prefix.is_empty() => by_convention(prefix),
                ns => ns,
            };
            self.declared.push((fold(prefix), ns));
        }
        true
    }

    /// How many are in force, to go back to with [`Scopes::leave`].
    pub(super) fn mark(&self) -> usize {
        self.declared.len()
    }

    pub(super) fn leave(&mut self, mark: usize) {
        self.declared.truncate(mark);
    }

    /// Makes the namespace of this name, the root's, the feed's own.
    pub(super) fn settle(&mut self, name: &str) {
        self.home = Some(self.lookup(name.split_once(':').map_or("", |(prefix, _)| prefix)));
    }

    /// Namespace and local name.
    pub(super) fn resolve<'n>(&self, name: &'n str) -> (Ns, &'n str) {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let ns = self.lookup(prefix);
        (if self.home == Some(ns) { Ns::Core } else { ns }, local)
    }

    fn lookup(&self, prefix: &str) -> Ns {
        let key = fold(prefix);
        let found = self.declared.iter().rev().find(|(declared, _)| *declared == key);
        match found {
            Some((_, ns)) => *ns,
            None if prefix.is_empty() => Ns::Core,
            None => by_convention(prefix),
        }
    }
}

/// A name as a number, without regard to case (FNV-1a). Two names of one document that meet by design only
/// spoil that document.
pub(super) fn fold(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte.to_ascii_lowercase())).wrapping_mul(0x0100_0000_01B3)
    })
}

fn by_uri(uri: &str) -> Ns {
    const KNOWN: [(&str, Ns); 21] = [
        ("purl.org/rss/1.0/modules/content", Ns::Content),
        ("purl.org/rss/1.0/modules/syndication", Ns::Syndication),
        ("purl.org/rss/1.0/modules/prism", Ns::Prism),
        ("purl.org/rss/1.0/modules/", Ns::Other),
        ("purl.org/rss/", Ns::Core),
        ("purl.org/net/rss", Ns::Core),
        ("my.netscape.com/", Ns::Core),
        ("channel.netscape.com/", Ns::Core),
        ("backend.userland.com/", Ns::Core),
        ("blogs.law.harvard.edu/", Ns::Core),
        ("cyber.law.harvard.edu/", Ns::Core),
        ("rssboard.org/", Ns::Core),
        ("w3.org/2005/atom", Ns::Atom),
        ("purl.org/atom/", Ns::Atom),
        ("w3.org/1999/02/22-rdf-syntax-ns", Ns::Rdf),
        ("w3.org/1999/xhtml", Ns::Xhtml),
        ("purl.org/dc/elements/", Ns::Dc),
        ("purl.org/dc/terms", Ns::DcTerms),
        ("search.yahoo.com/mrss", Ns::Media),
        ("itunes.com/dtds/podcast", Ns::Itunes),
        ("prismstandard.org/", Ns::Prism),
    ];
    let uri = uri.trim();
    if uri.is_empty() {
        return Ns::Core;
    }
    let bare = [b"https://".as_slice(), b"http://", b"www."]
        .iter()
        .fold(uri, |rest, start| {
            let starts = rest
                .as_bytes()
                .get(..start.len())
                .is_some_and(|head| head.eq_ignore_ascii_case(start));
            if starts { &rest[start.len()..] } else { rest }
        });
    let starts = |start: &str| {
        bare.as_bytes()
            .get(..start.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(start.as_bytes()))
    };
    KNOWN
        .iter()
        .find(|(start, _)| starts(start))
        .map_or(Ns::Other, |(_, ns)| *ns)
}

fn by_convention(prefix: &str) -> Ns {
    const KNOWN: [(&str, Ns); 14] = [
        ("rss", Ns::Core),
        ("atom", Ns::Atom),
        ("atom10", Ns::Atom),
        ("a10", Ns::Atom),
        ("rdf", Ns::Rdf),
        ("dc", Ns::Dc),
        ("dcterms", Ns::DcTerms),
        ("content", Ns::Content),
        ("media", Ns::Media),
        ("itunes", Ns::Itunes),
        ("prism", Ns::Prism),
        ("sy", Ns::Syndication),
        ("xhtml", Ns::Xhtml),
        ("html", Ns::Xhtml),
    ];
    let known = KNOWN.iter().find(|(known, _)| known.eq_ignore_ascii_case(prefix));
    known.map_or(Ns::Other, |(_, ns)| *ns)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn uris_are_read_forgivingly() {
        for (uri, ns) in [
            ("http://www.w3.org/2005/Atom", Ns::Atom),
            ("https://www.w3.org/2005/Atom/", Ns::Atom),
            ("http://purl.org/atom/ns#", Ns::Atom),
            ("http://purl.org/rss/1.0/", Ns::Core),
            ("http://purl.org/rss/1.0/modules/content/", Ns::Content),
            ("http://purl.org/rss/1.0/modules/slash/", Ns::Other),
            ("HTTP://search.yahoo.com/mrss", Ns::Media),
            ("http://prismstandard.org/namespaces/basic/2.0/", Ns::Prism),
            ("urn:x", Ns::Other),
            ("é", Ns::Other),
        ] {
            assert_eq!(by_uri(uri), ns, "{uri}");
        }
    }

    #[test]
    fn declarations_hold_inside_their_element_and_convention_outside() {
        let mut scopes = Scopes::default();
        assert_eq!(scopes.resolve("dc:date"), (Ns::Dc, "date"));
        let mark = scopes.mark();
        assert!(scopes.declare(&BytesStart::from_content(
            "a xmlns:dc='urn:x' xmlns:m=\"http://search.yahoo.com/mrss/\"",
            1
        )));
        assert_eq!(scopes.resolve("m:group"), (Ns::Media, "group"));
        scopes.leave(mark);
        assert_eq!(scopes.resolve("m:group"), (Ns::Other, "group"));
    }

    #[test]
    fn the_root_is_at_home_in_any_namespace() {
        let mut scopes = Scopes::default();
        scopes.declare(&BytesStart::from_content("rss xmlns='urn:anything'", 3));
        scopes.settle("rss");
        assert_eq!(scopes.resolve("item"), (Ns::Core, "item"));
    }

    #[test]
    fn declarations_have_a_most() {
        let many: String = (0..100).map(|n| format!(" xmlns:a{n}='urn:x'")).collect();
        assert!(!Scopes::default().declare(&BytesStart::from_content(format!("a{many}"), 1)));
    }
}
