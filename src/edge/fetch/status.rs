//! HTTP status codes in an editor's words.

/// What a status other than 200 means for a source.
pub(super) fn in_words(status: u16) -> String {
    let words = match status {
        204 | 205 => "the site sends nothing",
        206 | 226 => "the site sends a part of the feed, which nobody asked for",
        201..=299 => "the site sends something else than its feed",
        300 | 305 | 306 => "the site offers other places, but no feed",
        304 => "the site says that nothing is new, which nobody asked",
        300..=399 => "the site points elsewhere",
        401 => "the site asks for a password",
        402 => "the site asks for payment",
        403 => "the site refuses automated readers",
        404 => "there is no feed at this address",
        406 => "the site has no form of the feed that we read",
        407 => "a proxy asks for a password",
        410 => "the publisher has removed the feed",
        429 => "the site asks us to come less often",
        451 => "the site may not show the feed, for legal reasons",
        400..=499 => "the site refuses the request",
        503 => "the site is overloaded or being worked on",
        502 | 504 | 520..=530 => "the site's front reaches no server behind it",
        500..=599 => "the site has a fault of its own",
        _ => "the site answers with a status that means nothing here",
    };
    format!("{status}: {words}")
}
