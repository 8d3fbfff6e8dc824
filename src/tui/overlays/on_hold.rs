//! What to do with takes that are on hold because their prompt was refused twice: they go on, are cancelled, or the
//! change that helps is made.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::page::trouble;
use super::question::Question;
use crate::model::{FailureKind, Form, SeedList, Take, TakeId};
use crate::service::Problem;
use crate::tui::action::Action;
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::commands::make::{self, Ask};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::{Effect, Mark};
use crate::tui::keymap::Context;
use crate::tui::pane::PaneId;
use crate::tui::state::{MOVES, State, Tone, form_of};

/// The one change that helps against a kind of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// A parameter: the same takes without sound take their place in the queue.
    AudioOff,
    /// The request comes into the form without its pictures.
    DropPicture,
    /// The request comes into the form, where its prompt can be reworded.
    EditPrompt,
}

/// Takes on hold of one request, which differ in nothing but their seeds.
pub struct OnHold {
    kind: FailureKind,
    /// Stands for their request.
    first: Take,
    /// In queue order, the first one among them.
    takes: Vec<Take>,
    remedy: Remedy,
    scroll: Question,
}

impl OnHold {
    /// The takes on hold in `queue` that share the request of the first, one of each seed: what is made in their place is
    /// then made of one request, a take for a take. None when no take is on hold.
    pub fn first_of(queue: &[Take]) -> Option<Self> {
        let first = queue.iter().find(|take| take.held.is_some())?;
        let kind = first.held?;
        let mut seeds = BTreeSet::new();
        let mut is_like =
            |take: &&Take| take.held == Some(kind) && is_same_request(take, first) && seeds.insert(take.seed);
        let flag = |name: &str| first.body.get(name).and_then(serde_json::Value::as_bool);
        let remedy = match kind {
            FailureKind::OutputAudio if flag("generate_audio") != Some(false) => Remedy::AudioOff,
            FailureKind::InputImage => Remedy::DropPicture,
            _ => Remedy::EditPrompt,
        };
        Some(Self {
            kind,
            first: first.clone(),
            takes: queue.iter().filter(|take| is_like(take)).cloned().collect(),
            remedy,
            scroll: Question::default(),
        })
    }

    fn ids(&self) -> Vec<TakeId> {
        self.takes.iter().map(|take| take.id).collect()
    }

    /// Their seeds as one would type them.
    fn seeds(&self) -> String {
        let seeds = self
            .takes
            .iter()
            .map(|take| SeedList::only(take.seed).to_string());
        seeds.collect::<Vec<_>>().join(", ")
    }

    /// The cause, and how many are on hold.
    fn question(&self) -> String {
        let held = match self.takes.len() {
            1 => "1 take waits".to_owned(),
            n => format!("{n} takes wait"),
        };
        format!(
            "This prompt was refused twice ({}): {held} held back, not sent. What now?",
            self.kind.title()
        )
    }

    fn settle(&mut self, action: Action, cx: &mut Cx) {
        cx.close();
        let mark = match action {
            Action::ReleaseOnHold => Mark::Release,
            _ => Mark::CancelHeld,
        };
        cx.run(Effect::Mark(self.first.id, mark(self.ids())));
    }

    /// Makes the change that helps.
    fn change(&mut self, _action: Action, cx: &mut Cx) {
        cx.close();
        match self.remedy {
            Remedy::AudioOff => self.again_without_audio(cx),
            Remedy::DropPicture => {
                self.load(cx, |form| {
                    form.first_frame.clear();
                    form.last_frame.clear();
                    form.images.clear();
                });
                cx.focus(PaneId::Prompt);
            }
            Remedy::EditPrompt => {
                self.load(cx, |_| {});
                cx.edit_prompt();
            }
        }
    }

    fn load(&self, cx: &mut Cx, change: impl FnOnce(&mut Form)) {
        let loaded = cx.load(&self.first, |form| {
            change(form);
            form.seeds = self.seeds();
        });
        if let Err(why) = loaded {
            trouble(
                cx,
                &format!("Take {} cannot be used", self.first.id),
                &Problem::because(why),
            );
        }
    }

    /// The same takes without sound, asked for as any other: with their price, under the cap.
    fn again_without_audio(&self, cx: &mut Cx) {
        let mut form = match form_of(&self.first, &mut fastrand::Rng::new()) {
            Ok(form) => form,
            Err(why) => return cx.tell(Tone::Warning, why),
        };
        form.generate_audio = false;
        form.seeds = self.seeds();
        let mut order = make::order(cx, form, Some(self.first.id));
        order.replaces = self.ids();
        make::submit(cx, Ask::Replace, order);
    }
}

impl Declare for OnHold {
    const COMMANDS: &'static [Command<Self>] = &[
        Command::on(&[Action::ChangeOnHold], Self::change)
            .called(|on_hold, _| on_hold.remedy.short().to_owned())
            .answer(),
        Command::on(&[Action::ReleaseOnHold, Action::CancelOnHold], Self::settle).answer(),
        Command::on(MOVES, |on_hold, action, cx| on_hold.scroll.step(action, cx)),
    ];
}

impl Component for OnHold {
    fn context(&self) -> Context {
        Context::OnHold
    }

    fn hints(&self) -> &'static [Action] {
        &[
            Action::ChangeOnHold,
            Action::ReleaseOnHold,
            Action::CancelOnHold,
            Action::Leave,
        ]
    }

    fn draw(&self, canvas: &mut Canvas<'_>, area: Rect, _state: &State) -> Drawn {
        let details = [self.kind.advice().to_owned(), self.remedy.about().to_owned()];
        self.scroll.draw(canvas, area, &self.question(), &details)
    }
}

/// Whether two takes would be sent alike but for their seed.
fn is_same_request(one: &Take, other: &Take) -> bool {
    let but_seed = |take: &Take| {
        let mut body = take.body.clone();
        body.as_object_mut().and_then(|fields| fields.remove("seed"));
        body
    };
    (one.backend, one.api_version, one.model) == (other.backend, other.api_version, other.model)
        && but_seed(one) == but_seed(other)
}

impl Remedy {
    /// As its key names it.
    const fn short(self) -> &'static str {
        match self {
            Self::AudioOff => "audio off, again",
            Self::DropPicture => "drop the picture",
            Self::EditPrompt => "edit the prompt",
        }
    }

    /// What it will do.
    const fn about(self) -> &'static str {
        match self {
            Self::AudioOff => {
                "Audio off: they are cancelled, and new ones with the same seeds without sound take their place."
            }
            Self::DropPicture => {
                "Drop the picture: the request comes into the draft without it; these stay held until you cancel them."
            }
            Self::EditPrompt => {
                "Edit: the request comes into the draft to be reworded; these stay held until you cancel them."
            }
        }
    }
}
