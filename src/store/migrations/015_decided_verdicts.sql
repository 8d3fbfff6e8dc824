-- The verdicts that a knock-out gave: those of a decision that rejected both takes, and those that were given in the ranking.
-- They are undone when the decision that they followed is taken back.
CREATE TABLE decided_verdicts (
    id        INTEGER PRIMARY KEY,
    -- The newest decision of the knock-out when the verdict was given.
    decision  INTEGER NOT NULL REFERENCES decisions (id) ON DELETE CASCADE,
    take_id   INTEGER NOT NULL,
    verdict   TEXT NOT NULL,
    -- The take's verdict before.
    before_it TEXT NOT NULL
) STRICT;

CREATE INDEX decided_verdicts_of_decision ON decided_verdicts (decision);

INSERT INTO decided_verdicts (decision, take_id, verdict, before_it)
SELECT id, left_take, 'rejected', left_verdict FROM decisions WHERE choice = 'neither'
UNION ALL
SELECT id, right_take, 'rejected', right_verdict FROM decisions WHERE choice = 'neither'
ORDER BY 1;

ALTER TABLE decisions DROP COLUMN left_verdict;
ALTER TABLE decisions DROP COLUMN right_verdict;

-- A knock-out that is begun anew leaves its earlier decisions as history.
ALTER TABLE decisions ADD COLUMN is_past INTEGER NOT NULL DEFAULT 0;
