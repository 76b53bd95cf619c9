//! What was mended or left out, as sentences for an editor: one for each kind, however often it happened.

/// A kind of fault. The sentence is the `Display` of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fault {
    NotUtf8,
    BadBytes,
    JunkBefore,
    JunkAfter,
    Controls,
    StrayLess,
    StrayAmpersand,
    OpenSection,
    Declarations,
    UnmatchedEnd,
    Unclosed,
    NestedItem,
    Cut,
    CutEntry,
    TooDeep,
    TooManyEntries,
    TooManyAttributes,
    TooManyNamespaces,
    TooLong,
    LongPage,
    /// What a selector should have found.
    NotFound(&'static str),
    BadDate,
    TwiceEncoded,
    Broken,
}

/// The faults of one document, in the order in which they first appeared.
#[derive(Debug, Default)]
pub(super) struct Faults(Vec<(Fault, usize)>);

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        self.add_times(fault, 1);
    }

    pub(super) fn add_times(&mut self, fault: Fault, times: usize) {
        match self.0.iter_mut().find(|(seen, _)| *seen == fault) {
            _ if times == 0 => {}
            Some((_, count)) => *count += times,
            None => self.0.push((fault, times)),
        }
    }

    pub(super) fn sentences(&self) -> Vec<String> {
        self.0.iter().map(|(fault, count)| sentence(*fault, *count)).collect()
    }
}

fn sentence(fault: Fault, count: usize) -> String {
    let times = if count == 1 {
        "once".to_owned()
    } else {
        format!("{count} times")
    };
    match fault {
        Fault::NotUtf8 => "The document is not in the encoding that it declares; it was read in an older one.".into(),
        Fault::BadBytes => "A few characters are broken; they are shown as \u{FFFD}.".into(),
        Fault::JunkBefore => "There is something before the start of the feed; it was skipped.".into(),
        Fault::JunkAfter => "There is something after the end of the feed; it was skipped.".into(),
        Fault::Controls => format!("Control characters, which XML does not allow, were removed ({times})."),
        Fault::StrayLess => format!("A \"<\" that starts no tag was taken as text ({times})."),
        Fault::StrayAmpersand => format!("An \"&\" that is not written as \"&amp;\" was taken as text ({times})."),
        Fault::OpenSection => format!("A CDATA section, comment or instruction is never closed ({times})."),
        Fault::Declarations => "The document declares entities of its own; they are left as they are.".into(),
        Fault::UnmatchedEnd => format!("An end tag has no start tag; it was ignored ({times})."),
        Fault::Unclosed => format!("An element is not closed before the one around it ends ({times})."),
        Fault::NestedItem => format!("An entry begins inside another one; they were told apart ({times})."),
        Fault::Cut => "The document ends before the feed is closed: it may have been cut.".into(),
        Fault::CutEntry => "The last entry is cut before its id or link; it was left out.".into(),
        Fault::TooDeep => format!("Elements are nested too deep; the depth was ignored ({times})."),
        Fault::TooManyEntries => format!("There are too many entries; the last were left out ({count})."),
        Fault::TooManyAttributes => format!("An element has too many attributes; the last were ignored ({times})."),
        Fault::TooManyNamespaces => format!("There are too many namespaces; the last were ignored ({times})."),
        Fault::TooLong => format!("A field is too long; it was cut or left out ({times})."),
        Fault::LongPage => "The page is too long; its end was left out.".into(),
        Fault::NotFound(what) => format!("An item has no {what} where the selectors look for it ({times})."),
        Fault::BadDate => format!("A date could not be read ({times})."),
        Fault::TwiceEncoded => format!("A text was encoded twice (\"Ã©\" for \"é\"); it was mended ({times})."),
        Fault::Broken => "The document is too broken to be read on from some point.".into(),
    }
}
