//! Same story or not: labelled news through the product's own reading, keeping and grouping (design §6.3).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use jiff::{SignedDuration, Timestamp};
use oncofeed::{
    app::stories,
    edge::{
        config::shipped_editorial,
        store::{Store, Writer},
    },
    model::{
        boilerplate::Boilerplate,
        draft::Draft,
        identity::Known,
        item::{ItemId, StoryKey},
        source::{Dates, SourceKey},
        story::{Marked, Signs},
    },
    pipeline::{
        dedupe::{identity, story::Judge},
        extract, parse, update,
    },
};
use serde::Deserialize;

use crate::{
    figure::{Counts, share},
    folder,
};

#[derive(Deserialize)]
pub(crate) struct Row {
    pub(crate) id: String,
    pub(crate) source: String,
    link: String,
    title: String,
    summary: String,
    published: String,
    doi: String,
    group: Option<String>,
}

#[derive(Deserialize)]
struct Pair {
    a: String,
    b: String,
}

/// An entry that was never the same twice, on its way into a store.
struct Arrival {
    row: String,
    source: String,
    draft: Draft,
}

/// What a store made of the rows.
struct Told {
    stories: HashMap<String, StoryKey>,
    items: HashMap<String, Marked>,
}

#[test]
fn labelled_news_is_told_as_one_story_or_as_two() {
    let Some(labelled) = folder::rows::<Row>("stories") else {
        return;
    };
    let pairs = |kind: &str| -> HashSet<(String, String)> {
        let rows = folder::rows::<Pair>(kind).map(|pairs| pairs.rows).unwrap_or_default();
        rows.into_iter().map(|pair| ordered(&pair.a, &pair.b)).collect()
    };
    let (hard, unclear) = (pairs("stories.*.negatives"), pairs("stories.*.ambiguous"));
    let rows = labelled.rows;
    let told = keep(rows.iter().map(arrival).collect());
    let mut figures = Figures::default();
    let mut errors = vec![];
    for (at, one) in rows.iter().enumerate() {
        for other in &rows[at + 1..] {
            let pair = ordered(&one.id, &other.id);
            if unclear.contains(&pair) {
                continue;
            }
            let is = one.group.is_some() && one.group == other.group;
            let said = told.stories[&one.id] == told.stories[&other.id];
            let across = one.source != other.source;
            figures.count(said, is, hard.contains(&pair), across);
            if said {
                figures.by_mark(&told.items[&one.id], &told.items[&other.id], is);
            }
            if said != is {
                errors.push((said, hard.contains(&pair), one, other));
            }
        }
    }
    figures.tell();
    let b3 = b_cubed(&rows, &told.stories);
    println!(
        "stories, clusters over all items, B3: precision {:.3}, recall {:.3}, F1 {:.4}",
        b3.0, b3.1, b3.2
    );
    tell_errors(errors, &told);
    if labelled.promised {
        assert!(figures.pairs.precision() >= 0.93 && figures.pairs.recall() >= 0.75);
        assert!(figures.across.precision() >= 0.95 && figures.across.recall() >= 0.80);
        assert!(b3.2 >= 0.955);
        let exact = figures.marks.iter().filter(|(kind, _)| *kind != "link");
        assert!(
            exact
                .map(|(_, counts)| counts.precision())
                .all(|precision| precision >= 0.99)
        );
    }
}

/// A row as its feed would have it.
fn arrival(row: &Row) -> Arrival {
    let plain = |text: &str| text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
    let markup = |text: &str| plain(&plain(text));
    let field = |name: &str, value: String| match value.as_str() {
        "" => String::new(),
        _ => format!("<{name}>{value}</{name}>"),
    };
    let document = format!(
        "<rss version='2.0' xmlns:prism='http://prismstandard.org/namespaces/basic/2.0/'><channel><title>T</title><item>\
         <guid isPermaLink='false'>{}</guid>{}{}{}{}{}</item></channel></rss>",
        row.id,
        field("title", markup(&row.title)),
        field("link", plain(&row.link)),
        field("description", markup(&row.summary)),
        field("pubDate", plain(&row.published)),
        field("prism:doi", plain(&row.doi)),
    );
    let feed = parse::parse(document.as_bytes(), None, None).expect("a feed");
    let entry = feed.entries.into_iter().next().expect("an entry");
    Arrival {
        row: row.id.clone(),
        source: row.source.clone(),
        draft: extract::draft(entry).expect("a title or a link"),
    }
}

/// Every row arrives alone, an hour after its date; those without a date come last.
fn keep(mut arrivals: Vec<Arrival>) -> Told {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::create(&folder.path().join("oncofeed.db")).unwrap();
    arrivals.sort_by_key(|arrival| (arrival.draft.published.is_none(), arrival.draft.published));
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    runtime
        .block_on(store.write(move |writer| keep_all(writer, arrivals)))
        .unwrap()
}

fn keep_all(writer: &Writer<'_>, arrivals: Vec<Arrival>) -> rusqlite::Result<Told> {
    let rules = shipped_editorial().expect("the shipped rules").boilerplate;
    let mut sources: BTreeMap<String, SourceKey> = BTreeMap::new();
    let mut ids: HashMap<String, ItemId> = HashMap::new();
    let mut now: Timestamp = "1990-01-01T00:00:00Z".parse().expect("a time");
    for arrival in arrivals {
        let source = match sources.get(&arrival.source) {
            Some(source) => *source,
            None => {
                let name = &arrival.source;
                let key = writer.add_source(name, name, &format!("https://{name}.test/feed"), b"")?;
                sources.insert(name.clone(), key);
                key
            }
        };
        now = now.max(arrival.draft.published.unwrap_or(now) + SignedDuration::from_hours(1));
        ids.insert(arrival.row, visit(writer, source, vec![arrival.draft], now, &rules)?[0]);
    }
    let all: Vec<_> = ids.values().copied().collect();
    let items = writer.neighbours(&all, &Signs::default(), |_, _| false)?.items;
    let by_id: HashMap<_, _> = items.into_iter().map(|item| (item.id, item)).collect();
    let items: HashMap<_, _> = ids.iter().map(|(row, id)| (row.clone(), by_id[id].clone())).collect();
    Ok(Told {
        stories: items
            .iter()
            .map(|(row, item)| (row.clone(), item.story.expect("a story")))
            .collect(),
        items,
    })
}

/// Keeps drafts as a cycle does, each as an item of its own; answers them.
pub(crate) fn visit(
    writer: &Writer<'_>,
    source: SourceKey,
    drafts: Vec<Draft>,
    now: Timestamp,
    rules: &Boilerplate,
) -> rusqlite::Result<Vec<ItemId>> {
    let (entries, nothing) = (identity::keyed(drafts), Known::default());
    let surfacing = writer.surfacing(source, now)?;
    let plan = update::plan(&source.0.to_string(), entries, &nothing, &surfacing, Dates::Trust, now);
    writer.apply(source, &plan.intents, now)?;
    stories::regroup(writer, &plan.changed(), &Signs::default(), rules)?;
    Ok(plan.present())
}

fn ordered(a: &str, b: &str) -> (String, String) {
    let (first, last) = (a.min(b), a.max(b));
    (first.to_owned(), last.to_owned())
}

#[derive(Default)]
struct Figures {
    /// Labelled pairs: those of one story, and hard negatives.
    pairs: Counts,
    across: Counts,
    /// Every pair of labelled items.
    all: Counts,
    all_across: Counts,
    marks: BTreeMap<String, Counts>,
}

impl Figures {
    fn count(&mut self, said: bool, is: bool, hard: bool, across: bool) {
        self.all.count(said, is);
        if across {
            self.all_across.count(said, is);
        }
        if is || hard {
            self.pairs.count(said, is);
            if across {
                self.across.count(said, is);
            }
        }
    }

    fn by_mark(&mut self, one: &Marked, other: &Marked, is: bool) {
        let shared = one.marks.iter().filter(|mark| other.marks.contains(mark));
        let trials = |item: &Marked| trials(&format!("{} {}", item.title, item.summary));
        let trial = (!trials(one).is_disjoint(&trials(other))).then_some("trial number");
        let kinds: BTreeSet<_> = shared.filter_map(|mark| mark.split(':').next()).chain(trial).collect();
        for kind in kinds {
            self.marks.entry(kind.to_owned()).or_default().count(true, is);
        }
    }

    fn tell(&self) {
        self.pairs.tell("stories, pairs (hard negatives)");
        self.across.tell("stories, pairs across publishers (hard negatives)");
        self.all.tell("stories, all pairs");
        self.all_across.tell("stories, all pairs across publishers");
        for (kind, counts) in &self.marks {
            println!(
                "stories, joined by {kind}: precision {:.3} ({} right, {} wrong)",
                counts.precision(),
                counts.right,
                counts.wrong
            );
        }
    }
}

/// Numbers of registered trials in a text.
fn trials(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_alphanumeric());
    let numbers = words.filter(|word| word.starts_with("NCT") || word.starts_with("ISRCTN"));
    numbers.map(str::to_owned).collect()
}

/// Precision, recall and F1: of each item's story, how much belongs with it, and how much of what does is there.
fn b_cubed(rows: &[Row], stories: &HashMap<String, StoryKey>) -> (f64, f64, f64) {
    let (mut precision, mut recall) = (0.0, 0.0);
    for row in rows {
        let story: Vec<_> = rows
            .iter()
            .filter(|other| stories[&other.id] == stories[&row.id])
            .collect();
        let is_with = |other: &Row| other.id == row.id || row.group.is_some() && other.group == row.group;
        let group = rows.iter().filter(|other| is_with(other)).count();
        let right = story.iter().filter(|other| is_with(other)).count();
        precision += share(right, story.len());
        recall += share(right, group);
    }
    let (precision, recall) = (precision / rows.len() as f64, recall / rows.len() as f64);
    (precision, recall, 2.0 * precision * recall / (precision + recall))
}

fn tell_errors(errors: Vec<(bool, bool, &Row, &Row)>, told: &Told) {
    let rules = shipped_editorial().unwrap().boilerplate;
    let mut judge = Judge::new(&rules);
    for (said, hard, one, other) in errors {
        let verdict = judge.verdict(&told.items[&one.id], &told.items[&other.id]);
        let what = match (said, hard) {
            (true, true) => "joined, a hard negative",
            (true, false) => "joined",
            (false, _) => "not joined",
        };
        println!("{what}: {verdict}");
        for row in [one, other] {
            println!("  {} {} {}: {}", row.id, row.source, row.published, row.title);
        }
    }
}
