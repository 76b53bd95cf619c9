//! `oncofeed preview`: each channel as it would stand under an edited feeds.toml.

use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;

use super::{Common, Failure, answer, known_channel};
use crate::{
    app::outlook::{self, Foreseen},
    edge::clock::Clock,
    model::source::Source,
    pipeline::outlook::{Outlook, Standing, Told},
};

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed preview                          what feeds.toml makes of what is kept\n  \
    oncofeed preview --feeds edited.toml      a copy that is not in use yet\n  \
    oncofeed preview --channel latest-news\n\n\
    It is made of what is kept, as of now, and compared with the files that are published. Nobody is visited and nothing\n\
    is written, so sources that were never visited have nothing in it.")]
pub(super) struct Args {
    /// Only this channel
    #[arg(long, value_name = "CHANNEL")]
    channel: Option<String>,
}

#[derive(Debug, Serialize)]
struct Report {
    channels: Vec<Channel>,
    /// Channels that are published and would be no longer.
    gone: Vec<String>,
    unvisited: Vec<Unvisited>,
}

#[derive(Debug, Serialize)]
struct Channel {
    id: String,
    title: String,
    items: Vec<Item>,
    come: Vec<Brief>,
    leave: Vec<Brief>,
    /// Whether anything is published under its name.
    published: bool,
}

#[derive(Debug, Serialize)]
struct Item {
    position: usize,
    #[serde(flatten)]
    brief: Brief,
    date: Timestamp,
    headline: bool,
    pinned_until: Option<Timestamp>,
}

#[derive(Debug, Serialize)]
struct Brief {
    id: String,
    title: String,
    source: String,
}

#[derive(Debug, Serialize)]
struct Unvisited {
    id: String,
    name: String,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let (loaded, store) = common.look()?;
    if let Some(channel) = &args.channel {
        known_channel(&loaded.feeds, channel)?;
    }
    let timezone = loaded.settings.site.timezone.clone();
    let foreseen = outlook::foresee(&store, loaded, Clock::system().now()).await?;
    let report = report(foreseen, args.channel.as_deref());
    match common.json {
        true => answer::give_json(&report)?,
        false => answer::give(&text(&report, &timezone))?,
    }
    Ok(())
}

fn report(foreseen: Foreseen, only: Option<&str>) -> Report {
    let wanted = |outlook: &Outlook| only.is_none_or(|channel| channel == outlook.channel);
    Report {
        channels: foreseen.channels.into_iter().filter(wanted).map(channel).collect(),
        gone: if only.is_some() { vec![] } else { foreseen.gone },
        unvisited: foreseen.unvisited.iter().map(unvisited).collect(),
    }
}

fn channel(outlook: Outlook) -> Channel {
    Channel {
        id: outlook.channel,
        title: outlook.title,
        items: outlook.items.into_iter().enumerate().map(item).collect(),
        come: outlook.come.into_iter().map(brief).collect(),
        leave: outlook.leave.into_iter().map(brief).collect(),
        published: outlook.published,
    }
}

fn item((at, standing): (usize, Standing)) -> Item {
    Item {
        position: at + 1,
        brief: brief(standing.told),
        date: standing.date,
        headline: standing.headline,
        pinned_until: standing.pinned_until,
    }
}

fn brief(told: Told) -> Brief {
    let Told { id, title, source } = told;
    Brief { id, title, source }
}

fn unvisited(source: &Source) -> Unvisited {
    Unvisited {
        id: source.id.to_string(),
        name: source.name.clone(),
    }
}

fn text(report: &Report, timezone: &TimeZone) -> String {
    let mut blocks: Vec<_> = report.channels.iter().map(|channel| block(channel, timezone)).collect();
    if !report.gone.is_empty() {
        blocks.push(format!("published no longer: {}", report.gone.join(", ")));
    }
    if !report.unvisited.is_empty() {
        let names: Vec<_> = report.unvisited.iter().map(|source| source.name.as_str()).collect();
        blocks.push(format!(
            "never visited, so that nothing of them is here: {}",
            names.join(", ")
        ));
    }
    blocks.join("\n\n")
}

fn block(channel: &Channel, timezone: &TimeZone) -> String {
    let change = match channel.published {
        true => format!("{} would come, {} would leave", channel.come.len(), channel.leave.len()),
        false => "not published yet".into(),
    };
    let items = answer::count(channel.items.len(), "item");
    let mut lines = vec![format!("{} ({}): {items}; {change}", channel.title, channel.id)];
    lines.extend(channel.items.iter().map(|item| row(item, timezone)));
    let changes = |sign: char, briefs: &[Brief]| {
        let line = |brief: &Brief| format!("  {sign} {} ({})", brief.title, brief.source);
        briefs.iter().map(line).collect::<Vec<_>>()
    };
    if channel.published {
        lines.extend(changes('+', &channel.come));
        lines.extend(changes('-', &channel.leave));
    }
    lines.join("\n")
}

fn row(item: &Item, timezone: &TimeZone) -> String {
    let mut marks = vec![item.brief.source.clone(), answer::time(item.date, timezone)];
    if item.headline {
        marks.push("headline".into());
    }
    let pinned = item.pinned_until.map(|until| answer::time(until, timezone));
    marks.extend(pinned.map(|until| format!("pinned until {until}")));
    format!("{:>4}. {}\n      {}", item.position, item.brief.title, marks.join(", "))
}
