//! Admits takes into the queue: all takes of an order, or none.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use crate::model::{Backend, Form, Lineage, Request, Seed, TakeId, TakeState, Usd, Verdict};
use crate::store::ledger::{self, Subject};
use crate::store::sweeps::{self, NewSweep};
use crate::store::takes::events::{self, Transition};
use crate::store::takes::insert::{self, NewTake};
use crate::store::takes::lookup::final_counts_sql;
use crate::store::takes::state::state_of;
use crate::store::{
    Allowance, Caps, KnownTwins, Reserve, SqlOrRule, Store, StoreError, forms, probes, reels,
};

use super::on_hold;

/// Takes to be admitted together.
#[derive(Debug, Clone, PartialEq)]
pub struct Admission {
    pub reel_id: String,
    pub backend: Backend,
    /// What the requests were made from; kept as a revision.
    pub form: Form,
    /// Two or more become a sweep, and so does one that is paired with an earlier sweep.
    pub takes: Vec<Ordered>,
    pub sweep: NewSweep,
    /// How often each may be repeated automatically after a fault of the provider; counted against the cap.
    pub repeats: u32,
    /// The take that they come from, and how.
    pub parent: Option<(TakeId, Lineage)>,
    pub caps: Caps,
    /// Takes on hold that are cancelled when these are admitted.
    pub replaces: Vec<TakeId>,
    /// They are admitted only while there are no other twins of that take than these.
    pub twins: Option<KnownTwins>,
}

/// One take to be admitted.
#[derive(Debug, Clone, PartialEq)]
pub struct Ordered {
    pub request: Request,
    /// Its value of what the sweep varies, unless that is the seed.
    pub variant: Option<String>,
    pub estimate: Usd,
    /// By the price list, where it says so; the bill is compared with it.
    pub listed: Option<Usd>,
    /// The least, where only a range of the price is known.
    pub least: Option<Usd>,
    pub reserve: Reserve,
}

impl Admission {
    /// One take of a form for each seed, all of one price, without a cap.
    pub fn of(
        reel_id: &str,
        backend: Backend,
        form: Form,
        seeds: impl IntoIterator<Item = Seed>,
        estimate: Usd,
        reserve: impl Into<Reserve>,
    ) -> Self {
        let reserve = reserve.into();
        let ordered = |seed| Ordered {
            request: form.request(seed),
            variant: None,
            estimate,
            listed: None,
            least: None,
            reserve,
        };
        Self {
            reel_id: reel_id.to_owned(),
            backend,
            takes: seeds.into_iter().map(ordered).collect(),
            form,
            sweep: NewSweep::default(),
            repeats: 0,
            parent: None,
            caps: Caps::default(),
            replaces: Vec::new(),
            twins: None,
        }
    }

    /// The most that all of it may cost, with every repeat; `None` when an upper price is not known.
    pub fn most(&self) -> Option<Usd> {
        let times = self.repeats.saturating_add(1);
        let each = |take: &Ordered| Some(take.reserve.most?.times(times));
        self.takes
            .iter()
            .map(each)
            .try_fold(Usd::ZERO, |sum, most| Some(sum + most?))
    }
}

impl Store {
    /// Puts takes at the end of the queue, in the order given, or none: what is committed, what waits and what is asked
    /// for must be within the cap together, the reel must not be archived, and takes that are replaced must still be on
    /// hold, because otherwise they would be paid beside their replacements.
    ///
    /// # Errors
    /// [`StoreError::AlreadyFinished`] for a second final of one draft, [`StoreError::TwinSince`] when there are other twins than the known ones; what else is refused has its own error.
    pub fn admit(&self, admission: &Admission) -> Result<Vec<TakeId>, StoreError> {
        self.write(|transaction, now| {
            if let Some(known) = &admission.twins {
                probes::must_be_all(transaction, known)?;
            }
            on_hold::cancel_all(transaction, &admission.replaces, now)?;
            reels::must_be_open(transaction, &admission.reel_id)?;
            if let Some((parent, _)) = admission.parent {
                state_of(transaction, parent)?;
            }
            check_caps(transaction, admission, now)?;
            if admission.takes.is_empty() {
                return Ok(Vec::new());
            }
            insert_all(transaction, admission, now)
        })
    }
}

/// A draft is finished once: a second final would be paid for the same video. One that cost nothing does not count; one
/// whose outcome is unknown does, and one whose video was lost.
fn must_be_unfinished(connection: &Connection, backend: Backend, request: &Request) -> Result<(), SqlOrRule> {
    let draft = &request.form.draft_id;
    if draft.is_empty() {
        return Ok(());
    }
    let finished: Option<i64> = connection
        .prepare_cached(&finished_sql())?
        .query_row((draft, backend.word()), |row| row.get(0))
        .optional()?;
    match finished {
        None => Ok(()),
        Some(by) => Err(StoreError::AlreadyFinished { by: TakeId(by) }.into()),
    }
}

/// The take that finishes a draft.
pub fn finished_sql() -> String {
    let counts = final_counts_sql();
    format!("SELECT id FROM takes WHERE finishes = ?1 AND backend = ?2 AND {counts} ORDER BY id DESC LIMIT 1")
}

fn check_caps(connection: &Connection, admission: &Admission, now: Timestamp) -> Result<(), SqlOrRule> {
    let (caps, backend) = (&admission.caps, admission.backend);
    if !caps.are_set() {
        return Ok(());
    }
    let subject = Subject {
        reel_id: admission.reel_id.clone(),
        sweep: None,
    };
    let spent = ledger::by_cap(connection, backend, caps, &subject, now, ledger::committed)?;
    let queued = ledger::by_cap(connection, backend, caps, &subject, now, ledger::waiting)?;
    let Some(asked) = admission.most() else {
        return Err(StoreError::PriceUnknown.into());
    };
    match Allowance::of(&caps.limits, &spent, &queued).refusing(asked) {
        None => Ok(()),
        Some(standing) => Err(StoreError::CapReached {
            scope: standing.scope,
            cap: standing.limit,
            committed: standing.spent + standing.queued,
            asked,
        }
        .into()),
    }
}

fn insert_all(
    connection: &Connection,
    admission: &Admission,
    now: Timestamp,
) -> Result<Vec<TakeId>, SqlOrRule> {
    let revision = forms::freeze(connection, &admission.reel_id, &admission.form, now)?;
    let is_sweep = admission.takes.len() > 1 || admission.sweep.pair.is_some();
    let sweep = if is_sweep {
        Some(sweeps::next_number(connection)?)
    } else {
        None
    };
    let first_place = insert::next_place(connection)?;
    let mut ids = Vec::with_capacity(admission.takes.len());
    for (position, take) in (first_place..).zip(&admission.takes) {
        must_be_unfinished(connection, admission.backend, &take.request)?;
        let new = NewTake {
            id: None,
            reel_id: &admission.reel_id,
            backend: admission.backend,
            account: None,
            api_version: take.request.form.api_version,
            model: take.request.form.model,
            request: (&take.request).into(),
            body: take.request.body().to_string(),
            revision: Some(revision),
            sweep,
            variant: take.variant.as_deref(),
            parent: admission.parent.map(|(parent, _)| parent),
            lineage: admission.parent.map(|(_, lineage)| lineage),
            state: TakeState::Waiting,
            position,
            estimate: take.estimate,
            listed: take.listed,
            least: take.least,
            reserve: take.reserve,
            repeats: admission.repeats,
            verdict: Verdict::None,
            tags: &[],
            note: None,
        };
        let id = insert::insert(connection, &new)?;
        events::insert(connection, id, &Transition::into_queue(), now)?;
        ids.push(id);
    }
    if let Some((number, last)) = sweep.zip(ids.last()) {
        sweeps::insert(
            connection,
            number,
            &admission.reel_id,
            &admission.sweep,
            *last,
            now,
        )?;
    }
    Ok(ids)
}
