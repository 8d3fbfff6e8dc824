-- How many submits in a row were answered with 429, and when the first and the last of those responses came: the
-- pause doubles and the queue stops over all processes and restarts.
ALTER TABLE lines ADD COLUMN rate_count INTEGER NOT NULL DEFAULT 0 CHECK (rate_count >= 0);
ALTER TABLE lines ADD COLUMN rate_since INTEGER;
ALTER TABLE lines ADD COLUMN rate_last INTEGER;

-- The provider's own time when its history was first asked about a take of unknown outcome.
ALTER TABLE takes ADD COLUMN asked_since INTEGER;

-- An amount that no bill can be made every sum overflow: the estimate counts in its place.
UPDATE takes SET cost = NULL WHERE cost < 0 OR cost > 10000000000000;
UPDATE takes SET estimate = 10000000000000 WHERE estimate > 10000000000000;
