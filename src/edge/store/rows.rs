//! Rows to nouns and back.

use jiff::Timestamp;
use rusqlite::{Row, types::Type};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use std::time::Duration;
use uuid::Uuid;

use crate::model::{
    feed::Pace,
    fetched::Validators,
    item::{Claim, Item, ItemId, StoryKey},
    label::Notice,
    link::Link,
    reading::Reading,
    source::SourceKey,
    story::FirstPublished,
    visit::{FeedState, Led, Listed, Moved, Place},
};

/// The columns that [`item`] reads, in its order.
pub(super) const ITEM: &str = "items.id, items.source, items.story, items.link, items.title, items.summary, \
     items.published, items.updated, items.first_seen, items.last_seen, items.authors, items.categories, items.doi, \
     items.description, items.surfaces_at, items.image, \
     (SELECT json_group_array(json_array(notice, source, title, link)) FROM
     (SELECT notices.notice, told.source, told.title, told.link, max(told.first_seen)
     FROM notices JOIN items AS told ON told.id = notices.item
     WHERE notices.doi = items.doi AND notices.item <> items.id GROUP BY told.source, notices.notice))";

pub(super) fn item(row: &Row<'_>) -> rusqlite::Result<Item> {
    Ok(Item {
        id: id(row, 0)?,
        source: SourceKey(row.get(1)?),
        story: StoryKey(row.get(2)?),
        link: row.get::<_, Option<String>>(3)?.as_deref().and_then(Link::parse),
        title: row.get(4)?,
        summary: row.get(5)?,
        published: maybe_time(row, 6)?,
        updated: maybe_time(row, 7)?,
        first_seen: time(row, 8)?,
        last_seen: time(row, 9)?,
        authors: json(row, 10)?,
        categories: json(row, 11)?,
        doi: row.get(12)?,
        description: row.get(13)?,
        surfaces_at: maybe_time(row, 14)?,
        image: row.get::<_, Option<String>>(15)?.as_deref().and_then(Link::parse),
        claims: json::<Vec<_>>(row, 16)?.into_iter().filter_map(claim).collect(),
    })
}

/// By their numbers in the store.
pub(super) const NOTICES: [(i64, Notice); 3] =
    [(1, Notice::Corrected), (2, Notice::Questioned), (3, Notice::Retracted)];

fn claim((number, source, title, link): (i64, i64, String, Option<String>)) -> Option<Claim> {
    let (_, notice) = NOTICES.iter().find(|(known, _)| *known == number)?;
    Some(Claim {
        notice: *notice,
        by: SourceKey(source),
        title,
        link: link.as_deref().and_then(Link::parse),
    })
}

/// The columns that [`state`] reads, in its order.
pub(super) const STATE: &str = "etag, last_modified, body_digest, was_whole, last_visit, last_success, last_change, \
     last_body, failures, error, next_visit, next_reason, ready_at, retry_after, gone, moved_to, moved_since, \
     moved_visits, led_to, led_since, pace, news_at, listed, rejected, watched_since, \
     uptime, boot";

/// A feed's state from the columns of [`STATE`], of which the first is column `from`.
pub(super) fn state(row: &Row<'_>, from: usize) -> rusqlite::Result<FeedState> {
    Ok(FeedState {
        validators: Validators {
            etag: row.get(from)?,
            last_modified: row.get(from + 1)?,
        },
        body_digest: row.get(from + 2)?,
        was_whole: row.get(from + 3)?,
        visited: visited(row, from + 4, from + 25)?,
        last_success: maybe_time(row, from + 5)?,
        last_change: maybe_time(row, from + 6)?,
        last_body: maybe_time(row, from + 7)?,
        failures: row.get(from + 8)?,
        error: row.get(from + 9)?,
        next_visit: maybe_time(row, from + 10)?,
        next_reason: row.get(from + 11)?,
        ready_at: maybe_time(row, from + 12)?,
        retry_after: maybe_time(row, from + 13)?,
        gone: row.get(from + 14)?,
        moved: moved(row, from + 15)?,
        led: led(row, from + 18)?,
        pace: json::<StoredPace>(row, from + 20)?.into(),
        news_at: times(row, from + 21)?,
        listed: Listed {
            entries: row.get::<_, u32>(from + 22)? as usize,
            rejected: row.get::<_, u32>(from + 23)? as usize,
        },
        watched_since: maybe_time(row, from + 24)?,
    })
}

/// From columns `moved_to, moved_since, moved_visits`. A store of before knows no time: it counts from the next visit.
fn moved(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Moved>> {
    let (to, since): (Option<String>, _) = (row.get(from)?, maybe_time(row, from + 1)?);
    let visits = row.get(from + 2)?;
    Ok(to.zip(since).map(|(to, since)| Moved { to, since, visits }))
}

/// From column `last_visit`, and the columns `uptime, boot`.
fn visited(row: &Row<'_>, at: usize, clocks: usize) -> rusqlite::Result<Option<Reading>> {
    let Some(now) = maybe_time(row, at)? else {
        return Ok(None);
    };
    Ok(Some(Reading {
        now,
        uptime: Duration::from_millis(row.get::<_, i64>(clocks)?.unsigned_abs()),
        boot: row.get(clocks + 1)?,
    }))
}

/// From columns `led_to, led_since`.
fn led(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<Led>> {
    let (to, since): (Option<String>, _) = (row.get(from)?, maybe_time(row, from + 1)?);
    Ok(to.map(Place).zip(since).map(|(to, since)| Led { to, since }))
}

/// How a story was first published, from columns `guid, lead, published_at`, of which the first is column `from`.
pub(super) fn first_published(row: &Row<'_>, from: usize) -> rusqlite::Result<Option<FirstPublished>> {
    let Some(at) = maybe_time(row, from + 2)? else {
        return Ok(None);
    };
    Ok(Some(FirstPublished {
        guid: id(row, from)?,
        lead: id(row, from + 1)?,
        at,
    }))
}

pub(super) fn id(row: &Row<'_>, column: usize) -> rusqlite::Result<ItemId> {
    let bytes: [u8; 16] = row.get(column)?;
    Ok(ItemId(Uuid::from_bytes(bytes)))
}

pub(super) fn maybe_id(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<ItemId>> {
    let bytes: Option<[u8; 16]> = row.get(column)?;
    Ok(bytes.map(|bytes| ItemId(Uuid::from_bytes(bytes))))
}

pub(super) fn time(row: &Row<'_>, column: usize) -> rusqlite::Result<Timestamp> {
    Timestamp::from_millisecond(row.get(column)?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Integer, error.into()))
}

pub(super) fn maybe_time(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<Timestamp>> {
    Ok(match row.get::<_, Option<i64>>(column)? {
        Some(_) => Some(time(row, column)?),
        None => None,
    })
}

fn times(row: &Row<'_>, column: usize) -> rusqlite::Result<Vec<Timestamp>> {
    let millis: Vec<i64> = json(row, column)?;
    let time = |millis| Timestamp::from_millisecond(millis);
    millis
        .into_iter()
        .map(time)
        .collect::<Result<_, _>>()
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}

/// As JSON.
pub(super) fn from_times(times: &[Timestamp]) -> rusqlite::Result<String> {
    to_json(&times.iter().copied().map(millis).collect::<Vec<_>>())
}

pub(super) fn millis(at: Timestamp) -> i64 {
    at.as_millisecond()
}

pub(super) fn maybe_millis(at: Option<Timestamp>) -> Option<i64> {
    at.map(millis)
}

pub(super) fn json<T: DeserializeOwned>(row: &Row<'_>, column: usize) -> rusqlite::Result<T> {
    serde_json::from_str(row.get_ref(column)?.as_str()?)
        .map_err(|error| rusqlite::Error::FromSqlConversionFailure(column, Type::Text, error.into()))
}

pub(super) fn to_json(value: &impl Serialize) -> rusqlite::Result<String> {
    serde_json::to_string(value).map_err(|error| rusqlite::Error::ToSqlConversionFailure(error.into()))
}

/// [`Pace`] as it is stored: seconds, and only what was asked for.
#[derive(Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct StoredPace {
    #[serde(skip_serializing_if = "Option::is_none")]
    ttl: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    update_period: Option<u64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skip_hours: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    skip_days: Vec<u8>,
}

impl From<StoredPace> for Pace {
    fn from(stored: StoredPace) -> Self {
        Self {
            ttl: stored.ttl.map(Duration::from_secs),
            update_period: stored.update_period.map(Duration::from_secs),
            skip_hours: stored.skip_hours,
            skip_days: stored.skip_days,
        }
    }
}

impl From<&Pace> for StoredPace {
    fn from(pace: &Pace) -> Self {
        Self {
            ttl: pace.ttl.map(|wait| wait.as_secs()),
            update_period: pace.update_period.map(|wait| wait.as_secs()),
            skip_hours: pace.skip_hours.clone(),
            skip_days: pace.skip_days.clone(),
        }
    }
}
