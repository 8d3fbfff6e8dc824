-- Which of two takes was kept when they were compared side by side. Events are no place for this: each is a transition
-- of a take's state, and times are read from them.
CREATE TABLE decisions (
    id            INTEGER PRIMARY KEY,
    at            INTEGER NOT NULL,
    -- The numbers of the takes that were compared with each other, ascending: "3,5,8".
    contest       TEXT NOT NULL,
    left_take     INTEGER NOT NULL,
    right_take    INTEGER NOT NULL,
    choice        TEXT NOT NULL CHECK (choice IN ('left', 'right', 'neither')),
    -- The verdicts before, which come back when the decision is taken back.
    left_verdict  TEXT NOT NULL,
    right_verdict TEXT NOT NULL
) STRICT;

CREATE INDEX decisions_of_contest ON decisions (contest, id);
CREATE INDEX decisions_left ON decisions (left_take);
CREATE INDEX decisions_right ON decisions (right_take);
