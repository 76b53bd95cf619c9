//! Publishers' text fields to plain text.
//!
//! What comes out holds no markup that a reader could see as such, no character that changes how its neighbours
//! look, and no more than was asked for. Every step is linear: a feed of 8 MiB of `<div>` is read as quickly as any
//! other. There is no tree here, on purpose: building one is what makes HTML libraries quadratic.

mod characters;
mod html;
mod prose;
mod tags;

use unicode_segmentation::UnicodeSegmentation;

use self::prose::Prose;
use crate::model::entry::Markup;

/// Longest word that is kept whole when a text is cut to a bound; longer ones are URLs or sequences.
const WORD_CHARS_MAX: usize = 50;

/// A field as paragraphs, one a line; at most `most` characters, cut after a word.
pub(super) fn paragraphs(markup: &Markup, most: usize) -> String {
    let text = read(markup, most + 1);
    match text.char_indices().nth(most) {
        Some(_) => cut(&text, most).to_owned(),
        None => text,
    }
}

/// A field on one line; at most `most` characters, the last of them `…` where something was cut.
pub(super) fn line(markup: &Markup, most: usize) -> String {
    let text = read(markup, most + 1).replace('\n', " ");
    match text.char_indices().nth(most) {
        Some(_) => format!("{}…", cut(&text, most - 1)),
        None => text,
    }
}

fn read(markup: &Markup, most: usize) -> String {
    match markup {
        Markup::Html(source) => html::read(source, most),
        Markup::Text(source) => {
            let mut prose = Prose::new(most);
            prose.push_lines(source);
            prose.finish()
        }
    }
}

/// The text before character `most`, back to the end of the last word, or of the last grapheme in a very long word.
pub(super) fn cut(text: &str, most: usize) -> &str {
    let end = text.char_indices().nth(most).map_or(text.len(), |(at, _)| at);
    let fits = text.get(..end).unwrap_or(text);
    let whole_words = match text.get(end..).and_then(|rest| rest.chars().next()) {
        Some(next) if !next.is_whitespace() => fits.rfind(char::is_whitespace),
        _ => Some(end),
    };
    let last = match whole_words {
        Some(at)
            if fits
                .get(at..)
                .is_some_and(|word| word.chars().count() <= WORD_CHARS_MAX) =>
        {
            at
        }
        _ => grapheme_end(text, end),
    };
    text.get(..last).unwrap_or(fits).trim_end()
}

/// The last grapheme boundary at or before a byte position.
pub(super) fn grapheme_end(text: &str, at: usize) -> usize {
    let ends = text
        .grapheme_indices(true)
        .map(|(start, cluster)| start + cluster.len());
    ends.take_while(|end| *end <= at).last().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const MOST: usize = 4_000;
    const FORBIDDEN: [char; 7] = [
        '\u{200b}', '\u{202e}', '\u{2066}', '\u{2069}', '\u{fffe}', '\u{ad}', '\u{feff}',
    ];

    fn html(source: &str) -> String {
        paragraphs(&Markup::Html(source.into()), MOST)
    }

    #[test]
    fn markup_becomes_paragraphs() {
        for (source, expect) in [
            ("plain", "plain"),
            ("<p>One <b>bold</b> word.</p>\n\n<p>Two</p>", "One bold word.\nTwo"),
            ("one<br>two<br/><br />three", "one\ntwo\nthree"),
            ("<ul><li>one</li><li>two</ul>", "one\ntwo"),
            ("CO<sub>2</sub> and 10<sup>9</sup>/l", "CO2 and 109/l"),
            ("<p>a\n  b\u{a0}\u{2003}c\u{2028}d", "a b c d"),
            (
                "<strong>Purpose:</strong>We asked.<strong>Methods:</strong>We looked.",
                "Purpose: We asked. Methods: We looked.",
            ),
            ("at 12:<b>30</b>", "at 12:30"),
            ("<jats:p>Of <jats:italic>TP53</jats:italic></jats:p>", "Of TP53"),
            (
                "x<script>alert('<p>')</script><style>p{}</style><!-- more -->y<!--[if gte mso 9]><xml/><![endif]-->z",
                "xyz",
            ),
            (
                "a <svg><title>t</title><svg></svg>b</svg><math><mi>x</mi></math> c",
                "a c",
            ),
            ("<svg/>kept <math/>too", "kept too"),
            (
                "<figure><img src=x alt=y><figcaption>Credit: A</figcaption></figure>Text",
                "Text",
            ),
            ("<![CDATA[<p>in CDATA</p>]]>", "in CDATA"),
            ("<?xml:namespace prefix = o />Word", "Word"),
            (
                "<a href=\"https://a.test/?a=1&b=2\">link</a> <A HREF=x>Link</A>",
                "link Link",
            ),
        ] {
            assert_eq!(html(source), expect, "{source}");
        }
    }

    #[test]
    fn signs_that_start_no_tag_are_text() {
        for text in [
            "IL-6 < 5 and p<0.05",
            "IL-6<TNF and x<y and z>w",
            "a <b and c> d",
            "age <65 v. >65",
            "<5%",
            "1 < 2 > 0",
            "R&D at AT&T & others &c.",
            "Is it <in situ> or <IL-6>?",
            "if n<p",
            "<",
            "a <! b",
            "really<?",
        ] {
            assert_eq!(html(text), text);
        }
    }

    #[test]
    fn a_tag_that_was_cut_is_no_text() {
        for (source, expect) in [
            ("text <a href=\"https://a.te", "text"),
            ("text <br", "text"),
            ("text</p", "text"),
            ("text <!-- a comment", "text"),
        ] {
            assert_eq!(html(source), expect, "{source}");
        }
    }

    #[test]
    fn entities_are_decoded_once_and_twice_where_the_publisher_escaped_twice() {
        for (source, expect) in [
            (
                "Johnson &amp; Johnson&#39;s &hellip;&#x2013;&#150;",
                "Johnson & Johnson's …––",
            ),
            ("R&amp;amp;D &amp;#8217; &amp;nbsp;x", "R&D ’ x"),
            (
                "&lt;p&gt;Check stock &amp;amp; quarantine.&lt;/p&gt;&lt;p&gt;Now.&lt;/p&gt;",
                "Check stock & quarantine.\nNow.",
            ),
            ("p &lt; 0.05 &amp;lt; 0.1", "p < 0.05 < 0.1"),
            ("How the &lt;script&gt; tag works", "How the <script> tag works"),
            (
                "<p>Write &lt;b&gt;x&lt;/b&gt; for bold, &amp;amp; for &amp;</p>",
                "Write <b>x</b> for bold, & for &",
            ),
            ("&amp;amp;amp;", "&amp;"),
            ("AT&amp;T &amp;c; x", "AT&T &c; x"),
        ] {
            assert_eq!(html(source), expect, "{source}");
        }
    }

    #[test]
    fn text_means_itself() {
        let text = |source: &str| paragraphs(&Markup::Text(source.into()), MOST);
        assert_eq!(
            text(" The <b> tag &amp; others\r\n\r\nnext "),
            "The <b> tag &amp; others\nnext"
        );
        assert_eq!(text("a\u{202e}b\u{0}c\u{fffe}"), "abc");
    }

    #[test]
    fn links_beside_the_text_are_no_text() {
        let read = "<p>Prose here.</p><ul><li><a href=x>Live updates</a></li></ul><p>More.</p><p><a href=y>PDF</a></p>";
        assert_eq!(html(read), "Prose here.\nMore.");
        assert_eq!(html("<p><a href=x>All there is</a></p>"), "All there is");
        let sentence = "<p>Prose.</p><p><a href=x>A whole sentence of eight words is prose too.</a></p>";
        assert_eq!(html(sentence), "Prose.\nA whole sentence of eight words is prose too.");
    }

    #[test]
    fn a_bound_cuts_after_a_word() {
        let line = |source: &str, most| line(&Markup::Html(source.into()), most);
        assert_eq!(line("<p>one</p><p>two three</p>", 13), "one two three");
        assert_eq!(line("one two three", 12), "one two…");
        assert_eq!(line("one two three", 8), "one two…");
        assert_eq!(line(&"x".repeat(400), 300), format!("{}…", "x".repeat(299)));
        let family = "👩\u{200d}👩\u{200d}👧";
        assert_eq!(line(&family.repeat(60), 13), format!("{}…", family.repeat(2)));
        assert_eq!(paragraphs(&Markup::Text("one two three".into()), 8), "one two");
    }

    #[test]
    fn hostile_markup_takes_no_longer_than_any_other() {
        let parts = [
            "<div>",
            "<b>",
            "</i>",
            "&",
            "<",
            "<!--",
            "<![CDATA[",
            "<a ",
            "<a href='",
            "&lt;p&gt;",
            "&#x",
            "<svg>",
            "\u{301}",
            "]]>",
        ];
        for part in parts {
            let source = part.repeat(300_000 / part.len());
            let started = std::time::Instant::now();
            html(&source);
            let took = started.elapsed();
            assert!(took.as_secs() < 5, "{part}: {took:?} for {} bytes", source.len());
        }
    }

    proptest! {
        #[test]
        fn any_text_becomes_plain_text_within_bounds(source in r"(?s)(<|>|&|;|/|!|--|p|br|div|script|svg|amp|lt|#x?[0-9]{1,6}|[a-z ]|\PC|\p{Cc}|\p{Cf}|\p{M}){0,80}", most in 2usize..60) {
            for markup in [Markup::Html(source.clone()), Markup::Text(source.clone())] {
                let text = paragraphs(&markup, most);
                prop_assert!(text.chars().count() <= most);
                prop_assert!(line(&markup, most).chars().count() <= most);
                prop_assert_eq!(text.trim(), &text);
                let doubled = text.contains("\n\n") || text.contains("  ");
                let forbidden = text.chars().any(|c| c != '\n' && c.is_control()) || text.contains(FORBIDDEN);
                prop_assert!(!doubled && !forbidden);
            }
        }

        #[test]
        fn no_tag_survives(words in prop::collection::vec(("[a-z]{1,5}", prop::sample::select(vec!["<p>", "</p>", "<br/>", "<img src=x onerror=alert(1)>", "<a href='javascript:x'>", "</a>", "<!-- c -->", "<b>", "</b>", "<script>x</script>", "<svg><set/></svg>", "<table>", "<iframe srcdoc='<p>'></iframe>"])), 0..40)) {
            let source: String = words.iter().map(|(word, tag)| format!("{word} {tag} ")).collect();
            prop_assert_eq!(html(&source).matches('<').count(), 0);
        }
    }
}
