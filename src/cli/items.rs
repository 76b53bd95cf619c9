//! `oncofeed items`: what is kept.

use std::{collections::HashMap, ops::ControlFlow, sync::Arc};

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{Common, Failure, answer, known_channel};
use crate::{
    app::watchlist,
    edge::store::Reader,
    model::{
        editorial::Editorial,
        item::{Item, ItemId},
        label::{NewsType, Notice, Site},
        settings::Feeds,
        source::SourceKey,
        story::Story,
    },
    pipeline::curate::{self, Chosen, Curation, Desk, Verdict},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed items --limit 5\n  \
    oncofeed items --channel latest-news --json")]
pub(super) struct Args {
    /// Only what this channel shows
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
    /// Only the newest N
    #[arg(long, value_name = "N", default_value_t = usize::MAX, hide_default_value = true)]
    limit: usize,
}

/// One kept story, told by its lead.
#[derive(Debug, Serialize)]
struct Listed {
    id: ItemId,
    title: String,
    link: Option<String>,
    source: String,
    published: Option<Timestamp>,
    first_seen: Timestamp,
    excerpt: String,
    doi: Option<String>,
    /// Ids of the channels that show it.
    channels: Vec<String>,
    status: Status,
    score: f64,
    /// Tumour sites; empty where none was told.
    sites: Vec<Site>,
    news_type: Option<NewsType>,
    /// Not reviewed by peers yet.
    preprint: bool,
    /// What has become of its paper.
    notice: Option<Notice>,
    #[serde(skip)]
    labels: Vec<&'static str>,
    also: Vec<Also>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "lowercase")]
enum Status {
    /// A channel shows it.
    Published,
    /// One of too many that its source brought at once: it waits to be shown.
    Held,
    /// No channel shows it.
    Kept,
}

#[derive(Debug, Serialize)]
struct Also {
    source: String,
    title: String,
    link: Option<String>,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let (loaded, store) = common.look()?;
    if let Some(channel) = &args.channel {
        known_channel(&loaded.feeds, channel)?;
    }
    let now = crate::edge::clock::Clock::system().now();
    let (feeds, editorial) = (Arc::new(loaded.feeds), loaded.editorial);
    let (channel, limit) = (args.channel.clone(), args.limit);
    let listed = store
        .read(move |reader| list(reader, &feeds, &editorial, channel.as_deref(), limit, now))
        .await?;
    match common.json {
        true => answer::give_json(&listed)?,
        false => answer::give(&text(&listed, &loaded.settings.site.timezone))?,
    }
    Ok(())
}

/// Channels by the leads that they show.
type Showing = HashMap<ItemId, Vec<String>>;

fn list(
    reader: &Reader<'_>,
    feeds: &Feeds,
    editorial: &Editorial,
    channel: Option<&str>,
    limit: usize,
    now: Timestamp,
) -> rusqlite::Result<Vec<Listed>> {
    let rows = reader.sources()?;
    let watchlist = watchlist::look(&rows, &feeds.sources);
    let former: HashMap<SourceKey, String> = rows.into_iter().map(|row| (row.key, row.id)).collect();
    let desk = Desk {
        sources: &watchlist,
        editorial,
        now,
    };
    let mut curation = Curation::new(&feeds.channels, desk);
    reader.newest(|item, ordered_at, story| curation.offer(item, ordered_at, &story))?;
    let showing = showing(&curation.finish());
    let wanted = |lead: &ItemId| match (channel, showing.get(lead)) {
        (None, _) => true,
        (Some(channel), shown) => shown.is_some_and(|ids| ids.iter().any(|id| id == channel)),
    };
    let mut listed = vec![];
    reader.newest(|item, _, story| {
        if listed.len() >= limit {
            return ControlFlow::Break(());
        }
        if lead(&story, &desk) == Some(item) && wanted(&item) {
            listed.extend(entry(item, &story, &desk, &former, &showing));
        }
        ControlFlow::Continue(())
    })?;
    Ok(listed)
}

fn showing(chosen: &[Chosen]) -> Showing {
    let mut showing = Showing::new();
    for chosen in chosen {
        for lead in &chosen.leads {
            showing
                .entry(*lead)
                .or_default()
                .push(chosen.edition.channel.id.clone());
        }
    }
    showing
}

/// Where nothing of a story may be shown, its first item stands for it.
fn lead(story: &Story, desk: &Desk<'_>) -> Option<ItemId> {
    let first = || story.members.iter().min_by_key(|item| (item.first_seen, item.id));
    curate::lead_of(story, desk).or_else(|| first().map(|item| item.id))
}

fn entry(
    lead: ItemId,
    story: &Story,
    desk: &Desk<'_>,
    former: &HashMap<SourceKey, String>,
    showing: &Showing,
) -> Option<Listed> {
    let item = story.members.iter().find(|item| item.id == lead)?;
    let name = |item: &Item| match desk.sources.get(&item.source) {
        Some(watched) => watched.source.name.clone(),
        None => former.get(&item.source).cloned().unwrap_or_default(),
    };
    let told = curate::standing(story, desk);
    let labels = told.map_or_else(|| desk.labels(item).labels, |(labels, _)| labels);
    let link = |item: &Item| item.link.as_ref().map(ToString::to_string);
    let channels = showing.get(&lead).cloned().unwrap_or_default();
    let others = story.members.iter().filter(|other| other.id != lead);
    Some(Listed {
        id: lead,
        title: desk.titled(item, labels.notice),
        link: link(item),
        source: name(item),
        published: item.published,
        first_seen: item.first_seen,
        excerpt: desk.excerpt(item),
        doi: item.doi.clone(),
        status: match curate::judge(item, desk) {
            _ if !channels.is_empty() => Status::Published,
            Verdict::Held(_) => Status::Held,
            _ => Status::Kept,
        },
        channels,
        score: desk.about_cancer(item).score.value,
        labels: labels.titles(),
        sites: labels.sites,
        news_type: labels.news_type,
        preprint: labels.preprint,
        notice: labels.notice,
        also: others
            .map(|other| Also {
                source: name(other),
                title: desk.title(other),
                link: link(other),
            })
            .collect(),
    })
}

fn text(listed: &[Listed], timezone: &TimeZone) -> String {
    let mut blocks: Vec<_> = listed.iter().map(|listed| block(listed, timezone)).collect();
    blocks.push(match listed.len() {
        0 => "nothing is kept yet, or nothing of that kind".to_owned(),
        number => answer::count(number, "item"),
    });
    blocks.join("\n\n")
}

fn block(listed: &Listed, timezone: &TimeZone) -> String {
    let date = answer::time(listed.published.unwrap_or(listed.first_seen), timezone);
    let shown = match listed.status {
        Status::Published => format!("in {}", listed.channels.join(", ")),
        Status::Held => "held: it waits to be shown".to_owned(),
        Status::Kept => "in no channel".to_owned(),
    };
    let mut lines = vec![
        listed.title.clone(),
        format!("  {}, {date}, {shown}", listed.source),
        format!(
            "  {}",
            listed.link.as_deref().unwrap_or("without a link, so never published")
        ),
    ];
    if !listed.labels.is_empty() {
        lines.push(format!("  {}", listed.labels.join(", ")));
    }
    let also = listed.also.iter();
    lines.extend(also.map(|also| format!("  also reported by {}", also.source)));
    lines.push(format!("  {}", listed.id));
    lines.join("\n")
}
