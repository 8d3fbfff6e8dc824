//! The way back: what sidecars tell, put into a store that lost it. Nothing that comes back can be sent.

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::{ApiVersion, FailureKind, RequestSummary, TakeId, TakeState};

use super::error::Trouble;
use super::insert::{self, NewTake};
use super::sidecar::{FORM, Rebuild, ReelRecord};
use super::step::{Facts, Passage, go, note_event, write_facts};
use super::{Reserve, Sidecar, Store, StoreError, exchange, forms, take};

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
    match forms::get(connection, reel_id, version)? {
        Some(known) if known == *kept => {}
        Some(_) => return Ok(None),
        None => forms::insert(connection, reel_id, version, kept, Timestamp::UNIX_EPOCH)?,
    }
    if target == Target::New && forms::latest(connection, reel_id)? == Some(version) {
        forms::save_edited(connection, reel_id, kept, Timestamp::UNIX_EPOCH)?;
    }
    Ok(Some(version))
}

fn insert(
    connection: &Connection,
    sidecar: &Sidecar,
    reel_id: &str,
    revision: Option<i64>,
) -> Result<(), Trouble> {
    let (record, rebuild) = (&sidecar.dossier.take, &sidecar.rebuild);
    let request =
        RequestSummary::of_body(&record.request).ok_or_else(|| refuse("its request cannot be read"))?;
    let reserve = match record.estimate_max_usd {
        Some(known) => known.into(),
        None => Reserve::of_estimate(record.estimate_usd, &request),
    };
    let new = NewTake {
        id: Some(record.id),
        reel_id,
        backend: record.backend,
        account: record.account.as_deref(),
        api_version: record.api_version,
        model: record.model,
        request,
        body: record.request.to_string(),
        revision,
        sweep: rebuild.sweep,
        parent: record.parent,
        state: record.state,
        position: 0,
        estimate: record.estimate_usd,
        reserve,
        repeats: 0,
        verdict: record.verdict,
        note: record.note.as_deref(),
    };
    insert::insert(connection, &new)?;
    let facts = Facts {
        request_id: record.request_id.clone(),
        http_status: record.http_status,
        error: record.error.clone(),
        error_kind: record.error_kind,
        cost: record.cost_usd,
        output_url: rebuild.output_url.clone(),
        last_frame_url: record.last_frame_url.clone(),
        file: record.file.clone(),
        bytes: record.bytes,
        sha256: record.sha256.clone(),
        not_before: None,
    };
    write_facts(connection, record.id, &facts, None)
}
