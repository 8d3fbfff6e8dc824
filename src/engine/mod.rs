//! Takes a take from waiting to saved. Knows no terminal.
