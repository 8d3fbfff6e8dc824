-- How long a take was expected to need when it was sent, in milliseconds, and what that was based on: what is shown of a
-- take does not change when later takes do.
ALTER TABLE takes ADD COLUMN wait_p50 INTEGER CHECK (wait_p50 >= 0);
ALTER TABLE takes ADD COLUMN wait_p90 INTEGER CHECK (wait_p90 >= 0);
ALTER TABLE takes ADD COLUMN wait_basis TEXT;

-- The provider's own times, in milliseconds: in its queue, and rendering.
ALTER TABLE takes ADD COLUMN queue_ms INTEGER CHECK (queue_ms >= 0);
ALTER TABLE takes ADD COLUMN render_ms INTEGER CHECK (render_ms >= 0);

-- How long a saved take needed, in milliseconds, where that says something about the next ones; and what else takes are
-- compared by: whether they have sound, and references.
ALTER TABLE takes ADD COLUMN sample_ms INTEGER CHECK (sample_ms >= 0);
ALTER TABLE takes ADD COLUMN sound INTEGER NOT NULL DEFAULT 1 CHECK (sound IN (0, 1));
ALTER TABLE takes ADD COLUMN referenced INTEGER NOT NULL DEFAULT 0 CHECK (referenced IN (0, 1));

UPDATE takes SET
    sound = iif(body ->> '$.generate_audio' IS 0, 0, 1),
    referenced = iif(coalesce(body ->> '$.first_frame_url', '') <> ''
        OR coalesce(json_array_length(body, '$.reference_images'), 0) > 0
        OR coalesce(json_array_length(body, '$.reference_videos'), 0) > 0
        OR coalesce(json_array_length(body, '$.reference_audios'), 0) > 0, 1, 0)
WHERE json_valid(body);

UPDATE takes SET sample_ms = (
    SELECT nullif(max(-1, saved.at - sent.at), -1)
    FROM (SELECT max(at) AS at FROM events WHERE take_id = takes.id AND to_state = 'saved') saved,
        (SELECT max(at) AS at FROM events WHERE take_id = takes.id AND to_state = 'submitting') sent)
WHERE state = 'saved' AND draft_version IS NOT NULL
    AND (SELECT min(owner) IS max(owner) FROM events WHERE take_id = takes.id)
    AND NOT EXISTS (SELECT 1 FROM events WHERE take_id = takes.id AND to_state IN ('failed', 'expired'));

DROP INDEX takes_alike;
-- How long takes of a model needed, the newest first.
CREATE INDEX takes_samples ON takes (backend, model, id) WHERE sample_ms IS NOT NULL;
