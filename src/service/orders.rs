//! The orders that a user can give: takes of a form, a take's request again, the final take of a draft.

use crate::engine::admit::{AdmitError, Order};
use crate::model::{Backend, Form, Request, Resolution, SeedList, Take, TakeId, TakeState};

/// What all orders of a session have in common.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Terms {
    pub reel_id: String,
    pub backend: Backend,
    /// How often a take may be repeated automatically after a fault of the provider.
    pub repeats: u32,
}

impl Terms {
    /// The takes of a form, one for each of its seeds.
    pub fn of_form(self, form: Form) -> Order {
        Order {
            reel_id: self.reel_id,
            backend: self.backend,
            repeats: self.repeats,
            form,
            first: None,
            parent: None,
            max_price: None,
            accepts: None,
            replaces: Vec::new(),
        }
    }

    /// A take's request again, with its seed.
    pub fn again(self, take: &Take) -> Result<Order, String> {
        Ok(self.of_take(take, form_of(take)?))
    }

    /// A draft's request again, with its seed, at the resolution that its model promotes drafts to.
    pub fn promoted(self, take: &Take) -> Result<Order, String> {
        let resolution = can_promote(take)?;
        let mut form = form_of(take)?;
        form.resolution = resolution;
        Ok(self.of_take(take, form))
    }

    /// Takes of the same request, `take` among them, again without sound; they replace those on hold.
    pub fn without_sound(self, take: &Take, seeds: String, replaces: Vec<TakeId>) -> Result<Order, String> {
        let mut form = form_of(take)?;
        form.generate_audio = false;
        form.seeds = seeds;
        let mut order = self.of_take(take, form);
        order.replaces = replaces;
        Ok(order)
    }

    fn of_take(self, take: &Take, form: Form) -> Order {
        let mut order = self.of_form(form);
        order.parent = Some(take.id);
        order
    }
}

/// The resolution that a draft is promoted to, or why it cannot be promoted.
pub fn can_promote(take: &Take) -> Result<Resolution, String> {
    match take.model.promotes {
        Some(_) if matches!(take.state, TakeState::Failed | TakeState::Refused) => Err(format!(
            "take {} has no video ({}): change its request first",
            take.id, take.state
        )),
        Some(promotes) if take.resolution.is_draft() => Ok(promotes.same_seed_at),
        Some(_) => Err(format!("take {} is already {}", take.id, take.resolution)),
        None => Err(format!("{} cannot promote a draft", take.model)),
    }
}

/// The form that sends this take's request again, with its seed. The error says which of today's rules the request breaks.
pub fn form_of(take: &Take) -> Result<Form, String> {
    let mut random = fastrand::Rng::new();
    let request = Request::from_body(take.model, &take.body, &mut random);
    let request = request.map_err(|broken| AdmitError::Invalid(broken).to_string())?;
    Ok(Form {
        api_version: take.api_version,
        seeds: SeedList::only(take.seed).to_string(),
        ..request.form
    })
}
