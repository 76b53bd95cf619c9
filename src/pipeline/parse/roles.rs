//! Which element means what, and where: the vocabularies of RSS, RDF, Atom and their modules as one table.
//!
//! An element has a role by its name and by the role of the one around it. What stands in no table is skipped with
//! all that it holds, so that the title of a picture or of an entry's source never becomes the title of an entry.

use super::{names::Ns, text::Language};

/// What an element is, seen from the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    Root,
    Channel,
    Item,
    /// Stands between an item and its fields: `media:group`.
    Group,
    /// Holds a name, either in a `name` element or as its text.
    Person(u8),
    Hours,
    Days,
    /// Its text is a value.
    Field(Field),
    /// Says all in its attributes.
    Attributes(Attributes),
    /// Markup inside a field.
    Inline,
    Skipped,
}

/// A value of an item or channel. The number is the rank: 0 is believed first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field {
    Title(u8),
    Summary(u8),
    Link(u8),
    Guid(u8),
    Published(u8),
    Updated(u8),
    Name(u8),
    Category,
    Doi(u8),
    Language,
    Ttl,
    Period,
    Frequency,
    Hour,
    Day,
}

/// An element that says all in its attributes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Attributes {
    /// `<link rel href>`; without `href`, RSS's link with its text.
    Link,
    Enclosure,
    /// An image's URL in `url` or `href`.
    Image(u8),
    /// `media:content`: an image if it says so. Groups what is inside it.
    Media,
    /// Atom's category, or RSS's with its text.
    Category,
}

impl Field {
    /// How the field's characters are to be understood where its element does not say.
    pub(super) fn language(self) -> Language {
        match self {
            // A date may come as `<time datetime="…">`.
            Self::Title(_) | Self::Summary(_) | Self::Name(_) | Self::Category => Language::Html,
            Self::Published(_) | Self::Updated(_) => Language::Html,
            _ => Language::Plain,
        }
    }

    /// Most bytes of it that are kept.
    pub(super) fn bytes_max(self) -> usize {
        match self {
            // Whole articles; an excerpt needs 1 KiB of one, after its markup is gone.
            Self::Summary(_) => 256 * 1024,
            // A headline has 300 characters; with MathML inside it, fifty times that.
            Self::Title(_) => 16 * 1024,
            // Never cut: two ids with the same beginning are two ids. The longest seen has 1.4 KiB.
            Self::Guid(_) | Self::Link(_) => 64 * 1024,
            // A list of authors in one element: the longest seen has 9 KiB.
            Self::Name(_) => 16 * 1024,
            _ => 1024,
        }
    }

    /// Whether half of it is worse than nothing.
    pub(super) fn is_whole_or_nothing(self) -> bool {
        !matches!(self, Self::Title(_) | Self::Summary(_) | Self::Name(_))
    }
}

/// The role of an element right inside a channel (or a root without one).
pub(super) fn in_channel(ns: Ns, local: &str) -> Role {
    use Field::{Frequency, Language, Period, Title, Ttl};
    Role::Field(match (ns, local) {
        (Ns::Core | Ns::Atom, "title") => Title(0),
        (Ns::Core | Ns::Atom, "link") => return Role::Attributes(Attributes::Link),
        (Ns::Core | Ns::Dc, "language") => Language,
        (Ns::Core, "ttl") => Ttl,
        (Ns::Core, "skiphours") => return Role::Hours,
        (Ns::Core, "skipdays") => return Role::Days,
        (Ns::Syndication, "updateperiod") => Period,
        (Ns::Syndication, "updatefrequency") => Frequency,
        (Ns::Dc, "title") => Title(1),
        _ => return Role::Skipped,
    })
}

/// The role of an element right inside an item.
pub(super) fn in_item(ns: Ns, local: &str) -> Role {
    match ns {
        Ns::Core | Ns::Atom => core(local),
        Ns::Dc => dublin_core(local),
        Ns::DcTerms => dc_terms(local),
        Ns::Prism => prism(local),
        Ns::Media => media(local),
        Ns::Itunes => itunes(local),
        Ns::Content if local == "encoded" => Role::Field(Field::Summary(2)),
        Ns::Xhtml if matches!(local, "body" | "div") => Role::Field(Field::Summary(2)),
        _ => Role::Skipped,
    }
}

fn core(local: &str) -> Role {
    use Field::{Guid, Published, Summary, Title, Updated};
    Role::Field(match local {
        "title" => Title(0),
        "description" | "summary" | "abstract" => Summary(0),
        "content" | "body" | "fullitem" => Summary(2),
        "guid" => Guid(0),
        "id" => Guid(1),
        "pubdate" | "published" | "issued" => Published(0),
        "created" | "date" => Published(1),
        "updated" | "modified" => Updated(0),
        "author" => return Role::Person(0),
        "link" => return Role::Attributes(Attributes::Link),
        "category" => return Role::Attributes(Attributes::Category),
        "enclosure" => return Role::Attributes(Attributes::Enclosure),
        _ => return Role::Skipped,
    })
}

fn dublin_core(local: &str) -> Role {
    use Field::{Category, Doi, Published, Summary, Title};
    Role::Field(match local {
        "title" => Title(1),
        "description" => Summary(1),
        "date" => Published(1),
        "creator" => return Role::Person(0),
        "subject" => Category,
        "identifier" => Doi(1),
        _ => return Role::Skipped,
    })
}

fn dc_terms(local: &str) -> Role {
    use Field::{Published, Summary, Updated};
    Role::Field(match local {
        "abstract" => Summary(1),
        "issued" | "created" | "available" | "date" => Published(2),
        "modified" => Updated(1),
        _ => return Role::Skipped,
    })
}

fn prism(local: &str) -> Role {
    use Field::{Category, Doi, Published, Updated};
    Role::Field(match local {
        "publicationdate" => Published(2),
        "coverdate" => Published(3),
        "modificationdate" => Updated(1),
        "doi" => Doi(0),
        "keyword" => Category,
        _ => return Role::Skipped,
    })
}

fn media(local: &str) -> Role {
    match local {
        "group" => Role::Group,
        "content" => Role::Attributes(Attributes::Media),
        "thumbnail" => Role::Attributes(Attributes::Image(0)),
        "title" => Role::Field(Field::Title(2)),
        "description" => Role::Field(Field::Summary(4)),
        _ => Role::Skipped,
    }
}

fn itunes(local: &str) -> Role {
    match local {
        "image" => Role::Attributes(Attributes::Image(1)),
        "author" => Role::Person(1),
        "title" => Role::Field(Field::Title(2)),
        "summary" => Role::Field(Field::Summary(3)),
        "subtitle" => Role::Field(Field::Summary(4)),
        _ => Role::Skipped,
    }
}

/// Whether this element, met inside a field, shows that the field was never closed. A summary may hold any HTML,
/// so that only names which are not HTML's end it; the other fields hold none of these.
pub(super) fn ends_field(field: Field, ns: Ns, local: &str) -> bool {
    let known = in_item(ns, local) != Role::Skipped;
    match field {
        Field::Summary(_) => match ns {
            Ns::Core => matches!(local, "pubdate" | "guid" | "enclosure" | "description"),
            Ns::Dc | Ns::Content | Ns::Media | Ns::Prism | Ns::Itunes => known,
            _ => false,
        },
        _ => known && ns != Ns::Xhtml,
    }
}
