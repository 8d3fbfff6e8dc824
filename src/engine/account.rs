//! Whose take it is. What is found is true under any key; that nothing is found proves something only under
//! the key and at the address that the take was sent with, for another account's requests are not shown.

use crate::model::{Backend, FailureKind, Take, TakeId, TakeState};
use crate::segmind::Client;
use crate::store::Facts;

use super::context::{Context, Stop};

/// Whether what this client does not find at the backend is certainly not there.
pub(super) fn sees_all_of(client: &Client, backend: Backend, take: &Take) -> bool {
    match &take.account {
        Some(account) => account == client.account(),
        // Sent by an older rushes, which kept no account: a sandbox has but one, a provider many.
        None => backend == Backend::Sandbox,
    }
}

/// Leaves the take where it stands and says once why it cannot be settled under this key. One that another key is
/// known to have sent is put down, so that whoever has that key finds it free.
pub(super) async fn leave_to_its_key(context: &Context, id: TakeId) -> Result<Take, Stop> {
    let take = context.keep(move |store| store.take(id)).await?;
    let put_down = |take: Take| match take.account {
        Some(_) => Err(Stop::NotOurs),
        None => Ok(take),
    };
    if take.error_kind == Some(FailureKind::OtherKey) {
        return put_down(take);
    }
    let sent = match &take.account {
        Some(_) => "It was sent with another key, or to another address, than the one in use",
        None => "It was sent by an older rushes, which did not note with which key",
    };
    let next = if take.state == TakeState::Unknown {
        "run `rushes resume` with the key and address that it was sent with, or mark it not sent if you know that it \
         is not billed"
    } else {
        "run `rushes resume` with the key and address that it was sent with"
    };
    let why = format!("{sent}, and this account does not know it. Nothing is concluded from that: {next}.");
    context.trouble(format!("Take {id}: {why}"));
    let facts = Facts {
        error: Some(why),
        error_kind: Some(FailureKind::OtherKey),
        ..Facts::default()
    };
    context.learn(id, facts).await?;
    put_down(context.keep(move |store| store.take(id)).await?)
}
