-- Which key a take was sent with, as a fingerprint: what one account does not know, another may.
ALTER TABLE takes ADD COLUMN account TEXT CHECK (length(account) = 16);

-- An upload is known where it was made: the address that a sandbox gave is dead at its next start.
CREATE TABLE uploads_at (
    origin      TEXT NOT NULL,
    sha256      TEXT NOT NULL,
    url         TEXT NOT NULL,
    bytes       INTEGER NOT NULL,
    uploaded_at INTEGER NOT NULL,
    PRIMARY KEY (origin, sha256)
) STRICT;

INSERT INTO uploads_at (origin, sha256, url, bytes, uploaded_at)
SELECT 'https://workflows-api.segmind.com', sha256, url, bytes, uploaded_at FROM uploads
WHERE url LIKE 'https://%';

DROP TABLE uploads;
ALTER TABLE uploads_at RENAME TO uploads;
