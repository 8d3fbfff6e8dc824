-- Rows that could not be read, as far as their columns could be.
CREATE TABLE damaged (
    id       INTEGER PRIMARY KEY,
    found_at INTEGER NOT NULL,
    source   TEXT NOT NULL,
    take_id  INTEGER,
    why      TEXT NOT NULL,
    -- An object of the row's columns.
    raw      TEXT NOT NULL CHECK (json_valid(raw)),
    -- Whether the row, or one that stands for it, is in its table again.
    restored INTEGER NOT NULL CHECK (restored IN (0, 1)),
    -- What a take that is lost may have cost: it goes on to count.
    backend  TEXT,
    amount   INTEGER,
    sent_at  INTEGER
) STRICT;

CREATE INDEX damaged_sent ON damaged (sent_at) WHERE sent_at IS NOT NULL;
