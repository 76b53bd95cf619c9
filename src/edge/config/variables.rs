//! `ONCOFEED_<SECTION>_<KEY>`: what overrides the operators' file.

use std::{cell::RefCell, collections::BTreeMap, ffi::OsString};

use super::{
    fault::{Fault, Faults},
    value::{Given, Wrong},
};
use crate::model::credential::{Credentials, Secret};

const PREFIX: &str = "ONCOFEED_";
const CREDENTIAL: &str = "ONCOFEED_CREDENTIAL_";

/// The variables that may be ours. Which of them are is known once every key was asked for; the rest is ignored.
#[derive(Debug)]
pub(super) struct Variables {
    values: BTreeMap<String, OsString>,
    faults: RefCell<Vec<Fault>>,
}

impl Variables {
    pub(super) fn new(all: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let named = all
            .into_iter()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)));
        Self {
            values: named.filter(|(name, _)| name.starts_with(PREFIX)).collect(),
            faults: RefCell::default(),
        }
    }

    /// `None` where the variable is not set or faulty.
    pub(super) fn take<T>(
        &self,
        section: &str,
        key: &str,
        read: impl FnOnce(Given<'_>) -> Result<T, Wrong>,
    ) -> Option<T> {
        let read = match self.values.get(&name(section, key))?.to_str() {
            Some(text) => read(Given::Text(text)),
            None => Err(Wrong::new("is not UTF-8 text")),
        };
        read.map_err(|wrong| self.fault(section, key, wrong)).ok()
    }

    /// Every `ONCOFEED_CREDENTIAL_<NAME>`.
    pub(super) fn credentials(&self) -> Credentials {
        let named = self.values.iter().filter_map(|(variable, secret)| {
            let name = variable.strip_prefix(CREDENTIAL)?;
            Some((name.to_owned(), Secret::new(secret.to_str()?)))
        });
        named.filter(|(name, _)| Credentials::is_name(name)).collect()
    }

    pub(super) fn has(&self, section: &str, key: &str) -> bool {
        self.values.contains_key(&name(section, key))
    }

    pub(super) fn fault(&self, section: &str, key: &str, wrong: Wrong) {
        let fault = Fault::of_variable(name(section, key), wrong.message, wrong.help);
        self.faults.borrow_mut().push(fault);
    }

    pub(super) fn report(&self, faults: &mut Faults) {
        self.faults.borrow_mut().drain(..).for_each(|fault| faults.push(fault));
    }
}

fn name(section: &str, key: &str) -> String {
    format!("{PREFIX}{}_{}", section.to_uppercase(), key.to_uppercase())
}
