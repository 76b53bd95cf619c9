//! What has become of a paper: whose word on that counts, and what it means for a story.

use super::{Desk, Told};
use crate::{
    model::{
        item::{Claim, Item},
        label::Labels,
        link::Link,
        source::{Outlet, Watched},
    },
    pipeline::dedupe::lead::site,
};

/// Sites that show the notices of every publisher.
const REGISTRIES: [&str; 2] = ["pubmed.ncbi.nlm.nih.gov", "doi.org"];

/// The weightiest notice of an item's paper that is believed.
///
/// A DOI is whatever a feed claims. So a notice counts if it comes from the paper's own source, or from a journal and
/// stands on the paper's own site; and for as long as an editor has its source in feeds.toml.
pub(super) fn believed<'a>(item: &'a Item, desk: &Desk<'_>) -> Option<&'a Claim> {
    let claims = item.claims.iter().filter(|claim| believes(item, claim, desk));
    claims.max_by_key(|claim| claim.notice)
}

fn believes(item: &Item, claim: &Claim, desk: &Desk<'_>) -> bool {
    let Some(by) = desk.sources.get(&claim.by) else {
        return false;
    };
    let told_at = claim.link.as_ref().map(Link::host).unwrap_or_default();
    let same_site = item
        .link
        .as_ref()
        .is_some_and(|paper| site(paper.host()) == site(told_at));
    claim.by == item.source || is_journal(by) && (same_site || REGISTRIES.contains(&told_at))
}

/// The lead's labels, with what the whole story knows of its paper.
///
/// Anybody who bears a paper's DOI comes into its story: of a notice, only the lead and journals are heard. Whatever
/// says that no peer has reviewed it is heard until a journal has it.
pub(super) fn labels(told: &Told<'_>, desk: &Desk<'_>) -> Labels {
    let mut labels = desk.labels(told.lead).labels;
    let mut reviewed = is_journal(told.source) && !labels.preprint;
    for (item, watched) in &told.others {
        let own = desk.labels(item).labels;
        labels.preprint |= own.preprint;
        if is_journal(watched) {
            labels.notice = labels.notice.max(own.notice);
            reviewed |= !own.preprint;
        }
    }
    labels.preprint &= !reviewed;
    labels
}

/// The notice by which a story is marked, where another item brought it.
pub(super) fn claim<'a>(told: &Told<'a>, desk: &Desk<'_>) -> Option<&'a Claim> {
    let heard = told.others.iter().filter(|(_, watched)| is_journal(watched));
    let items = std::iter::once(told.lead).chain(heard.map(|(item, _)| *item));
    items
        .filter_map(|item| believed(item, desk))
        .max_by_key(|claim: &&Claim| claim.notice)
}

fn is_journal(watched: &Watched) -> bool {
    watched.source.outlet == Some(Outlet::Journal)
}
