//! Asks what to do with takes on hold after two refusals of their prompt: send, cancel or change them.

use std::collections::BTreeSet;

use ratatui::layout::Rect;

use super::page::show_problem;
use super::question::Question;
use crate::model::text::counted;
use crate::model::{FailureKind, Form, SeedList, Take, TakeId};
use crate::service::{Change, Problem};
use crate::tui::canvas::{Canvas, Drawn};
use crate::tui::commands::make::{self, Ask};
use crate::tui::component::{Command, Component, Cx, Declare};
use crate::tui::effect::Effect;
use crate::tui::keymap::{Action, Context, PaneId};
use crate::tui::state::{MOVES, State, Tone};

/// The change that is suggested after a kind of refusal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Remedy {
    /// Replaces the takes with the same ones without sound.
    AudioOff,
    /// Loads the request into the form without its pictures.
    DropPicture,
    /// Loads the request into the form, to reword its prompt.
    EditPrompt,
}

/// Takes on hold that differ only in their seeds.
pub struct OnHold {
    kind: FailureKind,
    /// The first of `takes`.
    first: Take,
    /// In queue order.
    takes: Vec<Take>,
    remedy: Remedy,
    scroll: Question,
}

impl OnHold {
    /// The takes on hold in `queue` that have the same request as the first one, one for each seed, so that one request can
    /// replace them all.
    pub fn first_of(queue: &[Take]) -> Option<Self> {
        let first = queue.iter().find(|take| take.on_hold.is_some())?;
        let kind = first.on_hold?;
        let mut seeds = BTreeSet::new();
        let mut is_like = |take: &&Take| {
            take.on_hold == Some(kind) && is_same_request(take, first) && seeds.insert(take.seed)
        };
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

    /// Their seeds as typed in the form.
    fn seeds(&self) -> String {
        let seeds = self
            .takes
            .iter()
            .map(|take| SeedList::only(take.seed).to_string());
        seeds.collect::<Vec<_>>().join(", ")
    }

    fn question(&self) -> String {
        let takes = counted(self.takes.len() as u64, "take");
        let cause = self.kind.title();
        format!("This prompt was refused twice ({cause}): {takes} on hold, not sent. What now?")
    }

    fn settle(&mut self, action: Action, cx: &mut Cx) {
        cx.close();
        let change = match action {
            Action::ReleaseOnHold => Change::Release,
            _ => Change::CancelOnHold,
        };
        cx.run(Effect::Change(self.first.id, change(self.ids())));
    }

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
            let what = format!("Take {} cannot be used", self.first.id);
            show_problem(cx, &what, &Problem::because(why));
        }
    }

    /// Requests the same takes without sound, like any others: with their price and under the cap.
    fn again_without_audio(&self, cx: &mut Cx) {
        match cx
            .facts
            .terms()
            .without_sound(&self.first, self.seeds(), self.ids())
        {
            Ok(order) => make::submit(cx, Ask::Replace, order),
            Err(why) => cx.tell(Tone::Warning, why),
        }
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

/// Whether two takes differ only in their seed.
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
    /// The label of its key.
    const fn short(self) -> &'static str {
        match self {
            Self::AudioOff => "rerun without audio",
            Self::DropPicture => "drop the picture",
            Self::EditPrompt => "edit the prompt",
        }
    }

    const fn about(self) -> &'static str {
        match self {
            Self::AudioOff => {
                "Without audio: these takes are cancelled and replaced by takes with the same seeds and no sound."
            }
            Self::DropPicture => {
                "Drop the picture: loads the request into the form without it. These takes stay on hold until you cancel them."
            }
            Self::EditPrompt => {
                "Edit: loads the request into the form to be reworded. These takes stay on hold until you cancel them."
            }
        }
    }
}
