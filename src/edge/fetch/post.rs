//! Telling somebody something: a form, and whether it was taken.

use bytes::Bytes;
use http::{
    HeaderMap, HeaderValue, Method,
    header::{CONTENT_TYPE, USER_AGENT},
};
use jiff::Timestamp;
use tokio::time::timeout;
use url::{Url, form_urlencoded};

use super::{FetchFault, Fetcher, freshness, policy::Policy, request};

const FORM: HeaderValue = HeaderValue::from_static("application/x-www-form-urlencoded");

impl Fetcher {
    /// Posts a form. A redirect counts as a refusal, and what the answer says beside its status is not read. `now` is for
    /// a date in the answer.
    ///
    /// # Errors
    /// Anything but a status of 200 to 299.
    pub async fn post(&self, url: &Url, form: &[(&str, &str)], now: Timestamp) -> Result<(), FetchFault> {
        Policy::new(url, &self.allowed)
            .judge(url)
            .map_err(FetchFault::Refused)?;
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, self.user_agent.clone());
        headers.insert(CONTENT_TYPE, FORM);
        let mut request = request(url, &headers)?;
        *request.method_mut() = Method::POST;
        *request.body_mut() = Bytes::from(
            form_urlencoded::Serializer::new(String::new())
                .extend_pairs(form)
                .finish(),
        );
        let answering = timeout(self.timeout, self.transport.answer(request)).await;
        let response = answering.map_err(|_| FetchFault::NoAnswer(self.timeout))??;
        match response.status() {
            status if status.is_success() => Ok(()),
            status => Err(FetchFault::Status {
                status: status.as_u16(),
                retry_after: freshness::retry_after(response.headers(), now),
                pause: None,
            }),
        }
    }
}
