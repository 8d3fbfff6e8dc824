//! The database file: opening it, its schema, and how its columns become the model's types.

pub mod columns;
pub mod open;
pub mod schema;
