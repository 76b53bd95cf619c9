//! Which item speaks for its story.

use std::{cmp::Reverse, sync::LazyLock};

use jiff::{SignedDuration, Timestamp};
use regex::Regex;

use crate::{
    model::{item::Item, source::Source, story::FirstPublished},
    pipeline::update::ordered_at,
};

/// How long a published story may still follow a better lead (design §5).
const FOLLOWS_FOR: SignedDuration = SignedDuration::from_hours(24);

/// Fewest words of a title that tells something without a text: "Radiotherapy" is a heading.
const TITLE_WORDS_MIN: usize = 3;

/// How placeholders begin.
static PLACEHOLDER: LazyLock<Regex> = LazyLock::new(|| {
    let pattern = r"(?i)^\W*(?:summary:\s*)?(?:(?:flexible )?fallback:|placeholder\b|untitled\b|no (?:title|summary|description|content)\b|(?:this|the) (?:theme|section|topic|category) |(?:summary|content|full text) (?:not available|unavailable|to follow)|coming soon\b)";
    Regex::new(pattern).expect("a constant expression, compiled by every test")
});

/// The position of the lead among the members, which may come in any order; `None` where there are none.
///
/// One that tells something before one that does not; then highest priority, then the source whose own host the link is
/// on, then first seen (design §6.3): since it must not matter who came first to us, by the date that orders it where
/// that is plausible. Source id and item id settle what is left.
///
/// What leads a public story stands against its equals, or a copy that claims an earlier date would take its place; and
/// after 24 hours against all, while it is there.
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
            is_placeholder(item),
            Reverse(source.priority),
            !at_home(item, source),
            published.is_some_and(|published| published.lead != item.id),
            ordered_at(item.published, item.first_seen, source.dates),
            source.id.clone(),
            item.id,
        )
    })
}

/// Whether an item only keeps a place: what programs write that make digests, where they have found nothing to tell.
fn is_placeholder(item: &Item) -> bool {
    let words = item.title.split_whitespace().count();
    let tells_nothing = item.summary.is_empty() && item.description.is_none() && words < TITLE_WORDS_MIN;
    tells_nothing || PLACEHOLDER.is_match(&item.title) || PLACEHOLDER.is_match(&item.summary)
}

/// Whether an item's link is on its source's own site: `news.a.test` and `feeds.a.test` are, `b.test` is not.
fn at_home(item: &Item, source: &Source) -> bool {
    let feed = source.url.host_str().unwrap_or_default();
    item.link.as_ref().is_some_and(|link| site(link.host()) == site(feed))
}

/// The last two labels of a host, or three under `co.uk` and its like: enough to tell a publisher by.
pub fn site(host: &str) -> &str {
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
    use uuid::Uuid;

    use super::*;
    use crate::model::{
        item::{ItemId, StoryKey},
        link::Link,
        source::{SourceId, SourceKey},
    };

    fn id(n: u128) -> ItemId {
        ItemId(Uuid::from_u128(n))
    }

    fn hours(n: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_hours(n)
    }

    fn source(id: &str, priority: i64) -> Source {
        Source {
            priority,
            ..Source::new(
                SourceId::parse(id).unwrap(),
                id.into(),
                format!("https://feeds.{id}.test/rss").parse().unwrap(),
                vec![],
            )
        }
    }

    fn item(n: u128, host: &str, first_seen: i64) -> Item {
        Item {
            id: id(n),
            source: SourceKey(1),
            story: StoryKey(1),
            link: Link::parse(&format!("https://{host}/{n}")),
            title: String::new(),
            summary: String::new(),
            description: None,
            published: None,
            updated: None,
            first_seen: hours(first_seen),
            last_seen: hours(first_seen),
            surfaces_at: None,
            authors: vec![],
            categories: vec![],
            doi: None,
            image: None,
            claims: vec![],
        }
    }

    /// Which of two members leads, in either order.
    fn check(one: (Item, Source), other: (Item, Source), expect: u128) {
        let (one, other) = ((&one.0, &one.1), (&other.0, &other.1));
        for members in [[one, other], [other, one]] {
            let lead = choose(&members, None, hours(0)).map(|at| members[at].0.id);
            assert_eq!(lead, Some(id(expect)), "{members:?}");
        }
    }

    #[test]
    fn priority_then_home_then_first_seen_then_ids() {
        let (a, b) = (|priority| source("a", priority), || source("b", 0));
        let cases = [
            ((item(1, "x.test", 9), a(1)), (item(2, "www.b.test", 1), b()), 1),
            ((item(1, "x.test", 1), a(-1)), (item(2, "x.test", 9), b()), 2),
            ((item(1, "x.test", 1), a(0)), (item(2, "www.b.test", 9), b()), 2),
            ((item(1, "a.test", 9), a(0)), (item(2, "b.test", 1), b()), 2),
            ((item(2, "a.test", 1), a(0)), (item(1, "b.test", 1), b()), 2),
            ((item(2, "a.test", 1), a(0)), (item(1, "a.test", 1), a(0)), 1),
        ];
        for (one, other, expect) in cases {
            check(one, other, expect);
        }
        assert_eq!(choose(&[], None, hours(0)), None);
    }

    #[test]
    fn who_came_first_to_us_does_not_matter_where_dates_tell() {
        let dated = |n: u128, published: i64, first_seen: i64| Item {
            published: Some(hours(24 * 365 * 40 + published)),
            first_seen: hours(24 * 365 * 40 + first_seen),
            ..item(n, "x.test", 0)
        };
        let (a, b) = (|| source("a", 0), || source("b", 0));
        check((dated(1, 5, 6), a()), (dated(2, 4, 9), b()), 2);
        check((dated(1, 5, 6), a()), (dated(2, 8, 7), b()), 1);
    }

    #[test]
    fn what_is_public_stands_against_a_copy_with_an_earlier_date() {
        let dated = |n: u128, published: i64| Item {
            published: Some(hours(24 * 365 * 40 + published)),
            first_seen: hours(24 * 365 * 40 + 100),
            ..item(n, "x.test", 0)
        };
        let (told, copy) = (dated(1, 90), dated(2, 5));
        let (one, other, better) = (source("a", 0), source("b", 0), source("b", 1));
        let published = FirstPublished {
            guid: id(1),
            lead: id(1),
            at: hours(24 * 365 * 40 + 100),
        };
        let lead = |copier: &Source| choose(&[(&told, &one), (&copy, copier)], Some(&published), published.at);
        assert_eq!(lead(&other), Some(0));
        assert_eq!(lead(&better), Some(1));
    }

    #[test]
    fn a_digest_s_placeholder_never_leads() {
        let told = |title: &str, summary: &str, n: u128| Item {
            title: title.into(),
            summary: summary.into(),
            ..item(n, "a.test", 0)
        };
        let paper = || told("Radiotherapy can be left out after surgery", "", 2);
        for (title, summary) in [
            ("Radiotherapy", ""),
            ("Flexible Fallback: Radiotherapy after surgery", "What was found."),
            (
                "Radiotherapy after surgery",
                "Summary: This theme looks at radiotherapy.",
            ),
            ("Radiotherapy after surgery", "No summary available."),
        ] {
            let digest = told(title, summary, 1);
            check((digest, source("a", 10)), (paper(), source("b", 0)), 2);
        }
        let told = told("Radiotherapy can be left out", "This trial may change practice.", 1);
        check((told, source("a", 10)), (paper(), source("b", 0)), 1);
    }

    #[test]
    fn a_lead_stands_after_a_day_while_it_is_there() {
        let (first, better) = (source("a", 0), source("b", 10));
        let (told, later) = (item(1, "a.test", 0), item(2, "b.test", 30));
        let members = [(&told, &first), (&later, &better)];
        let published = |lead: u128| FirstPublished {
            guid: id(1),
            lead: id(lead),
            at: hours(0),
        };
        let lead = |lead: u128, now: Timestamp| choose(&members, Some(&published(lead)), now);
        let day = hours(24);
        assert_eq!(
            lead(1, day - SignedDuration::from_millis(1)),
            Some(1),
            "it follows the better one"
        );
        assert_eq!(lead(1, day), Some(0), "it stands");
        assert_eq!(lead(2, day), Some(1), "whatever the guid was");
        assert_eq!(lead(9, hours(1_000)), Some(1), "it is gone: the best of the others");
        assert_eq!(choose(&members[..1], Some(&published(9)), hours(1_000)), Some(0));
    }

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
