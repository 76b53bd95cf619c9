//! From what is kept to what is public.
//!
//! ```text
//! (store) → curate → render → check → (store: when each output changed) → files → memory
//! ```
//!
//! The store commits before a file is replaced: a crash between leaves older files, which the next publication
//! replaces. An output that does not pass its check never replaces one that did.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use jiff::Timestamp;

use crate::{
    app::watchlist::Watchlist,
    edge::{
        publish,
        store::{Reader, Store, StoreFault, Writer},
    },
    model::{
        channel::Channel,
        editorial::Editorial,
        intent::{Announced, OutputRecord},
        publication::{Document, Edition, Publication},
        settings::{Feeds, Settings},
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
    /// Why the files could not be written. What is served from memory does not depend on them.
    pub files: Result<(), publish::PublishFault>,
}

/// How a channel came out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChannelReport {
    pub id: String,
    pub items: usize,
    /// Whether its outputs are others than before.
    pub changed: bool,
}

/// Outputs that change together: those of a channel, or one that belongs to none.
struct Sheet {
    /// The channel's id, or the output's name.
    name: String,
    documents: Vec<(String, Document)>,
    changed: Timestamp,
    /// To be remembered, where it is another than before.
    record: Option<OutputRecord>,
}

impl Press {
    /// What lies in the folder of published files: the last good one, at a start.
    pub async fn last(&self) -> Publication {
        let dir = self.settings.publish.dir.clone();
        let names: Vec<_> = self
            .feeds
            .channels
            .iter()
            .flat_map(|channel| render::names(&channel.id))
            .collect();
        tokio::task::spawn_blocking(move || publish::read(&dir, &names, render::media_type))
            .await
            .unwrap_or_default()
    }

    /// Makes and publishes all channels as of `now`; `last` is kept where something new does not pass its check.
    ///
    /// # Errors
    /// Whatever the store says; nothing was published then.
    pub async fn publish(&self, last: &Publication, now: Timestamp) -> Result<Published, StoreFault> {
        let (chosen, records) = self.choose(now).await?;
        let mut sheets: Vec<_> = self.sheets(&chosen, &records, last, now);
        if self.nothing_was_kept().await? {
            sheets.iter_mut().for_each(|sheet| sheet.stay(last));
        }
        let gone = gone(&records, &sheets);
        self.remember(&chosen, &sheets).await?;
        let channels = report(&chosen, &sheets);
        let documents = sheets.into_iter().flat_map(|sheet| sheet.documents).collect();
        let publication = Arc::new(Publication { documents });
        let files = write(
            self.settings.publish.dir.clone(),
            Arc::clone(&publication),
            gone.clone(),
        )
        .await;
        if files.is_ok() {
            self.forget(gone).await?;
        }
        Ok(Published {
            publication,
            channels,
            files,
        })
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
        let channel = |chosen: &Chosen| {
            let id = &chosen.edition.channel.id;
            let edition = |changed| Edition {
                changed,
                ..chosen.edition.clone()
            };
            let sheet = sheet(id, records.get(id), now, |changed| {
                render::channel(site, &edition(changed))
            });
            let meant = edition(sheet.changed);
            checked(sheet, last, |name, document| {
                render::check::document(name, document, &meant)
            })
        };
        let opml = |changed| vec![render::opml(site, &self.feeds.sources, changed)];
        let index = |changed| vec![render::index(site, &self.feeds.channels, changed)];
        let mut sheets: Vec<_> = chosen.iter().map(channel).collect();
        sheets.push(common("sources.opml", records, last, now, opml));
        sheets.push(common("index.html", records, last, now, index));
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

    /// Only once their files are gone: until then, they are known and tried again.
    async fn forget(&self, gone: Vec<String>) -> Result<(), StoreFault> {
        match gone.is_empty() {
            true => Ok(()),
            false => {
                let forget = move |writer: &Writer<'_>| gone.iter().try_for_each(|name| writer.forget_output(name));
                self.store.write(forget).await
            }
        }
    }
}

impl Sheet {
    /// Puts what was published last in the place of what was made now, where there is such.
    fn stay(&mut self, last: &Publication) {
        for (name, document) in &mut self.documents {
            if let Some(before) = last.documents.get(name) {
                *document = before.clone();
                self.record = None;
            }
        }
    }
}

fn choose(reader: &Reader<'_>, channels: &[Channel], desk: Desk<'_>) -> rusqlite::Result<Vec<Chosen>> {
    let mut curation = Curation::new(channels, desk);
    reader.newest(|item, ordered_at, story| curation.offer(item, ordered_at, &story))?;
    Ok(curation.finish())
}

/// Renders twice: first as if at the beginning of time, to see whether it is what it was; then with the time at which
/// it last changed.
fn sheet(
    name: &str,
    before: Option<&OutputRecord>,
    now: Timestamp,
    render: impl Fn(Timestamp) -> Vec<(String, Document)>,
) -> Sheet {
    let digest = render::digest(&render(Timestamp::UNIX_EPOCH));
    let (changed, record) = match before {
        Some(before) if before.digest == digest => (before.changed, None),
        _ => {
            let changed = Timestamp::from_second(now.as_second()).unwrap_or(now);
            let name = name.to_owned();
            (changed, Some(OutputRecord { name, digest, changed }))
        }
    };
    Sheet {
        name: name.to_owned(),
        documents: render(changed),
        changed,
        record,
    }
}

/// A sheet that belongs to no channel.
fn common(
    name: &str,
    records: &BTreeMap<String, OutputRecord>,
    last: &Publication,
    now: Timestamp,
    render: impl Fn(Timestamp) -> Vec<(String, Document)>,
) -> Sheet {
    let sheet = sheet(name, records.get(name), now, render);
    checked(sheet, last, render::check::common)
}

/// The sheet, or what was published last in its place.
fn checked(mut sheet: Sheet, last: &Publication, check: impl Fn(&str, &Document) -> Result<(), String>) -> Sheet {
    let found = |(name, document): &(String, Document)| Some((name.clone(), check(name, document).err()?));
    let fault = sheet.documents.iter().find_map(found);
    let Some((name, fault)) = fault else { return sheet };
    tracing::error!(output = %name, %fault, "an output did not pass its check: the last good one stays");
    sheet.documents.retain(|(name, _)| last.documents.contains_key(name));
    sheet.stay(last);
    sheet.record = None;
    sheet
}

/// Outputs of channels that an editor has removed.
fn gone(records: &BTreeMap<String, OutputRecord>, sheets: &[Sheet]) -> Vec<String> {
    let current = |name: &&String| sheets.iter().any(|sheet| sheet.name == **name);
    records.keys().filter(|name| !current(name)).cloned().collect()
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

async fn write(dir: PathBuf, publication: Arc<Publication>, gone: Vec<String>) -> Result<(), publish::PublishFault> {
    let names: Vec<_> = gone.iter().flat_map(|channel| render::names(channel)).collect();
    let work = move || {
        publish::write(&dir, &publication)?;
        publish::remove(&dir, names.iter().map(String::as_str)).map(drop)
    };
    match tokio::task::spawn_blocking(work).await {
        Ok(written) => written,
        Err(panic) => std::panic::resume_unwind(panic.into_panic()),
    }
}
