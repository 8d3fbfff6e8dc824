//! The API's client. Knows no disk and no database.
