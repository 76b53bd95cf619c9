//! `oncofeed explain`: the whole trail of one item's decisions.

use std::sync::Arc;

use anyhow::anyhow;
use jiff::{Timestamp, tz::TimeZone};
use serde::Serialize;
use uuid::Uuid;

use super::{Common, Failure, answer, plan};
use crate::{
    app::{
        stories::{self, Compared},
        watchlist,
    },
    edge::{
        clock::Clock,
        store::{Reader, SourceRow},
    },
    model::{
        boilerplate::Habits,
        editorial::Editorial,
        item::{Claim, Item, ItemId},
        label::Notice,
        link::Link,
        settings::Feeds,
        source::Source,
        story::Story,
    },
    pipeline::{
        curate::{self, Chosen, Curation, Desk, Placing, Verdict},
        dedupe::story,
        extract,
    },
};

/// Most characters of what was taken off an excerpt: enough to know it by, on one line.
const CUT_CHARS_SHOWN: usize = 60;

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
    oncofeed explain https://news.cancerresearchuk.org/2026/11/24/a-story/\n  \
    oncofeed explain bb64bbf7-2e8a-5fd3-bbbf-08bb3d614b58")]
pub(super) struct Args {
    /// An item's id (its guid, with or without urn:uuid:), or the address of its article
    #[arg(value_name = "ID|URL")]
    item: String,
}

/// Everything that was decided about one item.
#[derive(Debug, Serialize)]
struct Trail {
    id: ItemId,
    title: String,
    link: Option<String>,
    excerpt: String,
    /// Where that comes from; `None` where there is none.
    excerpt_from: Option<ExcerptFrom>,
    /// What was taken off that, by which rule.
    cuts: Vec<CutTrail>,
    source: SourceTrail,
    dates: Dates,
    /// What it is known by inside its source.
    keys: Vec<String>,
    /// What joins it to items of other sources.
    marks: Vec<String>,
    story: StoryTrail,
    /// What its source's rules say.
    verdict: String,
    relevance: RelevanceTrail,
    labels: LabelTrail,
    channels: Vec<ChannelTrail>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum ExcerptFrom {
    Feed,
    /// The article's page.
    Article,
}

impl ExcerptFrom {
    fn of(item: &Item, habits: Habits<'_>) -> Option<Self> {
        match (
            extract::says_nothing(&item.summary, &item.title, habits),
            &item.description,
        ) {
            (false, _) => Some(Self::Feed),
            (true, description) => description.as_ref().map(|_| Self::Article),
        }
    }
}

#[derive(Debug, Serialize)]
struct CutTrail {
    rule: String,
    text: String,
}

#[derive(Debug, Serialize)]
struct SourceTrail {
    id: String,
    name: Option<String>,
    url: String,
    last_visit: Option<Timestamp>,
    next_visit: Option<Timestamp>,
    /// Why then.
    next_reason: Option<String>,
    #[serde(skip)]
    words: Option<String>,
}

#[derive(Debug, Serialize)]
struct Dates {
    published: Option<Timestamp>,
    updated: Option<Timestamp>,
    first_seen: Timestamp,
    last_seen: Timestamp,
    /// Where it stands among the others.
    ordered_at: Timestamp,
}

#[derive(Debug, Serialize)]
struct StoryTrail {
    /// Under which it is public, where it is.
    guid: Option<ItemId>,
    first_published: Option<Timestamp>,
    lead: Option<ItemId>,
    items: Vec<ItemId>,
    /// Others that might tell the same, and why they are in the story, or not.
    compared: Vec<String>,
}

/// Most items that an item is shown beside: those of its story first, then those that are most alike.
const COMPARED_MAX: usize = 10;

#[derive(Debug, Serialize)]
struct LabelTrail {
    /// As readers see them.
    labels: Vec<&'static str>,
    /// The words that gave the sites and the kind of news.
    words: Vec<String>,
    /// Another item that marks the story's paper.
    notice: Option<NoticeTrail>,
}

#[derive(Debug, Serialize)]
struct NoticeTrail {
    notice: Notice,
    title: String,
    source: String,
    link: Option<String>,
}

#[derive(Debug, Serialize)]
struct RelevanceTrail {
    relevant: bool,
    score: f64,
    /// From which score on an item is relevant.
    relevant_from: f64,
    /// What each word contributed: "cancer +3.0 (title)".
    shares: Vec<String>,
    /// The source writes of nothing else, so that the score does not matter.
    always: bool,
    /// What it is, where it is no news.
    not_news: Option<String>,
}

#[derive(Debug, Serialize)]
struct ChannelTrail {
    id: String,
    shown: bool,
    reason: String,
}

pub(super) async fn run(common: &Common, args: &Args) -> Result<(), Failure> {
    let (loaded, store) = common.look()?;
    let wanted = Wanted::parse(&args.item)?;
    let now = Clock::system().now();
    let (feeds, editorial) = (Arc::new(loaded.feeds), loaded.editorial);
    let timezone = loaded.settings.site.timezone.clone();
    let trails = store
        .read(move |reader| trails(reader, &feeds, &editorial, &wanted, now, &timezone))
        .await?;
    if trails.is_empty() {
        return Err(anyhow!("nothing kept has the id or address {}", args.item).into());
    }
    match common.json {
        true => answer::give_json(&trails)?,
        false => {
            let timezone = &loaded.settings.site.timezone;
            let texts: Vec<_> = trails.iter().map(|trail| text(trail, timezone)).collect();
            answer::give(&texts.join("\n\n"))?;
        }
    }
    Ok(())
}

enum Wanted {
    Id(ItemId),
    Link(Link),
}

impl Wanted {
    fn parse(text: &str) -> Result<Self, Failure> {
        if let Ok(id) = Uuid::parse_str(text) {
            return Ok(Self::Id(ItemId(id)));
        }
        let link = Link::parse(text).map(Self::Link);
        link.ok_or_else(|| Failure::Usage(format!("`{text}` is neither an item's id nor a web address")))
    }
}

fn trails(
    reader: &Reader<'_>,
    feeds: &Feeds,
    editorial: &Editorial,
    wanted: &Wanted,
    now: Timestamp,
    timezone: &TimeZone,
) -> rusqlite::Result<Vec<Trail>> {
    let ids = match wanted {
        Wanted::Id(id) => vec![*id],
        Wanted::Link(link) => with_link(reader, link)?,
    };
    let rows = reader.sources()?;
    let watchlist = watchlist::look(&rows, &feeds.sources);
    let desk = Desk {
        sources: &watchlist,
        editorial,
        now,
    };
    let mut curation = Curation::new(&feeds.channels, desk);
    reader.newest(|item, ordered_at, story| curation.offer(item, ordered_at, &story))?;
    let chosen = curation.finish();
    let known = Context {
        reader,
        rows: &rows,
        desk,
        chosen: &chosen,
        timezone,
    };
    let mut trails = vec![];
    for id in ids {
        if let Some(item) = reader.item(id)? {
            trails.push(known.trail(&item)?);
        }
    }
    Ok(trails)
}

/// By the very link, else by any link to the same page.
fn with_link(reader: &Reader<'_>, link: &Link) -> rusqlite::Result<Vec<ItemId>> {
    let same = reader.items_by_link(link.as_str())?;
    if !same.is_empty() {
        return Ok(same);
    }
    let mut found = vec![];
    for mark in story::marks(None, Some(link)) {
        found.extend(reader.items_by_mark(&mark)?);
    }
    Ok(found)
}

struct Context<'a> {
    reader: &'a Reader<'a>,
    rows: &'a [SourceRow],
    desk: Desk<'a>,
    chosen: &'a [Chosen],
    timezone: &'a TimeZone,
}

impl Context<'_> {
    fn trail(&self, item: &Item) -> rusqlite::Result<Trail> {
        let story = self.reader.story(item.story)?;
        let (keys, marks) = self.reader.names_of(item.id)?;
        let source = self.desk.source(item);
        let row = self.rows.iter().find(|row| row.key == item.source);
        let (text, habits) = (self.desk.text(item), self.desk.habits(item));
        let judgement = self.desk.about_cancer(item);
        let mut labels = self.desk.labels(item);
        let lead = curate::lead_of(&story, &self.desk);
        let told = curate::standing(&story, &self.desk);
        let mut claim = self.desk.claim(item);
        if let (Some((shown, by)), true) = (told, lead == Some(item.id)) {
            labels.labels = shown;
            claim = by;
        }
        Ok(Trail {
            id: item.id,
            title: self.desk.titled(item, labels.labels.notice),
            link: item.link.as_ref().map(ToString::to_string),
            excerpt: self.desk.excerpt(item),
            excerpt_from: ExcerptFrom::of(item, habits),
            cuts: cuts(text, &item.title, habits),
            source: self.source(source, row),
            dates: Dates {
                published: item.published,
                updated: item.updated,
                first_seen: item.first_seen,
                last_seen: item.last_seen,
                ordered_at: self.reader.ordered_at(item.id)?.unwrap_or(item.first_seen),
            },
            keys,
            marks,
            verdict: verdict(&curate::judge(item, &self.desk), self.timezone),
            relevance: RelevanceTrail {
                relevant: judgement.relevant(),
                score: judgement.score.value,
                relevant_from: judgement.score.relevant_from,
                shares: judgement.score.shares.iter().map(ToString::to_string).collect(),
                always: judgement.always,
                not_news: judgement.not_news.as_ref().map(ToString::to_string),
            },
            labels: LabelTrail {
                labels: labels.labels.titles(),
                words: labels.words,
                notice: claim.map(|claim| self.notice(claim)),
            },
            channels: self.channels(&story)?,
            story: StoryTrail {
                guid: story.published.map(|published| published.guid),
                first_published: story.published.map(|published| published.at),
                lead,
                items: story.members.iter().map(|member| member.id).collect(),
                compared: self.compared(item.id)?,
            },
        })
    }

    fn notice(&self, claim: &Claim) -> NoticeTrail {
        let by = self.desk.sources.get(&claim.by);
        NoticeTrail {
            notice: claim.notice,
            title: claim.title.clone(),
            source: by.map(|watched| watched.source.name.clone()).unwrap_or_default(),
            link: claim.link.as_ref().map(ToString::to_string),
        }
    }

    fn source(&self, source: Option<&Source>, row: Option<&SourceRow>) -> SourceTrail {
        let state = row.map(|row| row.state.clone()).unwrap_or_default();
        SourceTrail {
            id: row.map(|row| row.id.clone()).unwrap_or_default(),
            name: source.map(|source| source.name.clone()),
            url: row.map(|row| row.url.clone()).unwrap_or_default(),
            last_visit: state.last_visit(),
            next_visit: state.next_visit,
            words: source.map(|source| plan::next_visit(source, &state, self.timezone)),
            next_reason: (!state.next_reason.is_empty()).then_some(state.next_reason),
        }
    }

    fn compared(&self, item: ItemId) -> rusqlite::Result<Vec<String>> {
        let compared = stories::compared(self.reader, item, &self.desk.editorial.boilerplate)?;
        Ok(compared.iter().take(COMPARED_MAX).map(beside).collect())
    }

    fn channels(&self, story: &Story) -> rusqlite::Result<Vec<ChannelTrail>> {
        let lead = curate::lead_of(story, &self.desk);
        let ordered_at = match lead {
            Some(lead) => self.reader.ordered_at(lead)?.unwrap_or(self.desk.now),
            None => self.desk.now,
        };
        let explain = |chosen: &Chosen| {
            let placing = curate::explain(story, ordered_at, &self.desk, chosen);
            ChannelTrail {
                id: chosen.edition.channel.id.clone(),
                shown: matches!(placing, Placing::Shown { .. }),
                reason: reason(placing, self.timezone),
            }
        };
        Ok(self.chosen.iter().map(explain).collect())
    }
}

fn cuts(text: &str, title: &str, habits: Habits<'_>) -> Vec<CutTrail> {
    let cuts = extract::prose(text, title, habits).cuts;
    let trails = cuts.into_iter().map(|cut| CutTrail {
        rule: cut.rule,
        text: cut.text,
    });
    trails.collect()
}

fn verdict(verdict: &Verdict, timezone: &TimeZone) -> String {
    match verdict {
        Verdict::Shown => "may be shown".into(),
        Verdict::SourceRemoved => "not shown: its source is no longer in feeds.toml".into(),
        Verdict::PrivateLink => "not shown: its link is the feed itself, which is private".into(),
        Verdict::NoLink => "not shown: it has no link".into(),
        Verdict::NotKept => "not shown: its source has `keep` rules, and none of them matches".into(),
        Verdict::Dropped(rule) => format!("not shown: the `drop` rule {rule:?} of its source matches"),
        Verdict::Held(until) => format!(
            "held: its source brought too much at once, and it waits until {}",
            answer::time(*until, timezone)
        ),
    }
}

fn reason(placing: Placing, timezone: &TimeZone) -> String {
    match placing {
        Placing::Shown {
            position,
            headline,
            pinned_until,
        } => {
            let headline = headline.then(|| "among the headlines".to_owned());
            let pinned = pinned_until.map(|until| format!("pinned until {}", answer::time(until, timezone)));
            let parts = [Some(format!("number {position}")), headline, pinned];
            parts.into_iter().flatten().collect::<Vec<_>>().join(", ")
        }
        Placing::Refused(refusal) => refusal.to_string(),
        Placing::Unshowable => "no item of its story may be shown".into(),
    }
}

fn text(trail: &Trail, timezone: &TimeZone) -> String {
    let time = |at: Timestamp| answer::time(at, timezone);
    let maybe = |at: Option<Timestamp>| at.map_or("no date".to_owned(), time);
    let source = trail.source.name.as_deref().unwrap_or(&trail.source.id);
    let mut lines = vec![
        trail.title.clone(),
        format!("  id          {}", trail.id),
        format!("  link        {}", trail.link.as_deref().unwrap_or("none")),
        format!("  excerpt     {}", excerpt(trail.excerpt_from)),
        format!("  source      {source} ({})", trail.source.url),
        format!("  visited     {}", visits(&trail.source, timezone)),
        format!(
            "  dates       published {}, first seen {}, last seen {}",
            maybe(trail.dates.published),
            time(trail.dates.first_seen),
            time(trail.dates.last_seen)
        ),
        format!("  stands at   {}", time(trail.dates.ordered_at)),
        format!("  known by    {}", trail.keys.join("\n              ")),
        format!("  joined by   {}", trail.marks.join("\n              ")),
        format!("  story       {}", story_text(trail, timezone)),
        format!("  rules       {}", trail.verdict),
        format!("  relevance   {}", relevance(&trail.relevance)),
        format!("  labels      {}", labels(&trail.labels)),
    ];
    let cuts = trail.cuts.iter().map(cut);
    lines.splice(4..4, cuts);
    for channel in &trail.channels {
        let shown = if channel.shown { "shown" } else { "not shown" };
        lines.push(format!("  {}: {shown}: {}", channel.id, channel.reason));
    }
    lines.join("\n")
}

fn visits(source: &SourceTrail, timezone: &TimeZone) -> String {
    let last = source
        .last_visit
        .map(|at| format!("last {}", answer::time(at, timezone)));
    let parts: Vec<_> = last.into_iter().chain(source.words.clone()).collect();
    parts.join("; ")
}

fn cut(cut: &CutTrail) -> String {
    let mut shown: String = cut.text.chars().take(CUT_CHARS_SHOWN).collect();
    if shown.len() < cut.text.len() {
        shown.push('…');
    }
    format!("  taken off   “{shown}” ({})", cut.rule)
}

fn excerpt(from: Option<ExcerptFrom>) -> &'static str {
    match from {
        Some(ExcerptFrom::Feed) => "from the feed",
        Some(ExcerptFrom::Article) => "from the article's page: the feed has none",
        None => "none",
    }
}

fn beside(compared: &Compared) -> String {
    let role = if compared.together { "with" } else { "not with" };
    let marks = match compared.marks.is_empty() {
        true => String::new(),
        false => format!("share {}; ", compared.marks.join(", ")),
    };
    format!(
        "{role} {} ({}): {marks}{}",
        compared.title, compared.item, compared.verdict
    )
}

fn story_text(trail: &Trail, timezone: &TimeZone) -> String {
    let others = trail.story.items.len() - 1;
    let role = match trail.story.lead {
        Some(lead) if lead == trail.id => "this item leads",
        Some(_) => "another item leads",
        None => "no item of it may be shown",
    };
    let published = match trail.story.first_published {
        Some(at) => format!("first published {}", answer::time(at, timezone)),
        None => "never published".to_owned(),
    };
    let story = format!("{role}; {} in it; {published}", answer::count(others, "other item"));
    let lines: Vec<_> = [story]
        .into_iter()
        .chain(trail.story.compared.iter().cloned())
        .collect();
    lines.join("\n              ")
}

fn labels(labels: &LabelTrail) -> String {
    let told = match (labels.labels.is_empty(), labels.words.is_empty()) {
        (true, _) => "none".to_owned(),
        (false, true) => labels.labels.join(", "),
        (false, false) => format!("{} ({})", labels.labels.join(", "), labels.words.join(", ")),
    };
    match &labels.notice {
        Some(notice) => format!("{told}\n              {}", marked(notice)),
        None => told,
    }
}

fn marked(notice: &NoticeTrail) -> String {
    let link = notice.link.as_deref().unwrap_or("without a link");
    let what = notice.notice.title();
    format!("{what}: so says “{}” of {}, {link}", notice.title, notice.source)
}

fn relevance(relevance: &RelevanceTrail) -> String {
    let shares = match relevance.shares.is_empty() {
        true => "no word speaks of cancer".to_owned(),
        false => relevance.shares.join(", "),
    };
    let always = match relevance.always {
        true => "; the source is always taken",
        false => "",
    };
    let not_news = relevance
        .not_news
        .as_ref()
        .map_or_else(String::new, |what| format!("; no news: {what}"));
    format!(
        "{:.1} of {:.1}: {shares}{always}{not_news}",
        relevance.score, relevance.relevant_from
    )
}
