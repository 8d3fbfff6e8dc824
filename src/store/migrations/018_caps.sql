-- The run of the program that last sent a take: what the cap of a session counts.
ALTER TABLE takes ADD COLUMN session TEXT;

CREATE INDEX takes_session ON takes (session) WHERE session IS NOT NULL;

-- What a user changed about money while the program ran, by which run.
CREATE TABLE money_events (
    id      INTEGER PRIMARY KEY,
    at      INTEGER NOT NULL,
    session TEXT NOT NULL,
    what    TEXT NOT NULL
) STRICT;
