//! What the elements of HTML are, as far as a tree of them is concerned.

/// What is done with an element's tags.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Nature {
    /// Left out with all it holds: nothing in it is news, and in some of them other rules hold.
    Hidden,
    /// Its tags are left out: in it, or by it, the rules change.
    Through,
    Void,
    /// `html`, `head` and `body`: there is one of each, and it ends with the page.
    Root,
    /// An `a`: one ends another.
    Link,
    /// Emphasis and the like: where a block ends over it, it goes on behind.
    Formatting,
    Plain,
}

pub(super) fn nature(name: &str) -> Nature {
    match name {
        "audio" | "canvas" | "iframe" | "math" | "noembed" | "noframes" | "noscript" | "plaintext" | "script"
        | "style" | "svg" | "template" | "textarea" | "title" | "video" | "xmp" => Nature::Hidden,
        "applet" | "frame" | "frameset" | "image" | "marquee" | "nobr" | "object" | "optgroup" | "option"
        | "select" => Nature::Through,
        "area" | "base" | "br" | "col" | "embed" | "hr" | "img" | "input" | "link" | "meta" | "param" | "source"
        | "track" | "wbr" => Nature::Void,
        "html" | "head" | "body" => Nature::Root,
        "a" => Nature::Link,
        "b" | "big" | "code" | "em" | "font" | "i" | "s" | "small" | "strike" | "strong" | "tt" | "u" => {
            Nature::Formatting
        }
        _ => Nature::Plain,
    }
}

/// Elements whose end is left out as a rule, and what is not looked through for them.
pub(super) struct Ended {
    pub(super) names: &'static [&'static str],
    pub(super) until: &'static [&'static str],
}

const IN_CELL: [&str; 5] = ["button", "caption", "table", "td", "th"];

/// What a start tag ends that was left open (HTML §13.1.2.4).
pub(super) fn ended_by(name: &str) -> Option<Ended> {
    let (names, until): (&[&str], &[&str]) = match name {
        "li" => (&["li"], &["dir", "menu", "ol", "ul", "caption", "table", "td", "th"]),
        "dd" | "dt" => (&["dd", "dt"], &["dl", "caption", "table", "td", "th"]),
        "td" | "th" => (&["td", "th"], &["table", "tr"]),
        "tr" => (&["tr"], &["table", "tbody", "tfoot", "thead"]),
        "tbody" | "tfoot" | "thead" => (&["caption", "colgroup", "tbody", "tfoot", "thead"], &["table"]),
        _ => return None,
    };
    Some(Ended { names, until })
}

/// A paragraph ends where one of these begins.
pub(super) fn ended_by_block(name: &str) -> Option<Ended> {
    let block = matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "center"
            | "dd"
            | "details"
            | "dialog"
            | "dir"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hgroup"
            | "hr"
            | "li"
            | "listing"
            | "main"
            | "menu"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "search"
            | "section"
            | "summary"
            | "table"
            | "ul"
    );
    block.then_some(Ended {
        names: &["p"],
        until: &IN_CELL,
    })
}

/// Whether an end tag looks for its start outside the cell in which it stands.
pub(super) fn is_of_table(name: &str) -> bool {
    matches!(
        name,
        "caption" | "table" | "tbody" | "td" | "tfoot" | "th" | "thead" | "tr"
    )
}

/// Whether an element keeps the end tags in it from ending what is outside.
pub(super) fn is_cell(name: &str) -> bool {
    matches!(name, "caption" | "table" | "td" | "th")
}
