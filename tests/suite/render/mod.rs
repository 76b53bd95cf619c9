//! Outputs: what they look like, that no text breaks them, that they are byte-stable.

mod difficult;
mod documented;
mod golden;
mod hostile;
mod reading;
mod rules;
mod stable;
mod vectors;

use std::time::Duration;

use jiff::{Timestamp, tz::TimeZone};
use oncofeed::{
    model::{
        channel::Channel,
        item::ItemId,
        link::Link,
        publication::{AlsoReported, Document, Edition, PublishedItem, PublishedSource},
        settings::Site,
    },
    pipeline::render,
};
use uuid::Uuid;

pub(crate) fn site() -> Site {
    Site {
        title: "UK Chemotherapy Partnership".into(),
        home: Some("https://chemo.example/".parse().unwrap()),
        base_url: "https://news.chemo.example/".parse().unwrap(),
        contact: None,
        language: "en-GB".into(),
        timezone: TimeZone::get("Europe/London").unwrap(),
        hubs: vec![],
    }
}

pub(crate) fn channel() -> Channel {
    Channel {
        id: "latest-news".into(),
        title: "Latest news".into(),
        topics: vec!["research".into()],
        limit: 50,
        headlines: 5,
        per_source: 10,
        max_age: Duration::from_secs(60 * 86_400),
        relevance: true,
        sites: vec![],
        news_types: vec![],
        images: false,
        formerly: vec![],
    }
}

pub(crate) fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

pub(crate) fn item(number: u128, title: &str, excerpt: &str) -> PublishedItem {
    PublishedItem {
        guid: ItemId(Uuid::from_u128(number)),
        title: title.into(),
        excerpt: excerpt.into(),
        link: Link::parse(&format!("https://publisher.example/news/{number}?a=1&b=2")).unwrap(),
        source: PublishedSource {
            name: "Cancer Research UK".into(),
            url: Some("https://publisher.example/feed/".into()),
        },
        date: at("2015-07-06T09:30:00Z"),
        authors: vec![],
        categories: vec![],
        labels: vec![],
        also: vec![],
        image: None,
    }
}

pub(crate) fn also(source: &str, title: &str) -> AlsoReported {
    AlsoReported {
        source: source.into(),
        title: title.into(),
        link: Link::parse("https://other.example/story?x=1&y=2").unwrap(),
    }
}

/// All items are headlines too.
pub(crate) fn edition(items: Vec<PublishedItem>) -> Edition {
    Edition {
        channel: channel(),
        changed: at("2015-07-06T10:00:00Z"),
        headlines: (0..items.len()).collect(),
        items,
    }
}

fn outputs(edition: &Edition) -> Vec<(String, Document)> {
    render::channel(&site(), edition)
}

fn output(edition: &Edition, suffix: &str) -> String {
    let name = format!("latest-news.{suffix}");
    let (_, document) = outputs(edition).into_iter().find(|(found, _)| *found == name).unwrap();
    String::from_utf8(document.bytes.to_vec()).unwrap()
}
