//! Parameters that tell a publisher where a reader came from, and make no other page.

/// Which values of a parameter are tracking.
#[derive(Debug, Clone, Copy)]
enum Values {
    Any,
    /// Only these, in any case: elsewhere the parameter means something.
    Only(&'static [&'static str]),
}

/// One parameter, or several that begin alike.
#[derive(Debug)]
struct Tracker {
    /// In lower case; a `*` at its end stands for any rest.
    name: &'static str,
    values: Values,
    /// The host or a parent of it; empty for all.
    host: &'static str,
    /// Who adds it, in a URL that bears it.
    #[cfg_attr(not(test), expect(dead_code, reason = "held by a test"))]
    case: &'static str,
}

const fn any(name: &'static str, case: &'static str) -> Tracker {
    Tracker {
        name,
        values: Values::Any,
        host: "",
        case,
    }
}

const fn only(name: &'static str, values: &'static [&'static str], case: &'static str) -> Tracker {
    Tracker {
        name,
        values: Values::Only(values),
        host: "",
        case,
    }
}

const fn at(host: &'static str, name: &'static str, case: &'static str) -> Tracker {
    Tracker {
        name,
        values: Values::Any,
        host,
        case,
    }
}

/// What feeds say of themselves.
const FEED: &[&str] = &["rss", "feed", "atom", "rss2", "rssfeed", "rss-feed", "feedburner"];
const YES: &[&str] = &["", "1", "y", "yes", "true", "rss"];

const TRACKERS: &[Tracker] = &[
    any("utm_*", "https://a.test/1?utm_source=rss&utm_medium=rss&utm_campaign=x"),
    any("fbclid", "https://a.test/1?fbclid=IwAR0x"),
    any("gclid", "https://a.test/1?gclid=x"),
    any("dclid", "https://a.test/1?dclid=x"),
    any("gbraid", "https://a.test/1?gbraid=x"),
    any("wbraid", "https://a.test/1?wbraid=x"),
    any("msclkid", "https://a.test/1?msclkid=x"),
    any("yclid", "https://a.test/1?yclid=1"),
    any("twclid", "https://a.test/1?twclid=x"),
    any("ttclid", "https://a.test/1?ttclid=x"),
    any("igshid", "https://a.test/1?igshid=x"),
    any("mc_cid", "https://a.test/1?mc_cid=x"),
    any("mc_eid", "https://a.test/1?mc_eid=x"),
    any("mkt_tok", "https://a.test/1?mkt_tok=x"),
    any("_hsenc", "https://a.test/1?_hsenc=x"),
    any("_hsmi", "https://a.test/1?_hsmi=1"),
    any("oly_enc_id", "https://a.test/1?oly_enc_id=x"),
    any("oly_anon_id", "https://a.test/1?oly_anon_id=x"),
    any("vero_id", "https://a.test/1?vero_id=x"),
    any("wt.mc_id", "https://a.test/1?WT.mc_id=rss"),
    any("wt_mc", "https://www.heise.de/1?wt_mc=rss.ho.beitrag"),
    any("xtor", "https://a.test/1?xtor=RSS-1"),
    any("ftag", "https://www.cbsnews.com/1?ftag=CNM-00-10aab7e"),
    any("cmpid", "https://a.test/1?cmpid=rss"),
    any("ns_mchannel", "https://www.dailymail.co.uk/1?ns_mchannel=rss"),
    any("ns_campaign", "https://www.dailymail.co.uk/1?ns_campaign=1490"),
    any("guccounter", "https://a.test/1?guccounter=1"),
    any("guce_referrer*", "https://a.test/1?guce_referrer_sig=x"),
    any("ncid", "https://a.test/1?ncid=rss"),
    any("ocid", "https://a.test/1?ocid=x"),
    any("dgcid", "https://www.sciencedirect.com/1?dgcid=rss_sd_all"),
    at(
        "bbc.co.uk",
        "at_*",
        "https://www.bbc.co.uk/1?at_medium=RSS&at_campaign=KARANGA",
    ),
    at("bbc.com", "at_*", "https://www.bbc.com/1?at_medium=RSS"),
    at("dailymail.co.uk", "ito", "https://www.dailymail.co.uk/1?ito=1490"),
    at(
        "theguardian.com",
        "cmp",
        "https://www.theguardian.com/1?CMP=Share_iOSApp_Other",
    ),
    at("nytimes.com", "smid", "https://www.nytimes.com/1?smid=rss"),
    at("nytimes.com", "emc", "https://www.nytimes.com/1?partner=rss&emc=rss"),
    at(
        "washingtonpost.com",
        "wprss",
        "https://www.washingtonpost.com/1?wprss=rss_wellness",
    ),
    at(
        "pubmed.ncbi.nlm.nih.gov",
        "fc",
        "https://pubmed.ncbi.nlm.nih.gov/1/?fc=20211108074834",
    ),
    at(
        "pubmed.ncbi.nlm.nih.gov",
        "ff",
        "https://pubmed.ncbi.nlm.nih.gov/1/?ff=20211221120236",
    ),
    at(
        "pubmed.ncbi.nlm.nih.gov",
        "v",
        "https://pubmed.ncbi.nlm.nih.gov/1/?v=2.16.2",
    ),
    at("news.google.com", "oc", "https://news.google.com/articles/x?oc=5"),
    only("at_medium", FEED, "https://a.test/1?at_medium=rss"),
    only("af", &["r"], "https://onlinelibrary.wiley.com/doi/10.1/x?af=R"),
    only("rss", YES, "https://www.thelancet.com/article/1?rss=yes"),
    only("_rss", YES, "https://a.test/1?_rss=1"),
    only("fromrss", YES, "https://a.test/1?fromrss=1"),
    only("isrss", YES, "https://a.test/1?isrss=1"),
    only("ref", FEED, "https://www.nzherald.co.nz/1?c_id=1&ref=rss"),
    only("source", FEED, "https://a.test/1?source=rss"),
    only("src", FEED, "https://a.test/1?src=rss"),
    only("from", FEED, "https://a.test/1?from=rss"),
    only("via", FEED, "https://a.test/1?via=rss"),
    only("cmp", FEED, "https://a.test/1?cmp=rss"),
    only("cid", FEED, "https://a.test/1?cid=rss"),
    only("icid", FEED, "https://a.test/1?icid=rss"),
    only("track", FEED, "https://a.test/1?TRACK=RSS"),
    only("partner", FEED, "https://www.nytimes.com/1?partner=rss"),
    only("mod", FEED, "https://a.test/1?mod=rss"),
    only("feedname", FEED, "https://a.test/1?feedName=rss"),
];

/// Whether a parameter is tracking; name and value in normal percent-encoding.
pub(super) fn is(host: &str, name: &str, value: &str) -> bool {
    let name = name.to_ascii_lowercase();
    TRACKERS.iter().any(|tracker| {
        let named = match tracker.name.strip_suffix('*') {
            Some(start) => name.starts_with(start),
            None => name == tracker.name,
        };
        named && tracker.values.hold(value) && is_host(host, tracker.host)
    })
}

impl Values {
    fn hold(self, value: &str) -> bool {
        match self {
            Self::Any => true,
            Self::Only(values) => values.iter().any(|only| value.eq_ignore_ascii_case(only)),
        }
    }
}

fn is_host(host: &str, parent: &str) -> bool {
    parent.is_empty()
        || host
            .strip_suffix(parent)
            .is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use url::Url;

    use super::*;

    #[test]
    fn every_tracker_is_found_in_its_case() {
        for tracker in TRACKERS {
            let url = Url::parse(tracker.case).unwrap();
            let name = tracker.name.trim_end_matches('*');
            let pairs: Vec<_> = url
                .query_pairs()
                .filter(|(key, _)| key.to_lowercase().starts_with(name))
                .collect();
            assert!(!pairs.is_empty(), "{}", tracker.case);
            for (key, value) in pairs {
                assert!(is(url.host_str().unwrap(), &key, &value), "{}", tracker.case);
            }
        }
    }

    #[test]
    fn parameters_that_mean_something_stay() {
        for (host, name, value) in [
            ("a.test", "p", "1"),
            ("a.test", "v", "2"),
            ("youtube.com", "v", "x"),
            ("a.test", "at_id", "1"),
            ("notbbc.co.uk", "at_id", "1"),
            ("a.test", "ref", "12"),
            ("a.test", "source", "trial"),
            ("a.test", "rss", "12"),
            ("a.test", "cid", "1234"),
        ] {
            assert!(!is(host, name, value), "{name}={value}");
        }
    }
}
