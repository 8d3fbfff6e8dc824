-- A revision that no take was made of: a text that another workbench overwrote, or one that a session could not save.
ALTER TABLE drafts ADD COLUMN set_aside INTEGER NOT NULL DEFAULT 0 CHECK (set_aside IN (0, 1));
