-- Times are milliseconds since 1970 in UTC, money is micro-dollars, words are those of the JSON output.

PRAGMA application_id = 0x52757368;

CREATE TABLE reels (
    id         TEXT NOT NULL PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    folder     TEXT NOT NULL UNIQUE,
    created_at INTEGER NOT NULL
) STRICT;

-- Version 0 is the draft being edited; frozen ones count from 1 and never change.
CREATE TABLE drafts (
    reel_id           TEXT NOT NULL REFERENCES reels (id),
    version           INTEGER NOT NULL CHECK (version >= 0),
    saved_at          INTEGER NOT NULL,
    prompt            TEXT NOT NULL,
    model             TEXT NOT NULL,
    api_version       TEXT NOT NULL CHECK (api_version IN ('v1', 'v2')),
    resolution        TEXT NOT NULL,
    duration          INTEGER NOT NULL,
    aspect_ratio      TEXT NOT NULL,
    generate_audio    INTEGER NOT NULL CHECK (generate_audio IN (0, 1)),
    return_last_frame INTEGER NOT NULL CHECK (return_last_frame IN (0, 1)),
    seeds             TEXT NOT NULL,
    first_frame       TEXT NOT NULL,
    last_frame        TEXT NOT NULL,
    images            TEXT NOT NULL CHECK (json_type(images) = 'array'),
    videos            TEXT NOT NULL CHECK (json_type(videos) = 'array'),
    audios            TEXT NOT NULL CHECK (json_type(audios) = 'array'),
    skip_moderation   INTEGER NOT NULL CHECK (skip_moderation IN (0, 1)),
    bitrate_mode      TEXT,
    PRIMARY KEY (reel_id, version)
) STRICT;

-- What the body says is read out of the body, so that column and body cannot differ.
CREATE TABLE takes (
    id             INTEGER PRIMARY KEY AUTOINCREMENT,
    reel_id        TEXT NOT NULL REFERENCES reels (id),
    backend        TEXT NOT NULL CHECK (backend IN ('sandbox', 'live')),
    api_version    TEXT NOT NULL CHECK (api_version IN ('v1', 'v2')),
    model          TEXT NOT NULL,
    resolution     TEXT NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.resolution')) STORED,
    aspect_ratio   TEXT NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.aspect_ratio')) STORED,
    duration       INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.duration')) STORED,
    seed           INTEGER NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.seed')) STORED,
    draft_version  INTEGER,
    sweep          INTEGER,
    parent         INTEGER REFERENCES takes (id),
    state          TEXT NOT NULL CHECK (state IN (
        'waiting', 'submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered',
        'saved', 'failed', 'refused', 'cancelled', 'expired', 'not_sent')),
    position       INTEGER NOT NULL,
    paused         INTEGER NOT NULL DEFAULT 0 CHECK (paused IN (0, 1)),
    not_before     INTEGER,
    owner          TEXT,
    lease_until    INTEGER,
    request_id     TEXT,
    http_status    INTEGER,
    error_kind     TEXT,
    estimate       INTEGER NOT NULL CHECK (estimate >= 0),
    cost           INTEGER,
    bytes          INTEGER,
    sha256         TEXT,
    verdict        TEXT NOT NULL DEFAULT 'none' CHECK (verdict IN ('none', 'circled', 'rejected')),
    file           TEXT,
    output_url     TEXT,
    last_frame_url TEXT,
    note           TEXT,
    error          TEXT,
    prompt         TEXT NOT NULL GENERATED ALWAYS AS (json_extract(body, '$.prompt')) VIRTUAL,
    body           TEXT NOT NULL CHECK (json_valid(body)),
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CHECK (owner IS NULL OR state IN ('submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered')),
    FOREIGN KEY (reel_id, draft_version) REFERENCES drafts (reel_id, version)
) STRICT;

-- The log of a reel, newest first, with every column that a filter compares.
CREATE INDEX takes_log ON takes (reel_id, id, state, seed, resolution, model, backend, verdict, sweep);
-- The line, what is in flight, what waits for an owner.
CREATE INDEX takes_line ON takes (state, backend, position);
-- How long takes like this one took.
CREATE INDEX takes_alike ON takes (backend, model, resolution, duration, id) WHERE state = 'saved';
CREATE INDEX takes_held ON takes (owner) WHERE owner IS NOT NULL;
CREATE INDEX takes_sweep ON takes (sweep) WHERE sweep IS NOT NULL;
-- One generation of the provider belongs to one take.
CREATE UNIQUE INDEX takes_request ON takes (request_id, backend) WHERE request_id IS NOT NULL;

-- One row for every step of a take; the first comes from nowhere.
CREATE TABLE events (
    id         INTEGER PRIMARY KEY,
    take_id    INTEGER NOT NULL REFERENCES takes (id),
    at         INTEGER NOT NULL,
    from_state TEXT,
    to_state   TEXT NOT NULL,
    detail     TEXT NOT NULL,
    owner      TEXT
) STRICT;

CREATE INDEX events_of_take ON events (take_id, to_state, at);
CREATE INDEX events_sent ON events (at, take_id) WHERE to_state = 'submitting';

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
) STRICT;

CREATE INDEX exchanges_of_take ON exchanges (take_id);

CREATE TABLE lines (
    backend        TEXT NOT NULL PRIMARY KEY CHECK (backend IN ('sandbox', 'live')),
    stopped_kind   TEXT,
    stopped_detail TEXT,
    not_before     INTEGER,
    CHECK ((stopped_kind IS NULL) = (stopped_detail IS NULL))
) STRICT;

CREATE TABLE uploads (
    sha256      TEXT NOT NULL PRIMARY KEY,
    url         TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL
) STRICT;

CREATE TABLE settings (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT;
