//! Settings, folders and the key: read once, with errors that name file, line and column.
