//! Which item speaks for its story.

use std::cmp::Reverse;

use jiff::{SignedDuration, Timestamp};

use crate::model::{item::Item, source::Source, story::FirstPublished};

/// How long a published story may still follow a better lead (design §5).
const FOLLOWS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// The position of the lead among the members, which may come in any order; `None` where there are none.
///
/// Highest priority, then the source whose own host the link is on, then first seen (design §6.3); source id and item
/// id settle what is left. Once a story has been public for 24 hours, its lead stands while it is there.
pub fn choose(members: &[(&Item, &Source)], published: Option<&FirstPublished>, now: Timestamp) -> Option<usize> {
    if let Some(published) = published
        && now.duration_since(published.at) >= FOLLOWS_FOR
        && let Some(stands) = members.iter().position(|(item, _)| item.id == published.lead)
    {
        return Some(stands);
    }
    (0..members.len()).min_by_key(|&at| {
        let (item, source) = members[at];
        (
            Reverse(source.priority),
            !at_home(item, source),
            item.first_seen,
            source.id.clone(),
            item.id,
        )
    })
}

/// Whether an item's link is on its source's own site: `news.a.test` and `feeds.a.test` are, `b.test` is not.
fn at_home(item: &Item, source: &Source) -> bool {
    let feed = source.url.host_str().unwrap_or_default();
    item.link.as_ref().is_some_and(|link| site(link.host()) == site(feed))
}

/// The last two labels of a host, or three under `co.uk` and its like: enough to tell a publisher by.
fn site(host: &str) -> &str {
    let labels: Vec<_> = host.rsplit('.').collect();
    let suffix = match labels.as_slice() {
        [country, second, ..] if country.len() == 2 && second.len() <= 3 => 3,
        _ => 2,
    };
    let length: usize = labels.iter().take(suffix).map(|label| label.len() + 1).sum();
    &host[host.len() - length.saturating_sub(1).min(host.len())..]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sites() {
        for (host, expect) in [
            ("feeds.bbci.co.uk", "bbci.co.uk"),
            ("news.cancerresearchuk.org", "cancerresearchuk.org"),
            ("www.gov.uk", "www.gov.uk"),
            ("nature.com", "nature.com"),
            ("localhost", "localhost"),
            ("", ""),
        ] {
            assert_eq!(site(host), expect, "{host}");
        }
    }
}
