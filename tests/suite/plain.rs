//! Text fields as words, so that two readers' notions of markup and white space compare.

use html5gum::{Token, Tokenizer};
use oncofeed::model::entry::Markup;

/// The words of a field; empty where there is none.
pub(crate) fn plain(markup: Option<&Markup>) -> String {
    match markup {
        None => String::new(),
        Some(Markup::Text(text)) => plain_text(text),
        Some(Markup::Html(source)) => plain_html(source),
    }
}

/// White space collapsed.
pub(crate) fn plain_text(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Tags stripped, references resolved, white space collapsed.
pub(crate) fn plain_html(source: &str) -> String {
    let mut text = String::new();
    for Ok(token) in Tokenizer::new(source) {
        match token {
            Token::String(string) => text.push_str(&String::from_utf8_lossy(&string)),
            Token::StartTag(tag) if matches!(&**tag.name, b"br" | b"p" | b"div" | b"li") => text.push(' '),
            _ => {}
        }
    }
    plain_text(&text)
}
