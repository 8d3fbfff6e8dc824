//! Shot scripts: read from any of the ways people write them. Pure.
