-- The whole schema. `schema_tests.rs` writes it from the migrations, and each start compares the database with it.

-- index damaged_sent (damaged)
CREATE INDEX damaged_sent ON damaged (sent_at) WHERE sent_at IS NOT NULL;

-- index decided_verdicts_of_decision (decided_verdicts)
CREATE INDEX decided_verdicts_of_decision ON decided_verdicts (decision);

-- index decisions_left (decisions)
CREATE INDEX decisions_left ON decisions (left_take);

-- index decisions_of_contest (decisions)
CREATE INDEX decisions_of_contest ON decisions (contest, id);

-- index decisions_right (decisions)
CREATE INDEX decisions_right ON decisions (right_take);

-- index events_accepted (events)
CREATE INDEX events_accepted ON events (at, take_id) WHERE to_state = 'accepted';

-- index events_of_take (events)
CREATE INDEX events_of_take ON events (take_id, to_state, at);

-- index events_sent (events)
CREATE INDEX events_sent ON events (at, take_id) WHERE to_state = 'submitting';

-- index exchanges_of_take (exchanges)
CREATE INDEX exchanges_of_take ON exchanges (take_id);

-- index prompts_known (prompts)
CREATE INDEX prompts_known ON prompts (length(text), substr(text, 1, 64));

-- index sweeps_log (sweeps)
CREATE INDEX sweeps_log ON sweeps (reel_id, last_take);

-- index takes_account (takes)
CREATE INDEX takes_account ON takes (account) WHERE account IS NOT NULL;

-- index takes_billed (takes)
CREATE INDEX takes_billed ON takes (model, resolution, id)
WHERE backend = 'live' AND cost > 0 AND listed > 0 AND state = 'saved' AND aspect_ratio <> 'adaptive';

-- index takes_binned (takes)
CREATE INDEX takes_binned ON takes (id, file) WHERE instr(file, '/bin/') > 0;

-- index takes_children (takes)
CREATE INDEX takes_children ON takes (parent) WHERE parent IS NOT NULL;

-- index takes_draft_id (takes)
CREATE INDEX takes_draft_id ON takes (draft_id) WHERE draft_id IS NOT NULL;

-- index takes_file_name (takes)
CREATE INDEX takes_file_name ON takes (replace(file, rtrim(file, replace(file, '/', '')), ''));

-- index takes_finishes (takes)
CREATE INDEX takes_finishes ON takes (finishes) WHERE finishes IS NOT NULL;

-- index takes_fold (takes)
CREATE INDEX takes_fold ON takes (reel_id, sweep, id);

-- index takes_last_frame_file (takes)
CREATE INDEX takes_last_frame_file ON takes (last_frame_file) WHERE last_frame_file IS NOT NULL;

-- index takes_last_frame_url (takes)
CREATE INDEX takes_last_frame_url ON takes (last_frame_url) WHERE last_frame_url IS NOT NULL;

-- index takes_leased (takes)
CREATE INDEX takes_leased ON takes (owner) WHERE owner IS NOT NULL;

-- index takes_nameless (takes)
CREATE INDEX takes_nameless ON takes (backend, id, state) WHERE request_id IS NULL;

-- index takes_numbers (takes)
CREATE INDEX takes_numbers ON takes (
    estimate, backend, reel_id, model, sweep, state, verdict, duration, cost, error_kind);

-- index takes_queue (takes)
CREATE INDEX takes_queue ON takes (state, backend, position);

-- index takes_refused (takes)
CREATE INDEX takes_refused ON takes (reel_id, backend) WHERE error_kind IN (
    'moderation_input_text', 'moderation_input_image', 'moderation_output_video', 'moderation_output_audio',
    'moderation_copyright');

-- index takes_rejected (takes)
CREATE INDEX takes_rejected ON takes (id, file) WHERE verdict = 'rejected' AND file IS NOT NULL;

-- index takes_request (takes)
CREATE UNIQUE INDEX takes_request ON takes (request_id, backend) WHERE request_id IS NOT NULL;

-- index takes_samples (takes)
CREATE INDEX takes_samples ON takes (backend, model, id) WHERE sample_ms IS NOT NULL;

-- index takes_saved (takes)
CREATE INDEX takes_saved ON takes (backend) WHERE state = 'saved';

-- index takes_seed (takes)
CREATE INDEX takes_seed ON takes (seed);

-- index takes_session (takes)
CREATE INDEX takes_session ON takes (session) WHERE session IS NOT NULL;

-- index takes_sweep (takes)
CREATE INDEX takes_sweep ON takes (sweep) WHERE sweep IS NOT NULL;

-- index takes_tagged (takes)
CREATE INDEX takes_tagged ON takes (id, tags) WHERE tags <> '[]';

-- index takes_video (takes)
CREATE INDEX takes_video ON takes (sha256) WHERE sha256 IS NOT NULL;

-- table damaged (damaged)
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

-- table decided_verdicts (decided_verdicts)
CREATE TABLE decided_verdicts (
    id        INTEGER PRIMARY KEY,
    -- The newest decision of the knock-out when the verdict was given.
    decision  INTEGER NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    take_id   INTEGER NOT NULL,
    verdict   TEXT NOT NULL,
    -- The take's verdict before.
    before_it TEXT NOT NULL
) STRICT;

-- table decisions (decisions)
CREATE TABLE decisions (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    -- The numbers of the takes that were compared with each other, ascending: "3,5,8".
    contest       TEXT NOT NULL,
    left_take     INTEGER NOT NULL,
    right_take    INTEGER NOT NULL,
    choice        TEXT NOT NULL CHECK (choice IN ('left', 'right', 'neither')), is_past INTEGER NOT NULL DEFAULT 0) STRICT;

-- table events (events)
CREATE TABLE events (
    id         INTEGER PRIMARY KEY,
    take_id    INTEGER NOT NULL REFERENCES takes (id),
    at         INTEGER NOT NULL,
    from_state TEXT,
    to_state   TEXT NOT NULL,
    detail     TEXT NOT NULL,
    owner      TEXT
) STRICT;

-- table exchanges (exchanges)
CREATE TABLE exchanges (
    id      INTEGER PRIMARY KEY,
    take_id INTEGER NOT NULL REFERENCES takes (id),
    at      INTEGER NOT NULL,
    stage   TEXT NOT NULL,
    method  TEXT NOT NULL,
    path    TEXT NOT NULL,
    status  INTEGER,
    millis  INTEGER NOT NULL,
    answer  TEXT
, times INTEGER NOT NULL DEFAULT 1 CHECK (times >= 1)) STRICT;

-- table forms (forms)
CREATE TABLE forms (
    reel_id   TEXT NOT NULL REFERENCES reels (id),
    revision  INTEGER NOT NULL CHECK (revision >= 0),
    saved_at  INTEGER NOT NULL,
    set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1)),
    form      TEXT NOT NULL CHECK (json_valid(form)),
    PRIMARY KEY (reel_id, revision)
) STRICT;

-- table lines (lines)
CREATE TABLE lines (
    backend        TEXT NOT NULL PRIMARY KEY CHECK (backend IN ('sandbox', 'live')),
    stopped_kind   TEXT,
    stopped_detail TEXT,
    not_before     INTEGER, rate_count INTEGER NOT NULL DEFAULT 0 CHECK (rate_count >= 0), rate_since INTEGER, rate_last INTEGER,
    CHECK ((stopped_kind IS NULL) = (stopped_detail IS NULL))
) STRICT;

-- table log (log)
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

-- table money_events (money_events)
CREATE TABLE money_events (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    session TEXT NOT NULL,
    what    TEXT NOT NULL
) STRICT;

-- table prompts (prompts)
CREATE TABLE prompts (
    id   INTEGER PRIMARY KEY,
    text TEXT NOT NULL
) STRICT;

-- table prompts_text (prompts_text)
CREATE VIRTUAL TABLE prompts_text USING fts5 (text, content = 'prompts', content_rowid = 'id', tokenize = 'trigram');

-- table prompts_text_config (prompts_text_config)
CREATE TABLE 'prompts_text_config'(k PRIMARY KEY, v) WITHOUT ROWID;

-- table prompts_text_data (prompts_text_data)
CREATE TABLE 'prompts_text_data'(id INTEGER PRIMARY KEY, block BLOB);

-- table prompts_text_docsize (prompts_text_docsize)
CREATE TABLE 'prompts_text_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

-- table prompts_text_idx (prompts_text_idx)
CREATE TABLE 'prompts_text_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

-- table reels (reels)
CREATE TABLE reels (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    folder     TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
, archived_at INTEGER, file_names TEXT) STRICT;

-- table remarks (remarks)
CREATE VIRTUAL TABLE remarks USING fts5 (note, tags, value, error, tokenize = 'trigram');

-- table remarks_config (remarks_config)
CREATE TABLE 'remarks_config'(k PRIMARY KEY, v) WITHOUT ROWID;

-- table remarks_content (remarks_content)
CREATE TABLE 'remarks_content'(id INTEGER PRIMARY KEY, c0, c1, c2, c3);

-- table remarks_data (remarks_data)
CREATE TABLE 'remarks_data'(id INTEGER PRIMARY KEY, block BLOB);

-- table remarks_docsize (remarks_docsize)
CREATE TABLE 'remarks_docsize'(id INTEGER PRIMARY KEY, sz BLOB);

-- table remarks_idx (remarks_idx)
CREATE TABLE 'remarks_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;

-- table settings (settings)
CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;

-- table snippets (snippets)
CREATE TABLE snippets (
    reel_id  TEXT NOT NULL REFERENCES reels (id),
    name     TEXT NOT NULL,
    text     TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (reel_id, name)
) STRICT;

-- table sqlite_sequence (sqlite_sequence)
CREATE TABLE sqlite_sequence(name,seq);

-- table sweeps (sweeps)
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

-- table takes (takes)
CREATE TABLE "takes" (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    reel_id        TEXT NOT NULL REFERENCES reels (id),
    backend        TEXT NOT NULL CHECK (backend IN ('sandbox', 'live')),
    api_version    TEXT NOT NULL CHECK (api_version IN ('v1', 'v2')),
    model          TEXT NOT NULL,
    resolution     TEXT NOT NULL,
    aspect_ratio   TEXT NOT NULL,
    duration       INTEGER NOT NULL,
    seed           INTEGER NOT NULL,
    -- The revision of the form that the take was made from.
    draft_version  INTEGER,
    -- Takes that were started together share a number.
    sweep          INTEGER,
    -- The take that this one was promoted, chained, run again or repeated from.
    parent         INTEGER REFERENCES takes (id),
    state          TEXT NOT NULL CHECK (state IN (
        'waiting', 'submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered',
        'saved', 'failed', 'refused', 'cancelled', 'expired', 'not_sent')),
    position       INTEGER NOT NULL,
    paused         INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    -- Why a waiting take is on hold: the kind of refusal that its prompt met twice. Once waived, it is not set again.
    hold           TEXT,
    hold_waived    INTEGER NOT NULL DEFAULT 0 CHECK (hold_waived IN (0, 1)),
    -- How often the take may still be repeated automatically, and which repeat of its parent it is (0: none).
    repeats        INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0),
    repeat_no      INTEGER NOT NULL DEFAULT 0 CHECK (repeat_no >= 0),
    not_before     INTEGER,
    -- The lease: who works on the take, and until when.
    owner          TEXT,
    lease_until    INTEGER,
    -- A fingerprint of the key that the take was sent with.
    account        TEXT CHECK (length(account) = 16),
    request_id     TEXT,
    -- The provider's own time when its history was first asked about this take.
    asked_since    INTEGER,
    http_status    INTEGER,
    error_kind     TEXT,
    estimate       INTEGER NOT NULL CHECK (estimate >= 0),
    -- The worst case of the price, which a cap holds back until the bill is known; NULL where no upper price is known.
    reserve        INTEGER CHECK (reserve >= 0),
    -- The reserve is calculated again from these when the take is sent.
    clip_frames    INTEGER NOT NULL DEFAULT 0 CHECK (clip_frames >= 0),
    max_price      INTEGER CHECK (max_price >= 0),
    cost           INTEGER,
    bytes          INTEGER,
    sha256         TEXT,
    verdict        TEXT NOT NULL DEFAULT 'none' CHECK (verdict IN ('none', 'circled', 'rejected')),
    file           TEXT,
    output_url     TEXT,
    last_frame_url TEXT,
    note           TEXT,
    error          TEXT,
    prompt         TEXT NOT NULL,
    -- The request's body, as it is sent.
    body           TEXT NOT NULL CHECK (json_valid(body)), variant TEXT, lineage TEXT
    CHECK (lineage IN ('promoted', 'finished', 'chained', 'repeated')), tags TEXT NOT NULL DEFAULT '[]' CHECK (json_type(tags) = 'array'), last_frame_file TEXT, emptied_at INTEGER, wait_p50 INTEGER CHECK (wait_p50 >= 0), wait_p90 INTEGER CHECK (wait_p90 >= 0), wait_basis TEXT, queue_ms INTEGER CHECK (queue_ms >= 0), render_ms INTEGER CHECK (render_ms >= 0), sample_ms INTEGER CHECK (sample_ms >= 0), sound INTEGER NOT NULL DEFAULT 1 CHECK (sound IN (0, 1)), referenced INTEGER NOT NULL DEFAULT 0 CHECK (referenced IN (0, 1)), listed INTEGER CHECK (listed >= 0), estimate_least INTEGER CHECK (estimate_least >= 0), session TEXT, draft_id TEXT, draft_expires INTEGER, finishes TEXT,
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CHECK (owner IS NULL OR state IN ('submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered')),
    FOREIGN KEY (reel_id, draft_version) REFERENCES forms (reel_id, revision)
) STRICT;

-- table uploads (uploads)
CREATE TABLE "uploads" (
    origin      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    url         TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (origin, sha256)
) STRICT;

-- trigger events_delete (events)
CREATE TRIGGER events_delete AFTER DELETE ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = old.take_id)
    WHERE reel_id = (SELECT reel_id FROM takes WHERE id = old.take_id) AND take_id = old.take_id;
END;

-- trigger events_insert (events)
CREATE TRIGGER events_insert AFTER INSERT ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = new.take_id)
    WHERE reel_id = (SELECT reel_id FROM takes WHERE id = new.take_id) AND take_id = new.take_id;
END;

-- trigger events_update (events)
CREATE TRIGGER events_update AFTER UPDATE OF take_id, at, to_state ON events BEGIN
    UPDATE log SET (created, submitted, accepted, processing, rendered, settled) = (
        SELECT created, submitted, accepted, processing, rendered, settled FROM log_rows WHERE take_id = log.take_id)
    WHERE (reel_id, take_id) IN (SELECT reel_id, id FROM takes WHERE id IN (old.take_id, new.take_id));
END;

-- trigger prompts_insert (prompts)
CREATE TRIGGER prompts_insert AFTER INSERT ON prompts BEGIN
    INSERT INTO prompts_text (rowid, text) VALUES (new.id, new.text);
END;

-- trigger takes_delete (takes)
CREATE TRIGGER takes_delete AFTER DELETE ON takes BEGIN
    DELETE FROM log WHERE reel_id = old.reel_id AND take_id = old.id;
    DELETE FROM remarks WHERE rowid = old.id;
END;

-- trigger takes_insert (takes)
CREATE TRIGGER takes_insert AFTER INSERT ON takes BEGIN
    INSERT INTO prompts (text) SELECT new.prompt WHERE NOT EXISTS (
        SELECT 1 FROM prompts
        WHERE length(text) = length(new.prompt) AND substr(text, 1, 64) = substr(new.prompt, 1, 64)
            AND text = new.prompt);
    INSERT INTO log SELECT * FROM log_rows WHERE take_id = new.id;
    INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows WHERE rowid = new.id;
END;

-- trigger takes_remark (takes)
CREATE TRIGGER takes_remark AFTER UPDATE OF note, tags, variant, error ON takes
WHEN old.note IS NOT new.note OR old.tags IS NOT new.tags OR old.variant IS NOT new.variant OR old.error IS NOT new.error
BEGIN
    DELETE FROM remarks WHERE rowid = old.id;
    INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows WHERE rowid = new.id;
END;

-- trigger takes_update (takes)
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

-- view log_rows (log_rows)
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

-- view remark_rows (remark_rows)
CREATE VIEW remark_rows AS
SELECT id AS rowid, note,
    iif(json_valid(tags), (SELECT group_concat(value, ' ') FROM json_each(takes.tags)), NULL) AS tags,
    variant AS value, error
FROM takes
WHERE note IS NOT NULL OR tags <> '[]' OR variant IS NOT NULL OR error IS NOT NULL;

