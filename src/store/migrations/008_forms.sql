-- A form is one JSON object, so a new parameter needs no migration. A key that is missing in an old row means that
-- parameter's default; a key that this program does not know stays in the row.
--
-- Revision 0 is the form being edited. The others count from 1 and never change; one that is set aside was kept
-- although no take was made from it.
CREATE TABLE forms (
    reel_id   TEXT NOT NULL REFERENCES reels (id),
    revision  INTEGER NOT NULL CHECK (revision >= 0),
    saved_at  INTEGER NOT NULL,
    set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1)),
    form      TEXT NOT NULL CHECK (json_valid(form)),
    PRIMARY KEY (reel_id, revision)
) STRICT;

-- The text is put together here because JSON functions refuse a row with a damaged list, which must not stop an upgrade.
INSERT INTO forms (reel_id, revision, saved_at, set_aside, form)
SELECT reel_id, version, saved_at, set_aside,
    '{"prompt":' || json_quote(prompt)
    || ',"model":' || json_quote(model)
    || ',"api_version":' || json_quote(api_version)
    || ',"resolution":' || json_quote(resolution)
    || ',"duration":' || duration
    || ',"aspect_ratio":' || json_quote(aspect_ratio)
    || ',"generate_audio":' || iif(generate_audio, 'true', 'false')
    || ',"return_last_frame":' || iif(return_last_frame, 'true', 'false')
    || ',"seeds":' || json_quote(seeds)
    || ',"first_frame":' || json_quote(first_frame)
    || ',"last_frame":' || json_quote(last_frame)
    || ',"images":' || iif(json_valid(images), images, json_quote(images))
    || ',"videos":' || iif(json_valid(videos), videos, json_quote(videos))
    || ',"audios":' || iif(json_valid(audios), audios, json_quote(audios))
    || ',"skip_moderation":' || iif(skip_moderation, 'true', 'false')
    || ',"bitrate_mode":' || json_quote(bitrate_mode)
    || '}'
FROM drafts;

-- What the queue and the log compare is written into columns of its own when a take is made, so the names of the
-- provider's fields do not matter here. The columns keep their names: an older rushes that is still running can
-- finish what it has sent, but it can put nothing new into the queue.
CREATE TABLE new_takes (
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
    body           TEXT NOT NULL CHECK (json_valid(body)),
    CHECK ((owner IS NULL) = (lease_until IS NULL)),
    CHECK (owner IS NULL OR state IN ('submitting', 'unknown', 'accepted', 'queued', 'processing', 'rendered')),
    FOREIGN KEY (reel_id, draft_version) REFERENCES forms (reel_id, revision)
) STRICT;

INSERT INTO new_takes (
    id, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, draft_version, sweep, parent,
    state, position, paused, hold, hold_waived, repeats, repeat_no, not_before, owner, lease_until, account, request_id,
    asked_since, http_status, error_kind, estimate, reserve, clip_frames, max_price, cost, bytes, sha256, verdict, file,
    output_url, last_frame_url, note, error, prompt, body)
SELECT
    id, reel_id, backend, api_version, model, resolution, aspect_ratio, duration, seed, draft_version, sweep, parent,
    state, position, paused, hold, hold_waived, repeats, repeat_no, not_before, owner, lease_until, account, request_id,
    asked_since, http_status, error_kind, estimate, reserve, clip_frames, max_price, cost, bytes, sha256, verdict, file,
    output_url, last_frame_url, note, error, iif(json_valid(body), coalesce(body ->> '$.prompt', ''), ''), body
FROM takes;

-- A number is never given out twice, even when its take is gone.
INSERT INTO sqlite_sequence (name, seq)
SELECT 'new_takes', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'new_takes');
UPDATE sqlite_sequence SET seq = max(seq, coalesce((SELECT seq FROM sqlite_sequence WHERE name = 'takes'), 0))
WHERE name = 'new_takes';

DROP TABLE takes;
DROP TABLE drafts;
ALTER TABLE new_takes RENAME TO takes;

-- The log of a reel, newest first, with every column that a filter compares.
CREATE INDEX takes_log ON takes (reel_id, id, state, seed, resolution, model, backend, verdict, sweep);
-- The queue: what waits, what is in flight, what needs an owner.
CREATE INDEX takes_queue ON takes (state, backend, position);
-- How long takes like this one took.
CREATE INDEX takes_alike ON takes (backend, model, resolution, duration, id) WHERE state = 'saved';
CREATE INDEX takes_leased ON takes (owner) WHERE owner IS NOT NULL;
CREATE INDEX takes_sweep ON takes (sweep) WHERE sweep IS NOT NULL;
-- One generation of the provider belongs to one take.
CREATE UNIQUE INDEX takes_request ON takes (request_id, backend) WHERE request_id IS NOT NULL;
-- A prompt's refusals.
CREATE INDEX takes_refused ON takes (reel_id, backend) WHERE error_kind IN (
    'moderation_input_text', 'moderation_input_image', 'moderation_output_video', 'moderation_output_audio',
    'moderation_copyright');
-- What became of a failed take.
CREATE INDEX takes_children ON takes (parent) WHERE parent IS NOT NULL;
