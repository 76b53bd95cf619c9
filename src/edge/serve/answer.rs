//! One request, one answer: a pure function of the request and what is served. HEAD is answered as GET, length and
//! all; hyper leaves out the bytes.

use axum::{
    body::Body,
    http::{
        HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri,
        header::{
            ACCEPT_RANGES, ACCESS_CONTROL_ALLOW_ORIGIN, ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING,
            CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LAST_MODIFIED, LINK, LOCATION,
            REFERRER_POLICY, TRANSFER_ENCODING, VARY, X_CONTENT_TYPE_OPTIONS, X_FRAME_OPTIONS,
        },
    },
    response::Response,
};

use super::{
    conditional, encoding,
    served::{Output, Representation, Served},
};
use crate::model::publication::{Departed, Encoding, Format};

/// What is served for `/`.
const INDEX: &str = "index.html";

/// Sources are visited hourly at most; within five minutes there is nothing to miss. A cache that finds us down goes on
/// with what it has for a day (RFC 5861).
const FRESH: HeaderValue =
    HeaderValue::from_static("public, max-age=300, stale-while-revalidate=600, stale-if-error=86400");

/// Pages have a style sheet inside, and nothing else. Nobody has a reason to frame them.
const PAGE_POLICY: HeaderValue = HeaderValue::from_static(
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
);

/// A feed opened in a browser is a document too: it may load nothing and run nothing.
const FEED_POLICY: HeaderValue = HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'; sandbox");

/// What other sites' pages may read: feeds, the block and its script. Nothing of it differs by who asks.
const ANYBODY: HeaderValue = HeaderValue::from_static("*");

/// Else a page that isolates itself (`Cross-Origin-Embedder-Policy`) could not have the script.
const CROSS_ORIGIN: HeaderValue = HeaderValue::from_static("cross-origin");
const CROSS_ORIGIN_RESOURCE_POLICY: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

const DENY: HeaderValue = HeaderValue::from_static("DENY");

pub(super) fn answer(served: &Served, method: &Method, uri: &Uri, headers: &HeaderMap) -> Response {
    if !matches!(*method, Method::GET | Method::HEAD) {
        let mut refusal = refusal(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed\n");
        refusal
            .headers_mut()
            .insert(ALLOW, HeaderValue::from_static("GET, HEAD"));
        return refusal;
    }
    if has_body(headers) {
        return refusal(StatusCode::BAD_REQUEST, "Nothing is sent here\n");
    }
    let Some(output) = find(served, uri.path()) else {
        return absent(served, uri.path());
    };
    let encoding = encoding::choose(headers, output.encodings());
    let representation = output.representation(encoding);
    if conditional::not_modified(headers, representation.etag.as_ref(), output.changed()) {
        let mut answer = Response::new(Body::empty());
        *answer.status_mut() = StatusCode::NOT_MODIFIED;
        describe(answer.headers_mut(), output, representation);
        return answer;
    }
    whole(output, encoding, representation)
}

/// Where a body ends, two servers may see differently, and then the next request is not who it seems (RFC 9112 §11.2).
fn has_body(headers: &HeaderMap) -> bool {
    let is_none = |length: &HeaderValue| length.as_bytes() == b"0";
    headers.contains_key(TRANSFER_ENCODING) || !headers.get_all(CONTENT_LENGTH).iter().all(is_none)
}

/// And nothing more from this connection.
fn refusal(status: StatusCode, text: &'static str) -> Response {
    let mut answer = plain(status, text);
    answer
        .headers_mut()
        .insert(CONNECTION, HeaderValue::from_static("close"));
    answer
}

/// By its exact name, as written: `%2e` is no dot here.
fn find<'a>(served: &'a Served, path: &str) -> Option<&'a Output> {
    match path.strip_prefix('/')? {
        "" => served.get(INDEX),
        name => served.get(name),
    }
}

/// Who subscribed to a channel that is no more is told so, or where it is now: an address from our own files.
fn absent(served: &Served, path: &str) -> Response {
    match path.strip_prefix('/').and_then(|name| served.departed(name)) {
        None => plain(StatusCode::NOT_FOUND, "Not found\n"),
        Some(Departed::Gone) => plain(StatusCode::GONE, "Gone: this channel is published no longer\n"),
        Some(Departed::Moved(address)) => {
            let mut answer = plain(StatusCode::MOVED_PERMANENTLY, "Moved: the channel has another name\n");
            let headers = answer.headers_mut();
            headers.extend(HeaderValue::try_from(address).ok().map(|address| (LOCATION, address)));
            headers.insert(CACHE_CONTROL, FRESH);
            headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY);
            headers.insert(CROSS_ORIGIN_RESOURCE_POLICY, CROSS_ORIGIN);
            answer
        }
    }
}

fn whole(output: &Output, encoding: Option<Encoding>, representation: &Representation) -> Response {
    let mut answer = Response::new(Body::from(representation.bytes.clone()));
    let headers = answer.headers_mut();
    describe(headers, output, representation);
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(output.format().content_type()));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(representation.bytes.len()));
    headers.insert(ACCEPT_RANGES, HeaderValue::from_static("none"));
    if let Some(encoding) = encoding {
        headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
    }
    answer
}

/// What 200 and 304 have in common (RFC 9110 §15.4.5); the policies too, since a cache merges them into what it holds.
fn describe(headers: &mut HeaderMap, output: &Output, representation: &Representation) {
    headers.extend(representation.etag.clone().map(|etag| (ETAG, etag)));
    headers.extend(output.last_modified.clone().map(|date| (LAST_MODIFIED, date)));
    headers.extend(output.link.clone().map(|link| (LINK, link)));
    headers.insert(CACHE_CONTROL, FRESH);
    headers.insert(VARY, HeaderValue::from_static("Accept-Encoding"));
    match output.format() == Format::Page {
        true => headers.extend([(CONTENT_SECURITY_POLICY, PAGE_POLICY), (X_FRAME_OPTIONS, DENY)]),
        false => headers.extend([
            (CONTENT_SECURITY_POLICY, FEED_POLICY),
            (ACCESS_CONTROL_ALLOW_ORIGIN, ANYBODY),
            (CROSS_ORIGIN_RESOURCE_POLICY, CROSS_ORIGIN),
        ]),
    }
    harden(headers);
}

/// Says nothing about what was asked for: an error page that echoes is how others were hurt.
fn plain(status: StatusCode, text: &'static str) -> Response {
    let mut answer = Response::new(Body::from(text));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain; charset=utf-8"));
    headers.insert(CONTENT_LENGTH, HeaderValue::from(text.len()));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    harden(headers);
    answer
}

fn harden(headers: &mut HeaderMap) {
    headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
}
