//! From what an answer says to what is kept of it: one transaction.

use jiff::Timestamp;

use super::{
    Tally, Visit, Visited,
    reading::{ReadDocument, Seen},
};
use crate::{
    app::{host, stories},
    edge::store::Writer,
    model::{
        boilerplate::Boilerplate,
        draft::Keyed,
        reading::Reading,
        source::{Dates, Watched},
        visit::{Brought, Listed, Outcome, Place},
    },
    pipeline::{
        poll::{self, Limits},
        update,
    },
};

/// The two times of a visit.
#[derive(Debug, Clone)]
pub(super) struct Times {
    /// When its cycle began: all that one cycle brings is first seen at once, so that it does not matter which source
    /// answered first.
    pub(super) seen: Timestamp,
    /// When it ended.
    pub(super) clocks: Reading,
}

/// The transaction that ends a visit.
pub(super) fn keep(
    writer: &Writer<'_>,
    watched: &Watched,
    limits: Limits,
    seen: Seen,
    times: Times,
    rules: &Boilerplate,
) -> rusqlite::Result<Visit> {
    let now = times.clocks.now;
    let seen = at_portal_after_others(writer, watched, seen, now)?;
    let state = host::by_this_clock(writer.state(watched.key)?, &times.clocks);
    let (outcome, result) = match seen {
        Seen::NotModified(told) => (Outcome::NotModified(told), Visited::NotModified),
        Seen::Same { validators, told } => (Outcome::Same { validators, told }, unchanged(state.listed)),
        Seen::Read(document) => keep_document(writer, watched, *document, times.seen, rules)?,
        Seen::AtPortal(place) => at_portal(place),
        Seen::Failed(outcome) => failed(outcome),
        Seen::Paused { outcome, host, wait } => {
            host::rest(writer, &host, wait, &times.clocks)?;
            failed(outcome)
        }
    };
    let state = poll::after(&state, &watched.source, limits, &outcome, &times.clocks);
    writer.set_state(watched.key, &state)?;
    Ok(Visit {
        source: watched.key,
        result,
    })
}

/// A cycle of one visit sees no herd: where the latest visits to the other sources of feeds.toml were led tells as much.
fn at_portal_after_others(
    writer: &Writer<'_>,
    watched: &Watched,
    seen: Seen,
    now: Timestamp,
) -> rusqlite::Result<Seen> {
    let Some(place) = seen.led_to().cloned() else {
        return Ok(seen);
    };
    let rows = writer.sources()?;
    let reading = rows.iter().map(|row| row.configured).max();
    let led = rows.iter().filter(|row| {
        let there = row.key == watched.key || row.state.led.as_ref().is_some_and(|led| led.to == place);
        there && Some(row.configured) == reading && poll::newly_led(row.state.led.as_ref(), &place, now)
    });
    let hosts: Vec<_> = led.map(|row| (row.key, host::of(&row.url))).collect();
    let newly = hosts.iter().any(|(key, _)| *key == watched.key);
    Ok(
        match newly && poll::is_portal(hosts.iter().map(|(_, host)| host.as_str())) {
            true => Seen::AtPortal(place),
            false => seen,
        },
    )
}

fn at_portal(place: Place) -> (Outcome, Visited) {
    failed(Outcome::Failed {
        error: format!(
            "led to {}, like sources of other sites: something between us and them answers for all (a captive portal?)",
            host::of(&place.0)
        ),
        status: None,
        retry_after: None,
        led_to: Some(place),
    })
}

fn failed(outcome: Outcome) -> (Outcome, Visited) {
    let error = match &outcome {
        Outcome::Failed { error, .. } => error.clone(),
        Outcome::Held { host, .. } => format!("not asked: {host} has asked us to come less often"),
        Outcome::NotModified(_) | Outcome::Same { .. } | Outcome::Read { .. } => String::new(),
    };
    (outcome, Visited::Failed(error))
}

fn unchanged(listed: Listed) -> Visited {
    Visited::Read {
        entries: Tally {
            read: listed.entries,
            unchanged: listed.entries - listed.rejected,
            rejected: listed.rejected,
            ..Tally::default()
        },
        faults: vec![],
        flood: false,
    }
}

fn keep_document(
    writer: &Writer<'_>,
    watched: &Watched,
    document: ReadDocument,
    seen: Timestamp,
    rules: &Boilerplate,
) -> rusqlite::Result<(Outcome, Visited)> {
    let keys = document.entries.iter().flat_map(Keyed::keys);
    let titles = document.entries.iter().filter_map(|entry| entry.title.as_ref());
    let known = writer.known(watched.key, keys, titles)?;
    let dates = watched.source.dates;
    let surfacing = writer.surfacing(watched.key, seen)?;
    let plan = update::plan(&watched.origin, document.entries, &known, &surfacing, dates, seen);
    let changed = plan.changed();
    // An edit takes marks and clues away from items that it leaves behind: they are neighbours too.
    let signs = writer.signs(&changed)?;
    writer.apply(watched.key, &plan.intents, seen)?;
    writer.hold(&plan.held)?;
    if document.body.complete {
        writer.left_feed(watched.key, &plan.present(), seen)?;
    }
    if !changed.is_empty() {
        stories::regroup(writer, &changed, &signs, rules)?;
    }
    let listed = document.body.listed;
    let entries = Tally {
        read: listed.entries,
        new: plan.new,
        updated: plan.updated,
        unchanged: plan.unchanged,
        rejected: listed.rejected,
    };
    let brought = Brought {
        new: plan.new,
        edited: plan.updated,
        published: match dates {
            Dates::Trust => plan.published(),
            Dates::Ignore => vec![],
        },
    };
    let visited = Visited::Read {
        entries,
        faults: document.faults,
        flood: plan.begins_flood(&surfacing, seen),
    };
    let outcome = Outcome::Read {
        body: document.body,
        brought,
        told: document.told,
    };
    Ok((outcome, visited))
}
