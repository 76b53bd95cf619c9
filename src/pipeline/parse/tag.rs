//! A start tag, with what its name means.

use std::fmt;

use quick_xml::events::BytesStart;

use super::{
    names::{ATTRIBUTES_MAX, Ns, Scopes},
    text,
};

/// Longest local name that means something ("modificationdate" has 16 letters).
const NAME_BYTES_MAX: usize = 24;

/// Longest attribute value that is used: a link, and more than any browser takes.
const VALUE_BYTES_MAX: usize = 8 * 1024;

pub(super) struct Tag<'t> {
    /// As written, with its prefix.
    pub(super) name: &'t str,
    pub(super) ns: Ns,
    local: [u8; NAME_BYTES_MAX],
    local_bytes: usize,
    start: &'t BytesStart<'t>,
}

impl<'t> Tag<'t> {
    pub(super) fn new(start: &'t BytesStart<'_>, scopes: &Scopes, name: &'t str) -> Self {
        let (ns, written) = scopes.resolve(name);
        let mut local = [0; NAME_BYTES_MAX];
        let local_bytes = if written.len() <= NAME_BYTES_MAX {
            written.len()
        } else {
            0
        };
        for (to, from) in local.iter_mut().zip(written.bytes().take(local_bytes)) {
            *to = from.to_ascii_lowercase();
        }
        Self {
            name,
            ns,
            local,
            local_bytes,
            start,
        }
    }

    /// The local name in lower case; empty where it is too long to mean anything.
    pub(super) fn local(&self) -> &str {
        str::from_utf8(&self.local[..self.local_bytes]).unwrap_or_default()
    }

    /// The local name as written.
    pub(super) fn written(&self) -> &str {
        self.name.split_once(':').map_or(self.name, |(_, local)| local)
    }

    /// The name by which an unknown root is told to an editor.
    pub(super) fn stranger(&self) -> String {
        let local = self.local();
        if local.is_empty() { self.written() } else { local }.to_owned()
    }

    /// The attributes as written.
    pub(super) fn attributes(&self) -> &str {
        self.start.attributes_raw()
    }

    /// Whether the element has more attributes than are looked at.
    pub(super) fn has_too_many_attributes(&self) -> bool {
        self.attributes().len() > 4 * ATTRIBUTES_MAX && self.pairs().count() == ATTRIBUTES_MAX
    }

    /// The value of the attribute with this local name, in lower case and with whatever prefix; trimmed, never empty.
    pub(super) fn attribute(&self, local: &str) -> Option<String> {
        self.value(|key| {
            key.rsplit(':')
                .next()
                .is_some_and(|key| key.eq_ignore_ascii_case(local))
        })
    }

    /// The value of the attribute with this whole name.
    pub(super) fn exactly(&self, name: &str) -> Option<String> {
        self.value(|key| key == name)
    }

    fn value(&self, is_it: impl Fn(&str) -> bool) -> Option<String> {
        let (_, value) = self.pairs().find(|(key, _)| is_it(key))?;
        if value.len() > VALUE_BYTES_MAX {
            return None;
        }
        let value = text::unescape(&value, VALUE_BYTES_MAX);
        let trimmed = value.trim();
        (!trimmed.is_empty()).then(|| trimmed.to_owned())
    }

    /// Without a check for doubles, which is quadratic (RUSTSEC-2026-0194).
    fn pairs(&self) -> impl Iterator<Item = (&str, std::borrow::Cow<'_, str>)> {
        let mut attributes = self.start.html_attributes();
        attributes.with_checks(false);
        attributes
            .take(ATTRIBUTES_MAX)
            .flatten()
            .map(|attribute| (attribute.key.0, attribute.value))
    }
}

impl fmt::Debug for Tag<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "<{}>", self.name)
    }
}
