//! WebSub, the publisher's side: who is told, of what, and what nobody waits for.

use std::{
    future::pending,
    sync::{Arc, Mutex},
    time::Duration,
};

use bytes::Bytes;
use http::{Request, Response};
use oncofeed::{
    app::hubs::{Hubs, Ping},
    edge::{
        clock::Clock,
        fetch::{Fetcher, Transport},
    },
};
use reqwest::Body;
use tokio::time::{Instant, sleep};

use crate::{
    fetch::settings,
    once::rss,
    support::{
        document::Document,
        installation::{Daemon, Installation, source},
        origin::{Origin, Reply},
    },
};

/// A publisher, and an installation whose feeds name this hub.
fn installation(hub: &Origin) -> (Document, Origin, Installation) {
    let document = Document::rss(rss(&[("1", "One", "")]));
    let origin = Origin::serving([("/feed", &document)]);
    let installation = Installation::new(&source("A", &origin.url("/feed")));
    let config = installation.read("config/oncofeed.toml");
    let site = format!(
        "[site]\nbase_url = \"https://news.example/\"\nhubs = [\"{}\"]\n",
        hub.url("/hub")
    );
    installation.write("config/oncofeed.toml", &(site + &config));
    (document, origin, installation)
}

fn get(daemon: &Daemon, path: &str) -> (String, String) {
    let url = daemon.url(path);
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.unwrap().block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        let answer = client.get(url).send().await.unwrap();
        let link = answer
            .headers()
            .get("link")
            .map(|value| value.to_str().unwrap().to_owned());
        (link.unwrap_or_default(), answer.text().await.unwrap())
    })
}

#[test]
fn hubs_are_told_of_each_feed_that_has_changed_and_of_nothing_else() {
    let hub = Origin::start(|_| Reply::new(202, ""));
    let (document, _origin, installation) = installation(&hub);
    installation.once();
    let told = hub.requests();
    let mut bodies: Vec<_> = told.iter().map(|request| request.body.clone()).collect();
    bodies.sort();
    let body = |suffix: &str| {
        let topic = format!("https%3A%2F%2Fnews.example%2Flatest-news.{suffix}");
        format!("hub.mode=publish&hub.url={topic}&hub.topic={topic}")
    };
    assert_eq!(bodies, [body("atom"), body("json"), body("rss")]);
    for request in &told {
        assert_eq!((&*request.method, &*request.path), ("POST", "/hub"));
        assert_eq!(request.header("content-type"), "application/x-www-form-urlencoded");
    }
    installation.once();
    assert_eq!(hub.requests().len(), 3, "nothing had changed");
    document.set(rss(&[("2", "Two", "")]));
    installation.once();
    assert_eq!(hub.requests().len(), 6);
}

#[test]
fn subscribers_find_the_hub_in_feeds_and_headers() {
    let hub = Origin::start(|_| Reply::new(202, ""));
    let (_document, _origin, installation) = installation(&hub);
    let daemon = installation.daemon();
    daemon.logged("items=1");
    let address = hub.url("/hub");
    for (suffix, inside) in [
        ("rss", format!("<atom:link rel=\"hub\" href=\"{address}\"/>")),
        ("atom", format!("<link rel=\"hub\" href=\"{address}\"/>")),
        ("json", format!("\"url\": \"{address}\"")),
    ] {
        let name = format!("latest-news.{suffix}");
        let (link, text) = get(&daemon, &name);
        assert_eq!(
            link,
            format!("<{address}>; rel=\"hub\", <https://news.example/{name}>; rel=\"self\"")
        );
        assert!(text.contains(&inside), "{text}");
    }
    assert_eq!(get(&daemon, "latest-news.html").0, "");
}

#[test]
fn a_hub_that_never_answers_holds_nothing_up() {
    let hub = Origin::start(|_| Reply::new(202, "").after(pending()));
    let (_document, _origin, installation) = installation(&hub);
    let daemon = installation.daemon();
    daemon.logged("items=1");
    let renamed = installation.read("feeds.toml").replace("Latest news", "Other news");
    installation.write("feeds.toml", &renamed);
    daemon.logged("configuration read again");
    let (_, text) = get(&daemon, "latest-news.rss");
    assert!(text.contains("<title>Other news</title>"), "{text}");
    assert!(hub.requests().len() <= 1, "one at a time");
}

/// When a hub was asked, in seconds, that answers with these statuses.
async fn asked_at(answers: &[(u16, &'static str)], within: Duration) -> Vec<u64> {
    let (started, asked) = (Instant::now(), Arc::new(Mutex::new(vec![])));
    let (answers, seen) = (answers.to_vec(), Arc::clone(&asked));
    let transport = Transport::from_fn(move |_: Request<Bytes>| {
        let mut seen = seen.lock().unwrap();
        let (status, retry_after) = answers.get(seen.len()).copied().unwrap_or((500, ""));
        seen.push(started.elapsed().as_secs());
        async move {
            let answer = Response::builder().status(status).header("retry-after", retry_after);
            Ok(answer.body(Body::default()).unwrap())
        }
    });
    let fetcher = Fetcher::over(&settings(), "oncofeed/test", transport).unwrap();
    let hub = "https://hub.example/".parse().unwrap();
    let topic = "https://news.example/latest-news.rss".to_owned();
    let ping = Ping::new(hub, topic, fetcher, Clock::system());
    let hubs = Hubs::start();
    hubs.tell(vec![ping.clone(), ping]);
    sleep(within).await;
    let asked = asked.lock().unwrap();
    asked.clone()
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_fails_is_told_again_later_and_later_and_then_no_more() {
    let day = Duration::from_secs(86_400);
    assert_eq!(asked_at(&[(204, "")], day).await, [0], "two changes at once are one");
    assert_eq!(asked_at(&[(503, ""), (500, ""), (202, "")], day).await, [0, 30, 150]);
    assert_eq!(asked_at(&[(429, "600"), (202, "")], day).await, [0, 600]);
    assert_eq!(asked_at(&[], day).await, [0, 30, 150, 630, 2_550, 10_230]);
}

#[tokio::test(start_paused = true)]
async fn a_hub_is_judged_like_any_other_address() {
    let transport = Transport::from_fn(|_: Request<Bytes>| async { panic!("nobody is to be asked") });
    let fetcher = Fetcher::over(&settings(), "oncofeed/test", transport).unwrap();
    let hub = "http://169.254.169.254/".parse().unwrap();
    let ping = Ping::new(hub, "https://news.example/a.rss".into(), fetcher, Clock::system());
    assert!(ping.send().await.unwrap_err().to_string().contains("169.254.169.254"));
}
