-- Floods: what one source brings at once surfaces bit by bit.

ALTER TABLE items ADD COLUMN surfaces_at INTEGER;         -- null: at once, as all of a first visit
CREATE INDEX items_by_surfacing ON items (surfaces_at, source) WHERE surfaces_at IS NOT NULL;

-- What journals say later of what they published: by the DOI of the paper.
CREATE TABLE notices (
    doi             TEXT    NOT NULL,
    item            BLOB    NOT NULL REFERENCES items ON DELETE CASCADE,
    notice          INTEGER NOT NULL,         -- 1 corrected, 2 questioned, 3 retracted
    PRIMARY KEY (doi, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX notices_by_item ON notices (item);
