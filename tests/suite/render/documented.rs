//! `docs/publishing.md` says what there is.

use std::{collections::BTreeSet, fs, path::Path};

use super::{edition, item, outputs};

fn read(path: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(path)).unwrap()
}

/// What stands between two marks, wherever they are.
fn between(text: &str, start: &str, ends: &[char]) -> BTreeSet<String> {
    let rest = text.split(start).skip(1);
    let names = rest.filter_map(|rest| rest.split(|c| ends.contains(&c)).next());
    names.map(str::to_owned).collect()
}

#[test]
fn custom_properties_and_parts_are_those_of_the_block() {
    let (docs, css) = (
        read("docs/publishing.md"),
        read("src/pipeline/render/templates/block.css"),
    );
    let js = read("src/pipeline/render/templates/block.js");
    let table = between(&docs, "| `--oncofeed-", &['`']);
    assert_eq!(table, between(&css, "var(--oncofeed-", &[',', ')']));
    let (_, parts) = docs.split_once("Parts: ").unwrap();
    let told: BTreeSet<_> = parts
        .lines()
        .next()
        .unwrap()
        .trim_end_matches('.')
        .split(", ")
        .map(|part| part.trim_matches('`').to_owned())
        .collect();
    let mut made = BTreeSet::new();
    for name in ["section", "article", "p", "a"] {
        made.extend(between(&js, &format!("element(\"{name}\", \""), &['"']));
    }
    made.extend(between(&js, "}`, \"", &['"']));
    made.remove("");
    assert_eq!(told, made);
}

#[test]
fn outputs_and_headers_are_those_that_are_served() {
    let docs = read("docs/publishing.md");
    for (name, _) in outputs(&edition(vec![item(1, "One", "")])) {
        let name = name.replace("latest-news", "CHANNEL");
        assert!(docs.contains(&format!("| `{name}` |")), "{name}");
    }
    let answer = read("src/edge/serve/answer.rs");
    let fresh = between(&answer, "HeaderValue::from_static(\"public, ", &['"']);
    let fresh = fresh.first().unwrap();
    assert!(
        docs.contains(&format!("| `Cache-Control` | `public, {fresh}`")),
        "{fresh}"
    );
}
