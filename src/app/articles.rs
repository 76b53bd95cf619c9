//! Summaries that a feed leaves out, from the articles' pages.
//!
//! ```text
//! sources that were visited → their newest items without a summary
//!    └─ by host, one after the other: robots.txt → (store: asked) → page → description → (store)
//! ```
//!
//! Each article is asked once: what says so is stored right before, so that no crash asks twice, and costs no more than
//! the article that was being asked. Nothing waits for this: what was found is published with the next tick.

mod told;

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use tokio::task::JoinSet;

use self::told::{Told, ToldOf};
use crate::{
    app::{
        cycle::{Visit, Visited},
        host,
        robots::{PageFault, Robots},
        watchlist::Watchlist,
    },
    edge::store::{Store, StoreFault},
    model::{
        boilerplate::Habits,
        editorial::Editorial,
        fetched::{Answer, Fetched, Request, Wanted},
        item::{Item, ItemId},
        link::Link,
        robots::Permission,
        source::{SourceKey, Summaries, Watched},
    },
    pipeline::{extract, parse, poll},
};

/// Most articles of a source that are asked for after one visit. A source has some three new items a day and is visited
/// more often; a new one with a hundred has its newest described first, and bothers nobody with the rest at once.
const ARTICLES_MAX: usize = 3;

/// Longest `Crawl-delay` that is waited for: the one that most sites which have any ask for. A site that asks for more
/// gets one request after each visit.
const PAUSE_MAX: Duration = Duration::from_secs(10);

/// What descriptions are fetched with.
#[derive(Debug, Clone)]
pub struct Articles {
    pub store: Store,
    pub robots: Robots,
    pub editorial: Editorial,
    pub watchlist: Arc<Watchlist>,
}

/// An item whose article is asked for.
#[derive(Debug)]
struct Article {
    source: SourceKey,
    item: ItemId,
    title: String,
    link: Link,
    request: Request,
}

/// The sources of these visits that want descriptions, and answered.
pub fn wanting<'a>(visits: &'a [Visit], watchlist: &'a Watchlist) -> impl Iterator<Item = SourceKey> + 'a {
    let answered = visits
        .iter()
        .filter(|visit| !matches!(visit.result, Visited::Failed(_)));
    answered.map(|visit| visit.source).filter(|source| {
        let watched = watchlist.get(source);
        watched.is_some_and(|watched| watched.source.summaries == Summaries::Page)
    })
}

impl Articles {
    /// Asks for the newest articles of these sources that were not asked yet; answers how many described themselves.
    ///
    /// # Errors
    /// Whatever the store says. An article that cannot be read is no error.
    pub async fn describe(&self, sources: BTreeSet<SourceKey>) -> Result<usize, StoreFault> {
        let mut hosts: BTreeMap<String, Vec<Article>> = BTreeMap::new();
        for article in self.choose(sources).await? {
            hosts.entry(article.link.host().to_owned()).or_default().push(article);
        }
        let told = Told::default();
        let mut asked = JoinSet::new();
        for articles in hosts.into_values() {
            let (all, told) = (self.clone(), told.clone());
            asked.spawn(async move { all.ask_host(articles, &told).await });
        }
        let mut described = 0;
        while let Some(joined) = asked.join_next().await {
            match joined {
                Ok(of_host) => described += of_host?,
                Err(fault) => tracing::error!(%fault, "an article could not be read; please report it"),
            }
        }
        Ok(described)
    }

    async fn choose(&self, sources: BTreeSet<SourceKey>) -> Result<Vec<Article>, StoreFault> {
        if sources.is_empty() {
            return Ok(vec![]);
        }
        let (watchlist, editorial) = (Arc::clone(&self.watchlist), self.editorial.clone());
        let choose = self.store.read(move |reader| {
            let mut articles = vec![];
            for watched in sources.iter().filter_map(|source| watchlist.get(source)) {
                let habits = editorial.habits(Some(&watched.source));
                let lacks_text = |item: &Item| extract::says_nothing(&item.summary, &item.title, habits);
                let items = reader.undescribed(watched.key, ARTICLES_MAX, lacks_text)?;
                articles.extend(items.into_iter().filter_map(|item| Article::of(item, watched)));
            }
            Ok(articles)
        });
        choose.await
    }

    /// One after the other, with the pauses that the host asks for. Those for which there is no time now stay as they are.
    async fn ask_host(&self, articles: Vec<Article>, told: &Told) -> Result<usize, StoreFault> {
        let (mut described, mut asked) = (0, 0);
        for article in articles {
            let may_ask = self.may_ask(&article, asked).await;
            let put_off = matches!(&may_ask, Ok(false)) || may_ask.as_ref().is_err_and(PageFault::is_put_off);
            let claimed = !put_off && self.claim(article.item).await?;
            let found = match may_ask {
                Ok(true) if claimed => {
                    asked += 1;
                    self.ask(&article).await
                }
                Ok(_) => continue,
                Err(fault) => Err(fault),
            };
            let fault = match found {
                Ok(found) => {
                    described += usize::from(self.keep(&article, found, told).await?);
                    continue;
                }
                Err(PageFault::Store(fault)) => return Err(fault),
                Err(fault) => fault,
            };
            tracing::debug!(article = %article.link, %fault, "no description");
            if claimed && fault.is_put_off() {
                self.give_back(article.item).await?;
            }
            self.rest(&fault).await?;
            if fault.is_plea_for_patience() {
                break;
            }
        }
        Ok(described)
    }

    async fn claim(&self, item: ItemId) -> Result<bool, StoreFault> {
        let now = self.robots.clock.now();
        let claim = self.store.write(move |writer| writer.set_described(item, now));
        claim.await
    }

    async fn give_back(&self, item: ItemId) -> Result<(), StoreFault> {
        let give = self.store.write(move |writer| writer.set_undescribed(item));
        give.await
    }

    /// Whether there is time for an article now; waits for its turn.
    async fn may_ask(&self, article: &Article, asked: usize) -> Result<bool, PageFault> {
        match self.robots.permission(&article.request, &article.request.url).await? {
            Permission::Unknown => Ok(false),
            Permission::Disallowed => Err(PageFault::Disallowed),
            Permission::Allowed { pause } if asked > 0 && pause > PAUSE_MAX => Ok(false),
            Permission::Allowed { pause } => {
                let wait = if asked > 0 { pause } else { Duration::ZERO };
                tokio::time::sleep(wait).await;
                Ok(true)
            }
        }
    }

    async fn ask(&self, article: &Article) -> Result<ToldOf, PageFault> {
        let fetched = self.robots.read(&article.request).await?;
        let led_to = poll::led_to(article.link.url(), &fetched.url);
        let (title, source) = (article.title.clone(), article.source);
        let (watchlist, editorial) = (Arc::clone(&self.watchlist), self.editorial.clone());
        let read = tokio::task::spawn_blocking(move || {
            let source = watchlist.get(&source).map(|watched| &watched.source);
            description(&fetched, &title, editorial.habits(source))
        });
        Ok(ToldOf {
            item: article.item,
            title: article.title.clone(),
            link: article.link.clone(),
            led_to,
            description: read.await.unwrap_or_default(),
        })
    }

    /// A host that has enough of articles has enough of visits to its feeds.
    async fn rest(&self, fault: &PageFault) -> Result<(), StoreFault> {
        let Some((host, wait)) = fault.pause() else {
            return Ok(());
        };
        let (host, clocks) = (host.to_owned(), self.robots.clock.reading());
        let rest = self.store.write(move |writer| host::rest(writer, &host, wait, &clocks));
        rest.await
    }

    /// Answers whether a description was kept.
    async fn keep(&self, article: &Article, found: ToldOf, told: &Told) -> Result<bool, StoreFault> {
        let told = told.clone();
        let kept = self.store.write(move |writer| told.keep(writer, found)).await?;
        if !kept {
            tracing::debug!(article = %article.link, "the page describes nothing");
        }
        Ok(kept)
    }
}

impl Article {
    /// `None` never happens: items without a link are not chosen.
    fn of(item: Item, watched: &Watched) -> Option<Self> {
        let link = item.link?;
        let request = Request {
            wanted: Wanted::Page,
            source: Some(watched.source.url.clone()),
            ..Request::new(link.url().clone())
        };
        Some(Self {
            source: watched.key,
            item: item.id,
            title: item.title,
            link,
            request,
        })
    }
}

fn description(fetched: &Fetched, title: &str, habits: Habits<'_>) -> Option<String> {
    let Answer::Body(body) = &fetched.answer else {
        return None;
    };
    extract::description(&parse::page_text(&body.bytes, body.charset.as_deref()), title, habits)
}

/// Articles that are asked for beside the ticks, in one task at most. It ends when this is dropped.
#[derive(Debug, Default)]
pub struct Errand {
    task: JoinSet<Result<usize, StoreFault>>,
    /// Sources that were visited meanwhile.
    waiting: BTreeSet<SourceKey>,
}

impl Errand {
    /// Sends for the articles of these sources, once the task before is done.
    pub fn send(&mut self, articles: Articles, sources: impl IntoIterator<Item = SourceKey>) {
        self.waiting.extend(sources);
        if self.task.is_empty() && !self.waiting.is_empty() {
            let sources = std::mem::take(&mut self.waiting);
            self.task.spawn(async move { articles.describe(sources).await });
        }
    }

    /// How many articles described themselves, if the task is done.
    pub fn came_back(&mut self) -> Option<usize> {
        match self.task.try_join_next()? {
            Ok(Ok(described)) => {
                tracing::debug!(described, "articles asked");
                Some(described)
            }
            Ok(Err(fault)) => {
                tracing::error!(%fault, "the store failed; descriptions come later");
                None
            }
            Err(fault) => {
                tracing::error!(%fault, "articles could not be asked; please report it");
                None
            }
        }
    }
}
