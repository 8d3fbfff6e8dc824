//! What the log is filtered by: tables that are derived from takes and events.

use rusqlite::Connection;

use crate::model::TakeId;

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

/// Makes what is derived from one take again: its row of the log, and what it teaches about waits and prices where that
/// cannot be read. Returns false, and changes nothing, when the take's own rows are damaged too.
pub fn renew(connection: &Connection, id: TakeId) -> rusqlite::Result<bool> {
    connection.execute_batch("SAVEPOINT renew")?;
    let renewed = [FORGET_ROW, MAKE_ROW, FORGET_LESSONS]
        .iter()
        .try_for_each(|sql| connection.execute(sql, [id.0]).map(drop))
        .is_ok();
    if !renewed {
        connection.execute_batch("ROLLBACK TO renew")?;
    }
    connection.execute_batch("RELEASE renew")?;
    Ok(renewed)
}

const FORGET_ROW: &str =
    "DELETE FROM log WHERE reel_id = (SELECT reel_id FROM takes WHERE id = ?1) AND take_id = ?1";
const MAKE_ROW: &str = "INSERT INTO log SELECT * FROM log_rows WHERE take_id = ?1";
const FORGET_LESSONS: &str = "UPDATE takes SET
        sample_ms = iif(typeof(sample_ms) = 'integer' AND sample_ms >= 0, sample_ms, NULL),
        listed = iif(typeof(listed) = 'integer' AND listed >= 0, listed, NULL),
        sound = iif(sound IN (0, 1), sound, 1),
        referenced = iif(referenced IN (0, 1), referenced, 0)
     WHERE id = ?1";
