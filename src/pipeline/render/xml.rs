//! Writes XML: elements, attributes, text. It closes what it opened and escapes what it is given.

/// An XML document in the making, indented. Names are ours; attribute values and text are anybody's.
pub(super) struct Xml {
    out: String,
    open: Vec<&'static str>,
}

impl Xml {
    pub(super) fn new() -> Self {
        Self {
            out: "<?xml version=\"1.0\" encoding=\"utf-8\"?>".to_owned(),
            open: vec![],
        }
    }

    /// Starts an element that has children; [`Xml::close`] ends it.
    pub(super) fn open(&mut self, name: &'static str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push('>');
        self.open.push(name);
    }

    pub(super) fn close(&mut self) {
        if let Some(name) = self.open.pop() {
            self.new_line();
            self.end(name);
        }
    }

    /// An element that has attributes alone.
    pub(super) fn empty(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.start(name, attributes);
        self.out.push_str("/>");
    }

    /// An element with text.
    pub(super) fn text(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.escaped(name, attributes, &escape(text));
    }

    /// An element with text that readers take for text or for HTML, as they like: in RSS always, and some in Atom too,
    /// whatever its type is.
    ///
    /// Hexadecimal references, by the RSS Advisory Board's Best Practices Profile; and no `<` that could begin a tag.
    pub(super) fn ambiguous(&mut self, name: &str, attributes: &[(&str, &str)], text: &str) {
        self.escaped(name, attributes, &escape_hexadecimal(&untagged(text)));
    }

    /// An element whose text is HTML source: here, text that is escaped twice.
    pub(super) fn html(&mut self, name: &str, text: &str) {
        self.text(name, &[], &escape(text));
    }

    pub(super) fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.close();
        }
        self.out.push('\n');
        self.out
    }

    fn escaped(&mut self, name: &str, attributes: &[(&str, &str)], escaped: &str) {
        self.start(name, attributes);
        self.out.push('>');
        self.out.push_str(escaped);
        self.end(name);
    }

    fn start(&mut self, name: &str, attributes: &[(&str, &str)]) {
        self.new_line();
        self.out.push('<');
        self.out.push_str(name);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            self.out.push_str(&attribute(value));
            self.out.push('"');
        }
    }

    fn end(&mut self, name: &str) {
        self.out.push_str("</");
        self.out.push_str(name);
        self.out.push('>');
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.extend(self.open.iter().map(|_| "  "));
    }
}

/// `>` too: `]]>` must not stand in text.
pub(super) fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn escape_hexadecimal(text: &str) -> String {
    text.replace('&', "&#x26;")
        .replace('<', "&#x3C;")
        .replace('>', "&#x3E;")
}

/// Hexadecimal references here too: a title may stand in an attribute. White space as references, or a reader would
/// make blanks of it.
fn attribute(value: &str) -> String {
    escape_hexadecimal(value)
        .replace('"', "&quot;")
        .replace('\n', "&#xA;")
        .replace('\t', "&#x9;")
}

/// A blank after each `<` that an HTML reader would take for the beginning of a tag, comment or instruction.
pub(super) fn untagged(text: &str) -> String {
    let mut untagged = String::with_capacity(text.len());
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        untagged.push(c);
        let tag = |next: &char| next.is_alphabetic() || matches!(next, '/' | '!' | '?');
        if c == '<' && chars.peek().is_some_and(tag) {
            untagged.push(' ');
        }
    }
    untagged
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_reader_sees_a_tag() {
        for (text, expect) in [
            ("p<0.05 and x < y", "p<0.05 and x < y"),
            ("<script>", "< script>"),
            ("</b><!-- <?php <<b", "< /b>< !-- < ?php << b"),
            ("<", "<"),
            ("OS<HR", "OS< HR"),
        ] {
            assert_eq!(untagged(text), expect, "{text}");
        }
    }

    #[test]
    fn text_attributes_and_html_are_escaped_for_their_place() {
        let mut xml = Xml::new();
        xml.open("a", &[("href", "x?y&z=\"1\"\n")]);
        xml.text("t", &[], "a & b < c ]]>");
        xml.ambiguous("t", &[], "R&D <b>");
        xml.html("t", "a & b < c");
        let expect = "<?xml version=\"1.0\" encoding=\"utf-8\"?>
<a href=\"x?y&#x26;z=&quot;1&quot;&#xA;\">
  <t>a &amp; b &lt; c ]]&gt;</t>
  <t>R&#x26;D &#x3C; b&#x3E;</t>
  <t>a &amp;amp; b &amp;lt; c</t>
</a>
";
        assert_eq!(xml.finish(), expect);
    }
}
