//! `oncofeed export`: the sources as OPML, for another feed reader or another oncofeed.

use serde::Serialize;

use super::{Common, Failure, answer};
use crate::pipeline::render;

pub(super) const EXAMPLES: &str = "Examples:\n  \
    oncofeed export > sources.opml\n  \
    oncofeed export --feeds other.toml | oncofeed import - --dry-run";

#[derive(Debug, Serialize)]
struct Report {
    opml: String,
    /// How many sources are not in it.
    private: usize,
}

pub(super) fn run(common: &Common) -> Result<(), Failure> {
    let loaded = common.load()?;
    let (opml, private) = render::export(&loaded.settings.site, &loaded.feeds.sources);
    if private > 0 {
        answer::aside(&format!(
            "left out: {}, whose address is never given away",
            answer::count(private, "private source")
        ));
    }
    match common.json {
        true => answer::give_json(&Report { opml, private })?,
        false => answer::give(&opml)?,
    }
    Ok(())
}
