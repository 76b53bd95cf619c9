//! Links and pictures as they are to be kept.

use url::Url;

use super::tag::Tag;
use crate::model::link::LINK_BYTES_MAX;

/// A link as it is to be kept: absolute where a base is known, else as written.
///
/// Tabs and line ends inside one are not part of it (WHATWG URL §4.4), and `&amp;` is an ampersand escaped twice.
pub(super) fn resolve(written: &str, base: Option<&Url>) -> String {
    let mut link = written.trim().to_owned();
    link.retain(|c| !matches!(c, '\t' | '\n' | '\r'));
    let link = link.replace("&amp;", "&");
    match (Url::parse(&link), base) {
        (Err(url::ParseError::RelativeUrlWithoutBase), Some(base))
            if !link.is_empty() && link.len() <= LINK_BYTES_MAX =>
        {
            base.join(&link).map_or(link, Into::into)
        }
        _ => link,
    }
}

pub(super) fn is_web(link: &str) -> bool {
    ["http://", "https://"].iter().any(|scheme| {
        link.get(..scheme.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(scheme))
    })
}

/// Whether an enclosure is a picture: by its type, or where that is missing by its name.
pub(super) fn is_image(tag: &Tag<'_>, url: &str) -> bool {
    let kind = tag.attribute("type").or_else(|| tag.attribute("medium"));
    match kind {
        Some(kind) => kind.to_ascii_lowercase().starts_with("image"),
        None => has_image_name(url),
    }
}

pub(super) fn has_image_name(url: &str) -> bool {
    let path = url.split(['?', '#']).next().unwrap_or_default().to_ascii_lowercase();
    [".jpg", ".jpeg", ".png", ".gif", ".webp", ".avif"]
        .iter()
        .any(|end| path.ends_with(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_absolute_where_a_base_is_known() {
        let base = Url::parse("https://a.test/feeds/rss").unwrap();
        for (written, expect) in [
            ("/1", "https://a.test/1"),
            ("1?a=b", "https://a.test/feeds/1?a=b"),
            ("//b.test/1", "https://b.test/1"),
            ("https://B.test", "https://B.test"),
            (" https://b.test/\n1?a&amp;b ", "https://b.test/1?a&b"),
            ("javascript:x", "javascript:x"),
            ("", ""),
        ] {
            assert_eq!(resolve(written, Some(&base)), expect, "{written}");
        }
        assert_eq!(resolve("/1", None), "/1");
    }
}
