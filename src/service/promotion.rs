//! How a draft becomes a final take, and what is kept of it.

use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;

use crate::model::invalid::accepted;
use crate::model::{Form, Model, Parameter, Resolution, Take, TakeState};

use super::orders::form_of;

/// A way to promote a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum How {
    /// The very same shot, by the provider's draft mode.
    Finish,
    /// Its request and seed at a higher resolution.
    Seed,
    /// Its first frame, as the first frame of the new take.
    FirstFrame,
    /// Its video as `video 1`.
    Video,
}

impl How {
    /// Every way, the best first.
    pub const ALL: [Self; 4] = [Self::Finish, Self::Seed, Self::FirstFrame, Self::Video];

    /// The word on the command line.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Finish => "finish",
            Self::Seed => "seed",
            Self::FirstFrame => "first-frame",
            Self::Video => "video",
        }
    }

    /// What it is called in a list.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Finish => "this very shot, finished",
            Self::Seed => "same seed",
            Self::FirstFrame => "same first frame",
            Self::Video => "the draft as video 1",
        }
    }

    /// What is kept of the draft, and what is not.
    pub const fn kept(self) -> &'static str {
        match self {
            Self::Finish => {
                "The provider renders the very same shot: prompt, references, seed, length, shape and sound are the draft's and cannot be changed."
            }
            Self::Seed => {
                "Request and seed are kept. It is another clip: the picture and the motion may come out differently."
            }
            Self::FirstFrame => {
                "Request, seed and the first frame are kept. All that moves after it is made anew."
            }
            Self::Video => {
                "Request and seed are kept, and the draft guides the motion as video 1. The picture is made anew."
            }
        }
    }

    /// The form that promotes a take in this way, to a resolution other than the model's usual one if one is named.
    /// `picture` is the file with its first frame.
    ///
    /// # Errors
    /// Why the take cannot be promoted in this way.
    pub fn form(self, take: &Take, to: Option<&str>, picture: &str, now: Timestamp) -> Result<Form, String> {
        let id = take.id;
        if matches!(take.state, TakeState::Failed | TakeState::Refused) {
            return Err(format!(
                "take {id} has no video ({}): change its request first",
                take.state
            ));
        }
        let mut form = form_of(take)?;
        if self == Self::Finish {
            return finished(take, form, to, now);
        }
        if take.model.finish.is_some() {
            // Every other way is that of the model whose drafts these are.
            let of_drafts = |model: &Model| model.drafts.as_deref() == Some(take.model.slug());
            let whole = Model::all().into_iter().find(of_drafts);
            form.model = whole.ok_or_else(|| format!("{} can only finish a draft", take.model))?;
        }
        form.resolution = target(take, &form, to)?;
        let video = || {
            let file = take.file.as_ref().and_then(|file| file.to_str());
            file.map(str::to_owned).ok_or_else(|| take.why_no_video())
        };
        let model = form.model;
        let offers = |parameter: Parameter| {
            let other = || format!("{model} takes no {}", parameter.label().to_lowercase());
            parameter.is_offered_by(model).then_some(()).ok_or_else(other)
        };
        match self {
            Self::Finish | Self::Seed => {}
            Self::FirstFrame => {
                offers(Parameter::FirstFrame)?;
                video()?;
                if !form.images.is_empty() {
                    return Err(format!(
                        "take {id} has reference images, and a first frame excludes them"
                    ));
                }
                picture.clone_into(&mut form.first_frame);
            }
            Self::Video => {
                offers(Parameter::Videos)?;
                if !form.videos.is_empty() {
                    return Err(format!("take {id} has reference videos of its own"));
                }
                form.videos.push(video()?);
            }
        }
        match form.broken_before_upload().first() {
            Some(rule) => Err(rule.to_string()),
            None => Ok(form),
        }
    }

    /// Whether a take can be promoted in this way.
    ///
    /// # Errors
    /// As for [`Self::form`].
    pub fn is_possible(self, take: &Take, now: Timestamp) -> Result<(), String> {
        self.form(take, None, PICTURE, now).map(drop)
    }
}

/// Stands for the picture that is not taken yet.
pub const PICTURE: &str = "first.png";

/// The resolution that a take is promoted to.
fn target(take: &Take, form: &Form, to: Option<&str>) -> Result<Resolution, String> {
    if let Some(to) = to {
        let mut form = form.clone();
        let written = Parameter::Resolution.write(&mut form, to);
        written.map_err(|invalid| invalid.to_string())?;
        let pixels = |resolution| {
            form.model
                .pixels(resolution, form.aspect_ratio)
                .map(|(width, _)| width)
        };
        if form.resolution == take.resolution || pixels(form.resolution) < pixels(take.resolution) {
            return Err(format!(
                "take {} is {} already: choose a higher resolution than {}",
                take.id, take.resolution, form.resolution
            ));
        }
        return Ok(form.resolution);
    }
    match form.model.promotes {
        Some(promotes) if take.resolution.is_draft() => Ok(promotes.same_seed_at),
        Some(_) => Err(format!("take {} is already {}", take.id, take.resolution)),
        None => Err(format!("{} cannot promote a draft", form.model)),
    }
}

/// The form that finishes a draft as the very same shot: nothing but the resolution is its own.
fn finished(take: &Take, form: Form, to: Option<&str>, now: Timestamp) -> Result<Form, String> {
    let id = take.id;
    let finish = take.model.finish.as_ref();
    let finish = finish.ok_or_else(|| format!("{} makes no drafts that can be finished", take.model))?;
    if !matches!(take.state, TakeState::Rendered | TakeState::Saved) {
        return Err(format!(
            "take {id} is {}: a draft is finished once it is rendered",
            take.state
        ));
    }
    let draft = take
        .draft
        .as_ref()
        .ok_or_else(|| format!("the provider did not say how it names the draft of take {id}"))?;
    if now >= draft.expires {
        return Err(format!(
            "take {id} could be finished for {} days, which are over: promote it in another way",
            finish.days
        ));
    }
    let resolution = match to {
        None => finish.at.first().copied(),
        Some(to) => finish.at.iter().copied().find(|at| at.wire() == to),
    };
    let resolution = resolution.ok_or_else(|| {
        let at = finish.at.iter().map(|at| at.wire());
        format!("a draft of {} is finished at {}", take.model, accepted(at))
    })?;
    Ok(Form {
        resolution,
        draft_id: draft.id.clone(),
        // The rest is not sent, but decides about the price.
        ..form
    })
}

/// The first way in which a take can be promoted.
///
/// # Errors
/// Why it cannot be promoted at all.
pub fn best(take: &Take, now: Timestamp) -> Result<How, String> {
    let possible = How::ALL
        .into_iter()
        .find(|how| how.is_possible(take, now).is_ok());
    match possible {
        Some(how) => Ok(how),
        None => How::Seed.is_possible(take, now).map(|()| How::Seed),
    }
}

impl FromStr for How {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        let known = || Self::ALL.map(Self::word).join(", ");
        Self::ALL
            .into_iter()
            .find(|how| how.word() == text)
            .ok_or_else(|| format!("a draft is promoted by {}", known()))
    }
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.word())
    }
}
