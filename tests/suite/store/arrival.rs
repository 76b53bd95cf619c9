//! The same news in any order, and split into any visits, makes the same stories.

use std::collections::{BTreeMap, BTreeSet};

use oncofeed::model::draft::Draft;
use proptest::prelude::*;

use super::{Archive, day, draft};

/// Headlines and texts of a few pieces of news, as publishers tell them; the first number of a pair is the news.
const TELLINGS: [(&str, &str); 14] = [
    (
        "FDA approves Zelnitrib for lung cancer",
        "The US regulator cleared Zelnitrib, Brackwell's pill for lung cancer.",
    ),
    (
        "Brackwell wins FDA nod for lung cancer pill Zelnitrib",
        "Zelnitrib was approved on Friday, Brackwell said.",
    ),
    (
        "US FDA authorises Brackwell's Zelnitrib",
        "The pill Zelnitrib was cleared for lung cancer.",
    ),
    (
        "European Commission approves Zelnitrib for lung cancer",
        "Brackwell may sell Zelnitrib in Europe.",
    ),
    (
        "FDA may approve Zelnitrib for lung cancer",
        "A decision on Brackwell's Zelnitrib is near.",
    ),
    (
        "Zelnitrib shrinks lung tumours in Tamarind trial",
        "Brackwell told of the Tamarind trial of Zelnitrib.",
    ),
    (
        "Tamarind trial: Zelnitrib shrinks tumours of the lung",
        "Results of Brackwell's Tamarind trial are in.",
    ),
    (
        "Correction to: Zelnitrib shrinks lung tumours in Tamarind trial",
        "Brackwell told of the Tamarind trial.",
    ),
    (
        "Oncologist Marla Quince dies at 71",
        "Marla Quince, who founded the Fenwick institute, has died.",
    ),
    (
        "Marla Quince, founder of the Fenwick institute, has died",
        "The oncologist Marla Quince was 71.",
    ),
    (
        "Tributes to Marla Quince",
        "Colleagues at the Fenwick institute mourn the oncologist Marla Quince, who died.",
    ),
    (
        "Fenwick weekly digest, issue 117",
        "What the Fenwick institute found this week.",
    ),
    (
        "Fenwick weekly digest, issue 118",
        "What the Fenwick institute found this week.",
    ),
    ("Waiting list falls", ""),
];

#[derive(Debug, Clone)]
struct News {
    source: usize,
    draft: Draft,
}

/// What one source lists of some news, with a page or a DOI that others may list, too.
fn news() -> impl Strategy<Value = Vec<News>> {
    let entry = (
        0..3usize,
        0..TELLINGS.len(),
        prop::option::weighted(0.9, 0i64..10),
        prop::option::weighted(0.2, 0..3u8),
        prop::option::weighted(0.2, 0..3u8),
    );
    prop::collection::vec(entry, 1..14).prop_map(|entries| {
        let made = entries
            .into_iter()
            .enumerate()
            .map(|(n, (source, telling, published, page, doi))| {
                let (title, text) = TELLINGS[telling];
                let link = page.map_or(format!("https://{source}.test/{n}"), |page| {
                    format!("https://shared.test/{page}")
                });
                News {
                    source,
                    draft: Draft {
                        summary: text.into(),
                        published: published.map(day),
                        doi: doi.map(|doi| format!("10.1/{doi}")),
                        ..draft(&format!("guid-{n}"), &link, title)
                    },
                }
            });
        made.collect()
    })
}

/// Which entries are told together, each by its place in the list.
fn stories(news: &[News], visits: &[Vec<usize>]) -> BTreeSet<BTreeSet<usize>> {
    let archive = Archive::new();
    let sources = ["a", "b", "c"].map(|name| archive.source(name));
    let mut ids = BTreeMap::new();
    for (at, visit) in visits.iter().enumerate() {
        for (source, key) in sources.iter().enumerate() {
            let of_source = visit.iter().filter(|n| news[**n].source == source);
            for n in of_source {
                // A document of its own each, so that no two entries are taken for one that was edited.
                let plan = archive.arrive(*key, news[*n].draft.clone(), day(11 + at as i64 / 8));
                ids.insert(plan, *n);
            }
        }
    }
    let mut by_story: BTreeMap<_, BTreeSet<usize>> = BTreeMap::new();
    for item in archive.items() {
        by_story.entry(item.story).or_default().insert(ids[&item.id]);
    }
    by_story.into_values().collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn the_same_news_in_any_order_makes_the_same_stories(
        (news, order, cuts) in news().prop_flat_map(|news| {
            let order = Just((0..news.len()).collect::<Vec<_>>()).prop_shuffle();
            let cuts = prop::collection::vec(any::<bool>(), news.len());
            (Just(news), order, cuts)
        })
    ) {
        let all_at_once = vec![(0..news.len()).collect::<Vec<_>>()];
        let mut visits = vec![vec![]];
        for (n, cut) in order.into_iter().zip(cuts) {
            if cut {
                visits.push(vec![]);
            }
            visits.last_mut().unwrap().push(n);
        }
        prop_assert_eq!(stories(&news, &all_at_once), stories(&news, &visits));
    }
}
