//! `config/oncofeed.toml`.
//!
//! Each key is written once, in `sections`: with its default, its bounds and one line of explanation. The file that
//! we ship is made of the same lines by [`example`].

mod access;
mod file;
mod sections;

use std::{path::Path, time::Duration};

use toml::de::DeTable;

use self::file::SettingsFile;
use super::{
    fault::Faults,
    file::Document,
    suggest,
    table::Walk,
    value::{Wrong, quoted, spell},
    variables::Variables,
};
use crate::model::settings::Settings;

const SECTIONS: [(&str, &str); 6] = [
    ("site", "[site]"),
    ("store", "[store]"),
    ("fetch", "[fetch]"),
    ("publish", "[publish]"),
    ("serve", "[serve]"),
    ("log", "[log]"),
];

/// Below this, publishers complain.
const POLITE_INTERVAL: Duration = Duration::from_secs(15 * 60);

/// The settings, unless something is wrong, which then is among the faults.
pub(super) fn read(
    document: &Document,
    variables: &Variables,
    faults: &mut Faults,
    warnings: &mut Vec<String>,
) -> Option<Settings> {
    let (root, walk) = Walk::start(document);
    unknown_sections(root.get_ref(), &walk);
    let mut file = SettingsFile::new(root.get_ref(), &walk, variables);
    let settings = all(&mut file);
    if let Some(settings) = &settings {
        disagreements(settings, &file);
        warnings.extend(doubts(settings, &file).into_iter().map(str::to_owned));
    }
    walk.finish(faults, warnings);
    variables.report(faults);
    settings
}

/// `config/oncofeed.toml` as we ship it: every key with its default.
pub fn example() -> String {
    let document = Document::empty(Path::new(""));
    let variables = Variables::new([]);
    let (root, walk) = Walk::start(&document);
    let mut file = SettingsFile::new(root.get_ref(), &walk, &variables);
    all(&mut file);
    PREFACE.to_owned() + &file.into_example()
}

const PREFACE: &str = "\
# oncofeed: what operators set. Editors have feeds.toml for channels and sources.
#
# Every key is shown with its default. To change one, remove the `#` before it. Each can also be set by a variable
# ONCOFEED_<SECTION>_<KEY>, such as ONCOFEED_SERVE_LISTEN, which goes before this file; lists are comma-separated there.
# Relative paths are relative to the working directory. `oncofeed check` says what is wrong with both files.
";

fn unknown_sections(root: &DeTable<'_>, walk: &Walk<'_>) {
    for (key, _) in root {
        let name: &str = key.get_ref();
        if SECTIONS.iter().any(|(known, _)| *known == name) {
            continue;
        }
        let names = SECTIONS.map(|(name, _)| name);
        let help = match name {
            "channel" | "source" => "channels and sources belong in feeds.toml".into(),
            _ => suggest::help(name, &names),
        };
        walk.fault_if_sound(key.span(), format!("unknown section {}", quoted(name)), Some(help));
    }
}

/// Every section is read, whatever is wrong with those before it.
fn all(file: &mut SettingsFile<'_>) -> Option<Settings> {
    let site = sections::site(file);
    let store = sections::store(file);
    let fetch = sections::fetch(file);
    let publish = sections::publish(file);
    let serve = sections::serve(file);
    let log = sections::log(file);
    Some(Settings {
        site: site?,
        store: store?,
        fetch: fetch?,
        publish: publish?,
        serve: serve?,
        log: log?,
    })
}

/// Values that are right by themselves and wrong together.
fn disagreements(settings: &Settings, file: &SettingsFile<'_>) {
    // A web server that shows `publish.dir` would show the database with it.
    if settings.store.path.starts_with(&settings.publish.dir) {
        let wrong = Wrong::new("store.path lies in publish.dir, where everything is public");
        file.disagree([("store", "path"), ("publish", "dir")], wrong);
    }
    let (least, most) = (settings.fetch.min_interval, settings.fetch.max_interval);
    if least > most {
        let wrong = format!(
            "fetch.min_interval ({}) is above fetch.max_interval ({})",
            spell(least),
            spell(most)
        );
        file.disagree(
            [("fetch", "max_interval"), ("fetch", "min_interval")],
            Wrong::new(wrong),
        );
    }
}

/// What works and is probably not meant.
fn doubts(settings: &Settings, file: &SettingsFile<'_>) -> Vec<&'static str> {
    let mut doubts = vec![];
    if !file.is_set("site", "base_url") {
        doubts.push("site.base_url is not set: outputs name http://127.0.0.1:8080/ as their address");
    }
    if settings.site.contact.is_none() {
        doubts.push("site.contact is not set: publishers cannot write to us before they block us");
    }
    if settings.fetch.min_interval < POLITE_INTERVAL {
        doubts.push("fetch.min_interval: publishers block whoever comes more often than every 15 minutes");
    }
    if settings
        .fetch
        .allow_addresses
        .iter()
        .any(|network| network.prefix_len() == 0)
    {
        doubts.push("fetch.allow_addresses: any address is allowed, so a feed can reach this machine's neighbours");
    }
    if settings.fetch.proxy_login.is_some() && settings.fetch.proxy.is_none() {
        doubts.push("fetch.proxy_login has no effect: fetch.proxy is not set");
    }
    doubts
}
