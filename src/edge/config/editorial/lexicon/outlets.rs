//! `[relevance.outlets]`.

use crate::{
    edge::config::{table::Section, value},
    model::{
        source::Outlet,
        vocabulary::{Factors, Outlets},
    },
};

/// Most by which an outlet multiplies points.
const FACTOR_MAX: f64 = 5.0;

const EXAMPLE: &str = "{ cancer = 1.0, medicine = 1.0, people = 0.5, other = 1.0, medicine_share = 0.5 }";

pub(super) fn read(section: &mut Section<'_>) -> Option<Outlets> {
    let mut section = table(section, "outlets", "[relevance.outlets]", "{ … }")?;
    let mut of = |key| factors(table(&mut section, key, "an outlet", EXAMPLE)?);
    let [journal, trade, general, regulator, charity] = Outlet::ALL.map(|outlet| of(outlet.as_str()));
    let unknown = of("unknown");
    section.finish();
    Some(Outlets {
        journal: journal?,
        trade: trade?,
        general: general?,
        regulator: regulator?,
        charity: charity?,
        unknown: unknown?,
    })
}

/// A table that must be there.
fn table<'a>(section: &mut Section<'a>, key: &'static str, title: &'static str, example: &str) -> Option<Section<'a>> {
    if !section.has(key) {
        section.wrong(
            key,
            format!("there is no `{key}`"),
            Some(format!("for example: {key} = {example}")),
        );
    }
    section.table(key, title, example)
}

fn factors(mut section: Section<'_>) -> Option<Factors> {
    let factor = |key| section.require(key, "1.0", value::decimal(0.0..=FACTOR_MAX));
    let [cancer, medicine, people, other, medicine_share] =
        ["cancer", "medicine", "people", "other", "medicine_share"].map(factor);
    section.finish();
    Some(Factors {
        cancer: cancer?,
        medicine: medicine?,
        people: people?,
        other: other?,
        medicine_share: medicine_share?,
    })
}
