//! Summaries that a feed leaves out, from the articles' pages.
//!
//! ```text
//! sources that were visited → their newest items without a summary → marked as asked, in one transaction
//!    └─ by host, one after the other: robots.txt → page → description → (store)
//! ```
//!
//! Each article is asked once: what says so is stored first, so that no crash asks twice. Nothing waits for this: what
//! was found is published with the next tick.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::Arc,
    time::Duration,
};

use tokio::task::JoinSet;

use crate::{
    app::{
        cycle::{Visit, Visited},
        host,
        robots::{PageFault, Robots},
        watchlist::Watchlist,
    },
    edge::store::{Store, StoreFault},
    model::{
        fetched::{Answer, Fetched, Request, Wanted},
        item::{Item, ItemId},
        link::Link,
        robots::Permission,
        source::{SourceKey, Summaries, Watched},
    },
    pipeline::{extract, parse},
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
    pub watchlist: Arc<Watchlist>,
}

/// An item whose article is asked for.
#[derive(Debug)]
struct Article {
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
        for article in self.claim(sources).await? {
            hosts.entry(article.link.host().to_owned()).or_default().push(article);
        }
        let mut asked = JoinSet::new();
        for articles in hosts.into_values() {
            let all = self.clone();
            asked.spawn(async move { all.ask_host(articles).await });
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

    /// Chooses the articles, and stores that they are asked.
    async fn claim(&self, sources: BTreeSet<SourceKey>) -> Result<Vec<Article>, StoreFault> {
        if sources.is_empty() {
            return Ok(vec![]);
        }
        let (watchlist, now) = (Arc::clone(&self.watchlist), self.robots.clock.now());
        self.store
            .write(move |writer| {
                let mut articles = vec![];
                for watched in sources.iter().filter_map(|source| watchlist.get(source)) {
                    for item in writer.undescribed(watched.key, ARTICLES_MAX, lacks_text)? {
                        writer.set_described(item.id, Some(now))?;
                        articles.extend(Article::of(item, watched));
                    }
                }
                Ok(articles)
            })
            .await
    }

    /// One after the other, with the pauses that the host asks for. Those for which there is no time now are given back.
    async fn ask_host(&self, articles: Vec<Article>) -> Result<usize, StoreFault> {
        let (mut described, mut asked, mut left) = (0, 0, vec![]);
        let mut busy = false;
        for article in articles {
            let may_ask = if busy {
                Ok(false)
            } else {
                self.may_ask(&article, asked).await
            };
            let found = match may_ask {
                Ok(false) => {
                    left.push(article.item);
                    continue;
                }
                Ok(true) => {
                    asked += 1;
                    self.ask(&article).await
                }
                Err(fault) => Err(fault),
            };
            busy |= found.as_ref().is_err_and(PageFault::is_plea_for_patience);
            match found {
                Ok(Some(description)) => {
                    described += 1;
                    self.keep(article.item, description).await?;
                }
                Ok(None) => tracing::debug!(article = %article.link, "the page describes nothing"),
                Err(PageFault::Store(fault)) => return Err(fault),
                Err(fault) => {
                    tracing::debug!(article = %article.link, %fault, "no description");
                    self.rest(&fault).await?;
                }
            }
        }
        self.give_back(left).await?;
        Ok(described)
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

    async fn ask(&self, article: &Article) -> Result<Option<String>, PageFault> {
        let fetched = self.robots.read(&article.request).await?;
        let title = article.title.clone();
        let read = tokio::task::spawn_blocking(move || description(&fetched, &title));
        Ok(read.await.unwrap_or_default())
    }

    /// A host that has enough of articles has enough of visits to its feeds.
    async fn rest(&self, fault: &PageFault) -> Result<(), StoreFault> {
        let Some((host, wait)) = fault.pause() else {
            return Ok(());
        };
        let (host, now) = (host.to_owned(), self.robots.clock.now());
        let rest = self.store.write(move |writer| host::rest(writer, &host, wait, now));
        rest.await
    }

    async fn keep(&self, item: ItemId, description: String) -> Result<(), StoreFault> {
        let keep = self.store.write(move |writer| writer.describe(item, &description));
        keep.await
    }

    async fn give_back(&self, items: Vec<ItemId>) -> Result<(), StoreFault> {
        if items.is_empty() {
            return Ok(());
        }
        let give = self.store.write(move |writer| {
            let mut items = items.iter();
            items.try_for_each(|item| writer.set_described(*item, None))
        });
        give.await
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
            item: item.id,
            title: item.title,
            link,
            request,
        })
    }
}

fn lacks_text(item: &Item) -> bool {
    extract::says_nothing(&item.summary, &item.title)
}

fn description(fetched: &Fetched, title: &str) -> Option<String> {
    let Answer::Body(body) = &fetched.answer else {
        return None;
    };
    extract::description(&parse::page_text(&body.bytes, body.charset.as_deref()), title)
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
