-- What the log is filtered by. All of this is derived from takes and events, kept up to date by triggers, and can be made
-- again at any time: see log/derived.rs.

-- Each prompt once: takes of one revision share it.
CREATE TABLE prompts (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- An index of whole texts would be larger than the texts.
CREATE INDEX prompts_known ON prompts (length(text), substr(text, 1, 64));

-- Trigrams find a part of a word, and text in languages without spaces.
CREATE VIRTUAL TABLE prompts_text USING fts5 (text, content = 'prompts', content_rowid = 'id', tokenize = 'trigram');

CREATE TRIGGER prompts_insert AFTER INSERT ON prompts BEGIN
    INSERT INTO prompts_text (rowid, text) VALUES (new.id, new.text);
END;

-- The other texts of a take, by its number.
CREATE VIRTUAL TABLE remarks USING fts5 (note, tags, value, error, tokenize = 'trigram');

-- One narrow row for each take, so that a filter need not read the requests.
CREATE TABLE log (
    reel_id    TEXT NOT NULL,
    take_id    INTEGER NOT NULL,
    state      TEXT NOT NULL,
    paused     INTEGER NOT NULL,
    hold       TEXT,
    emptied_at INTEGER,
    verdict    TEXT NOT NULL,
    seed       INTEGER NOT NULL,
    resolution TEXT NOT NULL,
    duration   INTEGER NOT NULL,
    model      TEXT NOT NULL,
    backend    TEXT NOT NULL,
    sweep      INTEGER,
    revision   INTEGER,
    cost       INTEGER,
    estimate   INTEGER NOT NULL,
    error_kind TEXT,
    prompt     INTEGER,
    -- When the take reached each stage.
    created    INTEGER,
    submitted  INTEGER,
    accepted   INTEGER,
    processing INTEGER,
    rendered   INTEGER,
    settled    INTEGER,
    PRIMARY KEY (reel_id, take_id)
) STRICT, WITHOUT ROWID;

-- The one place that says what the log's rows are.
CREATE VIEW log_rows AS
SELECT
    reel_id, id AS take_id, state, paused, hold, emptied_at, verdict, seed, resolution, duration, model, backend, sweep,
    draft_version AS revision, cost, estimate, error_kind,
    (SELECT min(prompts.id) FROM prompts
     WHERE length(prompts.text) = length(takes.prompt) AND substr(prompts.text, 1, 64) = substr(takes.prompt, 1, 64)
        AND prompts.text = takes.prompt) AS prompt,
    (SELECT min(at) FROM events WHERE take_id = takes.id AND to_state = 'waiting') AS created,
    (SELECT max(at) FROM events WHERE take_id = takes.id AND to_state = 'submitting') AS submitted,
    (SELECT min(at) FROM events WHERE take_id = takes.id AND to_state = 'accepted') AS accepted,
    (SELECT min(at) FROM events WHERE take_id = takes.id AND to_state = 'processing') AS processing,
    (SELECT min(at) FROM events WHERE take_id = takes.id AND to_state = 'rendered') AS rendered,
    (SELECT max(at) FROM events WHERE take_id = takes.id
        AND to_state IN ('saved', 'failed', 'refused', 'cancelled', 'expired', 'not_sent')) AS settled
FROM takes;

CREATE VIEW remark_rows AS
SELECT id AS rowid, note,
    iif(json_valid(tags), (SELECT group_concat(value, ' ') FROM json_each(takes.tags)), NULL) AS tags,
    variant AS value, error
FROM takes
WHERE note IS NOT NULL OR tags <> '[]' OR variant IS NOT NULL OR error IS NOT NULL;

CREATE TRIGGER takes_insert AFTER INSERT ON takes BEGIN
    INSERT INTO prompts (text) SELECT new.prompt WHERE NOT EXISTS (
        SELECT 1 FROM prompts
        WHERE length(text) = length(new.prompt) AND substr(text, 1, 64) = substr(new.prompt, 1, 64)
            AND text = new.prompt);
    INSERT INTO log SELECT * FROM log_rows WHERE take_id = new.id;
    INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows WHERE rowid = new.id;
END;

CREATE TRIGGER takes_update AFTER UPDATE OF
    reel_id, state, paused, hold, emptied_at, verdict, seed, resolution, duration, model, backend, sweep, draft_version,
    cost, estimate, error_kind, prompt ON takes
BEGIN
    INSERT INTO prompts (text) SELECT new.prompt WHERE NOT EXISTS (
        SELECT 1 FROM prompts
        WHERE length(text) = length(new.prompt) AND substr(text, 1, 64) = substr(new.prompt, 1, 64)
            AND text = new.prompt);
    DELETE FROM log WHERE reel_id = old.reel_id AND take_id = old.id;
    INSERT INTO log SELECT * FROM log_rows WHERE take_id = new.id;
END;

CREATE TRIGGER takes_remark AFTER UPDATE OF note, tags, variant, error ON takes
WHEN old.note IS NOT new.note OR old.tags IS NOT new.tags OR old.variant IS NOT new.variant OR old.error IS NOT new.error
BEGIN
    DELETE FROM remarks WHERE rowid = old.id;
    INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows WHERE rowid = new.id;
END;

CREATE TRIGGER takes_delete AFTER DELETE ON takes BEGIN
    DELETE FROM log WHERE reel_id = old.reel_id AND take_id = old.id;
    DELETE FROM remarks WHERE rowid = old.id;
END;

CREATE TRIGGER events_insert AFTER INSERT ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = new.take_id)
    WHERE reel_id = (SELECT reel_id FROM takes WHERE id = new.take_id) AND take_id = new.take_id;
END;

CREATE TRIGGER events_update AFTER UPDATE OF take_id, at, to_state ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = log.take_id)
    WHERE (reel_id, take_id) IN (SELECT reel_id, id FROM takes WHERE id IN (old.take_id, new.take_id));
END;

CREATE TRIGGER events_delete AFTER DELETE ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = old.take_id)
    WHERE reel_id = (SELECT reel_id FROM takes WHERE id = old.take_id) AND take_id = old.take_id;
END;

INSERT INTO prompts (text) SELECT DISTINCT prompt FROM takes;
INSERT INTO log SELECT * FROM log_rows;
INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows;

-- The tags, without the takes that have none.
CREATE INDEX takes_tagged ON takes (id, tags) WHERE tags <> '[]';
-- Takes whose requests have no id: only the provider's history can tell what became of them.
CREATE INDEX takes_nameless ON takes (backend, id, state) WHERE request_id IS NULL;
-- Which take a file in a reel's folder belongs to, by its name alone: a home may have been moved.
CREATE INDEX takes_file_name ON takes (replace(file, rtrim(file, replace(file, '/', '')), ''));
-- Takes with the same seed may be the same request.
CREATE INDEX takes_seed ON takes (seed);
-- The log has the columns of this index.
DROP INDEX takes_log;
