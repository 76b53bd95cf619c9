//! A walk over TOML that goes on whatever it meets, and remembers what was wrong and where.

use std::{cell::RefCell, collections::BTreeSet, ops::Range};

use toml::{
    Spanned,
    de::{DeTable, DeValue},
};

use super::{
    fault::{Fault, Faults, SHOWN_MAX},
    file::Document,
    suggest,
    value::{Given, Wrong, kind, quoted},
};

/// Most members of one list. An editor's rules are a dozen; each expression costs up to 256 KiB when compiled.
const LIST_MAX: usize = 200;

/// One document being walked.
#[derive(Debug)]
pub(super) struct Walk<'a> {
    document: &'a Document,
    /// What is wrong with the TOML itself.
    syntax: Vec<Finding>,
    found: RefCell<Vec<Finding>>,
    warned: RefCell<Vec<Finding>>,
}

#[derive(Debug)]
struct Finding {
    span: Range<usize>,
    message: String,
    help: Option<String>,
    /// Whether what stands on the line is not to be shown.
    secret: bool,
}

impl<'a> Walk<'a> {
    /// The document's table, as far as it can be read, and the walk over it.
    pub(super) fn start(document: &'a Document) -> (Spanned<DeTable<'a>>, Self) {
        let (root, errors) = DeTable::parse_recoverable(&document.text);
        let walk = Self {
            document,
            syntax: syntax(document, &errors),
            found: RefCell::default(),
            warned: RefCell::default(),
        };
        (root, walk)
    }

    pub(super) fn fault(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        let message = message.into();
        self.found.borrow_mut().push(Finding {
            span,
            message,
            help,
            secret: false,
        });
    }

    /// As [`Walk::fault`], where a secret may stand.
    fn secret_fault(&self, span: Range<usize>, wrong: Wrong) {
        self.found.borrow_mut().push(Finding {
            span,
            message: wrong.message,
            help: wrong.help,
            secret: true,
        });
    }

    /// A fault of what is missing, or in the wrong place. Where the TOML itself is faulty, that may only be its echo.
    pub(super) fn fault_if_sound(&self, span: Range<usize>, message: impl Into<String>, help: Option<String>) {
        if self.syntax.is_empty() {
            self.fault(span, message, help);
        }
    }

    pub(super) fn warn(&self, span: Range<usize>, message: impl Into<String>) {
        let message = message.into();
        self.warned.borrow_mut().push(Finding {
            span,
            message,
            help: None,
            secret: false,
        });
    }

    pub(super) fn line_number(&self, span: &Range<usize>) -> usize {
        self.document.line_number(span.start)
    }

    /// The faults in the order of the file; the warnings likewise, unless there are faults. What was read from a line
    /// that is faulty TOML is not judged.
    pub(super) fn finish(self, faults: &mut Faults, warnings: &mut Vec<String>) {
        let number = |finding: &Finding| self.document.line_number(finding.span.start);
        let broken: BTreeSet<usize> = self.syntax.iter().map(number).collect();
        let mut found = self.found.take();
        if !broken.is_empty() {
            found.retain(|finding| !broken.contains(&number(finding)));
        }
        found.extend(self.syntax);
        found.sort_by_key(|finding| finding.span.start);
        let sound = found.is_empty();
        faults.omit(&self.document.file, found.len().saturating_sub(SHOWN_MAX));
        for finding in found.into_iter().take(SHOWN_MAX) {
            let mut line = self.document.line(&finding.span);
            if finding.secret {
                line.conceal();
            }
            faults.push(Fault::of_line(line, finding.message, finding.help));
        }
        let mut warned = self.warned.take();
        warned.sort_by_key(|finding| finding.span.start);
        for finding in warned.into_iter().filter(|_| sound) {
            let position = self.document.line(&finding.span).position();
            warnings.push(format!("{position}: {}", finding.message));
        }
    }
}

/// What is wrong with the TOML itself: the first fault of each line, as those after it are mostly its echo.
fn syntax(document: &Document, errors: &[toml::de::Error]) -> Vec<Finding> {
    let place = |error: &toml::de::Error| error.span().unwrap_or_default();
    let mut errors: Vec<_> = errors.iter().map(|error| (place(error), error.message())).collect();
    errors.sort_by_key(|(span, _)| span.start);
    errors.dedup_by_key(|(span, _)| document.line_number(span.start));
    errors
        .into_iter()
        .map(|(span, message)| syntax_fault(document, span, message))
        .collect()
}

/// In our words, where the parser's are a programmer's.
fn syntax_fault(document: &Document, span: Range<usize>, message: &str) -> Finding {
    let line = document.line(&span).text;
    let (message, help) = match message {
        "duplicate key" => {
            let message = format!("{} is there already", quoted(document.slice(&span)));
            (message, Some("a key may be set once in a table"))
        }
        // Word processors put them there, and a mail passes them on.
        message if line.contains(['“', '”', '„', '‘', '’']) => {
            (message.to_owned(), Some("TOML wants straight quotes: \"like these\""))
        }
        message if message.starts_with("invalid basic string") => {
            (message.to_owned(), Some("the quote at the end is missing"))
        }
        message => (message.to_owned(), None),
    };
    Finding {
        span,
        message,
        help: help.map(str::to_owned),
        secret: false,
    }
}

/// One table of the document: hands out its values by key and type.
#[derive(Debug)]
pub(super) struct Section<'a> {
    /// As its header is written: `[fetch]`, `[[source]]`.
    title: &'static str,
    /// `None` where the document has no such table.
    table: Option<&'a DeTable<'a>>,
    header: Range<usize>,
    walk: &'a Walk<'a>,
    asked: Vec<&'static str>,
}

impl<'a> Section<'a> {
    pub(super) fn new(
        title: &'static str,
        table: Option<&'a DeTable<'a>>,
        header: Range<usize>,
        walk: &'a Walk<'a>,
    ) -> Self {
        Self {
            title,
            table,
            header,
            walk,
            asked: vec![],
        }
    }

    /// `None` where the key is absent or, which was then reported, faulty.
    pub(super) fn take<T>(&mut self, key: &'static str, read: impl FnOnce(Given<'_>) -> Result<T, Wrong>) -> Option<T> {
        let value = self.value(key)?;
        self.checked(value, read)
    }

    /// As [`Section::take`], but an absent key is a fault.
    pub(super) fn require<T>(
        &mut self,
        key: &'static str,
        example: &str,
        read: impl FnOnce(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.present(key, example);
        self.take(key, read)
    }

    /// A table inside this one, as `{ … }`. `title` stands for it in messages.
    pub(super) fn table(&mut self, key: &'static str, title: &'static str, example: &str) -> Option<Section<'a>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            let message = format!("expected a table, found {}", kind(value.get_ref()));
            self.walk
                .fault(value.span(), message, Some(format!("for example: {key} = {example}")));
            return None;
        };
        Some(Section::new(title, Some(table), value.span(), self.walk))
    }

    /// A list, each member of which is read, and reported, by itself. `None` where any is faulty.
    pub(super) fn list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        each: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        self.list_of(LIST_MAX, key, example, each)
    }

    /// As [`Section::list`], with so many members at most.
    pub(super) fn list_of<T>(
        &mut self,
        most: usize,
        key: &'static str,
        example: &str,
        each: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let Some(members) = value.get_ref().as_array() else {
            let message = format!("expected a list, found {}", kind(value.get_ref()));
            self.walk
                .fault(value.span(), message, Some(format!("for example: {key} = {example}")));
            return None;
        };
        if members.len() > most {
            let message = format!("a list of {}; at most {most} are allowed", members.len());
            self.walk.fault(value.span(), message, None);
            return None;
        }
        let read: Vec<_> = members.iter().map(|member| self.checked(member, &each)).collect();
        read.into_iter().collect()
    }

    /// A table whose keys are not known beforehand; each is read, and reported, by itself. What stands in
    /// it may be secret, so that no fault shows it. `None` where any is faulty.
    pub(super) fn entries<T>(
        &mut self,
        key: &'static str,
        example: &str,
        most: usize,
        mut each: impl FnMut(&str, Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        let value = self.value(key)?;
        let Some(table) = value.get_ref().as_table() else {
            let wrong = Wrong::new(format!("expected a table, found {}", kind(value.get_ref())));
            let help = format!("for example: {key} = {example}");
            self.walk.secret_fault(value.span(), wrong.help(help));
            return None;
        };
        if table.len() > most {
            let message = format!("a table of {}; at most {most} are allowed", table.len());
            self.walk.secret_fault(value.span(), Wrong::new(message));
            return None;
        }
        let read: Vec<_> = table
            .iter()
            .map(|(name, value)| {
                each(name.get_ref(), Given::Toml(value.get_ref()))
                    .map_err(|wrong| self.walk.secret_fault(name.span(), wrong))
                    .ok()
            })
            .collect();
        read.into_iter().collect()
    }

    /// As [`Section::list`], but an absent or empty list is a fault.
    pub(super) fn require_list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        each: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        self.require_list_of(LIST_MAX, key, example, each)
    }

    /// As [`Section::require_list`], with so many members at most.
    pub(super) fn require_list_of<T>(
        &mut self,
        most: usize,
        key: &'static str,
        example: &str,
        each: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        self.present(key, example);
        let list = self.list_of(most, key, example, each)?;
        if list.is_empty() {
            self.wrong(
                key,
                "the list is empty",
                Some(format!("for example: {key} = {example}")),
            );
        }
        Some(list)
    }

    /// A fault of a value that is right by itself; at the header, where the key is absent.
    pub(super) fn wrong(&self, key: &str, message: impl Into<String>, help: Option<String>) {
        self.walk.fault(self.span(key), message, help);
    }

    pub(super) fn warn(&self, key: &str, message: impl Into<String>) {
        self.walk.warn(self.span(key), message);
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.table.is_some_and(|table| table.contains_key(key))
    }

    /// Where the key's value is; the header, where it is absent.
    pub(super) fn span(&self, key: &str) -> Range<usize> {
        let value = self.table.and_then(|table| table.get(key));
        value.map_or_else(|| self.header.clone(), Spanned::span)
    }

    /// Reports every key that was not asked for.
    pub(super) fn finish(self) {
        let unknown = self.table.into_iter().flatten().filter(|(key, _)| {
            let key: &str = key.get_ref();
            !self.asked.contains(&key)
        });
        for (key, _) in unknown {
            let message = format!("unknown key {} in {}", quoted(key.get_ref()), self.title);
            let help = suggest::help(key.get_ref(), &self.asked);
            self.walk.fault(key.span(), message, Some(help));
        }
    }

    fn value(&mut self, key: &'static str) -> Option<&'a Spanned<DeValue<'a>>> {
        self.asked.push(key);
        self.table?.get(key)
    }

    fn present(&self, key: &str, example: &str) {
        if !self.has(key) {
            let message = format!("{} has no `{key}`", self.title);
            let help = format!("for example: {key} = {example}");
            self.walk.fault_if_sound(self.header.clone(), message, Some(help));
        }
    }

    fn checked<T>(&self, value: &Spanned<DeValue<'_>>, read: impl FnOnce(Given<'_>) -> Result<T, Wrong>) -> Option<T> {
        read(Given::Toml(value.get_ref()))
            .map_err(|wrong| self.walk.fault(value.span(), wrong.message, wrong.help))
            .ok()
    }
}
