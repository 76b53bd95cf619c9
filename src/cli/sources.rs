//! `oncofeed sources`: each source's health.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{Common, Failure, answer, plan};
use crate::{
    app::watchlist,
    edge::{
        clock::Clock,
        store::{Reader, SourceRow},
    },
    model::{
        flood::{Queue, SURFACE_PER_HOUR},
        source::Source,
        visit::FeedState,
    },
    pipeline::poll,
};

pub(super) const EXAMPLES: &str = "Examples:\n  \
    oncofeed sources\n  \
    oncofeed sources --json | jq '.[] | select(.failures > 0)'";

#[derive(Debug, Serialize)]
struct Health {
    id: String,
    name: String,
    url: String,
    enabled: bool,
    last_visit: Option<Timestamp>,
    last_success: Option<Timestamp>,
    last_change: Option<Timestamp>,
    next_visit: Option<Timestamp>,
    /// Why then.
    next_reason: Option<String>,
    /// When that is over.
    ready_at: Option<Timestamp>,
    /// In a row.
    failures: u32,
    error: Option<String>,
    gone: bool,
    /// Where a permanent redirect points.
    moved_to: Option<String>,
    moved_since: Option<Timestamp>,
    /// It has stood long enough: the editor should write the new URL.
    moved: bool,
    items: usize,
    /// Of these, those that wait to be shown: it brought too much at once.
    held: usize,
    #[serde(skip)]
    words: Words,
}

/// What is said of it in an answer to people.
#[derive(Debug)]
struct Words {
    next_visit: String,
    moved: Option<String>,
    held: Option<String>,
}

pub(super) async fn run(common: &Common) -> Result<(), Failure> {
    let (loaded, store) = common.look()?;
    let now = Clock::system().now();
    let look = move |reader: &Reader<'_>| Ok((reader.sources()?, reader.queues(now)?));
    let (rows, queues) = store.read(look).await?;
    let known = watchlist::look(&rows, &loaded.feeds.sources);
    let row_of = |source: &Source| {
        let watched = known.values().find(|watched| watched.source.id == source.id)?;
        rows.iter().find(|row| row.key == watched.key)
    };
    let sources = loaded.feeds.sources.iter();
    let timezone = &loaded.settings.site.timezone;
    let healths: Vec<_> = sources
        .map(|source| {
            let row = row_of(source);
            let queue = row.and_then(|row| queues.get(&row.key));
            health(source, row, queue, now, timezone)
        })
        .collect();
    match common.json {
        true => answer::give_json(&healths)?,
        false => answer::give(&text(&healths, timezone))?,
    }
    Ok(())
}

fn health(
    source: &Source,
    row: Option<&SourceRow>,
    queue: Option<&Queue>,
    now: Timestamp,
    timezone: &TimeZone,
) -> Health {
    let state = row.map_or_else(FeedState::default, |row| row.state.clone());
    let moved = state.moved.as_ref();
    Health {
        words: Words {
            next_visit: plan::next_visit(source, &state, timezone),
            moved: moved.map(|moved| plan::moved(moved, now, timezone)),
            held: queue.map(|queue| held(queue, timezone)),
        },
        moved_to: moved.map(|moved| moved.to.clone()),
        moved_since: moved.map(|moved| moved.since),
        moved: moved.is_some_and(|moved| poll::proposed(moved, now)),
        id: source.id.to_string(),
        name: source.name.clone(),
        url: source.url.to_string(),
        enabled: source.enabled,
        last_visit: state.last_visit(),
        last_success: state.last_success,
        last_change: state.last_change,
        next_visit: state.next_visit,
        ready_at: state.ready_at,
        next_reason: (!state.next_reason.is_empty()).then_some(state.next_reason),
        failures: state.failures,
        error: state.error,
        gone: state.gone,
        items: row.map_or(0, |row| row.items),
        held: queue.map_or(0, |queue| queue.items),
    }
}

fn held(queue: &Queue, timezone: &TimeZone) -> String {
    let (items, verb) = (
        answer::count(queue.items, "item"),
        if queue.items == 1 { "waits" } else { "wait" },
    );
    let until = answer::time(queue.until, timezone);
    format!("{items} {verb}: {SURFACE_PER_HOUR} an hour show, the last at {until}")
}

fn text(healths: &[Health], timezone: &TimeZone) -> String {
    let mut blocks: Vec<_> = healths.iter().map(|health| block(health, timezone)).collect();
    let failing = healths.iter().filter(|health| health.failures > 0).count();
    blocks.push(format!("{}, {failing} failing", answer::count(healths.len(), "source")));
    blocks.join("\n\n")
}

fn block(health: &Health, timezone: &TimeZone) -> String {
    let time = |at: Option<Timestamp>| at.map_or("never".into(), |at| answer::time(at, timezone));
    let mut lines = vec![
        format!("{}  ({})", health.name, health.id),
        format!(
            "  {}; last success {}, last change {}",
            answer::count(health.items, "item"),
            time(health.last_success),
            time(health.last_change)
        ),
        format!("  {}", health.words.next_visit),
    ];
    if let Some(error) = &health.error {
        let times = if health.failures == 1 { "once" } else { "times in a row" };
        let failures = match health.failures {
            1 => times.to_owned(),
            failures => format!("{failures} {times}"),
        };
        lines.push(format!("  failed {failures}: {error}"));
    }
    lines.extend(health.words.held.iter().map(|held| format!("  {held}")));
    lines.extend(health.words.moved.iter().map(|moved| format!("  {moved}")));
    lines.join("\n")
}
