-- Times are milliseconds since 1970, UTC. Digests and ids are blobs.

CREATE TABLE sources (
    key             INTEGER PRIMARY KEY,
    origin          TEXT    NOT NULL UNIQUE,  -- the id under which it was first known: item ids are digests of it
    id              TEXT    NOT NULL,         -- its id in feeds.toml now, or when it was last there
    url             TEXT    NOT NULL,
    fingerprint     BLOB    NOT NULL,         -- of what the editor wrote: a change lifts a 410
    configured      INTEGER NOT NULL DEFAULT 0,  -- the last reading of feeds.toml that had it, counted from 1
    -- the feed's state, written with the entries that it stands for
    etag            BLOB,
    last_modified   BLOB,
    body_digest     BLOB,
    was_whole       INTEGER NOT NULL DEFAULT 0,
    last_visit      INTEGER,
    last_success    INTEGER,
    last_change     INTEGER,
    last_body       INTEGER,
    failures        INTEGER NOT NULL DEFAULT 0,
    error           TEXT,
    next_visit      INTEGER,
    next_reason     TEXT    NOT NULL DEFAULT '',
    retry_after     INTEGER,
    gone            INTEGER NOT NULL DEFAULT 0,
    moved_to        TEXT,
    pace            TEXT    NOT NULL DEFAULT '{}'
) STRICT;

CREATE TABLE stories (
    key             INTEGER PRIMARY KEY,
    guid            BLOB,                     -- with lead and published_at: all three or none
    lead            BLOB,
    published_at    INTEGER
) STRICT;
CREATE UNIQUE INDEX stories_by_guid ON stories (guid) WHERE guid IS NOT NULL;

CREATE TABLE items (
    id              BLOB    NOT NULL PRIMARY KEY,
    source          INTEGER NOT NULL REFERENCES sources,
    story           INTEGER REFERENCES stories,  -- null only inside the transaction that adds the item
    link            TEXT,
    title           TEXT    NOT NULL,
    title_key       TEXT,
    summary         TEXT    NOT NULL,
    published       INTEGER,
    updated         INTEGER,
    first_seen      INTEGER NOT NULL,
    last_seen       INTEGER NOT NULL,         -- while in_feed: a time when it was there
    in_feed         INTEGER NOT NULL,         -- whether the last whole document still had it
    ordered_at      INTEGER NOT NULL,         -- where it stands among the others
    authors         TEXT    NOT NULL,         -- JSON
    categories      TEXT    NOT NULL,         -- JSON
    doi             TEXT
) STRICT;
CREATE INDEX items_by_order ON items (ordered_at DESC, id, story, source);
CREATE INDEX items_by_story ON items (story);
CREATE INDEX items_by_source ON items (source, in_feed, last_seen);
CREATE INDEX items_by_title ON items (source, title_key);

-- What an item is known by, inside its source. A key without an item is a tombstone: it does not come back.
CREATE TABLE item_keys (
    source          INTEGER NOT NULL REFERENCES sources,
    key             TEXT    NOT NULL,
    item            BLOB    REFERENCES items ON DELETE SET NULL,
    title           TEXT,                     -- of a tombstone: what the item was last called
    PRIMARY KEY (source, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_keys_by_item ON item_keys (item);

-- What items of one story share.
CREATE TABLE item_marks (
    mark            TEXT    NOT NULL,
    item            BLOB    NOT NULL REFERENCES items ON DELETE CASCADE,
    PRIMARY KEY (mark, item)
) STRICT, WITHOUT ROWID;
CREATE INDEX item_marks_by_item ON item_marks (item);

-- When each output last changed.
CREATE TABLE outputs (
    name            TEXT    NOT NULL PRIMARY KEY,
    digest          BLOB    NOT NULL,
    changed         INTEGER NOT NULL
) STRICT;
