//! HTML, by the errors that a browser's parser counts.

use html5ever::{ParseOpts, parse_document, tendril::TendrilSink as _};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// Errors of a whole page.
pub(in crate::render) fn faults(page: &str) -> Vec<String> {
    let options = ParseOpts {
        tokenizer: html5ever::tokenizer::TokenizerOpts {
            exact_errors: true,
            ..Default::default()
        },
        tree_builder: html5ever::tree_builder::TreeBuilderOpts {
            exact_errors: true,
            ..Default::default()
        },
    };
    let dom = parse_document(RcDom::default(), options).one(page);
    let errors = dom.errors.borrow();
    errors.iter().map(ToString::to_string).collect()
}

/// Errors of a block, where a page includes it.
pub(in crate::render) fn faults_inside(block: &str) -> Vec<String> {
    faults(&format!(
        "<!doctype html><html><head><title>x</title></head><body>{block}</body></html>"
    ))
}

/// What is not text where there should be text alone.
pub(super) fn faults_in_text(html: &str) -> Vec<String> {
    let mut names = vec![];
    look(&dom(html).document, &mut names);
    names.retain(|name| !["html", "head", "body", "p", "title"].contains(&&**name));
    names
}

fn dom(html: &str) -> RcDom {
    parse_document(RcDom::default(), ParseOpts::default()).one(format!("<!doctype html><title></title><p>{html}"))
}

fn look(node: &Handle, names: &mut Vec<String>) {
    match &node.data {
        NodeData::Element { name, .. } => names.push(name.local.to_string()),
        NodeData::Comment { .. } | NodeData::ProcessingInstruction { .. } => names.push("<!".into()),
        _ => {}
    }
    node.children.borrow().iter().for_each(|child| look(child, names));
}
