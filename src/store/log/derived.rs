//! What the log is filtered by: tables that are derived from takes and events.

use rusqlite::Connection;

/// Makes the derived tables again. Triggers keep them up to date, but damage may have changed what they stand for.
pub fn rebuild(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute_batch(
        "DELETE FROM log;
         DELETE FROM remarks;
         INSERT INTO prompts (text)
             SELECT DISTINCT prompt FROM takes WHERE prompt NOT IN (SELECT text FROM prompts);
         INSERT INTO prompts_text (prompts_text) VALUES ('rebuild');
         INSERT INTO log SELECT * FROM log_rows;
         INSERT INTO remarks (rowid, note, tags, value, error) SELECT * FROM remark_rows;",
    )
}
