//! The files of words and rules, `lexicon.toml`, `labels.toml` and `boilerplate.toml`, beside the operators' file.
//!
//! A copy of each is built in and counts where there is no file, so that a program that was installed alone knows as
//! much as one with its files.

mod boilerplate;
mod labels;
mod lexicon;

use std::{
    path::{Path, PathBuf},
    sync::{Arc, LazyLock},
};

use toml::de::DeTable;

use super::{
    fault::{Fault, Faults},
    file::{self, Document},
    table::{Section, Walk},
    value::{kind, quoted},
};
use crate::model::editorial::Editorial;

const LEXICON: &str = "lexicon.toml";
const LABELS: &str = "labels.toml";
const BOILERPLATE: &str = "boilerplate.toml";

const SHIPPED_LEXICON: &str = include_str!("../../../config/lexicon.toml");
const SHIPPED_LABELS: &str = include_str!("../../../config/labels.toml");
const SHIPPED_BOILERPLATE: &str = include_str!("../../../config/boilerplate.toml");

/// Where the files of an operators' file are looked for.
pub(super) fn paths(config: &Path) -> [PathBuf; 3] {
    [LEXICON, LABELS, BOILERPLATE].map(|name| config.with_file_name(name))
}

/// The copies that are built in: read once, since many an expression has to be compiled.
static SHIPPED: LazyLock<Result<Editorial, Faults>> = LazyLock::new(|| {
    let mut faults = Faults::default();
    let document = |name, text: &str| Document::new(Path::new(name), text.to_owned());
    let lexicon = lexicon::read(&document(LEXICON, SHIPPED_LEXICON), &mut faults, &mut vec![]);
    let labels = labels::read(&document(LABELS, SHIPPED_LABELS), &mut faults, &mut vec![]);
    let boilerplate = boilerplate::read(&document(BOILERPLATE, SHIPPED_BOILERPLATE), &mut faults, &mut vec![]);
    let editorial = Editorial {
        lexicon: Arc::new(lexicon),
        labels: Arc::new(labels),
        boilerplate: Arc::new(boilerplate),
    };
    if faults.is_empty() { Ok(editorial) } else { Err(faults) }
});

/// # Errors
/// None: the copies are in order, which a test holds.
pub(super) fn shipped() -> Result<Editorial, Faults> {
    SHIPPED.clone()
}

/// What the files say, or the copies in the place of those that are not there. What was faulty is left out, and among
/// the faults.
pub(super) fn read(config: &Path, faults: &mut Faults, warnings: &mut Vec<String>) -> Result<Editorial, Faults> {
    let [lexicon, labels, boilerplate] = paths(config).map(|path| file::read(&path));
    let mut editorial = shipped()?;
    if let Some(document) = found(lexicon, faults) {
        editorial.lexicon = Arc::new(lexicon::read(&document, faults, warnings));
    }
    if let Some(document) = found(labels, faults) {
        editorial.labels = Arc::new(labels::read(&document, faults, warnings));
    }
    if let Some(document) = found(boilerplate, faults) {
        editorial.boilerplate = Arc::new(boilerplate::read(&document, faults, warnings));
    }
    Ok(editorial)
}

fn found(document: Result<Option<Document>, Fault>, faults: &mut Faults) -> Option<Document> {
    document.unwrap_or_else(|fault| {
        faults.push(fault);
        None
    })
}

/// Every table of one kind. None at all is a fault: it would let everything pass.
fn sections<'a>(root: &'a DeTable<'a>, name: &str, title: &'static str, walk: &'a Walk<'a>) -> Vec<Section<'a>> {
    let Some(value) = root.get(name) else {
        let help = "delete the file to use the words and rules that are built in";
        walk.fault_if_sound(0..0, format!("there is no {title}"), Some(help.into()));
        return vec![];
    };
    let Some(members) = value.get_ref().as_array() else {
        let message = format!("`{name}` is written as {}", kind(value.get_ref()));
        let help = format!("write {title}, with two brackets, on a line of its own");
        walk.fault(value.span(), message, Some(help));
        return vec![];
    };
    let wrong = |span, found| {
        let help = format!("write {title}, with two brackets, on a line of its own");
        walk.fault(span, format!("`{name}` is written as {found}"), Some(help));
    };
    if members.is_empty() {
        wrong(value.span(), "an empty list");
    }
    let mut sections = vec![];
    for member in members {
        match member.get_ref().as_table() {
            Some(table) => sections.push(Section::new(title, Some(table), member.span(), walk)),
            None => wrong(member.span(), kind(member.get_ref())),
        }
    }
    sections
}

/// Sections that have no meaning here.
fn unknown_sections(root: &DeTable<'_>, known: &[&str], walk: &Walk<'_>) {
    for key in root.keys() {
        let name: &str = key.get_ref();
        if !known.contains(&name) {
            let help = super::suggest::help(name, known);
            walk.fault_if_sound(key.span(), format!("unknown section {}", quoted(name)), Some(help));
        }
    }
}
