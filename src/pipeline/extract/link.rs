//! Links as we publish and compare them.

use crate::model::link::Link;

/// The form under which two links to one page are equal.
pub fn canonical(link: &Link) -> String {
    link.as_str().to_owned()
}
