//! Which items are to be looked at together when stories are told apart.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque},
    rc::Rc,
};

use rusqlite::params;

use super::{read::Reader, rows};
use crate::model::{
    item::{ItemId, StoryKey},
    source::SourceKey,
    story::{Clue, Mark, Marked, Neighbours, STORY_ITEMS_MAX, Signs},
};

/// Most further items that one document's items are grouped with. A first visit to a feed of 1,000 entries, each in
/// five other feeds, is within it; a chain of marks that somebody laid through the archive is not.
const NEIGHBOURS_MAX: usize = 5_000;

/// Clues are looked up by the week, so that a look-up is bounded by it; and in the weeks beside it.
pub(super) const WEEK_MS: i64 = 7 * 24 * 60 * 60 * 1_000;

/// Most items of one week that a word leads to. A word that more have is the talk of the week: others lead on.
const BEARERS_MAX: usize = 64;

/// Fewest clues that two items share before they are held against each other: by one or two, most pairs are strangers.
const SHARED_MIN: usize = 3;

impl Reader<'_> {
    /// What these items are found by.
    pub fn signs(&self, ids: &[ItemId]) -> rusqlite::Result<Signs> {
        let mut signs = Signs::default();
        for id in ids {
            signs.marks.extend(self.marks_of(*id)?);
            signs.clues.extend(self.clues_of(*id)?);
        }
        Ok(signs)
    }

    /// These items, those that `signs` lead to, and all that share a mark or a story with one of them or are tied to one,
    /// and so on: at most [`NEIGHBOURS_MAX`] further ones, and nothing by a mark that more than [`STORY_ITEMS_MAX`] items
    /// bear, or a word that more than [`BEARERS_MAX`] have in a week.
    ///
    /// Every mark, every story and every word of a week is asked for once, so that the work grows with the items and not
    /// with their square: 5,000 entries with one link are asked for it once.
    pub fn neighbours(
        &self,
        ids: &[ItemId],
        signs: &Signs,
        mut tied: impl FnMut(&Marked, &Marked) -> bool,
    ) -> rusqlite::Result<Neighbours> {
        let mut walk = Walk::new(self, ids);
        for mark in &signs.marks {
            walk.follow(mark)?;
        }
        for clue in &signs.clues {
            walk.meet_released(clue)?;
        }
        let mut met = vec![];
        while let Some(id) = walk.queue.pop_front() {
            let item = walk.item(id)?;
            for mark in &item.marks {
                walk.follow(mark)?;
            }
            if let Some(story) = item.story {
                walk.join(story)?;
            }
            walk.tie(&item, &mut tied)?;
            met.push(item);
        }
        Ok(walk.neighbours(met))
    }

    fn marks_of(&self, id: ItemId) -> rusqlite::Result<Vec<Mark>> {
        let sql = "SELECT mark FROM item_marks WHERE item = ?1 ORDER BY mark";
        let mut statement = self.connection.prepare_cached(sql)?;
        statement.query_map([id.0.as_bytes()], |row| row.get(0))?.collect()
    }

    fn clues_of(&self, id: ItemId) -> rusqlite::Result<Vec<Clue>> {
        let sql = "SELECT word, week FROM item_clues WHERE item = ?1 ORDER BY word";
        let mut statement = self.connection.prepare_cached(sql)?;
        let clue = |row: &rusqlite::Row<'_>| {
            Ok(Clue {
                word: row.get(0)?,
                week: row.get(1)?,
            })
        };
        statement.query_map([id.0.as_bytes()], clue)?.collect()
    }

    /// An item as far as telling stories apart needs it.
    pub fn marked(&self, id: ItemId) -> rusqlite::Result<Marked> {
        let marks = self.marks_of(id)?;
        let sql = "SELECT items.source, items.first_seen, items.title, items.story, stories.published_at, stories.guid,
             items.summary, items.ordered_at
             FROM items LEFT JOIN stories ON stories.key = items.story WHERE items.id = ?1";
        self.connection
            .prepare_cached(sql)?
            .query_row([id.0.as_bytes()], |row| {
                let (first_seen, ordered_at) = (rows::time(row, 1)?, rows::time(row, 7)?);
                Ok(Marked {
                    id,
                    source: SourceKey(row.get(0)?),
                    first_seen,
                    title: row.get(2)?,
                    summary: row.get(6)?,
                    ordered_at,
                    dated: ordered_at != first_seen,
                    story: row.get::<_, Option<i64>>(3)?.map(StoryKey),
                    story_published: rows::maybe_time(row, 4)?,
                    story_guid: rows::maybe_id(row, 5)?,
                    marks,
                })
            })
    }
}

/// A walk from items over their marks, stories and clues to others.
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
    read: HashMap<ItemId, Rc<Marked>>,
    shelves: HashMap<Clue, Rc<[ItemId]>>,
    /// What was read beside a shelf, and is none yet.
    loaded: HashMap<Clue, Vec<ItemId>>,
    ties: BTreeSet<(ItemId, ItemId)>,
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
            read: HashMap::new(),
            shelves: HashMap::new(),
            loaded: HashMap::new(),
            ties: BTreeSet::new(),
        }
    }

    fn item(&mut self, id: ItemId) -> rusqlite::Result<Rc<Marked>> {
        if let Some(item) = self.read.get(&id) {
            return Ok(Rc::clone(item));
        }
        let item = Rc::new(self.reader.marked(id)?);
        self.read.insert(id, Rc::clone(&item));
        Ok(item)
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

    /// Finds who tells the same: items that share enough clues in its week or the weeks beside it.
    fn tie(&mut self, item: &Marked, tied: &mut impl FnMut(&Marked, &Marked) -> bool) -> rusqlite::Result<()> {
        let mut shared: BTreeMap<ItemId, usize> = BTreeMap::new();
        for clue in self.reader.clues_of(item.id)? {
            if self.shelf(&clue)?.is_empty() {
                continue;
            }
            for week in clue.week - 1..=clue.week + 1 {
                let shelf = self.shelf(&Clue {
                    week,
                    word: clue.word.clone(),
                })?;
                for bearer in shelf.iter().filter(|bearer| **bearer != item.id) {
                    *shared.entry(*bearer).or_default() += 1;
                }
            }
        }
        for (other, _) in shared.into_iter().filter(|(_, clues)| *clues >= SHARED_MIN) {
            let tie = (item.id.min(other), item.id.max(other));
            if self.ties.contains(&tie) {
                continue;
            }
            let candidate = self.item(other)?;
            if tied(item, &candidate) {
                self.ties.insert(tie);
                self.meet(other);
            }
        }
        Ok(())
    }

    /// The items that a word leads to in a week; none where too many have it. Where only the walk's own items make them too
    /// many, it may have led the others to each other until now.
    fn shelf(&mut self, clue: &Clue) -> rusqlite::Result<Rc<[ItemId]>> {
        if let Some(shelf) = self.shelves.get(clue) {
            return Ok(Rc::clone(shelf));
        }
        let bearers = match self.loaded.remove(clue) {
            Some(bearers) => bearers,
            None => self.load(clue)?,
        };
        let others: Vec<_> = bearers.iter().copied().filter(|id| !self.own.contains(id)).collect();
        let shelf: Rc<[ItemId]> = if bearers.len() <= BEARERS_MAX {
            bearers.into()
        } else {
            if others.len() <= BEARERS_MAX {
                others.into_iter().for_each(|bearer| self.meet(bearer));
            }
            Rc::new([])
        };
        self.shelves.insert(clue.clone(), Rc::clone(&shelf));
        Ok(shelf)
    }

    /// Who has a word in a week; and, in one question, who has it in the weeks around.
    fn load(&mut self, clue: &Clue) -> rusqlite::Result<Vec<ItemId>> {
        let sql = "SELECT week, item FROM item_clues WHERE word = ?1 AND week IN (?2 - 1, ?2, ?2 + 1)
             ORDER BY week, item LIMIT ?3";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let enough = self.own.len() + BEARERS_MAX + 1;
        let rows = statement.query_map(params![clue.word, clue.week, enough as i64], |row| {
            Ok((row.get::<_, i64>(0)?, rows::id(row, 1)?))
        })?;
        let rows: Vec<_> = rows.collect::<Result<_, _>>()?;
        if rows.len() == enough {
            return self.bearers(clue);
        }
        let of = |week: i64| rows.iter().filter(|row| row.0 == week).map(|row| row.1).collect();
        for week in [clue.week - 1, clue.week + 1] {
            let word = clue.word.clone();
            self.loaded.insert(Clue { word, week }, of(week));
        }
        Ok(of(clue.week))
    }

    /// A word that an edit took away may lead on again, where that left as many as it may lead to.
    fn meet_released(&mut self, clue: &Clue) -> rusqlite::Result<()> {
        let bearers = self.bearers(clue)?;
        if bearers.len() <= BEARERS_MAX && bearers.len() + self.own.len() > BEARERS_MAX {
            bearers.into_iter().for_each(|bearer| self.meet(bearer));
        }
        Ok(())
    }

    fn bearers(&self, clue: &Clue) -> rusqlite::Result<Vec<ItemId>> {
        let sql = "SELECT item FROM item_clues WHERE word = ?1 AND week = ?2 ORDER BY item LIMIT ?3";
        let mut statement = self.reader.connection.prepare_cached(sql)?;
        let enough = self.own.len() + BEARERS_MAX + 1;
        statement
            .query_map(params![clue.word, clue.week, enough as i64], |row| rows::id(row, 0))?
            .collect()
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

    fn neighbours(self, met: Vec<Rc<Marked>>) -> Neighbours {
        let told = |mut item: Marked| {
            item.marks.retain(|mark| !self.crowded.contains(mark));
            item
        };
        drop(self.read);
        Neighbours {
            items: met.into_iter().map(Rc::unwrap_or_clone).map(told).collect(),
            ties: self.ties.into_iter().collect(),
            whole: self.whole,
        }
    }
}
