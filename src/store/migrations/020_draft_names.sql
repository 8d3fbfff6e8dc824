-- A draft is looked up by its name before its final is sent.
CREATE INDEX takes_draft_id ON takes (draft_id) WHERE draft_id IS NOT NULL;
