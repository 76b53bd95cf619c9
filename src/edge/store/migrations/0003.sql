-- Floods: what one source brings at once surfaces bit by bit.

ALTER TABLE items ADD COLUMN surfaces_at INTEGER;         -- null: at once, as all of a first visit
CREATE INDEX items_by_surfacing ON items (surfaces_at, source) WHERE surfaces_at IS NOT NULL;
