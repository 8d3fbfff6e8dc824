//! Which account a take belongs to. Finding it is proof under any key; not finding it is proof only under the key, and
//! at the URL, that it was sent with, because another account's requests are not shown.

use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};
use crate::segmind::Client;
use crate::store::Facts;

use super::context::Context;
use super::pauses::Interrupted;

/// Whether a request of the take that this client does not find is certainly not there.
pub(super) fn sees_all_of(client: &Client, backend: Backend, take: &Take) -> bool {
    sees_account(client, backend, take.account.as_deref())
}

/// [`sees_all_of`] of a take that was sent with this account.
pub(super) fn sees_account(client: &Client, backend: Backend, account: Option<&str>) -> bool {
    match account {
        Some(account) => account == client.account(),
        // Sent by an older rushes, which kept no account: a sandbox has only one, a provider many.
        None => backend == Backend::Sandbox,
    }
}

/// Leaves the take where it stands and reports once why it cannot be settled under this key. A take that another key
/// is known to have sent is let go, so that a process with that key finds it free.
pub(super) async fn leave_to_its_key(context: &Context, id: TakeId) -> Result<Take, Interrupted> {
    let take = context.keep(move |store| store.take(id)).await?;
    let let_go = |take: Take| match take.account {
        Some(_) => Err(Interrupted::NotOurs),
        None => Ok(take),
    };
    if take.error_kind == Some(FailureKind::OtherKey) {
        return let_go(take);
    }
    let sent = match &take.account {
        Some(_) => "It was sent with another key, or to another URL, than the one in use",
        None => "It was sent by an older rushes, which did not record the key",
    };
    let or = if take.state == TakeState::Unknown {
        ", or mark it not sent if you know that it is not billed"
    } else {
        ""
    };
    let why = format!(
        "{sent}, and this account does not know it. That proves nothing: run `rushes resume` with the key \
         and URL that it was sent with{or}."
    );
    context.events.problem(format!("Take {id}: {why}"));
    let facts = Facts::error(FailureKind::OtherKey, why);
    context.learn(id, facts).await?;
    let_go(context.keep(move |store| store.take(id)).await?)
}
