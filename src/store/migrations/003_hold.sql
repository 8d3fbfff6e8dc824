-- Why a waiting take is held back although its turn may have come: the kind of refusal that its prompt drew
-- twice. A waived one is not held again.
ALTER TABLE takes ADD COLUMN hold TEXT;
ALTER TABLE takes ADD COLUMN hold_waived INTEGER NOT NULL DEFAULT 0 CHECK (hold_waived IN (0, 1));
-- How often it may still be repeated by itself, and which repeat of its parent it is (0: none).
ALTER TABLE takes ADD COLUMN repeats INTEGER NOT NULL DEFAULT 0 CHECK (repeats >= 0);
ALTER TABLE takes ADD COLUMN repeat_no INTEGER NOT NULL DEFAULT 0 CHECK (repeat_no >= 0);

-- A prompt's refusals.
CREATE INDEX takes_refused ON takes (reel_id, backend) WHERE error_kind IN (
    'moderation_input_text', 'moderation_input_image', 'moderation_output_video', 'moderation_output_audio',
    'moderation_copyright');
-- What became of a failed take.
CREATE INDEX takes_children ON takes (parent) WHERE parent IS NOT NULL;
-- What the provider's books of a time must show.
CREATE INDEX events_accepted ON events (at, take_id) WHERE to_state = 'accepted';
