-- The worst case of a take's price, which a cap holds back until the bill is there; NULL where no upper price is
-- known. Bills count one frame more than the formula of the estimate, and reference videos of at most 15 s in full.
ALTER TABLE takes ADD COLUMN reserve INTEGER CHECK (reserve >= 0);
-- Frames of reference videos that may be billed, and the highest price of one take that the user named: the reserve
-- is reckoned from these anew when the take is sent.
ALTER TABLE takes ADD COLUMN clip_frames INTEGER NOT NULL DEFAULT 0 CHECK (clip_frames >= 0);
ALTER TABLE takes ADD COLUMN max_price INTEGER CHECK (max_price >= 0);

UPDATE takes SET clip_frames = 361 * coalesce(json_array_length(body, '$.reference_videos'), 0);
UPDATE takes SET reserve = min(10000000000000,
    (estimate * (24 * max(duration, 1) + 1 + clip_frames) + 24 * max(duration, 1) - 1) / (24 * max(duration, 1)))
    WHERE estimate > 0;
