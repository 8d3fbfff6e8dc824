//! Changes of the draft: prompt and parameters. Each is saved as it is made.

use crate::model::{Draft, Request, Seed, SeedList, Take};
use crate::tui::effect::Effect;
use crate::tui::overlays::{Entry, Overlay, Purpose};

use super::{App, Pane, Parameter, Tone};

impl App {
    /// The prompt may have changed: the draft follows and is saved.
    pub(super) fn prompt_changed(&mut self) -> Vec<Effect> {
        let text = self.prompt.text();
        if text == self.draft.prompt {
            return Vec::new();
        }
        self.draft.prompt = text;
        self.save()
    }

    pub(super) fn save(&self) -> Vec<Effect> {
        vec![Effect::SaveDraft(Box::new(self.draft.clone()))]
    }

    /// Sets the selected parameter to its next or previous value.
    pub(super) fn step_value(&mut self, by: isize) -> Vec<Effect> {
        let before = self.draft.clone();
        self.parameter.step(&mut self.draft, by);
        if self.draft == before {
            return Vec::new();
        }
        self.keep_row_in_sight();
        self.saved_and_estimated()
    }

    /// Begins to type the value of `parameter`.
    pub(super) fn edit_value(&mut self, parameter: Parameter) -> Vec<Effect> {
        self.focus = Pane::Parameters;
        self.parameter = parameter;
        if parameter.is_typed() {
            let entry = Entry::new(Purpose::Parameter(parameter), &parameter.text(&self.draft));
            self.open(Overlay::Entry(entry));
            return Vec::new();
        }
        self.step_value(1)
    }

    /// Takes a typed value.
    pub(super) fn set_value(&mut self, parameter: Parameter, text: &str) -> Vec<Effect> {
        parameter.set_text(&mut self.draft, text);
        if let Some(broken) = self.draft.broken_rules().into_iter().find(|rule| !matches!(rule, crate::model::Invalid::EmptyPrompt)) {
            self.tell(Tone::Warning, broken.to_string());
        }
        self.saved_and_estimated()
    }

    /// Moves the selected row of Parameters.
    pub(super) fn step_parameter(&mut self, by: isize) {
        let rows: Vec<Parameter> = Parameter::of(&self.draft).collect();
        let at = rows.iter().position(|row| *row == self.parameter).unwrap_or(0);
        let next = at.saturating_add_signed(by).min(rows.len().saturating_sub(1));
        self.parameter = rows.get(next).copied().unwrap_or(Parameter::Resolution);
    }

    /// The external editor gave the prompt back.
    pub(super) fn edited(&mut self, answer: Result<String, String>) -> Vec<Effect> {
        match answer {
            Ok(text) => {
                self.prompt.replace(&text);
                self.prompt_changed()
            }
            Err(error) => {
                self.trouble("The editor gave nothing back", &error);
                Vec::new()
            }
        }
    }

    /// Loads a take's request into the draft.
    pub(super) fn use_take(&mut self) -> Vec<Effect> {
        let (id, loaded) = match self.the_take() {
            Ok(take) => (take.id, draft_of(take, &mut fastrand::Rng::new())),
            Err(why) => {
                self.tell(Tone::Warning, why);
                return Vec::new();
            }
        };
        match loaded {
            Ok(draft) => {
                self.prompt.replace(&draft.prompt);
                self.draft = draft;
                self.keep_row_in_sight();
                self.tell(Tone::Good, format!("the draft is now take {id}'s request"));
                self.saved_and_estimated()
            }
            Err(why) => {
                self.trouble(&format!("Take {id} cannot be used"), &why);
                Vec::new()
            }
        }
    }

    /// Any request of the draft: takes like it tell how long it will take.
    pub(super) fn probe(&self) -> Request {
        self.draft.request(Seed::draw(&mut fastrand::Rng::with_seed(0)))
    }

    fn saved_and_estimated(&mut self) -> Vec<Effect> {
        let mut effects = self.save();
        effects.extend(self.refresh());
        effects
    }

    fn keep_row_in_sight(&mut self) {
        if !Parameter::of(&self.draft).any(|row| row == self.parameter) {
            self.parameter = Parameter::Model;
        }
    }
}

/// The draft that would send this take's request again, with its seed.
///
/// # Errors
/// What the body breaks, when it was made by other rules than today's.
pub(super) fn draft_of(take: &Take, random: &mut fastrand::Rng) -> Result<Draft, String> {
    let request = Request::from_body(take.model, &take.body, random)
        .map_err(|broken| broken.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))?;
    Ok(Draft {
        prompt: request.prompt,
        model: request.model,
        api_version: take.api_version,
        resolution: request.resolution,
        duration: request.duration,
        aspect_ratio: request.aspect_ratio,
        generate_audio: request.generate_audio,
        return_last_frame: request.return_last_frame,
        seeds: SeedList::only(take.seed).to_string(),
        first_frame: request.first_frame_url,
        last_frame: request.last_frame_url,
        images: request.reference_images,
        videos: request.reference_videos,
        audios: request.reference_audios,
        skip_moderation: request.skip_moderation,
        bitrate_mode: request.bitrate_mode,
    })
}
