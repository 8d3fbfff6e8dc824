-- Takes that were made by one action and differ in one named thing.
CREATE TABLE sweeps (
    id         INTEGER PRIMARY KEY,
    reel_id    TEXT NOT NULL REFERENCES reels (id),
    created_at INTEGER NOT NULL,
    -- What its takes differ in: the seed, a parameter, or a variable of the prompt.
    varies     TEXT NOT NULL,
    -- The earlier sweep whose seeds were used again with a changed form.
    pair       INTEGER,
    -- The newest take that it was made with, which is its place in the log.
    last_take  INTEGER NOT NULL
) STRICT;

CREATE INDEX sweeps_log ON sweeps (reel_id, last_take);

INSERT INTO sweeps (id, reel_id, created_at, varies, last_take)
SELECT sweep, min(reel_id),
    coalesce((SELECT min(at) FROM events WHERE take_id = min(takes.id)), 0), 'seed',
    max(iif(repeat_no = 0, id, 0))
FROM takes WHERE sweep IS NOT NULL GROUP BY sweep;

-- What is special about a take of a sweep that varies something besides the seed, such as "8" or "black".
ALTER TABLE takes ADD COLUMN variant TEXT;

-- How a take came from its parent.
ALTER TABLE takes ADD COLUMN lineage TEXT
    CHECK (lineage IN ('promoted', 'finished', 'chained', 'repeated'));
UPDATE takes SET lineage = iif(
    repeat_no = 0 AND resolution <> (SELECT resolution FROM takes parent WHERE parent.id = takes.parent),
    'promoted', 'repeated')
WHERE parent IS NOT NULL;

-- The user's own words for a take, as a sorted list.
ALTER TABLE takes ADD COLUMN tags TEXT NOT NULL DEFAULT '[]' CHECK (json_type(tags) = 'array');

-- The picture that the provider returned as the last frame, as a file beside the video.
ALTER TABLE takes ADD COLUMN last_frame_file TEXT;

-- When the file of a rejected take was deleted from the bin.
ALTER TABLE takes ADD COLUMN emptied_at INTEGER;

-- An archived reel is not listed, and takes no new takes.
ALTER TABLE reels ADD COLUMN archived_at INTEGER;
-- How its video files are named; NULL for the setting.
ALTER TABLE reels ADD COLUMN file_names TEXT;

-- Pieces of text that a prompt inserts by name.
CREATE TABLE snippets (
    reel_id  TEXT NOT NULL REFERENCES reels (id),
    name     TEXT NOT NULL,
    text     TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (reel_id, name)
) STRICT;

-- The log folds the takes of a sweep under one row.
CREATE INDEX takes_fold ON takes (reel_id, sweep, id);
-- Which take a video, or the picture that a form begins with, belongs to.
CREATE INDEX takes_video ON takes (sha256) WHERE sha256 IS NOT NULL;
CREATE INDEX takes_last_frame_url ON takes (last_frame_url) WHERE last_frame_url IS NOT NULL;
CREATE INDEX takes_last_frame_file ON takes (last_frame_file) WHERE last_frame_file IS NOT NULL;
-- The takes whose files belong into a bin, and those whose files may be in one.
CREATE INDEX takes_rejected ON takes (id, file) WHERE verdict = 'rejected' AND file IS NOT NULL;
CREATE INDEX takes_binned ON takes (id, file) WHERE instr(file, '/bin/') > 0;
