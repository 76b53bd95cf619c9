//! The way from a source's URL to its document, hop by hop.

use http::StatusCode;
use url::Url;

use super::fault::FetchFault;

/// Hops that are followed. Real feeds take up to three (http to https, to www, to another path).
pub(super) const REDIRECTS_MAX: u32 = 5;

#[derive(Debug)]
pub(super) struct Route {
    pub(super) url: Url,
    hops: u32,
    /// Whether all of them were.
    permanent: bool,
}

impl Route {
    pub(super) fn new(url: &Url) -> Self {
        let mut url = url.clone();
        url.set_fragment(None);
        Self {
            url,
            hops: 0,
            permanent: true,
        }
    }

    /// Goes on to where a redirect points. Loops end with the count.
    pub(super) fn follow(&mut self, status: StatusCode, location: Option<&[u8]>) -> Result<(), FetchFault> {
        if self.hops == REDIRECTS_MAX {
            return Err(FetchFault::Redirects);
        }
        let target = location.and_then(|location| self.join(location));
        self.url = target.ok_or(FetchFault::Location(status.as_u16()))?;
        self.hops += 1;
        self.permanent &= is_permanent(status);
        Ok(())
    }

    fn join(&self, location: &[u8]) -> Option<Url> {
        let location = str::from_utf8(location).ok().filter(|text| !text.trim().is_empty())?;
        let mut url = self.url.join(location).ok()?;
        url.set_fragment(None);
        Some(url)
    }

    pub(super) fn was_redirected(&self) -> bool {
        self.hops > 0
    }

    pub(super) fn moved_to(&self) -> Option<Url> {
        (self.was_redirected() && self.permanent).then(|| self.url.clone())
    }
}

fn is_permanent(status: StatusCode) -> bool {
    matches!(status, StatusCode::MOVED_PERMANENTLY | StatusCode::PERMANENT_REDIRECT)
}

/// Whether a status asks for another URL. 300 and 305 do not say which, 306 says nothing.
pub(super) fn is_redirect(status: StatusCode) -> bool {
    is_permanent(status)
        || matches!(
            status,
            StatusCode::FOUND | StatusCode::SEE_OTHER | StatusCode::TEMPORARY_REDIRECT
        )
}
