//! Restores takes from their sidecars into a store that lost them. Nothing that is restored can be sent.

use std::collections::BTreeMap;

use jiff::Timestamp;
use rusqlite::Connection;

use crate::model::take::{Draft, TakeRecord};
use crate::model::text::one_line;
use crate::model::{ApiVersion, Backend, FailureKind, Form, RequestSummary, TakeId, TakeState, Usd};

use crate::store::reels::MAX_NAME;
use crate::store::takes::events::{self, Transition};
use crate::store::takes::facts::{self, Facts};
use crate::store::takes::insert::{self, NewTake};
use crate::store::takes::sidecar::{FORMAT, Rebuild, Sidecar};
use crate::store::takes::{exchanges, read, transition, waits};
use crate::store::{Reel, Reserve, SqlOrRule, Store, StoreError, forms, sweeps};

use super::Recovery;

impl Recovery<'_> {
    /// Restores takes into a store that lost them, all in one transaction; for each, why it was left out, if so. A take
    /// that was being sent is restored as one of unknown outcome, and a waiting one is left out: nothing that is
    /// restored can be sent.
    pub fn restore(&self, sidecars: &[Sidecar]) -> Result<Vec<Option<String>>, StoreError> {
        self.store.write(|transaction, _| {
            let outcomes = sidecars
                .iter()
                .map(|sidecar| restore_or_skip(self.store, transaction, sidecar, RestoreTarget::New));
            outcomes.collect()
        })
    }

    /// Restores one take into a store that is in use: the form that is being edited stays as it is.
    pub fn restore_one(&self, sidecar: &Sidecar) -> Result<Option<String>, StoreError> {
        self.store
            .write(|transaction, _| restore_or_skip(self.store, transaction, sidecar, RestoreTarget::InUse))
    }

    /// As [`Self::restore_one`], of a take that another home has sent. See [`crate::store::Queue::committed_since`] for
    /// whether it counts here. `sweeps` has the numbers here of the sweeps of that home, and gets new ones.
    pub fn restore_from_bundle(
        &self,
        sidecar: &Sidecar,
        sweeps: &mut SweepsHere,
    ) -> Result<Option<String>, StoreError> {
        let (left_out, here) = self.store.write(|transaction, _| {
            let mut ours = sidecar.clone();
            make_ours(transaction, &mut ours, sweeps)?;
            let left_out = restore_or_skip(self.store, transaction, &ours, RestoreTarget::AnotherHome)?;
            Ok((left_out, ours.rebuild.sweep))
        })?;
        if let (None, Some((there, here))) = (&left_out, sidecar.rebuild.sweep.zip(here)) {
            sweeps.insert((sidecar.rebuild.reel.id.clone(), there), here);
        }
        Ok(left_out)
    }

    /// Replaces a take by what its sidecar records, if that is more: the database is an older one, for example because its
    /// write-ahead log was lost. False when the sidecar does not record more, or the take is settled.
    pub fn catch_up(&self, sidecar: &Sidecar) -> Result<bool, StoreError> {
        let id = sidecar.dossier.take.id;
        self.store.write(|transaction, _| {
            let known = match read::one(transaction, id) {
                Ok(known) => known,
                Err(SqlOrRule::Rule(StoreError::NoSuchTake(_))) => return Ok(false),
                Err(other) => return Err(other),
            };
            let steps: i64 = transaction
                .prepare_cached("SELECT count(*) FROM events WHERE take_id = ?1")?
                .query_row([id.0], |row| row.get(0))?;
            let is_same = known.body == sidecar.dossier.take.request;
            let knows_more = sidecar.dossier.events.len() > usize::try_from(steps).unwrap_or(usize::MAX);
            if known.state.settled() || !is_same || !knows_more {
                return Ok(false);
            }
            transaction.execute_batch("PRAGMA defer_foreign_keys = ON")?;
            delete_take(transaction, id)?;
            match restore(transaction, sidecar, RestoreTarget::InUse) {
                Ok(()) => Ok(true),
                Err(problem) => Err(StoreError::NotRestored(unusable(self.store, problem)?).into()),
            }
        })
    }

    /// Pauses a waiting take that may have been sent already, and keeps why: only the user can let it go on. False when
    /// it does not wait, or is paused already.
    pub fn pause_doubtful(&self, id: TakeId, why: &str) -> Result<bool, StoreError> {
        self.store.write(|transaction, _| {
            let paused = transaction
                .prepare_cached(
                    "UPDATE takes SET paused = 1, error = ?2 WHERE id = ?1 AND state = 'waiting' AND paused = 0",
                )?
                .execute((id.0, why))?;
            Ok(paused > 0)
        })
    }
}

/// The numbers here of sweeps of another home, by reel and their number there.
pub type SweepsHere = BTreeMap<(String, i64), i64>;

/// Takes the numbers of another home for what they are: a sweep gets one of this home, and a parent is kept only where it
/// is the take of that number in the same reel.
fn make_ours(connection: &Connection, sidecar: &mut Sidecar, sweeps: &SweepsHere) -> Result<(), SqlOrRule> {
    let rebuild = &mut sidecar.rebuild;
    let reel_id = rebuild.reel.id.clone();
    let there = |number: i64| (reel_id.clone(), number);
    if let Some(number) = rebuild.sweep {
        rebuild.sweep = Some(match sweeps.get(&there(number)) {
            Some(here) => *here,
            None => sweeps::number_here(connection, &reel_id, number, sidecar.dossier.take.created_at)?,
        });
    }
    rebuild.pair = rebuild.pair.and_then(|pair| sweeps.get(&there(pair)).copied());
    let is_here = |parent: TakeId| {
        connection
            .prepare_cached("SELECT 1 FROM takes WHERE id = ?1 AND reel_id = ?2")?
            .exists((parent.0, &reel_id))
    };
    let parent = &mut sidecar.dossier.take.parent;
    if let Some(there) = *parent
        && !is_here(there)?
    {
        *parent = None;
    }
    Ok(())
}

/// Why a take was left out, if so.
fn restore_or_skip(
    store: &Store,
    transaction: &Connection,
    sidecar: &Sidecar,
    target: RestoreTarget,
) -> Result<Option<String>, SqlOrRule> {
    transaction.execute_batch("SAVEPOINT one")?;
    let left_out = match restore(transaction, sidecar, target) {
        Ok(()) => None,
        Err(problem) => {
            let why = unusable(store, problem)?;
            transaction.execute_batch("ROLLBACK TO one")?;
            Some(StoreError::NotRestored(why).to_string())
        }
    };
    transaction.execute_batch("RELEASE one")?;
    Ok(left_out)
}

/// Why a sidecar cannot be used; a problem of the disk stays an error.
fn unusable(store: &Store, problem: SqlOrRule) -> Result<String, SqlOrRule> {
    match problem {
        SqlOrRule::Sql(error) if is_about_the_disk(&error) => Err(error.into()),
        SqlOrRule::Rule(StoreError::NotRestored(why)) => Ok(why),
        other => Ok(other.at(store.path()).to_string()),
    }
}

/// Deletes a take with all its rows.
pub fn delete_take(connection: &Connection, id: TakeId) -> rusqlite::Result<()> {
    for sql in [
        "DELETE FROM events WHERE take_id = ?1",
        "DELETE FROM exchanges WHERE take_id = ?1",
        "DELETE FROM takes WHERE id = ?1",
    ] {
        connection.execute(sql, [id.0])?;
    }
    Ok(())
}

/// The store that a take is restored into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RestoreTarget {
    /// The newest form of a take becomes the one being edited.
    New,
    /// The form being edited is the user's.
    InUse,
    /// As [`Self::InUse`], and the take was sent from another home.
    AnotherHome,
}

fn is_about_the_disk(error: &rusqlite::Error) -> bool {
    use rusqlite::ErrorCode as C;
    matches!(
        error.sqlite_error_code(),
        Some(C::DiskFull | C::ReadOnly | C::SystemIoFailure | C::DatabaseCorrupt | C::DatabaseBusy)
    )
}

fn refuse(why: &str) -> SqlOrRule {
    StoreError::NotRestored(why.to_owned()).into()
}

pub fn restore(connection: &Connection, sidecar: &Sidecar, target: RestoreTarget) -> Result<(), SqlOrRule> {
    let (record, rebuild) = (&sidecar.dossier.take, &sidecar.rebuild);
    if rebuild.format > FORMAT {
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
    let is_valid = |number: i64| (1..=TakeId::MAX.0).contains(&number);
    if !is_valid(record.id.0) {
        return Err(refuse("its number is not valid"));
    }
    if !rebuild.sweep.is_none_or(is_valid) {
        return Err(refuse("the number of its sweep is not valid"));
    }
    let reel_id = reel_for(connection, &rebuild.reel)?;
    let revision = form_for(connection, &reel_id, rebuild, target)?;
    if let Some(sweep) = rebuild.sweep {
        sweeps::restore(connection, &reel_id, sweep, rebuild, record)?;
    }
    insert(connection, sidecar, &reel_id, revision)?;
    for event in &sidecar.dossier.events {
        let is_elsewhere = target == RestoreTarget::AnotherHome && event.to == TakeState::Submitting;
        let detail = if is_elsewhere {
            events::SENT_FROM_ANOTHER_HOME
        } else {
            &event.detail
        };
        let step = Transition::new(event.from, event.to, detail);
        events::insert(connection, record.id, &step, event.at)?;
    }
    for one in &sidecar.dossier.exchanges {
        exchanges::insert(connection, record.id, one)?;
    }
    if record.state == TakeState::Submitting {
        make_unknown(connection, sidecar)?;
    }
    // A take that cannot be read back is left out.
    read::one(connection, record.id).map(drop)
}

/// The sidecar was written directly before the take was sent: only the provider's history can tell what became of it.
fn make_unknown(connection: &Connection, sidecar: &Sidecar) -> Result<(), SqlOrRule> {
    let record = &sidecar.dossier.take;
    let lost = "the database lost its outcome";
    let step = Transition::new(Some(TakeState::Submitting), TakeState::Unknown, lost);
    let why = "Sent, but the database lost its outcome. The provider's history is asked whether it arrived.";
    let facts = Facts::error(FailureKind::Unclear, why);
    let last = sidecar.dossier.events.last();
    let at = last.map_or(record.created_at, |event| event.at);
    transition::write(connection, record.id, &step, &facts, at)
}

/// How many digits of a reel's id tell it from another one of its name.
const ID_SHOWN: usize = 8;

/// The id of the reel, which is created if there is none; if another reel has its name, a part of its id is added to it.
fn reel_for(connection: &Connection, reel: &Reel) -> Result<String, SqlOrRule> {
    let has = |column: &str, value: &str| {
        connection
            .prepare_cached(&format!("SELECT 1 FROM reels WHERE {column} = ?1"))?
            .exists([value])
    };
    if reel.id.len() != 32 || !reel.id.bytes().all(|b| b.is_ascii_hexdigit()) {
        return Err(refuse("its reel has no id"));
    }
    if !has("id", &reel.id)? {
        let mut name = one_line(&reel.name, MAX_NAME);
        if has("name", &name)? {
            let begin = &reel.id[..ID_SHOWN];
            name = format!("{} {begin}", one_line(&reel.name, MAX_NAME - ID_SHOWN - 1));
        }
        connection.execute(
            "INSERT INTO reels (id, name, folder, created_at) VALUES (?1, ?2, ?3, ?4)",
            (&reel.id, name, &reel.folder, reel.created_at.as_millisecond()),
        )?;
    }
    Ok(reel.id.clone())
}

/// The revision of the form, which also becomes the one being edited if it is the newest.
fn form_for(
    connection: &Connection,
    reel_id: &str,
    rebuild: &Rebuild,
    target: RestoreTarget,
) -> Result<Option<i64>, SqlOrRule> {
    let Some((revision, kept)) = rebuild.revision.zip(rebuild.form.as_ref()) else {
        return Ok(None);
    };
    if revision < 1 {
        return Err(refuse("its form has no number"));
    }
    match forms::get(connection, reel_id, revision)? {
        Some(known) if known == *kept => {}
        Some(_) => return Ok(None),
        None => forms::insert(connection, reel_id, revision, kept, Timestamp::UNIX_EPOCH)?,
    }
    if target == RestoreTarget::New && forms::latest(connection, reel_id)? == Some(revision) {
        forms::save_edited(connection, reel_id, kept, Timestamp::UNIX_EPOCH)?;
    }
    Ok(Some(revision))
}

/// The bill as the store keeps it: of a take of the sandbox, what that has charged. Sidecars of earlier releases have this as
/// the cost, later ones 0.
fn charged(record: &TakeRecord) -> Option<Usd> {
    let is_charge = |cost: &Usd| {
        record.backend == Backend::Live || *cost > Usd::ZERO || record.state == TakeState::Failed
    };
    record.would_cost_usd.or(record.cost_usd.filter(is_charge))
}

/// What is known of a final whose form is not in its sidecar, as of one that was made elsewhere: its draft, which is not
/// finished again, its size and its seed.
fn final_without_form(record: &TakeRecord) -> Option<RequestSummary> {
    let finish = record.model.finish.as_ref()?;
    let draft = record.request.get(&finish.id)?.as_str()?;
    let form = Form {
        model: record.model,
        duration: record.model.default_duration,
        resolution: record.request.get("resolution")?.as_str()?.parse().ok()?,
        draft_id: draft.to_owned(),
        ..Form::default()
    };
    Some(RequestSummary::from(&form.request(record.seed)))
}

fn insert(
    connection: &Connection,
    sidecar: &Sidecar,
    reel_id: &str,
    revision: Option<i64>,
) -> Result<(), SqlOrRule> {
    let (record, rebuild) = (&sidecar.dossier.take, &sidecar.rebuild);
    // The request of a final has little more than the name of its draft.
    let final_of_draft = rebuild.form.as_ref().filter(|form| !form.draft_id.is_empty());
    let request = final_of_draft.map_or_else(
        || RequestSummary::of_body(&record.request),
        |form| Some(RequestSummary::from(&form.request(record.seed))),
    );
    let request = request.or_else(|| final_without_form(record));
    let request = request.ok_or_else(|| refuse("its request cannot be read"))?;
    let reserve = match record.estimate_max_usd {
        Some(known) => known.into(),
        None => Reserve::of_estimate(record.estimate_usd, record.model, &request),
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
        variant: rebuild.variant.as_deref(),
        parent: record.parent,
        lineage: record.lineage,
        state: record.state,
        position: 0,
        estimate: record.estimate_usd,
        listed: None,
        least: record.estimate_min_usd,
        reserve,
        repeats: 0,
        verdict: record.verdict,
        tags: &record.tags,
        note: record.note.as_deref(),
    };
    insert::insert(connection, &new)?;
    let facts = Facts {
        request_id: record.request_id.clone(),
        http_status: record.http_status,
        error: record.error.clone(),
        error_kind: record.error_kind,
        cost: charged(record),
        times: rebuild.provider_times,
        output_url: rebuild.output_url.clone(),
        last_frame_url: record.last_frame_url.clone(),
        last_frame_file: record.last_frame_file.clone(),
        file: record.file.clone(),
        bytes: record.bytes,
        sha256: record.sha256.clone(),
        draft: record
            .draft_id
            .clone()
            .zip(record.draft_expires)
            .map(|(id, expires)| Draft { id, expires }),
        not_before: None,
    };
    facts::write(connection, record.id, &facts, None)?;
    if let Some(wait) = record.wait.clone() {
        waits::write_wait(connection, record.id, &wait.into())?;
    }
    if let Some(at) = rebuild.emptied_at {
        let sql = "UPDATE takes SET emptied_at = ?2 WHERE id = ?1";
        connection.execute(sql, (record.id.0, at.as_millisecond()))?;
    }
    Ok(())
}
