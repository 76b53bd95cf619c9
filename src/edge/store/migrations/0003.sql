-- What journals say later of what they published: by the DOI of the paper.
CREATE TABLE notices (
    doi             TEXT    NOT NULL,
    item            BLOB    NOT NULL REFERENCES items ON DELETE CASCADE,
    notice          INTEGER NOT NULL,         -- 1 corrected, 2 questioned, 3 retracted
    PRIMARY KEY (doi, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_by_item ON notices (item);

-- Floods: what one source brings at once surfaces bit by bit.

ALTER TABLE items ADD COLUMN surfaces_at INTEGER;         -- null: at once, as all of a first visit
CREATE INDEX items_by_surfacing ON items (surfaces_at, source) WHERE surfaces_at IS NOT NULL;

-- Words that items are found by when stories are told apart, in the week of their news. A week lies together: what comes is
-- written to few pages, and what it is held against is on them.
CREATE TABLE item_clues (
    week            INTEGER NOT NULL,         -- of ordered_at, counted from 1970
    word            TEXT    NOT NULL,
    item            BLOB    NOT NULL REFERENCES items ON DELETE CASCADE,
    PRIMARY KEY (week, word, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_clues_by_item ON item_clues (item);

-- By what things that are derived from items were made: where that has changed, they are made anew.
CREATE TABLE derived (
    name            TEXT    NOT NULL PRIMARY KEY,
    made_by         BLOB    NOT NULL          -- a digest
) STRICT;
