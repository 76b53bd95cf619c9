//! Where the visits of one cycle were led, known once all have been.

use std::{
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use tokio::sync::watch;

use crate::{model::visit::Place, pipeline::poll};

/// So long others are waited for: a portal answers at once, and for all.
const WAITED_MAX: Duration = Duration::from_secs(60);

/// A visit that was led to another site waits here until every visit of its cycle has an answer: only then is it known
/// whether it stands before a captive portal, like the others.
#[derive(Debug, Clone)]
pub(super) struct Gathering(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    /// The host that was asked, and where it led to.
    led: Mutex<Vec<(String, Place)>>,
    under_way: watch::Sender<usize>,
}

/// One visit under way; dropped when it has its answer, whatever that is.
#[derive(Debug)]
pub(super) struct UnderWay(Gathering);

impl Gathering {
    pub(super) fn new() -> Self {
        Self(Arc::new(Shared {
            led: Mutex::default(),
            under_way: watch::Sender::new(0),
        }))
    }

    pub(super) fn begin(&self) -> UnderWay {
        self.0.under_way.send_modify(|visits| *visits += 1);
        UnderWay(self.clone())
    }

    fn hosts_led_to(&self, place: &Place) -> Vec<String> {
        let led = self.0.led.lock().unwrap_or_else(PoisonError::into_inner);
        let same = led.iter().filter(|(_, other)| other == place);
        same.map(|(host, _)| host.clone()).collect()
    }
}

impl UnderWay {
    /// The captive portal to which the visit to `host` was led, if it was one.
    pub(super) async fn portal(self, host: &str, led_to: Option<&Place>) -> Option<Place> {
        let place = led_to?;
        let gathering = self.0.clone();
        let mut under_way = gathering.0.under_way.subscribe();
        gathering
            .0
            .led
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .push((host.to_owned(), place.clone()));
        drop(self);
        let all_answered = under_way.wait_for(|visits| *visits == 0);
        let _or_enough = tokio::time::timeout(WAITED_MAX, all_answered).await;
        let hosts = gathering.hosts_led_to(place);
        poll::is_portal(hosts.iter().map(String::as_str)).then(|| place.clone())
    }
}

impl Drop for UnderWay {
    fn drop(&mut self) {
        self.0.0.under_way.send_modify(|visits| *visits -= 1);
    }
}
