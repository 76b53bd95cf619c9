//! Outputs on their way to the public: rendered, dated, checked, or replaced by the last good ones.

use jiff::Timestamp;

use crate::{
    model::{
        intent::OutputRecord,
        publication::{Document, Publication},
    },
    pipeline::render,
};

/// Outputs that change together: those of a channel, or one that belongs to none.
pub(super) struct Sheet {
    /// The channel's id, or the output's name.
    pub(super) name: String,
    pub(super) documents: Vec<(String, Document)>,
    pub(super) changed: Timestamp,
    /// To be remembered, where it is another than before.
    pub(super) record: Option<OutputRecord>,
    /// The output that did not pass its check, and what is wrong with it.
    pub(super) refused: Option<(String, String)>,
}

impl Sheet {
    /// Renders twice: first as if at the beginning of time, to see whether it is what it was; then with the time at
    /// which it last changed.
    pub(super) fn new(
        name: &str,
        before: Option<&OutputRecord>,
        now: Timestamp,
        render: impl Fn(Timestamp) -> Vec<(String, Document)>,
    ) -> Self {
        let digest = render::digest(&render(Timestamp::UNIX_EPOCH));
        let (changed, record) = match before {
            Some(before) if before.digest == digest && !before.gone => (before.changed, None),
            _ => {
                let record = record(name, digest, now);
                (record.changed, Some(record))
            }
        };
        Self {
            name: name.to_owned(),
            documents: render(changed),
            changed,
            record,
            refused: None,
        }
    }

    /// The sheet, or what was published last in its place.
    pub(super) fn checked(mut self, last: &Publication, check: impl Fn(&str, &Document) -> Result<(), String>) -> Self {
        let found = |(name, document): &(String, Document)| Some((name.clone(), check(name, document).err()?));
        self.refused = self.documents.iter().find_map(found);
        let Some((name, fault)) = &self.refused else {
            return self;
        };
        tracing::error!(output = %name, %fault, "an output did not pass its check: the last good one stays");
        self.documents.retain(|(name, _)| last.documents.contains_key(name));
        self.stay(last);
        self.record = None;
        self
    }

    /// Puts what was published last in the place of what was made now, where there is such.
    pub(super) fn stay(&mut self, last: &Publication) {
        for (name, document) in &mut self.documents {
            if let Some(before) = last.documents.get(name) {
                *document = before.clone();
                self.record = None;
            }
        }
    }
}

fn record(name: &str, digest: Vec<u8>, now: Timestamp) -> OutputRecord {
    OutputRecord {
        name: name.to_owned(),
        digest,
        changed: Timestamp::from_second(now.as_second()).unwrap_or(now),
        gone: false,
    }
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;

    use super::*;
    use crate::model::publication::Format;

    fn document(text: &str, changed: Timestamp) -> (String, Document) {
        let document = Document {
            format: Format::Rss,
            bytes: Bytes::from(text.to_owned()),
            changed,
            packed: vec![],
            link: None,
        };
        ("news.rss".to_owned(), document)
    }

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    fn sheet(before: Option<&OutputRecord>, text: &str, now: &str) -> Sheet {
        Sheet::new("news", before, at(now), |changed| vec![document(text, changed)])
    }

    #[test]
    fn a_sheet_is_as_old_as_what_it_says() {
        let first = sheet(None, "one", "2026-07-01T09:00:00.5Z");
        assert_eq!(first.changed, at("2026-07-01T09:00:00Z"));
        let record = first.record.as_ref();
        let same = sheet(record, "one", "2026-07-02T09:00:00Z");
        assert_eq!((same.changed, same.record), (first.changed, None));
        let other = sheet(record, "two", "2026-07-03T09:00:00Z");
        assert_eq!(other.changed, at("2026-07-03T09:00:00Z"));
        let gone = first.record.clone().map(|record| OutputRecord { gone: true, ..record });
        let back = sheet(gone.as_ref(), "one", "2026-07-04T09:00:00Z");
        assert!(
            back.record.is_some_and(|record| !record.gone),
            "a channel that came back is there again"
        );
    }

    #[test]
    fn what_does_not_pass_its_check_leaves_the_last_good_one() {
        let good = document("good", at("2026-07-01T09:00:00Z"));
        let last = Publication {
            documents: [good.clone()].into(),
            ..Publication::default()
        };
        let refuse = |_: &str, document: &Document| match &*document.bytes {
            b"bad" => Err("it is bad".to_owned()),
            _ => Ok(()),
        };
        let bad = sheet(None, "bad", "2026-07-02T09:00:00Z").checked(&last, refuse);
        assert_eq!((bad.documents, bad.record), (vec![good], None));
        assert_eq!(bad.refused, Some(("news.rss".to_owned(), "it is bad".to_owned())));
        let nothing = sheet(None, "bad", "2026-07-02T09:00:00Z").checked(&Publication::default(), refuse);
        assert!(
            nothing.documents.is_empty(),
            "what was never good is not published at all"
        );
    }
}
