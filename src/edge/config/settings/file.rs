//! The operators' file, its variables and its defaults, as one.

use std::ops::Range;

use toml::de::{DeTable, DeValue};

use super::SECTIONS;
use crate::{
    edge::config::{
        table::{Section, Walk},
        value::{self, Given, Wrong},
        variables::Variables,
    },
    model::credential::Credentials,
};

/// The file being read, and the example being written.
pub(super) struct SettingsFile<'a> {
    root: &'a DeTable<'a>,
    walk: &'a Walk<'a>,
    variables: &'a Variables,
    example: String,
}

impl<'a> SettingsFile<'a> {
    pub(super) fn new(root: &'a DeTable<'a>, walk: &'a Walk<'a>, variables: &'a Variables) -> Self {
        Self {
            root,
            walk,
            variables,
            example: String::new(),
        }
    }

    /// Every section that was read, with its keys and their defaults.
    pub(super) fn into_example(self) -> String {
        self.example
    }

    /// Whether a value is somebody's choice.
    pub(super) fn is_set(&self, section: &str, key: &str) -> bool {
        let table = self.root.get(section).and_then(|table| table.get_ref().as_table());
        self.variables.has(section, key) || table.is_some_and(|table| table.contains_key(key))
    }

    /// The environment's credentials.
    pub(super) fn credentials(&self) -> Credentials {
        self.variables.credentials()
    }

    /// A fault of two values together, at the first of them that was set.
    pub(super) fn disagree(&self, keys: [(&str, &str); 2], wrong: Wrong) {
        for (section, key) in keys {
            if self.variables.has(section, key) {
                return self.variables.fault(section, key, wrong);
            }
            let table = self.root.get(section).and_then(|table| table.get_ref().as_table());
            if let Some(value) = table.and_then(|table| table.get(key)) {
                return self.walk.fault(value.span(), wrong.message, wrong.help);
            }
        }
    }

    /// A section to be read; also one more section of the example.
    pub(super) fn section(&mut self, name: &'static str, about: &str) -> Keys<'_, 'a> {
        let title = SECTIONS
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(name, |(_, title)| title);
        let (table, header) = self.table(name, title);
        self.example.push_str(&format!("\n# {about}\n{title}\n"));
        Keys {
            name,
            section: Section::new(title, table, header, self.walk),
            variables: self.variables,
            example: &mut self.example,
        }
    }

    fn table(&self, name: &str, title: &str) -> (Option<&'a DeTable<'a>>, Range<usize>) {
        let Some(value) = self.root.get(name) else {
            return (None, 0..0);
        };
        let table = value.get_ref().as_table();
        if table.is_none() {
            let message = format!("`{name}` must be a section, found {}", value::kind(value.get_ref()));
            let help = format!("write {title} on a line of its own");
            self.walk.fault(value.span(), message, Some(help));
        }
        (table, value.span())
    }
}

/// One section of the file, its variables and its defaults.
pub(super) struct Keys<'b, 'a> {
    name: &'static str,
    section: Section<'a>,
    variables: &'a Variables,
    example: &'b mut String,
}

impl Keys<'_, '_> {
    /// From the variable, else from the file, else the default, which is written as in the file. The file's value is
    /// checked even where it is overridden.
    pub(super) fn read<T>(
        &mut self,
        key: &'static str,
        default: &'static str,
        about: &str,
        read: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        self.describe(key, default, about);
        let in_file = self.section.take(key, &read);
        let in_environment = self.variables.take(self.name, key, &read);
        in_environment.or(in_file).or_else(|| {
            let value = DeValue::parse(default).ok()?;
            read(Given::Toml(value.get_ref())).ok()
        })
    }

    /// A list, empty by default.
    pub(super) fn read_list<T>(
        &mut self,
        key: &'static str,
        example: &str,
        about: &str,
        each: impl Fn(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<Vec<T>> {
        self.describe(key, example, about);
        let in_file = self.section.list(key, example, &each);
        let in_environment = self.variables.take(self.name, key, |given| {
            let members = given.text("a list")?.split(',').map(str::trim);
            members
                .filter(|member| !member.is_empty())
                .map(|member| each(Given::Text(member)))
                .collect()
        });
        Some(in_environment.or(in_file).unwrap_or_default())
    }

    fn describe(&mut self, key: &str, default: &str, about: &str) {
        self.example.push_str(&format!("# {about}\n#{key} = {default}\n"));
    }

    pub(super) fn finish(self) {
        self.section.finish();
    }
}
