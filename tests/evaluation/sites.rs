//! What tumour site news is about.

use oncofeed::{
    edge::config::shipped_editorial,
    model::{
        item::{Item, ItemId, StoryKey},
        label::Site,
        link::Link,
        source::SourceKey,
    },
    pipeline::labels,
};
use serde::Deserialize;

use crate::{figure::share, folder};

#[derive(Deserialize)]
struct Labelled {
    id: String,
    source: String,
    title: String,
    summary: String,
    link: String,
    categories: Vec<String>,
    relevance: String,
    site: Option<String>,
    kind: Option<String>,
}

/// What stands for several sites, or none.
const GENERAL: &str = "general";

#[test]
fn sites_and_kinds_of_labelled_news_are_told() {
    let Some(labelled) = folder::rows::<Labelled>("relevance") else {
        return;
    };
    let editorial = shipped_editorial().unwrap();
    let outlets = folder::outlets();
    let (mut all, mut right, mut kinds) = (0, 0, 0);
    let mut errors = vec![];
    for row in labelled.rows.iter().filter(|row| row.relevance != "not") {
        let Some(site) = &row.site else { continue };
        let outlet = outlets.get(&row.source).copied();
        let told = labels::of(&item(row), &row.summary, outlet, &editorial.labels);
        let ours = match told.labels.sites.as_slice() {
            [one] => one.name(),
            // The guide files a child's tumour under children, wherever it grows.
            several if several.contains(&Site::Paediatric) => Site::Paediatric.name(),
            _ => GENERAL,
        };
        let news_type = told.labels.news_type.map(|news_type| news_type.name());
        all += 1;
        right += usize::from(ours == site);
        kinds += usize::from(news_type == row.kind.as_deref());
        if ours != site {
            errors.push(format!(
                "{} is {site}, not {ours}: {:?} {}",
                row.id, told.words, row.title
            ));
        }
    }
    println!("tumour site: {right} of {all} right ({:.3})", share(right, all));
    println!("kind of news: {kinds} of {all} right ({:.3})", share(kinds, all));
    println!("{}", errors.join("\n"));
    if labelled.promised {
        assert!(share(right, all) >= 0.94);
    }
}

fn item(row: &Labelled) -> Item {
    Item {
        id: ItemId(uuid::Uuid::nil()),
        source: SourceKey(1),
        story: StoryKey(1),
        link: Link::parse(&row.link),
        title: row.title.clone(),
        summary: row.summary.clone(),
        description: None,
        published: None,
        updated: None,
        first_seen: jiff::Timestamp::UNIX_EPOCH,
        last_seen: jiff::Timestamp::UNIX_EPOCH,
        authors: vec![],
        categories: row.categories.clone(),
        doi: None,
        image: None,
        claims: vec![],
        surfaces_at: None,
    }
}
