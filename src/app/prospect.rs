//! Looks for the feeds of a site, and at what each would give.
//!
//! ```text
//! URL ─┬─ a feed ──────────────────────────────────────────────→ one candidate
//!      └─ a page ─→ what it names ─→ what it links to ─→ usual places ─→ candidates
//!                   └──── the next only where one brought nothing ────┘
//! ```
//!
//! One request at a time, and few of them: the site has not asked for our visit.

use std::collections::HashSet;

use url::Url;

use super::{
    glance::{self, Document, GlanceFault},
    robots::Robots,
};
use crate::{
    edge::{clock::Clock, fetch::Fetcher},
    model::{editorial::Editorial, fetched::Request, link::Link},
    pipeline::{
        audit,
        discover::{self, Lead, Leads},
        parse,
        preview::{self, Preview},
    },
};

/// Most candidates that are looked at and shown: an editor reads them all.
const CANDIDATES_MAX: usize = 6;

/// Most addresses of one kind that are asked.
const ASKED_MAX: usize = 12;

/// A feed that could be a source.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    pub asked: Url,
    /// What to write into feeds.toml: where every hop was permanent, what they led to; else what was asked.
    pub url: Link,
    /// Where the document was found in the end.
    pub found_at: Url,
    pub preview: Preview,
}

impl Candidate {
    /// Every address that stands for it.
    pub fn addresses(&self) -> [&Url; 3] {
        [&self.asked, self.url.url(), &self.found_at]
    }
}

/// What a look at a site brought.
#[derive(Debug, Clone, Default)]
pub struct Prospect {
    pub candidates: Vec<Candidate>,
    /// What was asked and is no candidate, a sentence each.
    pub passed_over: Vec<String>,
}

/// # Errors
/// Where the address itself does not answer.
pub async fn prospect(
    fetcher: &Fetcher,
    clock: &Clock,
    editorial: Editorial,
    url: &Url,
) -> Result<Prospect, GlanceFault> {
    let robots = Robots::passing(fetcher.clone(), clock.clone());
    let document = glance::fetch(&robots, &Request::new(url.clone())).await?;
    let mut search = Search {
        robots,
        editorial,
        port: url.port(),
        asked: HashSet::from([url.clone(), document.url.clone()]),
        prospect: Prospect::default(),
    };
    match search.preview(&document).await? {
        Ok(preview) => search.add(url, document, preview),
        Err(leads) => search.follow(&document.url, leads).await,
    }
    Ok(search.prospect)
}

struct Search {
    robots: Robots,
    editorial: Editorial,
    /// The one that the editor vouched for, if the address names one.
    port: Option<u16>,
    asked: HashSet<Url>,
    prospect: Prospect,
}

impl Search {
    /// What a feed would give, or where a page leads.
    async fn preview(&self, document: &Document) -> Result<Result<Preview, Leads>, GlanceFault> {
        let (editorial, now) = (self.editorial.clone(), self.robots.clock.now());
        let look = move |document: &Document, read: Result<_, _>| match read {
            Ok(feed) => Ok(preview::preview(feed, &editorial, now)),
            Err(_) => {
                let page = parse::text(&document.bytes, document.charset.as_deref()).unwrap_or_default();
                Err(discover::leads(&page, &document.url))
            }
        };
        document.read(None, look).await
    }

    /// Feeds of readers' comments are asked only where a site has nothing else.
    async fn follow(&mut self, page: &Url, leads: Leads) {
        let is_news = |lead: &&Lead| !lead.comments;
        let urls = |leads: &mut dyn Iterator<Item = &Lead>| leads.map(|lead| lead.url.clone()).collect::<Vec<_>>();
        self.ask(urls(&mut leads.named.iter().filter(is_news)), CANDIDATES_MAX)
            .await;
        if self.prospect.candidates.is_empty() {
            self.ask(urls(&mut leads.linked.iter().filter(is_news)), CANDIDATES_MAX)
                .await;
        }
        if self.prospect.candidates.is_empty() {
            let before = self.prospect.passed_over.len();
            // The others would be the same feed once more.
            self.ask(discover::usual_places(page), 1).await;
            if !self.prospect.candidates.is_empty() {
                // Nobody had said that there was anything at the places before it.
                self.prospect.passed_over.truncate(before);
            }
        }
        if self.prospect.candidates.is_empty() {
            let mut comments = leads.named.iter().chain(&leads.linked).filter(|lead| lead.comments);
            self.ask(urls(&mut comments), 1).await;
        }
    }

    /// Asks one after another, until there are enough candidates.
    async fn ask(&mut self, urls: Vec<Url>, enough: usize) {
        let urls: Vec<_> = urls.into_iter().filter(|url| !self.asked.contains(url)).collect();
        for url in urls.into_iter().take(ASKED_MAX) {
            if self.prospect.candidates.len() >= enough {
                return;
            }
            self.asked.insert(url.clone());
            if url.port().is_some() && url.port() != self.port {
                // Ports of their own belong to other services, and a page could have us knock at any.
                self.pass_over(&url, "is at a port of its own; add it by its address if you mean it");
            } else if let Err(fault) = self.look_at(&url).await {
                self.pass_over(&url, &fault.to_string());
            }
        }
    }

    async fn look_at(&mut self, url: &Url) -> Result<(), GlanceFault> {
        let document = glance::fetch(&self.robots, &Request::new(url.clone())).await?;
        match self.preview(&document).await? {
            Ok(preview) => self.add(url, document, preview),
            Err(_) => self.pass_over(url, "not a feed"),
        }
        Ok(())
    }

    /// Many sites offer one feed in several formats: the first is enough.
    fn add(&mut self, asked: &Url, document: Document, preview: Preview) {
        let same = |candidate: &Candidate| {
            candidate.found_at == document.url || audit::same_entries(&candidate.preview.drafts, &preview.drafts)
        };
        let copied = self.prospect.candidates.iter().find(|candidate| same(candidate));
        let copied = copied.map(|first| format!("has the same entries as {}", first.url));
        match (copied, Link::new(document.moved_to.unwrap_or_else(|| asked.clone()))) {
            (Some(why), _) => self.pass_over(asked, &why),
            (None, None) => self.pass_over(asked, "is no address that feeds.toml could hold"),
            (None, Some(url)) => self.prospect.candidates.push(Candidate {
                asked: asked.clone(),
                url,
                found_at: document.url,
                preview,
            }),
        }
    }

    fn pass_over(&mut self, url: &Url, why: &str) {
        self.prospect.passed_over.push(format!("{url}: {why}"));
    }
}
