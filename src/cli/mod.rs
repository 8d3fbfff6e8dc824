//! One file a command; prints, never draws.
