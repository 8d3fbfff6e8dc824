//! The fixes for findings: what each is called, and what it makes of a form.

use std::ops::Range;

use crate::model::text::{line_and_column, quoted};
use crate::model::{AspectRatio, Form, Model, Resolution, Seconds};
use crate::script::{Citation, Script, read, retime};

use super::quotations::{self, Quote};
use super::{seconds, split_clips, text_fixes};

/// A way to fix a finding: one change of the form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fix {
    Duration(Seconds),
    /// Shortens the whole timeline in proportion, to this many milliseconds.
    Squeeze(u32),
    /// Lengthens the whole timeline in proportion, to this many milliseconds.
    Stretch(u32),
    /// Swaps the start and the end of every range that runs backwards.
    Retime,
    /// Lengthens each shot before a gap to the start of the next one.
    CloseGaps,
    /// Starts the first shot at 0.
    StartAtZero,
    /// Moves the whole timeline, so that it starts at 0.
    Shift,
    /// Splits the script into this many clips, each a form that fits one take.
    Split(usize),
    Renumber,
    /// Cites every reference by number in the API's form, `image 1`.
    NormaliseReferences,
    /// Replaces the two characters `\n` by line breaks.
    ReplaceNewlines,
    Audio(bool),
    Ratio(AspectRatio),
    Resolution(Resolution),
    /// Sets the list of seeds, as it would be typed.
    Seeds(String),
    RemoveFirstFrame,
    RemoveLastFrame,
    /// Makes the last frame the first.
    LastFrameFirst,
    RemoveImages,
    RemoveAudios,
    /// Removes references from the end until the API accepts them.
    FewerReferences,
    /// Switches off what the model does not offer.
    WithoutUnoffered,
    /// Chooses a model.
    Model(Model),
    /// Chooses a model that makes longer takes, and this length.
    LongerModel(Model, Seconds),
}

/// A form after a fix.
#[derive(Debug, Clone, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "one lives at a time, and only for a moment"
)]
pub enum Fixed {
    One(Form),
    /// Several forms in the order of the script.
    Clips(Vec<Form>),
}

impl Fix {
    /// The entry in a menu: `Duration 15 s`.
    pub fn label(&self) -> String {
        match self {
            Self::Duration(length) => format!("Duration {length} s"),
            Self::Squeeze(ms) => format!("Squeeze to {}", seconds(*ms)),
            Self::Stretch(ms) => format!("Stretch to {}", seconds(*ms)),
            Self::Retime => "Swap the times that run backwards".to_owned(),
            Self::CloseGaps => "Close the gaps".to_owned(),
            Self::StartAtZero => "Start the first shot at 0".to_owned(),
            Self::Shift => "Count the times from 0".to_owned(),
            Self::Split(clips) => format!("Split into {clips} clips"),
            Self::Renumber => "Renumber the shots".to_owned(),
            Self::NormaliseReferences => "Cite as image 1, video 1, audio 1".to_owned(),
            Self::ReplaceNewlines => "Replace every \\n by a line break".to_owned(),
            Self::Audio(true) => "Audio on".to_owned(),
            Self::Audio(false) => "Audio off".to_owned(),
            Self::Ratio(ratio) => format!("Ratio {ratio}"),
            Self::Resolution(resolution) => format!("Resolution {resolution}"),
            Self::Seeds(seeds) => format!("Seeds {seeds}"),
            Self::RemoveFirstFrame => "Remove the first frame".to_owned(),
            Self::RemoveLastFrame => "Remove the last frame".to_owned(),
            Self::LastFrameFirst => "Make it the first frame".to_owned(),
            Self::RemoveImages => "Remove the reference images".to_owned(),
            Self::RemoveAudios => "Remove the reference audios".to_owned(),
            Self::FewerReferences => "Remove the references beyond the limit".to_owned(),
            Self::WithoutUnoffered => "Switch off what the model does not offer".to_owned(),
            Self::Model(model) => format!("Model {}", model.label()),
            Self::LongerModel(model, length) => format!("Model {}, {length} s", model.label()),
        }
    }

    /// The names of the fixes that edit the text, for the command line; splitting, which makes several texts, is not among them.
    pub const WORDS: [&'static str; 9] = [
        "citations",
        "close-gaps",
        "newlines",
        "renumber",
        "shift",
        "squeeze",
        "start-at-zero",
        "stretch",
        "swap-times",
    ];

    /// Its word, which is stable; `None` for one that changes a parameter or makes several texts.
    pub const fn word(&self) -> Option<&'static str> {
        Some(match self {
            Self::NormaliseReferences => "citations",
            Self::CloseGaps => "close-gaps",
            Self::ReplaceNewlines => "newlines",
            Self::Renumber => "renumber",
            Self::Shift => "shift",
            Self::Squeeze(_) => "squeeze",
            Self::StartAtZero => "start-at-zero",
            Self::Stretch(_) => "stretch",
            Self::Retime => "swap-times",
            _ => return None,
        })
    }

    /// Whether it changes the prompt, and not a parameter.
    pub const fn edits_prompt(&self) -> bool {
        self.word().is_some() || matches!(self, Self::Split(_))
    }

    /// Whether it may be applied without a choice: it does not change the end of a script that fits, does not split it and keeps the
    /// author's numbers, or it is the one change of a parameter that makes the request what the text says or the API accepts. A
    /// fix of a parameter may change what a take costs, which is shown before anything is sent. Times are changed only where
    /// `script` leaves no doubt about them.
    pub fn is_certain(&self, script: &Script) -> bool {
        self.doubt(script).is_none()
            && matches!(
                self,
                Self::Duration(_)
                    | Self::Retime
                    | Self::CloseGaps
                    | Self::Shift
                    | Self::NormaliseReferences
                    | Self::ReplaceNewlines
                    | Self::Audio(_)
                    | Self::Ratio(_)
                    | Self::Seeds(_)
                    | Self::RemoveFirstFrame
                    | Self::RemoveLastFrame
                    | Self::LastFrameFirst
                    | Self::RemoveImages
                    | Self::RemoveAudios
                    | Self::FewerReferences
                    | Self::WithoutUnoffered
            )
    }

    /// What leaves doubt whether a fix of times, which is otherwise certain, is right in `script`; its bytes.
    pub fn doubt(&self, script: &Script) -> Option<Range<usize>> {
        let moves_times = matches!(self, Self::Retime | Self::CloseGaps | Self::Shift);
        script.doubt.clone().filter(|_| moves_times)
    }

    /// The same in words: `"At 4s" in line 3 leaves doubt about the times`.
    pub fn doubt_in_words(&self, prompt: &str, script: &Script) -> Option<String> {
        let at = self.doubt(script)?;
        let (line, _) = line_and_column(prompt, at.start);
        let shown = quoted(prompt.get(at)?.trim(), 30);
        Some(format!("{shown} in line {line} leaves doubt about the times"))
    }

    /// `form` with the fix made; unchanged if there is nothing to fix.
    pub fn apply(&self, form: &Form) -> Fixed {
        self.apply_to(form, &read(&form.prompt))
    }

    /// The same for a form whose prompt was read as `script`.
    pub(super) fn apply_to(&self, form: &Form, script: &Script) -> Fixed {
        let mut fixed = form.clone();
        match self {
            Self::Split(_) => return Fixed::Clips(split_clips::clips(form, script)),
            Self::Squeeze(to) | Self::Stretch(to) => {
                fixed.prompt = text_fixes::scaled(&form.prompt, script, *to);
            }
            Self::Retime => fixed.prompt = text_fixes::righted(&form.prompt, script),
            Self::CloseGaps => fixed.prompt = text_fixes::joined(&form.prompt, script),
            Self::StartAtZero => fixed.prompt = text_fixes::begun_at_zero(&form.prompt, script),
            Self::Shift => fixed.prompt = text_fixes::shifted(&form.prompt, script),
            Self::Renumber => fixed.prompt = text_fixes::renumbered(&form.prompt, script),
            Self::NormaliseReferences => fixed.prompt = normalised(form, script),
            Self::ReplaceNewlines => fixed.prompt = text_fixes::broken_lines(&form.prompt),
            Self::Duration(length) => fixed.duration = *length,
            Self::Audio(on) => fixed.generate_audio = *on,
            Self::Ratio(ratio) => fixed.aspect_ratio = *ratio,
            Self::Resolution(resolution) => fixed.resolution = *resolution,
            Self::Seeds(seeds) => fixed.seeds.clone_from(seeds),
            Self::RemoveFirstFrame => fixed.first_frame.clear(),
            Self::RemoveLastFrame => fixed.last_frame.clear(),
            Self::LastFrameFirst => fixed.first_frame = std::mem::take(&mut fixed.last_frame),
            Self::RemoveImages => fixed.images.clear(),
            Self::RemoveAudios => fixed.audios.clear(),
            Self::FewerReferences => fewer(&mut fixed),
            Self::WithoutUnoffered => fixed.reset_unoffered(),
            Self::Model(model) => fixed.model = *model,
            Self::LongerModel(model, length) => (fixed.model, fixed.duration) = (*model, *length),
        }
        Fixed::One(fixed)
    }
}

/// Shortens each kind to its limit, and then the longest list until all references together fit.
fn fewer(form: &mut Form) {
    let most = form.model.references;
    form.images.truncate(most.images);
    form.videos.truncate(most.videos);
    form.audios.truncate(most.audios);
    let all = |form: &Form| form.images.len() + form.videos.len() + form.audios.len();
    while all(form) > form.model.references.total {
        let longest = [&mut form.images, &mut form.videos, &mut form.audios]
            .into_iter()
            .rev()
            .max_by_key(|list| list.len());
        longest.map(Vec::pop);
    }
}

/// Writes every citation in the API's form that surely is one.
fn normalised(form: &Form, script: &Script) -> String {
    let prompt = &form.prompt;
    let shown: Vec<Quote> = quotations::quotes(prompt)
        .into_iter()
        .filter(Quote::is_shown)
        .collect();
    let is_shown = |citation: &Citation| {
        let next = shown.partition_point(|quote| quote.at.end <= citation.at.start);
        shown
            .get(next)
            .is_some_and(|quote| quote.at.start <= citation.at.start)
    };
    let edits: Vec<retime::Edit> = script
        .references
        .iter()
        .filter(|cited| !is_shown(cited) && text_fixes::is_surely_cited(form, cited))
        .filter_map(|cited| text_fixes::normal(prompt, cited))
        .collect();
    retime::edited(prompt, 0..prompt.len(), &edits)
}
