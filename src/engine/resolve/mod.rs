//! Finds out from the provider's history what became of an unknown outcome. A match is accepted; "not sent" is
//! concluded only when the history would certainly show the request.

mod proof;
pub(super) mod window;

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

use crate::model::{FailureKind, Take, TakeState};
use crate::segmind::HistoryRow;
use crate::store::Facts;

use super::context::Context;
use super::history::matching::{EARLIER, in_time, is_alike, is_certainly_other, sent_at};
use super::history::row::bill;
use super::lifecycle::decide::{AfterLook, HistoryShows, after_look};
use super::lifecycle::draft::Asked;
use super::ownership;
use super::pauses::Interrupted;
use super::v1::Nameless;
use proof::Watch;
use window::unowned;

/// Pauses between looks at the history, in seconds; the last one repeats.
const LOOKS: [u64; 7] = [1, 3, 10, 30, 60, 300, 900];
/// The history is read as soon as something is certain; the tenth more is for the jitter.
const A_LITTLE_MORE: f64 = 1.12;

/// Looks until the history tells what became of `take`.
pub(super) async fn resolve(context: &Context, take: Take, saw_it_sent: bool) -> Result<Take, Interrupted> {
    let mut looks = 0;
    let mut watch = Watch::new(context.setup.history_certain_after, saw_it_sent);
    loop {
        let usual = Duration::from_secs(LOOKS[looks.min(LOOKS.len() - 1)]);
        looks += 1;
        let pause = match watch.certain_in() {
            Duration::ZERO => usual,
            certain_in => usual.min(certain_in.mul_f64(A_LITTLE_MORE)),
        };
        tokio::select! {
            biased;
            rested = context.pauses.rest(pause) => rested?,
            () = context.setup.wake.history_wanted() => {}
        }
        // The user may have decided in the meantime.
        let id = take.id;
        let now = context.keep(move |store| store.take(id)).await?;
        if now.state != TakeState::Unknown {
            context.proofs.set(id, None);
            return Ok(now);
        }
        let resolved = look(context, &take, &mut watch).await?;
        let is_waiting = resolved.is_none() && !watch.is_certain();
        let due = is_waiting.then(|| Instant::now() + watch.certain_in());
        context.proofs.set(id, due);
        if let Some(resolved) = resolved {
            return Ok(resolved);
        }
    }
}

/// Reads the history once; `None` while the outcome stays unknown.
async fn look(context: &Context, take: &Take, watch: &mut Watch) -> Result<Option<Take>, Interrupted> {
    let sent = sent_at(take);
    let began = Instant::now();
    let window = match window::read(context, take, watch).await {
        Ok(window) => window,
        Err(error) => {
            context.record_error(take.id, &error).await;
            return Ok(None);
        }
    };
    watch.note(context, take, began, window.first.date).await?;
    // By our clock or by the provider's, whichever was right when it was sent.
    let sent_there = sent.saturating_add(watch.off).unwrap_or(sent);
    let is_in_time = |row: &HistoryRow| in_time(row, sent) || in_time(row, sent_there);
    let rows = || window.rows.iter();
    let alike = unowned(context, take, rows().filter(|row| is_alike(row, take))).await?;
    let id = take.id;
    if context.keep(move |store| store.twin_is_being_sent(id)).await? {
        // Its own response tells which of the two requests is its own, and a blocking one may name no id.
        return Ok(None);
    }
    // After the check above, since a response without an id makes a twin nameless.
    let nameless = Nameless::around(context, take).await?;
    let all_taken = nameless.own_all_of(take, &alike);
    let is_doubtful = |row: &HistoryRow| nameless.may_own_failed(take, row);
    let first = |is_wanted: &dyn Fn(&HistoryRow) -> bool| {
        let mut rows = alike.iter().copied();
        rows.find(|row| !all_taken && is_wanted(row))
    };
    let in_time = first(&|row| !is_doubtful(row) && is_in_time(row));
    let out_of_time = first(&|row| !is_doubtful(row) && !is_in_time(row));
    let failed = first(&is_doubtful);
    // Bodies may come shortened, reshaped or not at all.
    let perhaps =
        rows().filter(|row| is_in_time(row) && !is_alike(row, take) && !is_certainly_other(row, take));
    let perhaps = unowned(context, take, perhaps).await?;
    let shown = HistoryShows {
        in_time: in_time.is_some(),
        out_of_time: out_of_time.is_some(),
        failed: failed.is_some(),
        perhaps: all_taken || perhaps.len() > nameless.count_of_others(take, &perhaps),
        whole: window.whole && clock_was_right(context, sent, watch),
        late_enough: watch.is_certain(),
    };
    let decided = after_look(shown);
    let found = match decided {
        AfterLook::MatchInTime => in_time,
        AfterLook::MatchOutOfTime => out_of_time,
        AfterLook::MatchFailed => failed,
        AfterLook::NotSent | AfterLook::LookAgain => None,
    };
    match (decided, found) {
        // `None` if another take has the row already: equal bodies are matched one to one.
        (_, Some(row)) => {
            let facts = Facts {
                draft: Asked::by(take).draft(&row.rest),
                ..Facts::request(&row.request_id, bill(row))
            };
            context.accept(id, "found in the history", facts).await
        }
        // Another account's history shows nothing of it.
        (AfterLook::NotSent, None) if !ownership::sees_all_of(&context.setup.client, take.backend, take) => {
            ownership::leave_to_its_key(context, id).await?;
            Ok(None)
        }
        (AfterLook::NotSent, None) => {
            let why = "The provider's history does not contain it: it never arrived and was not billed.";
            let facts = Facts::error(FailureKind::Network, why);
            context.step(id, TakeState::NotSent, why, facts).await.map(Some)
        }
        _ => Ok(None),
    }
}

/// Whether the submit's time can be right. If not, that is reported once.
fn clock_was_right(context: &Context, sent: Timestamp, watch: &mut Watch) -> bool {
    let ahead: SignedDuration = sent.duration_since(context.now()) - watch.off;
    if ahead <= EARLIER {
        return true;
    }
    if !watch.told_of_the_clock {
        watch.told_of_the_clock = true;
        let minutes = ahead.as_mins();
        context.events.problem(format!(
            "A take was sent while this machine's clock was {minutes} min ahead of the provider's, so its outcome \
             cannot be proven. Correct the clock, then look at the take."
        ));
    }
    false
}
