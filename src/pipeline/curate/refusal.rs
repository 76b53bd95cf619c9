//! Why a channel does not show what may be shown.

use std::fmt;

use super::{Desk, Told};
use crate::model::{
    channel::Channel,
    label::{Labels, NewsType, Site},
    source::Watched,
};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    OtherTopics,
    NotAboutCancer,
    OtherSite {
        sites: Vec<Site>,
        asked: Vec<Site>,
    },
    OtherType {
        news_type: Option<NewsType>,
        asked: Vec<NewsType>,
    },
    TooOld,
    PerSource,
    Full,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OtherTopics => f.write_str("the channel takes other topics"),
            Self::NotAboutCancer => f.write_str("it does not count as news about cancer"),
            Self::OtherSite { sites, asked } => {
                let asked = either(asked.iter().map(|site| site.name()));
                match sites.as_slice() {
                    [] => write!(f, "it is of no one tumour site, the channel asks for {asked}"),
                    sites => {
                        let is = if sites.len() == 1 { "site is" } else { "sites are" };
                        let sites: Vec<_> = sites.iter().map(|site| site.name()).collect();
                        write!(f, "its tumour {is} {}, the channel asks for {asked}", sites.join(", "))
                    }
                }
            }
            Self::OtherType { news_type, asked } => {
                let asked = either(asked.iter().map(|kind| kind.name()));
                let own = news_type.map_or("unknown", NewsType::name);
                write!(f, "its news type is {own}, the channel asks for {asked}")
            }
            Self::TooOld => f.write_str("older than the channel's max_age"),
            Self::PerSource => f.write_str("its source has as many newer items as per_source allows"),
            Self::Full => f.write_str("the channel is full of newer items (limit)"),
        }
    }
}

/// `breast, lung or skin`.
fn either(names: impl Iterator<Item = &'static str>) -> String {
    let names: Vec<_> = names.collect();
    match names.split_last() {
        Some((last, first)) if !first.is_empty() => format!("{} or {last}", first.join(", ")),
        _ => names.concat(),
    }
}

/// Why the channel would not show this story even if it were empty.
pub(super) fn unsuitable(channel: &Channel, told: &Told<'_>, desk: &Desk<'_>) -> Option<Refusal> {
    if !told.tellers().any(|(_, watched)| carries(watched, channel)) {
        return Some(Refusal::OtherTopics);
    }
    if channel.relevance && !told.is_relevant(desk) {
        return Some(Refusal::NotAboutCancer);
    }
    match channel.sites.is_empty() && channel.news_types.is_empty() {
        true => None,
        false => otherwise_labelled(channel, told.labels(desk)),
    }
}

pub(super) fn carries(watched: &Watched, channel: &Channel) -> bool {
    watched.source.topics.iter().any(|topic| channel.topics.contains(topic))
}

/// Readers see the story's labels: what the channel asks for must be among them.
fn otherwise_labelled(channel: &Channel, labels: &Labels) -> Option<Refusal> {
    let (sites, types) = (&channel.sites, &channel.news_types);
    if !sites.is_empty() && !labels.sites.iter().any(|site| sites.contains(site)) {
        return Some(Refusal::OtherSite {
            sites: labels.sites.clone(),
            asked: sites.clone(),
        });
    }
    if !types.is_empty() && !labels.news_type.is_some_and(|kind| types.contains(&kind)) {
        return Some(Refusal::OtherType {
            news_type: labels.news_type,
            asked: types.clone(),
        });
    }
    None
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn check(sites: &[Site], news_types: &[NewsType], labels: (&[Site], Option<NewsType>), expect: Option<&str>) {
        let channel = Channel {
            id: "news".into(),
            title: "News".into(),
            topics: vec![],
            limit: 50,
            headlines: 5,
            per_source: 10,
            max_age: Duration::ZERO,
            relevance: true,
            sites: sites.to_vec(),
            news_types: news_types.to_vec(),
            images: false,
            formerly: vec![],
        };
        let labels = Labels {
            sites: labels.0.to_vec(),
            news_type: labels.1,
            ..Labels::default()
        };
        let refusal = otherwise_labelled(&channel, &labels).map(|refusal| refusal.to_string());
        assert_eq!(refusal.as_deref(), expect);
    }

    #[test]
    fn a_channel_takes_what_bears_one_of_the_sites_and_one_of_the_types_that_it_asks_for() {
        use NewsType::{Opinion, Regulatory, Trial};
        use Site::{Breast, Lung, Skin};

        check(&[], &[], (&[], None), None);
        check(&[Breast, Lung], &[], (&[Skin, Lung], None), None);
        check(&[Breast], &[Trial], (&[Breast], Some(Trial)), None);
        check(
            &[Breast],
            &[],
            (&[Lung], None),
            Some("its tumour site is lung, the channel asks for breast"),
        );
        check(
            &[Breast, Lung],
            &[Trial],
            (&[], Some(Trial)),
            Some("it is of no one tumour site, the channel asks for breast or lung"),
        );
        check(
            &[Breast],
            &[Trial, Regulatory],
            (&[Breast, Skin], Some(Opinion)),
            Some("its news type is opinion, the channel asks for trial or regulatory"),
        );
        check(
            &[],
            &[Trial],
            (&[], None),
            Some("its news type is unknown, the channel asks for trial"),
        );
        check(
            &[Breast],
            &[],
            (&[Lung, Skin], None),
            Some("its tumour sites are lung, skin, the channel asks for breast"),
        );
    }
}
