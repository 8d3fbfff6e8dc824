//! What rushes keeps: takes, drafts, money, in one SQLite database. Knows no network.
