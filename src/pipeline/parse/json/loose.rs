//! JSON values by shape: what has another one than expected is nothing, not an error.

use std::{borrow::Cow, fmt, marker::PhantomData};

use serde::{
    Deserialize,
    de::{self, DeserializeOwned, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor},
};

/// Most values of one list that are kept: authors, tags, attachments.
const VALUES_MAX: usize = 200;

/// A string or a number, as text.
#[derive(Debug, Default)]
pub(super) struct Scalar(pub(super) Option<String>);

/// A list, or one value without its brackets. Tags come as one string with commas too.
#[derive(Debug)]
pub(super) struct Many<T>(pub(super) Vec<T>);

/// An object with a name, or the name.
#[derive(Debug, Default)]
pub(super) struct Author {
    pub(super) name: Scalar,
}

/// An attachment, or a hub: an object with a URL.
#[derive(Debug, Default)]
pub(super) struct Attachment {
    pub(super) url: Scalar,
    pub(super) mime_type: Scalar,
}

pub(super) type Hub = Attachment;

/// One item.
#[derive(Debug, Default)]
pub(super) struct Item {
    pub(super) id: Scalar,
    pub(super) url: Scalar,
    pub(super) external_url: Scalar,
    pub(super) title: Scalar,
    pub(super) summary: Scalar,
    pub(super) content_html: Scalar,
    pub(super) content_text: Scalar,
    pub(super) date_published: Scalar,
    pub(super) date_modified: Scalar,
    pub(super) image: Scalar,
    pub(super) banner_image: Scalar,
    pub(super) author: Author,
    pub(super) authors: Many<Author>,
    pub(super) tags: Many<Scalar>,
    pub(super) attachments: Many<Attachment>,
}

/// A thing made of whatever value stands in its place: what it does not understand is passed over.
trait Members: Default {
    fn text(&mut self, _text: &str) {}

    fn member<'de, A: MapAccess<'de>>(&mut self, _key: &str, map: &mut A) -> Result<(), A::Error> {
        pass_over(map)
    }

    /// False at the end of the list.
    fn element<'de, A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        Ok(seq.next_element::<IgnoredAny>()?.is_some())
    }
}

impl Members for Scalar {
    fn text(&mut self, text: &str) {
        self.0 = Some(text.to_owned());
    }
}

impl<T: Members + DeserializeOwned> Members for Many<T> {
    /// Commas part tags; nothing else that may be a list is a string with commas.
    fn text(&mut self, text: &str) {
        for part in text
            .split(',')
            .map(str::trim)
            .filter(|part| !part.is_empty())
            .take(VALUES_MAX)
        {
            let mut value = T::default();
            value.text(part);
            self.0.push(value);
        }
    }

    /// One object without the brackets of its list.
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        let mut value = self.0.pop().unwrap_or_default();
        value.member(key, map)?;
        self.0.push(value);
        Ok(())
    }

    fn element<'de, A: SeqAccess<'de>>(&mut self, seq: &mut A) -> Result<bool, A::Error> {
        let value = seq.next_element::<T>()?;
        let is_some = value.is_some();
        if self.0.len() < VALUES_MAX {
            self.0.extend(value);
        }
        Ok(is_some)
    }
}

impl Members for Author {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "name" => self.name = map.next_value()?,
            _ => pass_over(map)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.name = Scalar(Some(text.to_owned()));
    }
}

impl Members for Attachment {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "url" => self.url = map.next_value()?,
            "mime_type" => self.mime_type = map.next_value()?,
            _ => pass_over(map)?,
        }
        Ok(())
    }

    fn text(&mut self, text: &str) {
        self.url = Scalar(Some(text.to_owned()));
    }
}

impl Members for Item {
    fn member<'de, A: MapAccess<'de>>(&mut self, key: &str, map: &mut A) -> Result<(), A::Error> {
        match key {
            "id" => self.id = map.next_value()?,
            "url" => self.url = map.next_value()?,
            "external_url" => self.external_url = map.next_value()?,
            "title" => self.title = map.next_value()?,
            "summary" => self.summary = map.next_value()?,
            "content_html" => self.content_html = map.next_value()?,
            "content_text" => self.content_text = map.next_value()?,
            "date_published" => self.date_published = map.next_value()?,
            "date_modified" => self.date_modified = map.next_value()?,
            "image" => self.image = map.next_value()?,
            "banner_image" => self.banner_image = map.next_value()?,
            "author" => self.author = map.next_value()?,
            "authors" => self.authors = map.next_value()?,
            "tags" => self.tags = map.next_value()?,
            "attachments" => self.attachments = map.next_value()?,
            _ => pass_over(map)?,
        }
        Ok(())
    }
}

fn pass_over<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    map.next_value::<IgnoredAny>().map(drop)
}

impl<T> Default for Many<T> {
    fn default() -> Self {
        Self(vec![])
    }
}

impl<'de> Deserialize<'de> for Scalar {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Author {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Attachment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape(PhantomData))
    }
}

impl<'de> Deserialize<'de> for Item {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape(PhantomData))
    }
}

impl<'de, T: Members + DeserializeOwned> Deserialize<'de> for Many<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(Shape(PhantomData))
    }
}

/// Makes a thing of any value.
struct Shape<T>(PhantomData<T>);

impl<'de, T: Members> Visitor<'de> for Shape<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("anything")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        let mut thing = T::default();
        thing.text(text);
        Ok(thing)
    }

    fn visit_i64<E: de::Error>(self, number: i64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_f64<E: de::Error>(self, number: f64) -> Result<T, E> {
        self.visit_str(&number.to_string())
    }

    fn visit_bool<E>(self, _: bool) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_unit<E>(self) -> Result<T, E> {
        Ok(T::default())
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<T, A::Error> {
        let mut thing = T::default();
        while let Some(key) = map.next_key::<Cow<'_, str>>()? {
            thing.member(&key, &mut map)?;
        }
        Ok(thing)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<T, A::Error> {
        let mut thing = T::default();
        while thing.element(&mut seq)? {}
        Ok(thing)
    }
}

/// serde_json reads no string with half a surrogate pair (`\ud83d` alone) and gives up the whole document.
pub(super) fn without_half_characters(text: &str) -> Cow<'_, str> {
    let mut mended = String::new();
    let mut copied = 0;
    let mut at = 0;
    while let Some(offset) = text[at..].find('\\') {
        let start = at + offset;
        let (whole, halves) = escape(&text[start..]);
        at = start + whole;
        if halves {
            mended.push_str(&text[copied..start]);
            mended.push_str("\\ufffd");
            copied = at;
        }
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    mended.push_str(&text[copied..]);
    Cow::Owned(mended)
}

/// How long the escape at the head of the text is, and whether it is half a character.
fn escape(text: &str) -> (usize, bool) {
    let unit = |at: usize| -> Option<u16> {
        let hex = text.get(at..at + 6)?.strip_prefix("\\u")?;
        u16::from_str_radix(hex, 16).ok()
    };
    match (unit(0), unit(6)) {
        (Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => (12, false),
        (Some(0xD800..=0xDFFF), _) => (6, true),
        (Some(_), _) => (6, false),
        // A backslash and what it escapes, one byte of it: the rest is no backslash.
        (None, _) => (text.ceil_char_boundary(2.min(text.len())), false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_characters_are_mended_and_whole_ones_kept() {
        for (text, expect) in [
            (r#""a\\ud83d""#, r#""a\\ud83d""#),
            (r#""\ud83d\ude00""#, r#""\ud83d\ude00""#),
            ("\"\\ud83d x\"", "\"\\ufffd x\""),
            ("\"\\ude00\\ud83d\"", "\"\\ufffd\\ufffd\""),
            ("\"\\ud83d\\ude00\"", "\"\\ud83d\\ude00\""),
            ("\\", "\\"),
            ("\\é", "\\é"),
        ] {
            assert_eq!(without_half_characters(text), expect);
        }
    }

    #[test]
    fn any_shape_is_something() {
        let item: Item = serde_json::from_str(
            r#"{"id":7,"title":null,"url":["x"],"tags":"a, b","authors":{"name":"Ann"},"author":"Bob","id":8,"x":{"y":[1]}}"#,
        )
        .unwrap();
        assert_eq!(item.id.0.as_deref(), Some("8"));
        assert_eq!((item.title.0, item.url.0), (None, None));
        assert_eq!(item.tags.0.len(), 2);
        assert_eq!(item.authors.0[0].name.0.as_deref(), Some("Ann"));
        assert_eq!(item.author.name.0.as_deref(), Some("Bob"));
        assert!(serde_json::from_str::<Item>("[[]]").unwrap().id.0.is_none());
    }
}
