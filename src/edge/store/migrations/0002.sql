-- When to visit, where a feed has moved, and what articles say where a feed says nothing.

ALTER TABLE sources ADD COLUMN ready_at INTEGER;          -- when what next_reason names is over; next_visit is spread from there
ALTER TABLE sources ADD COLUMN news_at TEXT NOT NULL DEFAULT '[]';  -- JSON: the last occasions on which it brought news
ALTER TABLE sources ADD COLUMN watched_since INTEGER;     -- when a visit first succeeded
ALTER TABLE sources ADD COLUMN listed INTEGER NOT NULL DEFAULT 0;   -- entries of the last body that was read, in all
ALTER TABLE sources ADD COLUMN rejected INTEGER NOT NULL DEFAULT 0; -- of these, entries with neither title nor link
ALTER TABLE sources ADD COLUMN moved_since INTEGER;       -- with moved_to
ALTER TABLE sources ADD COLUMN moved_visits INTEGER NOT NULL DEFAULT 0;
ALTER TABLE sources ADD COLUMN led_to TEXT;               -- the page on another site to which the last answered visit led
ALTER TABLE sources ADD COLUMN led_since INTEGER;         -- with led_to
ALTER TABLE sources ADD COLUMN uptime INTEGER NOT NULL DEFAULT 0;   -- the machine's, at last_visit, in milliseconds
ALTER TABLE sources ADD COLUMN boot TEXT NOT NULL DEFAULT '';       -- which start of the machine that was; '' where it is not known
ALTER TABLE sources ADD COLUMN read_by BLOB NOT NULL DEFAULT x'';   -- what its documents are read by: a digest of its selectors

ALTER TABLE items ADD COLUMN description TEXT;            -- of the article's page, where the feed has no summary
ALTER TABLE items ADD COLUMN described INTEGER;           -- when the article was asked for it: once

-- What sites ask of robots, by origin (scheme, host and port).
CREATE TABLE robots (
    origin          TEXT    NOT NULL PRIMARY KEY,
    asked           INTEGER NOT NULL,
    rules           TEXT                      -- robots.txt as it was sent; empty where there is none; null: no answer
) STRICT;

-- Hosts that asked to be left alone, whether a source is on them or not.
CREATE TABLE host_pauses (
    host            TEXT    NOT NULL PRIMARY KEY,
    until           INTEGER NOT NULL,
    uptime          INTEGER NOT NULL,         -- the machine's at that time, in milliseconds: the clock may be set before
    boot            TEXT    NOT NULL
) STRICT;
