-- A picture of an item, where its feed names one.
ALTER TABLE items ADD COLUMN image TEXT;

-- Whether the channel of an output was removed: then it is remembered, to be answered as gone.
ALTER TABLE outputs ADD COLUMN gone INTEGER NOT NULL DEFAULT 0 CHECK (gone IN (0, 1));
