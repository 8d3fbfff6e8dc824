//! The keys of a filter, as one table: the name, the kind of value, what is shown.

use crate::model::{AspectRatio, Backend, Model, Resolution, Verdict};

use super::shown::Shown;

/// A key of a filter, such as `state:`.
#[derive(Debug, Clone, Copy)]
pub struct Key {
    pub name: &'static str,
    /// Other names that are read too.
    pub aliases: &'static [&'static str],
    pub kind: Kind,
    /// Terms with this key, for people.
    pub examples: &'static [&'static str],
    /// Which takes are shown: it follows "takes …".
    pub about: &'static str,
}

/// The kind of value that a key has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    State,
    Verdict,
    Resolution,
    Model,
    Backend,
    Number(Number),
    Day,
    Tag,
    Error,
    Reel,
    Is,
}

/// What a number of a filter counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Number {
    Take,
    Seed,
    Sweep,
    Revision,
    /// The length of the video, in seconds.
    Duration,
    /// In dollars.
    Cost,
    /// From submit to the end, in seconds.
    Time,
}

/// Every key, in the order of the reference.
pub const KEYS: [Key; 17] = [
    Key {
        name: "state",
        aliases: &[],
        kind: Kind::State,
        examples: &["state:saved"],
        about: "in this state",
    },
    Key {
        name: "verdict",
        aliases: &[],
        kind: Kind::Verdict,
        examples: &["verdict:circled"],
        about: "with this verdict",
    },
    Key {
        name: "take",
        aliases: &["id"],
        kind: Kind::Number(Number::Take),
        examples: &["take:118", "take:100..120"],
        about: "with this number",
    },
    Key {
        name: "seed",
        aliases: &[],
        kind: Kind::Number(Number::Seed),
        examples: &["seed:42"],
        about: "with this seed",
    },
    Key {
        name: "sweep",
        aliases: &[],
        kind: Kind::Number(Number::Sweep),
        examples: &["sweep:9"],
        about: "of this sweep",
    },
    Key {
        name: "rev",
        aliases: &["revision"],
        kind: Kind::Number(Number::Revision),
        examples: &["rev:12", "rev:>=12"],
        about: "made from this revision",
    },
    Key {
        name: "res",
        aliases: &["resolution"],
        kind: Kind::Resolution,
        examples: &["res:720p"],
        about: "of this resolution",
    },
    Key {
        name: "dur",
        aliases: &["duration"],
        kind: Kind::Number(Number::Duration),
        examples: &["dur:10", "dur:>5"],
        about: "of this length in seconds",
    },
    Key {
        name: "model",
        aliases: &[],
        kind: Kind::Model,
        examples: &["model:fast"],
        about: "of this model",
    },
    Key {
        name: "backend",
        aliases: &[],
        kind: Kind::Backend,
        examples: &["backend:live"],
        about: "made for money, or in the sandbox",
    },
    Key {
        name: "tag",
        aliases: &[],
        kind: Kind::Tag,
        examples: &["tag:hero", "tag:\"b roll\""],
        about: "with this tag",
    },
    Key {
        name: "cost",
        aliases: &[],
        kind: Kind::Number(Number::Cost),
        examples: &["cost:>0.5", "cost:0.70"],
        about: "whose cost in dollars matches: the bill, or else the estimate; 0 in the sandbox",
    },
    Key {
        name: "time",
        aliases: &[],
        kind: Kind::Number(Number::Time),
        examples: &["time:>120", "time:60..90"],
        about: "whose time from submit to the end, in seconds, matches",
    },
    Key {
        name: "error",
        aliases: &[],
        kind: Kind::Error,
        examples: &["error:moderation", "error:\"output audio\""],
        about: "whose kind of failure, or error, has this text",
    },
    Key {
        name: "reel",
        aliases: &[],
        kind: Kind::Reel,
        examples: &["reel:neon"],
        about: "of the reels with this in their name, instead of those of the present reel",
    },
    Key {
        name: "day",
        aliases: &[],
        kind: Kind::Day,
        examples: &["day:2026-11-24", "day:>=11-20", "day:today"],
        about: "sent, or else made, on this day",
    },
    Key {
        name: "is",
        aliases: &[],
        kind: Kind::Is,
        examples: &["is:finishable"],
        about: "that are drafts which can still be finished, and have no final yet",
    },
];

impl Key {
    /// The key of this name, in lower case.
    pub fn named(name: &str) -> Option<&'static Self> {
        KEYS.iter()
            .find(|key| key.name == name || key.aliases.contains(&name))
    }

    /// What can follow the colon, in words.
    pub fn accepts(&self) -> String {
        let choices = self.kind.choices();
        if !choices.is_empty() {
            return match &choices[..] {
                [only] => only.clone(),
                all => format!("one of {}", all.join(", ")),
            };
        }
        match self.kind {
            Kind::Number(Number::Cost) => "an amount such as 0.70, >0.5, <=2 or 0.5..1".to_owned(),
            Kind::Number(Number::Time | Number::Duration) => {
                "a number of seconds such as 10, >5, <=12 or 5..10".to_owned()
            }
            Kind::Number(_) => "a number such as 7, >7, <=9 or 7..9".to_owned(),
            Kind::Day => "a day such as 2026-11-24, 11-24, today, yesterday or >=11-20".to_owned(),
            _ => format!("a text, such as {}", self.examples.join(" or ")),
        }
    }
}

impl Kind {
    /// The words that are its values; none for numbers, days and text.
    pub fn choices(self) -> Vec<String> {
        let words = |words: &[&str]| words.iter().map(|word| (*word).to_owned()).collect();
        match self {
            Self::State => Shown::all().map(|shown| shown.word().to_owned()).collect(),
            Self::Verdict => words(&[Verdict::Circled, Verdict::Rejected, Verdict::None].map(Verdict::word)),
            Self::Resolution => resolutions().iter().map(|one| one.wire().to_owned()).collect(),
            Self::Model => Model::all()
                .iter()
                .map(|model| model.label().to_owned())
                .collect(),
            Self::Backend => words(&Backend::ALL.map(Backend::word)),
            Self::Is => words(&[FINISHABLE]),
            Self::Number(_) | Self::Day | Self::Tag | Self::Error | Self::Reel => Vec::new(),
        }
    }
}

/// The value of `is:` for drafts that can still be finished.
pub const FINISHABLE: &str = "finishable";

/// Every resolution that a model makes, the coarsest first.
pub fn resolutions() -> Vec<Resolution> {
    let mut all: Vec<(Option<u32>, Resolution)> = Vec::new();
    for model in Model::all() {
        for (resolution, _) in &model.resolutions {
            if !all.iter().any(|(_, known)| known == resolution) {
                all.push((model.max_pixels(*resolution, AspectRatio::ADAPTIVE), *resolution));
            }
        }
    }
    all.sort_by_key(|(pixels, _)| *pixels);
    all.into_iter().map(|(_, resolution)| resolution).collect()
}

/// The whole language as a table in Markdown, for `docs/keys.md`.
pub fn reference() -> String {
    let mut text = String::from("| word | shows takes |\n|---|---|\n");
    for key in &KEYS {
        let examples: Vec<String> = key.examples.iter().map(|one| format!("`{one}`")).collect();
        let choices = key.kind.choices();
        let choices = match (choices.is_empty(), key.kind) {
            // Models and resolutions are the user's own to add; the only value of `is:` is its example.
            (true, _) | (_, Kind::Model | Kind::Resolution | Kind::Is) => String::new(),
            _ => format!(": `{}`", choices.join("`, `")),
        };
        text += &format!("| {} | {}{choices} |\n", examples.join(" · "), key.about);
    }
    for (word, about) in WORDS {
        text += &format!("| {word} | {about} |\n");
    }
    text
}

/// What the reference says of words without a key.
const WORDS: [(&str, &str); 4] = [
    ("`today` · `yesterday`", "of that day"),
    (
        "`saved` · `circled` · `s42` · `10s` · `720p` · `fast` · `v12` · `11-24`",
        "whose row shows this as state, verdict, seed, length, resolution, model, revision, day or kind of failure, or with \
         this text in prompt, note, tags, value or error",
    ),
    (
        "`failed`",
        "that ended without a video and were not cancelled, or with this text",
    ),
    (
        "`\"several words\"`",
        "with exactly this text in prompt, note, tags, value or error",
    ),
];
