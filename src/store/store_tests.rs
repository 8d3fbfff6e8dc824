//! What can only be seen from inside: query plans, a full disk, upgrades.
