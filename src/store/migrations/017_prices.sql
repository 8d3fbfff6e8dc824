-- The price of a take by the price list when it was made, without what earlier bills taught: bills are compared with it.
-- NULL where no price was published for what the request has, or for a take that was made elsewhere.
ALTER TABLE takes ADD COLUMN listed INTEGER CHECK (listed >= 0);
-- The least that a take may cost, where only a range of its price is known.
ALTER TABLE takes ADD COLUMN estimate_least INTEGER CHECK (estimate_least >= 0);

-- Estimates of earlier releases leave out the one frame more that every bill contains.
UPDATE takes SET listed = (estimate * (24 * duration + 1) + 12 * duration) / (24 * duration)
WHERE draft_version IS NOT NULL AND clip_frames = 0 AND duration > 0 AND estimate > 0 AND estimate < 10000000000
    AND max_price IS NULL;

-- What was billed lately, by model and resolution.
CREATE INDEX takes_billed ON takes (model, resolution, id)
WHERE backend = 'live' AND cost > 0 AND listed > 0 AND state = 'saved' AND aspect_ratio <> 'adaptive';
