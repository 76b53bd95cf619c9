//! `docs/limits.md` says what the code does: every number in it is that of a constant or a setting.

use std::{fs, path::Path};

use oncofeed::edge::config;

struct Row {
    number: String,
    /// What the third column names: a file or section, then a constant or key.
    named: Vec<String>,
}

fn rows() -> Vec<Row> {
    let page = file("docs/limits.md");
    let lines = page
        .lines()
        .filter(|line| line.starts_with("| ") && !line.starts_with("| limit |"));
    let row = |line: &str| {
        let cells: Vec<_> = line.split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{line}");
        assert!(cells[4].len() > 20, "no reason: {line}");
        Row {
            number: cells[2].to_owned(),
            named: cells[3].split('`').skip(1).step_by(2).map(str::to_owned).collect(),
        }
    };
    lines.map(row).collect()
}

fn file(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// A number as the page writes it, in bytes, seconds or pieces.
fn written(number: &str) -> u64 {
    let (count, unit) = number.split_once(' ').unwrap_or((number, ""));
    let factor = match unit {
        "KiB" => 1 << 10,
        "MiB" => 1 << 20,
        _ => 1,
    };
    match count.split_once('^') {
        Some((base, power)) => base.parse::<u64>().unwrap().pow(power.parse().unwrap()),
        None => factor * count.replace(',', "").parse::<u64>().unwrap(),
    }
}

/// The value of `const NAME: …`, whose expressions are products.
fn constant(path: &str, name: &str) -> u64 {
    let text = file(path);
    let start = format!("const {name}: ");
    let at = text.find(&start).unwrap_or_else(|| panic!("no {name} in {path}"));
    let (_, value) = text[at..].split_once(" = ").unwrap();
    let (value, _) = value.split_once(';').unwrap();
    let value = value.trim_start_matches("Duration::from_secs(").trim_end_matches(')');
    let factors = value.split('*').map(|factor| factor.trim().replace('_', ""));
    let value: u64 = factors.map(|factor| factor.parse::<u64>().unwrap()).product();
    if name.ends_with("_LOG_MAX") {
        1_u64 << value
    } else {
        value
    }
}

fn setting(key: &str) -> u64 {
    let settings = config::default_settings().unwrap().fetch;
    match key {
        "timeout" => settings.timeout.as_secs(),
        "max_body" => settings.max_body,
        _ => panic!("{key} is not among the limits"),
    }
}

#[test]
fn every_number_of_the_page_is_in_force() {
    for Row { number, named } in rows() {
        let found = match &named[..] {
            [] => continue,
            [section, key] if section == "[fetch]" => setting(key),
            [path, name] => constant(path, name),
            other => panic!("{other:?}"),
        };
        assert_eq!(written(&number), found, "{named:?}");
    }
}

/// What an answer may take is bounded nowhere but on the page.
#[test]
fn no_limit_of_a_visit_is_missing_from_the_page() {
    /// They bound what we say or make, not what an answer may cost.
    const OURS: [&str; 4] = ["CAPACITY_MAX", "CHARSET_BYTES_MAX", "QUOTED_CHARS_MAX", "SECONDS_MAX"];
    let named: Vec<_> = rows().into_iter().flat_map(|row| row.named).collect();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/edge/fetch")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        for (_, after) in text.match_indices("const ").map(|(at, _)| text.split_at(at + 6)) {
            let name = after.split(':').next().unwrap();
            let is_limit = ["_MAX", "_MIN", "_TIMEOUT", "_WINDOW"]
                .iter()
                .any(|end| name.ends_with(end));
            let is_known = OURS.contains(&name) || named.iter().any(|known| known == name);
            assert!(!is_limit || is_known, "{name} is not in docs/limits.md");
        }
    }
}
