//! The way back: what sidecars tell, put into a store that lost it. Nothing that comes back can be sent.

use jiff::Timestamp;
use rusqlite::{Connection, named_params};

use crate::model::{ApiVersion, FailureKind, TakeId, TakeState};

use super::error::Trouble;
use super::sidecar::{FORM, Rebuild, ReelRecord};
use super::step::{Facts, Passage, go, note_event};
use super::{Sidecar, Store, StoreError, draft, exchange, reserve, row, take, text_of};

impl Store {
    /// Brings takes back, all in one transaction; for each, why it was left out, if so. What was being sent comes
    /// back as a take of unknown outcome, and what waits does not: nothing that comes back can be sent.
    ///
    /// # Errors
    /// When the store cannot be written; then none came back.
    pub fn restore(&self, sidecars: &[Sidecar]) -> Result<Vec<Option<String>>, StoreError> {
        self.write(|transaction, _| {
            let outcomes = sidecars
                .iter()
                .map(|sidecar| self.bring_back_one(transaction, sidecar, Target::New));
            outcomes.collect()
        })
    }

    /// Brings one take back into a store that is in use: the draft that is being edited stays as it is.
    ///
    /// # Errors
    /// As [`Store::restore`].
    pub fn import(&self, sidecar: &Sidecar) -> Result<Option<String>, StoreError> {
        self.write(|transaction, _| self.bring_back_one(transaction, sidecar, Target::InUse))
    }

    /// Why it was left out, if so.
    fn bring_back_one(
        &self,
        transaction: &Connection,
        sidecar: &Sidecar,
        target: Target,
    ) -> Result<Option<String>, Trouble> {
        transaction.execute_batch("SAVEPOINT one")?;
        let left_out = match bring_back(transaction, sidecar, target) {
            Ok(()) => None,
            Err(trouble) => {
                let why = self.unusable(trouble)?;
                transaction.execute_batch("ROLLBACK TO one")?;
                Some(StoreError::NotRestored(why).to_string())
            }
        };
        transaction.execute_batch("RELEASE one")?;
        Ok(left_out)
    }

    /// Why a sidecar cannot be used; what is about the disk stays an error.
    pub(super) fn unusable(&self, trouble: Trouble) -> Result<String, Trouble> {
        match trouble {
            Trouble::Sql(error) if is_about_the_disk(&error) => Err(error.into()),
            Trouble::Rule(StoreError::NotRestored(why)) => Ok(why),
            other => Ok(other.at(&self.path).to_string()),
        }
    }

    /// The last number that was given out, or is not to be; 0 before the first.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub fn last_number(&self) -> Result<TakeId, StoreError> {
        self.read(|connection| {
            let last = connection.query_row(
                "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'takes'",
                [],
                |row| row.get(0),
            )?;
            Ok(TakeId(last))
        })
    }

    /// Numbers of takes up to `last` are never given out.
    ///
    /// # Errors
    /// When the store cannot be written.
    pub fn number_from(&self, last: TakeId) -> Result<(), StoreError> {
        self.write(|transaction, _| {
            transaction.execute(
                "INSERT INTO sqlite_sequence (name, seq)
                 SELECT 'takes', 0 WHERE NOT EXISTS (SELECT 1 FROM sqlite_sequence WHERE name = 'takes')",
                [],
            )?;
            transaction.execute(
                "UPDATE sqlite_sequence SET seq = max(seq, ?1) WHERE name = 'takes'",
                [last.0],
            )?;
            Ok(())
        })
    }
}

/// What a take is brought back into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Target {
    /// The newest draft of a take becomes the one being edited.
    New,
    /// The draft being edited is the user's.
    InUse,
}

fn is_about_the_disk(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as C;
    matches!(
        error.sqlite_error_code(),
        Some(C::DiskFull | C::ReadOnly | C::SystemIoFailure | C::DatabaseCorrupt | C::DatabaseBusy)
    )
}

fn refuse(why: &str) -> Trouble {
    StoreError::NotRestored(why.to_owned()).into()
}

pub(super) fn bring_back(connection: &Connection, sidecar: &Sidecar, target: Target) -> Result<(), Trouble> {
    let (record, rebuild) = (&sidecar.dossier.take, &sidecar.rebuild);
    if rebuild.form > FORM {
        return Err(refuse("a newer rushes wrote it"));
    }
    let has_what_polling_needs = record.request_id.is_some() || record.api_version == ApiVersion::V1;
    match record.state {
        TakeState::Waiting => return Err(refuse("it was not sent")),
        TakeState::Submitting | TakeState::Unknown => {}
        state if !state.settled() && !has_what_polling_needs => {
            return Err(refuse("it does not name the provider's request"));
        }
        _ => {}
    }
    if record.id.0 < 1 {
        return Err(refuse("its number is none"));
    }
    let reel_id = reel_for(connection, &rebuild.reel)?;
    let version = draft_for(connection, &reel_id, rebuild, target)?;
    insert(connection, sidecar, &reel_id, version)?;
    for event in &sidecar.dossier.events {
        let passage = Passage {
            from: event.from,
            to: event.to,
            detail: &event.detail,
            owner: None,
        };
        note_event(connection, record.id, &passage, event.at)?;
    }
    for one in &sidecar.dossier.exchanges {
        exchange::insert(connection, record.id, one)?;
    }
    if record.state == TakeState::Submitting {
        be_unclear(connection, sidecar)?;
    }
    // What cannot be read again is not let in.
    take::one(connection, record.id).map(drop)
}

/// The file was written directly before the take was sent: only the provider's history can tell what came of it.
fn be_unclear(connection: &Connection, sidecar: &Sidecar) -> Result<(), Trouble> {
    let record = &sidecar.dossier.take;
    let passage = Passage {
        from: Some(TakeState::Submitting),
        to: TakeState::Unknown,
        detail: "the database lost what came of it",
        owner: None,
    };
    let facts = Facts {
        error: Some(
            "Sent, but the database lost what came of it. The provider's history is asked whether it arrived."
                .to_owned(),
        ),
        error_kind: Some(FailureKind::Unclear),
        ..Facts::default()
    };
    let last = sidecar.dossier.events.last();
    let at = last.map_or(record.created_at, |event| event.at);
    go(connection, record.id, &passage, &facts, at)
}

/// The reel's id, made if it is not there; a name that another reel has is told apart.
fn reel_for(connection: &Connection, reel: &ReelRecord) -> Result<String, Trouble> {
    let has = |column: &str, value: &str| {
        connection
            .prepare_cached(&format!("SELECT 1 FROM reels WHERE {column} = ?1"))?
            .exists([value])
    };
    let plain = reel.id.len() == 32 && reel.id.bytes().all(|b| b.is_ascii_hexdigit());
    if !plain {
        return Err(refuse("its reel has no id"));
    }
    if !has("id", &reel.id)? {
        let name = if has("name", &reel.name)? {
            format!("{} {}", reel.name, &reel.id[..8])
        } else {
            reel.name.clone()
        };
        connection.execute(
            "INSERT INTO reels (id, name, folder, created_at) VALUES (?1, ?2, ?3, ?4)",
            (&reel.id, name, &reel.folder, reel.created_at.as_millisecond()),
        )?;
    }
    Ok(reel.id.clone())
}

/// The version of the draft, which also becomes the one being edited if it is the newest.
fn draft_for(
    connection: &Connection,
    reel_id: &str,
    rebuild: &Rebuild,
    target: Target,
) -> Result<Option<i64>, Trouble> {
    let Some((version, kept)) = rebuild.draft_version.zip(rebuild.draft.as_ref()) else {
        return Ok(None);
    };
    if version < 1 {
        return Err(refuse("its draft has no version"));
    }
    match draft::get(connection, reel_id, version)? {
        Some(known) if known == *kept => {}
        Some(_) => return Ok(None),
        None => draft::put(
            connection,
            "INSERT",
            reel_id,
            version,
            kept,
            Timestamp::UNIX_EPOCH,
        )?,
    }
    if target == Target::New && draft::latest(connection, reel_id)? == Some(version) {
        draft::put(
            connection,
            "INSERT OR REPLACE",
            reel_id,
            draft::EDITED,
            kept,
            Timestamp::UNIX_EPOCH,
        )?;
    }
    Ok(Some(version))
}

fn insert(
    connection: &Connection,
    sidecar: &Sidecar,
    reel_id: &str,
    version: Option<i64>,
) -> Result<(), Trouble> {
    let (record, rebuild) = (&sidecar.dossier.take, &sidecar.rebuild);
    let file = record.file.as_deref().map(text_of).transpose()?;
    connection
        .prepare_cached(
            "INSERT INTO takes (
                id, reel_id, backend, api_version, model, draft_version, sweep, parent, state, position, account,
                request_id, http_status, error, error_kind, estimate, reserve, cost, bytes, sha256, verdict, file,
                output_url, last_frame_url, note, body
             ) VALUES (
                :id, :reel_id, :backend, :api_version, :model, :draft_version, :sweep,
                (SELECT id FROM takes WHERE id = :parent), :state, 0, :account, :request_id, :http_status, :error,
                :error_kind, :estimate, :reserve, :cost, :bytes, :sha256, :verdict, :file, :output_url, :last_frame_url,
                :note, :body
             )",
        )?
        .execute(named_params! {
            ":id": record.id.0,
            ":reel_id": reel_id,
            ":backend": record.backend.word(),
            ":api_version": record.api_version.wire(),
            ":model": record.model.wire(),
            ":draft_version": version,
            ":sweep": rebuild.sweep,
            ":parent": record.parent.map(|id| id.0),
            ":state": record.state.word(),
            ":account": record.account,
            ":request_id": record.request_id,
            ":http_status": record.http_status,
            ":error": record.error,
            ":error_kind": record.error_kind.map(FailureKind::word),
            ":estimate": row::estimate(record.estimate_usd),
            ":reserve": record.estimate_max_usd.map(row::estimate),
            ":cost": row::bill(record.cost_usd),
            ":bytes": record.bytes.map(row::count),
            ":sha256": record.sha256,
            ":verdict": record.verdict.word(),
            ":file": file,
            ":output_url": rebuild.output_url,
            ":last_frame_url": record.last_frame_url,
            ":note": record.note,
            ":body": record.request.to_string(),
        })?;
    Ok(reserve::from_estimate(connection, record.id)?)
}
