-- How the provider names a draft that it can finish, and until when, in milliseconds.
ALTER TABLE takes ADD COLUMN draft_id TEXT;
ALTER TABLE takes ADD COLUMN draft_expires INTEGER;
-- The draft that a final finishes, by that name.
ALTER TABLE takes ADD COLUMN finishes TEXT;

-- Whether a draft is finished already is looked up by its name.
CREATE INDEX takes_finishes ON takes (finishes) WHERE finishes IS NOT NULL;
