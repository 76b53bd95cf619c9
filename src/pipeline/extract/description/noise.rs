//! What stands on an article's page and is no part of the article.

/// Elements of which no paragraph is the article's.
pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "aside"
            | "audio"
            | "button"
            | "canvas"
            | "dialog"
            | "figure"
            | "footer"
            | "form"
            | "iframe"
            | "math"
            | "nav"
            | "noembed"
            | "noframes"
            | "noscript"
            | "object"
            | "plaintext"
            | "script"
            | "select"
            | "style"
            | "svg"
            | "table"
            | "template"
            | "textarea"
            | "title"
            | "video"
            | "xmp"
    )
}

/// Elements that a class or id may make noise. Those around the whole page say of themselves what is somewhere in it.
pub(super) fn may_be_noise(name: &str) -> bool {
    matches!(name, "div" | "header" | "li" | "ol" | "p" | "section" | "span" | "ul")
}

/// Words of classes and ids.
const NOISE: [&str; 42] = [
    "ad",
    "ads",
    "advert",
    "advertisement",
    "alert",
    "author",
    "authors",
    "banner",
    "breadcrumb",
    "breadcrumbs",
    "byline",
    "caption",
    "comment",
    "comments",
    "consent",
    "cookie",
    "cookies",
    "copyright",
    "credit",
    "credits",
    "dateline",
    "disclaimer",
    "footer",
    "gdpr",
    "menu",
    "modal",
    "nav",
    "navigation",
    "newsletter",
    "notice",
    "popup",
    "promo",
    "related",
    "share",
    "sharing",
    "sidebar",
    "signup",
    "skip",
    "social",
    "subscribe",
    "tags",
    "timestamp",
];

/// Whether a class or an id names noise: `cookie-banner`, but not `has-cookie-banner`, which is about something else.
pub(super) fn is_noise(value: &str) -> bool {
    let about_others = |class: &str| {
        ["has-", "no-", "is-", "with-"]
            .iter()
            .any(|start| class.starts_with(start))
    };
    value
        .split_whitespace()
        .map(str::to_ascii_lowercase)
        .filter(|class| !about_others(class))
        .any(|class| class.split(['-', '_']).any(|word| NOISE.contains(&word)))
}

/// What notices say, and articles seldom.
const NOTICES: [&str; 22] = [
    "accept all",
    "all rights reserved",
    "by continuing to",
    "click here",
    "cookie policy",
    "cookies on this",
    "cookies to ",
    "copyright ©",
    "enable javascript",
    "for healthcare professionals only",
    "log in to",
    "or subscribe",
    "our newsletter",
    "privacy policy",
    "sign up for",
    "sign up to",
    "subscribe to",
    "terms and conditions",
    "terms of use",
    "use cookies",
    "uses cookies",
    "your browser",
];

/// Longest notice, in characters. A longer text that has one of its phrases is about something.
const NOTICE_CHARS_MAX: usize = 400;

pub(super) fn is_notice(text: &str) -> bool {
    let lower = text.to_lowercase();
    text.chars().count() <= NOTICE_CHARS_MAX && NOTICES.iter().any(|phrase| lower.contains(phrase))
}

/// "By Ann Lee, Health editor", "Published 12 March 2026".
pub(super) fn is_byline(text: &str) -> bool {
    const STARTS: [&str; 9] = [
        "By ",
        "Published ",
        "Posted ",
        "Updated ",
        "Last updated",
        "Written by",
        "Reviewed by",
        "Photo",
        "Image",
    ];
    const BYLINE_CHARS_MAX: usize = 120;
    text.chars().count() <= BYLINE_CHARS_MAX
        && STARTS.iter().any(|start| text.starts_with(start))
        && !text.ends_with('.')
}
