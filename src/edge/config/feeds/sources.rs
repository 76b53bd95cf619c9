//! `[[source]]`.

use std::{ops::Range, time::Duration};

use url::Url;

use super::{DAY, Once, Placed, headers, topics};
use crate::{
    edge::config::{
        suggest,
        table::{Section, Walk},
        template::has_secret,
        value::{self, Given, Wrong, quoted},
    },
    model::{
        boilerplate::Habit,
        credential::Credentials,
        rule::{Field, Rule},
        secrecy::secret_parameter,
        selectors::{Selector, Selectors},
        settings::Settings,
        source::{Dates, Outlet, Relevance, Source, SourceId, Summaries},
    },
};

/// Highest and lowest priority: room to order a thousand sources, and not so much that numbers become a race.
const PRIORITY_MAX: i64 = 1_000;

/// Excerpts, in characters. Below 40 nothing is said; above 500 it is no excerpt any more, but the publisher's text.
const EXCERPT_MIN: usize = 40;
const EXCERPT_MAX: usize = 500;

const MINUTE: Duration = Duration::from_secs(60);

/// Most things that a source puts around its prose: those that were read put three.
const BOILERPLATE_MAX: usize = 20;

/// Longest pattern or phrase, in characters.
const RULE_CHARS_MAX: usize = 1_000;

/// What feeds and this file call fields elsewhere.
const OTHER_NAMES: [(&str, &str); 4] = [
    ("summary", "text"),
    ("url", "link"),
    ("categories", "category"),
    ("tag", "category"),
];

/// How long items may be pinned.
const PINNED_FOR_MIN: Duration = Duration::from_secs(3_600);
const PINNED_FOR_MAX: Duration = Duration::from_secs(30 * 86_400);

const SELECTORS: &str = "{ item = \"li.news\" }";

/// What a source's URL leads to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Format {
    Feed,
    Page,
}

/// What no two sources may share.
#[derive(Debug)]
struct Seen {
    ids: Once<SourceId>,
    urls: Once<Url>,
}

/// Sources that are whole; faults of the others are reported.
pub(super) fn read(
    sections: Vec<(Section<'_>, Range<usize>)>,
    settings: Option<&Settings>,
    walk: &Walk<'_>,
) -> Vec<Placed<Source>> {
    let least = settings.map(|settings| settings.fetch.min_interval).unwrap_or_default();
    let credentials = settings.map(|settings| &settings.fetch.credentials);
    let mut seen = Seen {
        ids: Once::new(),
        urls: Once::new(),
    };
    let mut sources = vec![];
    for (mut section, header) in sections {
        let topics = section.span("topics");
        if let Some(value) = source(&mut section, &mut seen, credentials, walk) {
            check_interval(&section, &value, least);
            check_secrecy(&section, &value);
            sources.push(Placed { value, header, topics });
        }
        section.finish();
    }
    if let Some(first) = sources.first()
        && sources.iter().all(|placed| !placed.value.enabled)
    {
        walk.warn(
            first.header.clone(),
            "every source has `enabled = false`: nothing is visited",
        );
    }
    sources
}

fn source(
    section: &mut Section<'_>,
    seen: &mut Seen,
    credentials: Option<&Credentials>,
    walk: &Walk<'_>,
) -> Option<Source> {
    let id = section.take("id", id);
    let name = section.require("name", "\"Cancer Research UK\"", value::line);
    let id = match section.has("id") {
        true => id,
        false => name.as_deref().and_then(|name| id_of(section, name)),
    };
    let url = section.require("url", "\"https://news.cancerresearchuk.org/feed/\"", value::web_url);
    seen.check_id(section, id.as_ref(), walk);
    seen.check_url(section, url.as_ref(), walk);
    let page = page(section);
    let topics = section.require_list("topics", "[\"research\"]", topics::topic);
    let relevances = [("score", Relevance::Score), ("always", Relevance::Always)];
    let datings = [("trust", Dates::Trust), ("ignore", Dates::Ignore)];
    let enabled = section.take("enabled", value::flag);
    let priority = section.take("priority", value::number(-PRIORITY_MAX..=PRIORITY_MAX));
    let outlet = section.take(
        "outlet",
        value::choice(&Outlet::ALL.map(|outlet| (outlet.as_str(), outlet))),
    );
    let interval = section.take("interval", value::duration(MINUTE..=30 * DAY));
    let keep = section.list("keep", "[\"cancer\"]", rule);
    let drop = section.list("drop", "[\"podcast\"]", rule);
    let pin = section.list("pin", "[\"category:recall\"]", rule);
    let pinned_for = section.take("pinned_for", value::duration(PINNED_FOR_MIN..=PINNED_FOR_MAX));
    if section.has("pinned_for") && !section.has("pin") {
        section.warn("pinned_for", "`pinned_for` has no effect without `pin`");
    }
    let boilerplate = section.list_of(
        BOILERPLATE_MAX,
        "boilerplate",
        "[\"Read it in our journal\"]",
        boilerplate,
    );
    let relevance = section.take("relevance", value::choice(&relevances));
    let dates = section.take("dates", value::choice(&datings));
    let summaries = section.take(
        "summary",
        value::choice(&[("feed", Summaries::Feed), ("page", Summaries::Page)]),
    );
    let excerpt = section.take("excerpt", value::count(EXCERPT_MIN..=EXCERPT_MAX));
    let private = section.take("private", value::flag);
    let headers = headers::read(section, credentials);
    let bare = Source::new(id?, name?, url?, topics?);
    Some(Source {
        page,
        enabled: enabled.unwrap_or(bare.enabled),
        priority: priority.unwrap_or(bare.priority),
        outlet,
        interval,
        keep: keep.unwrap_or_default(),
        drop: drop.unwrap_or_default(),
        pin: pin.unwrap_or_default(),
        pinned_for: pinned_for.unwrap_or(bare.pinned_for),
        boilerplate: boilerplate.unwrap_or_default().into_iter().flatten().collect(),
        relevance: relevance.unwrap_or(bare.relevance),
        dates: dates.unwrap_or(bare.dates),
        summaries: summaries.unwrap_or(bare.summaries),
        excerpt: excerpt.unwrap_or(bare.excerpt),
        private: private.unwrap_or(bare.private),
        headers: headers.unwrap_or_default(),
        ..bare
    })
}

fn id(given: Given<'_>) -> Result<SourceId, Wrong> {
    let text = value::line(given)?;
    SourceId::parse(&text).ok_or_else(|| {
        let wrong = Wrong::new("an id has lower-case letters, digits and single hyphens");
        match SourceId::from_name(&text) {
            Some(meant) => wrong.help(format!("did you mean \"{meant}\"?")),
            None => wrong,
        }
    })
}

fn id_of(section: &Section<'_>, name: &str) -> Option<SourceId> {
    let id = SourceId::from_name(name);
    if id.is_none() {
        let help = "add an `id` of lower-case letters, digits and hyphens";
        section.wrong(
            "name",
            "the name has no letter or digit to make an id of",
            Some(help.into()),
        );
    }
    id
}

/// `None` for a feed, and where the two keys are faulty.
fn page(section: &mut Section<'_>) -> Option<Selectors> {
    let formats = [("feed", Format::Feed), ("page", Format::Page)];
    let format = section.take("format", value::choice(&formats));
    let table = section.table("selectors", "selectors", SELECTORS);
    let told = section.has("selectors");
    if format == Some(Format::Page) && !told {
        let help = format!("say where the news is on it: selectors = {SELECTORS}");
        section.wrong("format", "a page has no entries of its own", Some(help));
    }
    if told && (format == Some(Format::Feed) || !section.has("format")) {
        let help = "add format = \"page\" if the address is that of a page";
        section.wrong("selectors", "a feed needs no selectors", Some(help.into()));
    }
    selectors(table?)
}

fn selectors(mut table: Section<'_>) -> Option<Selectors> {
    let item = table.require("item", "\"li.news\"", selector);
    let [title, link, summary, date] = ["title", "link", "summary", "date"].map(|key| table.take(key, selector));
    table.finish();
    Some(Selectors {
        item: item?,
        title,
        link,
        summary,
        date,
    })
}

fn selector(given: Given<'_>) -> Result<Selector, Wrong> {
    let text = given.text("a CSS selector like \"li.news\"")?;
    Selector::parse(text).map_err(|why| Wrong::new(format!("the selector {} cannot be used: {why}", quoted(text))))
}

fn rule(given: Given<'_>) -> Result<Rule, Wrong> {
    let text = given.text("a word, a \"phrase\" or a \"/regular expression/\"")?;
    if text.chars().count() > RULE_CHARS_MAX {
        return Err(Wrong::new(format!("longer than {RULE_CHARS_MAX} characters")));
    }
    misspelt_field(text)?;
    Rule::parse(text).map_err(|why| {
        let why = why.trim_start_matches("error: ");
        Wrong::new(format!("the rule {} cannot be used: {why}", quoted(text)))
    })
}

/// `titel:podcast` would be a phrase that nobody ever writes.
fn misspelt_field(text: &str) -> Result<(), Wrong> {
    let Some((word, _)) = Rule::prefix(text) else {
        return Ok(());
    };
    let names = Field::NAMES.map(|(name, _)| name);
    let other = OTHER_NAMES.iter().find(|(other, _)| *other == word);
    match other.map(|(_, name)| *name).or_else(|| suggest::closest(word, names)) {
        Some(meant) if meant != word => {
            let wrong = Wrong::new(format!("no field is called {}", quoted(word)));
            let help = format!("did you mean `{meant}:`? Where the word itself is meant, write '/{word}:/'");
            Err(wrong.help(help))
        }
        _ => Ok(()),
    }
}

fn boilerplate(given: Given<'_>) -> Result<[Habit; 3], Wrong> {
    let text = given.text("words or a \"/regular expression/\"")?;
    Habit::of_source(text).map_err(|why| Wrong::new(format!("{} cannot be used: {why}", quoted(text))))
}

impl Seen {
    fn check_id(&mut self, section: &Section<'_>, id: Option<&SourceId>, walk: &Walk<'_>) {
        let Some(id) = id else { return };
        let key = if section.has("id") { "id" } else { "name" };
        let line = walk.line_number(&section.span(key));
        if let Some(first) = self.ids.again(id.clone(), line) {
            let message = match key {
                "id" => format!("the id `{id}` is used on line {first} already"),
                _ => format!("the id made of this name, `{id}`, is used on line {first} already"),
            };
            section.wrong(key, message, Some("give one of the two another `id`".into()));
        }
    }

    fn check_url(&mut self, section: &Section<'_>, url: Option<&Url>, walk: &Walk<'_>) {
        let Some(url) = url else { return };
        let line = walk.line_number(&section.span("url"));
        if let Some(first) = self.urls.again(url.clone(), line) {
            let help = "one source can carry several topics: topics = [\"research\", \"practice\"]";
            section.wrong(
                "url",
                format!("this feed is visited already, see line {first}"),
                Some(help.into()),
            );
        }
    }
}

fn check_interval(section: &Section<'_>, source: &Source, least: Duration) {
    if source.interval.is_some_and(|interval| interval < least) {
        let message = format!(
            "`interval` has no effect: fetch.min_interval is {}",
            value::spell(least)
        );
        section.warn("interval", message);
    }
}

fn check_secrecy(section: &Section<'_>, source: &Source) {
    if let Some(parameter) = secret_parameter(&source.url).filter(|_| !source.private) {
        let help = "with `private = true` the address is never published";
        section.wrong(
            "url",
            format!("what looks like a secret ({parameter}=) would be published"),
            Some(help.into()),
        );
    }
    let secret = source.headers.iter().any(|header| has_secret(header.template()));
    if secret && source.url.scheme() == "http" {
        section.warn(
            "url",
            "without https, everybody on the way can read the secrets in `headers`",
        );
    }
}
