//! The folder of outputs: old or new, never half.

use std::{
    fs,
    os::unix::fs::{MetadataExt as _, PermissionsExt as _},
    path::Path,
    time::SystemTime,
};

use bytes::Bytes;
use oncofeed::{
    edge::publish::{self, PublishFault, Written},
    model::publication::{Document, Format, Publication},
};

use crate::render::at;

fn publication(files: &[(&str, &str)]) -> Publication {
    let document = |text: &str| Document {
        format: Format::Rss,
        bytes: Bytes::from(text.to_owned()),
        changed: at("2015-07-06T10:00:00Z"),
        packed: vec![],
        link: None,
    };
    let documents = files.iter().map(|(name, text)| (name.to_string(), document(text)));
    Publication {
        documents: documents.collect(),
        ..Publication::default()
    }
}

fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(dir)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn files_appear_whole_with_their_mode_and_time() {
    let root = tempfile::tempdir().unwrap();
    let dir = root.path().join("var/public");
    let written = publish::write(&dir, &publication(&[("a.rss", "one"), ("b.html", "two")])).unwrap();
    assert_eq!(written.changed, ["a.rss", "b.html"]);
    assert_eq!(names(&dir), ["a.rss", "b.html"]);
    assert_eq!(fs::read_to_string(dir.join("a.rss")).unwrap(), "one");
    let meta = fs::metadata(dir.join("a.rss")).unwrap();
    assert_eq!(meta.permissions().mode() & 0o777, 0o644);
    assert_eq!(fs::metadata(&dir).unwrap().permissions().mode() & 0o700, 0o700);
    let changed = SystemTime::try_from(at("2015-07-06T10:00:00Z")).unwrap();
    assert_eq!(meta.modified().unwrap(), changed);
}

#[test]
fn the_same_bytes_are_not_touched() {
    let dir = tempfile::tempdir().unwrap();
    publish::write(dir.path(), &publication(&[("a.rss", "one"), ("b.rss", "two")])).unwrap();
    let inode = |name: &str| fs::metadata(dir.path().join(name)).unwrap().ino();
    let before = (inode("a.rss"), inode("b.rss"));
    let written = publish::write(dir.path(), &publication(&[("a.rss", "one"), ("b.rss", "new")])).unwrap();
    assert_eq!(
        written,
        Written {
            changed: vec!["b.rss".into()],
            unchanged: 1
        }
    );
    assert_eq!(inode("a.rss"), before.0);
    assert_ne!(inode("b.rss"), before.1, "replaced, not written over");
}

#[test]
fn who_has_the_old_file_open_reads_it_to_its_end() {
    let dir = tempfile::tempdir().unwrap();
    publish::write(dir.path(), &publication(&[("a.rss", "old old old")])).unwrap();
    let open = fs::File::open(dir.path().join("a.rss")).unwrap();
    publish::write(dir.path(), &publication(&[("a.rss", "new")])).unwrap();
    assert_eq!(std::io::read_to_string(open).unwrap(), "old old old");
    assert_eq!(fs::read_to_string(dir.path().join("a.rss")).unwrap(), "new");
}

#[test]
fn what_fails_changes_nothing() {
    let dir = tempfile::tempdir().unwrap();
    publish::write(dir.path(), &publication(&[("m.rss", "old")])).unwrap();
    // The file that fails comes after one that is prepared already: a name that leads out of the folder.
    let fault = publish::write(dir.path(), &publication(&[("m.rss", "new"), ("n/o.rss", "new")])).unwrap_err();
    assert!(matches!(fault, PublishFault::Name(_)), "{fault}");
    assert_eq!(fs::read_to_string(dir.path().join("m.rss")).unwrap(), "old");
    // A name that the file system refuses.
    let long = format!("{}.rss", "b".repeat(300));
    let fault = publish::write(dir.path(), &publication(&[(&long, "new")])).unwrap_err();
    assert!(fault.to_string().contains(&long), "{fault}");
    assert_eq!(names(dir.path()), ["m.rss"]);
}

#[test]
fn a_folder_that_cannot_be_is_named() {
    let root = tempfile::tempdir().unwrap();
    fs::write(root.path().join("file"), "").unwrap();
    let dir = root.path().join("file/public");
    let fault = publish::write(&dir, &publication(&[("a.rss", "x")])).unwrap_err();
    assert!(fault.to_string().contains("file/public"), "{fault}");
}

#[test]
fn names_do_not_lead_out_of_the_folder() {
    let dir = tempfile::tempdir().unwrap();
    for name in ["", ".", "..", "/etc/x", "a/b", "../x", "a/", "./a"] {
        let fault = publish::write(dir.path(), &publication(&[(name, "x")])).unwrap_err();
        assert!(matches!(fault, PublishFault::Name(_)), "{name}: {fault}");
        assert!(publish::remove(dir.path(), [name]).is_err(), "{name}");
    }
    assert!(names(dir.path()).is_empty());
}

#[test]
fn leftovers_of_a_crash_are_cleared_and_nothing_else() {
    let dir = tempfile::tempdir().unwrap();
    for name in [".oncofeed-Xy12.tmp", "robots.txt", ".oncofeed-notes", "other.tmp"] {
        fs::write(dir.path().join(name), "x").unwrap();
    }
    publish::write(dir.path(), &publication(&[("a.rss", "x")])).unwrap();
    assert_eq!(
        names(dir.path()),
        [".oncofeed-notes", "a.rss", "other.tmp", "robots.txt"]
    );
}

#[test]
fn a_link_is_replaced_and_not_followed() {
    let (dir, other) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let target = other.path().join("target");
    fs::write(&target, "same").unwrap();
    std::os::unix::fs::symlink(&target, dir.path().join("a.rss")).unwrap();
    publish::write(dir.path(), &publication(&[("a.rss", "same")])).unwrap();
    assert!(fs::symlink_metadata(dir.path().join("a.rss")).unwrap().is_file());
    publish::write(dir.path(), &publication(&[("a.rss", "new")])).unwrap();
    assert_eq!(fs::read_to_string(&target).unwrap(), "same");
}

#[test]
fn what_is_published_no_longer_is_removed() {
    let dir = tempfile::tempdir().unwrap();
    publish::write(dir.path(), &publication(&[("a.rss", "x"), ("b.rss", "x")])).unwrap();
    assert_eq!(publish::remove(dir.path(), ["b.rss", "never-there.rss"]).unwrap(), 1);
    assert_eq!(names(dir.path()), ["a.rss"]);
}
