//! The orders that a user can give: takes of a form, a take's request again, the final take of a draft.

use crate::engine::admit::{AdmitError, Order};
use crate::model::{Form, Lineage, Request, SeedList, Take, TakeId};
use crate::script::expand::{Snippets, escape};

use super::problem::Problem;
pub use super::sweep::Terms;
use super::sweep::{self, Variation};

impl Terms {
    /// The takes of a form: each variant with each of its seeds.
    ///
    /// # Errors
    /// As for [`sweep::order`].
    pub fn of_form(
        self,
        form: Form,
        snippets: &Snippets,
        variation: Option<&Variation>,
    ) -> Result<Order, Problem> {
        sweep::order(&self, form, snippets, variation, &mut fastrand::Rng::new())
    }

    /// A take's request again, with a new seed.
    pub fn again(self, take: &Take) -> Result<Order, String> {
        let form = Form {
            seeds: SeedList::one_new().to_string(),
            ..form_of(take)?
        };
        self.of_take(take, Lineage::Repeated, form)
    }

    /// A take's request again, with its own seed.
    pub fn same(self, take: &Take) -> Result<Order, String> {
        self.of_take(take, Lineage::Repeated, form_of(take)?)
    }

    /// The final take of a draft, by a form that [`How::form`] made.
    ///
    /// [`How::form`]: super::promotion::How::form
    pub fn promoted(self, take: &Take, form: Form) -> Result<Order, String> {
        let lineage = if form.draft_id.is_empty() {
            Lineage::Promoted
        } else {
            Lineage::Finished
        };
        self.of_take(take, lineage, form)
    }

    /// Takes of the same request, `take` among them, again without sound; they replace those on hold.
    pub fn without_sound(self, take: &Take, seeds: String, replaces: Vec<TakeId>) -> Result<Order, String> {
        let form = Form {
            generate_audio: false,
            seeds,
            ..form_of(take)?
        };
        let order = self.of_take(take, Lineage::Repeated, form)?;
        Ok(Order { replaces, ..order })
    }

    fn of_take(self, take: &Take, lineage: Lineage, form: Form) -> Result<Order, String> {
        let order = self.of_form(form, &Snippets::new(), None);
        let order = order.map_err(|problem| problem.why)?;
        Ok(Order {
            parent: Some((take.id, lineage)),
            ..order
        })
    }
}

/// Fails for the final of a draft, which has no request of its own.
pub fn has_own_request(take: &Take) -> Result<(), String> {
    if !take.is_final() {
        return Ok(());
    }
    let from = take
        .parent
        .map_or_else(String::new, |draft| format!(", take {draft},"));
    Err(format!(
        "take {} is the final of a draft and has no request of its own: use that of the draft{from} instead",
        take.id
    ))
}

/// The form that sends this take's request again, with its seed; nothing in its prompt expands. The error says which of today's rules the request breaks.
pub fn form_of(take: &Take) -> Result<Form, String> {
    has_own_request(take)?;
    let mut random = fastrand::Rng::new();
    let request = Request::from_body(take.model, &take.body, &mut random);
    let request = request.map_err(|broken| AdmitError::Invalid(broken).to_string())?;
    Ok(Form {
        prompt: escape(&request.form.prompt).into_owned(),
        api_version: take.api_version,
        seeds: SeedList::only(take.seed).to_string(),
        ..request.form
    })
}
