//! From what is kept to what is public.
//!
//! ```text
//! (store) → curate → render → check → (store: when each output changed) → files → memory
//! ```
//!
//! The store commits before a file is replaced: a crash between leaves older files, which the next publication
//! replaces. An output that does not pass its check never replaces one that did.

mod sheet;

use std::{collections::BTreeMap, path::Path, sync::Arc};

use jiff::Timestamp;

use self::sheet::Sheet;
use crate::{
    app::watchlist::{self, Watchlist},
    edge::{
        config::Loaded,
        publish::{self, Written},
        store::{Reader, Store, StoreFault},
    },
    model::{
        channel::Channel,
        editorial::Editorial,
        intent::{Announced, OutputRecord},
        publication::{Departed, Document, Edition, Publication},
        settings::{Feeds, Settings, Site},
    },
    pipeline::{
        curate::{Chosen, Curation, Desk},
        render,
    },
};

/// What a publication is made with.
#[derive(Debug, Clone)]
pub struct Press {
    pub store: Store,
    pub settings: Arc<Settings>,
    pub feeds: Arc<Feeds>,
    pub editorial: Editorial,
    pub watchlist: Arc<Watchlist>,
}

/// A publication that was made.
#[derive(Debug)]
pub struct Published {
    pub publication: Arc<Publication>,
    pub channels: Vec<ChannelReport>,
    /// Outputs that did not pass their check, each with what is wrong: the last good ones stay.
    pub refused: Vec<(String, String)>,
    /// What became of the files, or why they could not be written. What is served from memory does not depend on them.
    pub files: Result<Written, publish::PublishFault>,
}

/// A publication that nobody has seen yet.
struct Made {
    chosen: Vec<Chosen>,
    sheets: Vec<Sheet>,
    /// What is remembered of channels that are no more.
    gone: Vec<OutputRecord>,
}

/// Why not all that was made is public.
#[derive(Debug, thiserror::Error)]
pub enum Unpublished {
    #[error("{output} was not published, the last good one stays: {fault}")]
    Refused { output: String, fault: String },
    #[error(transparent)]
    Files(#[from] publish::PublishFault),
}

impl Published {
    /// For commands that end with a publication.
    ///
    /// # Errors
    /// What of it did not become public.
    pub fn done(self) -> Result<Written, Unpublished> {
        if let Some((output, fault)) = self.refused.into_iter().next() {
            return Err(Unpublished::Refused { output, fault });
        }
        Ok(self.files?)
    }
}

/// How a channel came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReport {
    pub id: String,
    pub items: usize,
    /// Whether its outputs are others than before.
    pub changed: bool,
}

impl Press {
    /// A press that cannot publish, of a store that is open for reading.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn looking(store: Store, loaded: Loaded) -> Result<Self, StoreFault> {
        let rows = store.read(|reader| reader.sources()).await?;
        Ok(Self {
            watchlist: Arc::new(watchlist::look(&rows, &loaded.feeds.sources)),
            store,
            settings: Arc::new(loaded.settings),
            feeds: Arc::new(loaded.feeds),
            editorial: loaded.editorial,
        })
    }

    /// What lies in the folder of published files: the last good one, at a start.
    pub async fn last(&self) -> Publication {
        let dir = self.settings.publish.dir.clone();
        let outputs = render::every(&self.feeds.channels);
        tokio::task::spawn_blocking(move || publish::read(&dir, &outputs))
            .await
            .unwrap_or_default()
    }

    /// Makes and publishes all channels as of `now`; `last` is kept where something new does not pass its check.
    ///
    /// # Errors
    /// Whatever the store says; nothing was published then.
    pub async fn publish(&self, last: &Arc<Publication>, now: Timestamp) -> Result<Published, StoreFault> {
        let Made { chosen, sheets, gone } = self.make(last, now).await?;
        self.remember(&chosen, &sheets).await?;
        let removed: Vec<_> = gone.iter().filter(|record| !record.gone).cloned().collect();
        let published = self
            .print(&chosen, sheets, &gone, last, &self.settings.publish.dir)
            .await;
        if published.files.is_ok() {
            self.retire(removed).await?;
        }
        Ok(published)
    }

    /// Makes all channels as of `now` and writes them into another folder; the store stays as it is, and so do the
    /// published files.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn proof(&self, dir: &Path, now: Timestamp) -> Result<Published, StoreFault> {
        let last = Arc::new(self.last().await);
        let Made { chosen, sheets, gone } = self.make(&last, now).await?;
        Ok(self.print(&chosen, sheets, &gone, &last, dir).await)
    }

    async fn make(&self, last: &Publication, now: Timestamp) -> Result<Made, StoreFault> {
        let (chosen, records) = self.choose(now).await?;
        let mut sheets = self.sheets(&chosen, &records, last, now);
        if self.nothing_was_kept().await? {
            sheets.iter_mut().for_each(|sheet| sheet.stay(last));
        }
        let gone = gone(&records, &sheets);
        Ok(Made { chosen, sheets, gone })
    }

    /// Packs and writes, beside the threads that wait for others. Files of channels that were removed since go.
    async fn print(
        &self,
        chosen: &[Chosen],
        sheets: Vec<Sheet>,
        gone: &[OutputRecord],
        last: &Arc<Publication>,
        dir: &Path,
    ) -> Published {
        let channels = report(chosen, &sheets);
        let refused = sheets.iter().filter_map(|sheet| sheet.refused.clone()).collect();
        let documents = sheets.into_iter().flat_map(|sheet| sheet.documents).collect();
        let departed = departed(&self.settings.site, &self.feeds.channels, gone);
        let removed = gone.iter().filter(|record| !record.gone);
        let removed: Vec<_> = removed.flat_map(|record| render::names(&record.name)).collect();
        let (last, dir) = (Arc::clone(last), dir.to_owned());
        let (publication, files) = work(move || {
            let documents = packed(documents, &last);
            let publication = Arc::new(Publication { documents, departed });
            let files = write(&dir, &publication, &removed);
            (publication, files)
        })
        .await;
        Published {
            publication,
            channels,
            refused,
            files,
        }
    }

    /// What each channel shows, and when each output last changed.
    ///
    /// # Errors
    /// Whatever the store says.
    pub async fn choose(&self, now: Timestamp) -> Result<(Vec<Chosen>, BTreeMap<String, OutputRecord>), StoreFault> {
        let (feeds, watchlist) = (Arc::clone(&self.feeds), Arc::clone(&self.watchlist));
        let editorial = self.editorial.clone();
        self.store
            .read(move |reader| {
                let desk = Desk {
                    sources: &watchlist,
                    editorial: &editorial,
                    now,
                };
                let chosen = choose(reader, &feeds.channels, desk)?;
                let records = reader.outputs()?;
                let by_name = records.into_iter().map(|record| (record.name.clone(), record));
                Ok((chosen, by_name.collect()))
            })
            .await
    }

    /// A store that was lost begins anew, and what was published before is better than nothing until a source answers.
    async fn nothing_was_kept(&self) -> Result<bool, StoreFault> {
        let rows = self.store.read(|reader| reader.sources()).await?;
        Ok(rows
            .iter()
            .all(|row| row.items == 0 && row.state.last_success.is_none()))
    }

    fn sheets(
        &self,
        chosen: &[Chosen],
        records: &BTreeMap<String, OutputRecord>,
        last: &Publication,
        now: Timestamp,
    ) -> Vec<Sheet> {
        let site = &self.settings.site;
        let made = |edition: &Edition| {
            let id = &edition.channel.id;
            let dated = |changed| Edition {
                changed,
                ..edition.clone()
            };
            let sheet = Sheet::new(id, records.get(id), now, |changed| {
                render::channel(site, &dated(changed))
            });
            let meant = dated(sheet.changed);
            sheet.checked(last, |name, document| render::check::document(name, document, &meant))
        };
        let channel = |chosen: &Chosen| {
            let sheet = made(&chosen.edition);
            match sheet.refused {
                None => sheet,
                Some(_) => sound(site, &chosen.edition).map_or(sheet, |sound| made(&sound)),
            }
        };
        let common = |name: &str, render: &dyn Fn(Timestamp) -> (String, Document)| {
            let sheet = Sheet::new(name, records.get(name), now, |changed| vec![render(changed)]);
            sheet.checked(last, render::check::common)
        };
        let mut sheets: Vec<_> = chosen.iter().map(channel).collect();
        sheets.push(common(render::OPML, &|changed| {
            render::opml(site, &self.feeds.sources, changed)
        }));
        sheets.push(common(render::INDEX, &|changed| {
            render::index(site, &self.feeds.channels, changed)
        }));
        sheets
    }

    async fn remember(&self, chosen: &[Chosen], sheets: &[Sheet]) -> Result<(), StoreFault> {
        let records: Vec<_> = sheets.iter().filter_map(|sheet| sheet.record.clone()).collect();
        let announced: Vec<Announced> = chosen.iter().flat_map(|chosen| chosen.announced.clone()).collect();
        if records.is_empty() && announced.is_empty() {
            return Ok(());
        }
        self.store
            .write(move |writer| {
                records.iter().try_for_each(|record| writer.set_output(record))?;
                announced.iter().try_for_each(|announced| writer.announce(announced))
            })
            .await
    }

    /// Only once their files are removed: until then, that is tried again.
    async fn retire(&self, removed: Vec<OutputRecord>) -> Result<(), StoreFault> {
        if removed.is_empty() {
            return Ok(());
        }
        let gone = |record| OutputRecord { gone: true, ..record };
        self.store
            .write(move |writer| {
                let mut records = removed.into_iter().map(gone);
                records.try_for_each(|record| writer.set_output(&record))
            })
            .await
    }
}

/// What can be published of an edition that was refused as a whole, where that is anything.
fn sound(site: &Site, edition: &Edition) -> Option<Edition> {
    let (sound, faults) = render::check::sound(site, edition);
    for fault in &faults {
        tracing::error!(%fault, "an item that no reader would read as it is meant is left out");
    }
    (!faults.is_empty() && !sound.items.is_empty()).then_some(sound)
}

fn choose(reader: &Reader<'_>, channels: &[Channel], desk: Desk<'_>) -> rusqlite::Result<Vec<Chosen>> {
    let mut curation = Curation::new(channels, desk);
    reader.newest(|item, ordered_at, story| curation.offer(item, ordered_at, &story))?;
    Ok(curation.finish())
}

/// What is remembered of channels that an editor has removed.
fn gone(records: &BTreeMap<String, OutputRecord>, sheets: &[Sheet]) -> Vec<OutputRecord> {
    let current = |record: &&OutputRecord| sheets.iter().any(|sheet| sheet.name == record.name);
    records.values().filter(|record| !current(record)).cloned().collect()
}

/// The outputs of channels that are no more, and of those that a channel says it was called before.
fn departed(site: &Site, channels: &[Channel], gone: &[OutputRecord]) -> BTreeMap<String, Departed> {
    let gone = gone.iter().flat_map(|record| render::names(&record.name));
    let gone = gone.map(|name| (name, Departed::Gone));
    let moved = channels.iter().flat_map(|channel| render::moved(site, channel));
    gone.chain(moved.map(|(name, address)| (name, Departed::Moved(address))))
        .collect()
}

fn report(chosen: &[Chosen], sheets: &[Sheet]) -> Vec<ChannelReport> {
    chosen
        .iter()
        .zip(sheets)
        .map(|(chosen, sheet)| ChannelReport {
            id: sheet.name.clone(),
            items: chosen.edition.items.len(),
            changed: sheet.record.is_some(),
        })
        .collect()
}

/// Every document packed; what is as it was, is packed already.
fn packed(documents: Vec<(String, Document)>, last: &Publication) -> BTreeMap<String, Document> {
    let pack = |(name, document): (String, Document)| {
        let same = |last: &&Document| (&last.bytes, last.changed) == (&document.bytes, document.changed);
        let known = last.documents.get(&name).filter(same);
        let known = known.filter(|known| !known.packed.is_empty()).cloned();
        (name, known.unwrap_or_else(|| render::packed(document)))
    };
    documents.into_iter().map(pack).collect()
}

fn write(dir: &Path, publication: &Publication, removed: &[String]) -> Result<Written, publish::PublishFault> {
    let written = publish::write(dir, publication)?;
    publish::remove(dir, removed.iter().map(String::as_str))?;
    Ok(written)
}

/// Beside the threads that wait for others.
async fn work<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work).await {
        Ok(done) => done,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
