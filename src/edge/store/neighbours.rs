//! Which items are to be looked at together when stories are told apart.

use std::collections::{BTreeSet, HashSet, VecDeque};

use rusqlite::params;

use super::{read::Reader, rows};
use crate::model::{
    item::{ItemId, StoryKey},
    source::SourceKey,
    story::{Mark, Marked, Neighbours, STORY_ITEMS_MAX},
};

/// Most further items that one document's items are grouped with. A first visit to a feed of 1,000 entries, each in
/// five other feeds, is within it; a chain of marks that somebody laid through the archive is not.
const NEIGHBOURS_MAX: usize = 5_000;

impl Reader<'_> {
    /// The marks of these items.
    pub fn marks(&self, ids: &[ItemId]) -> rusqlite::Result<BTreeSet<Mark>> {
        let mut marks = BTreeSet::new();
        for id in ids {
            marks.extend(self.marks_of(*id)?);
        }
        Ok(marks)
    }

    /// These items, those that bear one of `marks`, and all that share a mark or a story with one of them, and so on:
    /// at most [`NEIGHBOURS_MAX`] further ones, and nothing by a mark that more than [`STORY_ITEMS_MAX`] items bear.
    ///
    /// Every mark and every story is asked for once, so that the work grows with the items and not with their square:
    /// 5,000 entries with one link are asked for it once.
    pub fn neighbours(&self, ids: &[ItemId], marks: &BTreeSet<Mark>) -> rusqlite::Result<Neighbours> {
        let mut walk = Walk::new(self, ids);
        for mark in marks {
            walk.follow(mark)?;
        }
        let mut items = vec![];
        while let Some(id) = walk.queue.pop_front() {
            let item = self.marked(id)?;
            for mark in &item.marks {
                walk.follow(mark)?;
            }
            if let Some(story) = item.story {
                walk.join(story)?;
            }
            items.push(item);
        }
        for item in &mut items {
            item.marks.retain(|mark| !walk.crowded.contains(mark));
        }
        Ok(Neighbours {
            items,
            whole: walk.whole,
        })
    }

    fn marks_of(&self, id: ItemId) -> rusqlite::Result<Vec<Mark>> {
        let sql = "SELECT mark FROM item_marks WHERE item = ?1 ORDER BY mark";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_map([id.0.as_bytes()], |row| row.get(0))?.collect()
    }

    fn marked(&self, id: ItemId) -> rusqlite::Result<Marked> {
        let marks = self.marks_of(id)?;
        let sql = "SELECT items.source, items.first_seen, items.title, items.story, stories.published_at, stories.guid
             FROM items LEFT JOIN stories ON stories.key = items.story WHERE items.id = ?1";
        self.connection
            .prepare_cached(sql)?
            .query_row([id.0.as_bytes()], |row| {
                Ok(Marked {
                    id,
                    source: SourceKey(row.get(0)?),
                    first_seen: rows::time(row, 1)?,
                    title: row.get(2)?,
                    story: row.get::<_, Option<i64>>(3)?.map(StoryKey),
                    story_published: rows::maybe_time(row, 4)?,
                    story_guid: rows::maybe_id(row, 5)?,
                    marks,
                })
            })
    }
}

/// A walk from items over their marks and stories to others.
struct Walk<'a> {
    reader: &'a Reader<'a>,
    own: HashSet<ItemId>,
    met: HashSet<ItemId>,
    /// Nearest first: what is beyond the bound is what is farthest away.
    queue: VecDeque<ItemId>,
    most: usize,
    marks: HashSet<Mark>,
    stories: HashSet<StoryKey>,
    crowded: HashSet<Mark>,
    whole: bool,
}

impl<'a> Walk<'a> {
    fn new(reader: &'a Reader<'a>, ids: &[ItemId]) -> Self {
        let own: HashSet<_> = ids.iter().copied().collect();
        let mut queue: Vec<_> = own.iter().copied().collect();
        queue.sort_unstable();
        Self {
            reader,
            met: own.clone(),
            most: own.len() + NEIGHBOURS_MAX,
            own,
            queue: queue.into(),
            marks: HashSet::new(),
            stories: HashSet::new(),
            crowded: HashSet::new(),
            whole: true,
        }
    }

    /// A mark that more than [`STORY_ITEMS_MAX`] others bear told nothing before, tells nothing now, and is not followed.
    /// If only the walk's own items make them so many, it may have told something until now.
    fn follow(&mut self, mark: &Mark) -> rusqlite::Result<()> {
        if !self.marks.insert(mark.clone()) {
            return Ok(());
        }
        let sql = "SELECT item FROM item_marks WHERE mark = ?1 ORDER BY item LIMIT ?2";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let enough = self.own.len() + STORY_ITEMS_MAX + 1;
        let mut others = vec![];
        for bearer in statement.query_map(params![mark, enough as i64], |row| rows::id(row, 0))? {
            let bearer = bearer?;
            if !self.own.contains(&bearer) {
                others.push(bearer);
            }
            if others.len() > STORY_ITEMS_MAX {
                self.crowded.insert(mark.clone());
                return Ok(());
            }
        }
        others.into_iter().for_each(|bearer| self.meet(bearer));
        Ok(())
    }

    fn join(&mut self, story: StoryKey) -> rusqlite::Result<()> {
        if !self.whole || !self.stories.insert(story) {
            return Ok(());
        }
        let sql = "SELECT id FROM items WHERE story = ?1 ORDER BY id LIMIT ?2";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        for member in statement.query_map(params![story.0, self.most as i64 + 1], |row| rows::id(row, 0))? {
            self.meet(member?);
        }
        Ok(())
    }

    fn meet(&mut self, id: ItemId) {
        if self.met.contains(&id) {
            return;
        }
        if self.met.len() >= self.most {
            self.whole = false;
            return;
        }
        self.met.insert(id);
        self.queue.push_back(id);
    }
}
