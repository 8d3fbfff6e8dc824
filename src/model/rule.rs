//! The rules that a script and its request are checked by: their names, and which are switched off.
//!
//! The checks are in `script`; the names are here so that settings can be read without it.

use super::word_enum::word_enum;

/// Makes the enum of rules; each has its name, its severity and what it finds.
macro_rules! rules {
    ($($rule:ident = $name:literal, $severity:ident, $about:literal;)+) => {
        word_enum! {
            /// One rule. Its name is stable: settings and JSON use it.
            #[derive(PartialOrd, Ord)]
            Rule { $(#[doc = $about] $rule = $name),+ }
        }

        impl Rule {
            /// What it finds, in a line.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$rule => $about),+ }
            }

            /// How bad that is.
            pub const fn severity(self) -> Severity {
                match self { $(Self::$rule => Severity::$severity),+ }
            }
        }
    };
}

rules! {
    EmptyPrompt = "empty-prompt", Error, "The prompt is empty";
    IllegalParameter = "illegal-parameter", Error, "A parameter has a value that the API does not offer";
    OverCap = "over-cap", Error, "The timeline is longer than the longest take";
    Overrun = "overrun", Error, "The timeline ends after the take's duration";
    MissingReference = "missing-reference", Error, "A reference is cited that is not attached";
    FrameConflict = "frame-conflict", Error, "A first frame together with reference images, or a last frame without a first";
    TooManyReferences = "too-many-references", Error, "More references than the model takes";
    AudioAlone = "audio-alone", Error, "An audio reference without an image or a video";
    UnreadableReference = "unreadable-reference", Error, "A local reference is missing, broken, too large, too long or of another kind";
    UnreadableVariables = "unreadable-variables", Error, "The variables or snippets of the prompt cannot be expanded";
    UnfilledSlot = "unfilled-slot", Error, "A template's slot is left unfilled: 【…】, __ or {…}";
    Gap = "gap", Warning, "Time passes between two shots";
    Overlap = "overlap", Warning, "A shot starts before the previous one ends";
    LateStart = "late-start", Warning, "The first shot does not start at 0";
    ReversedRange = "reversed-range", Warning, "A shot ends before it starts";
    SeveralClips = "several-clips", Warning, "The times start again at 0: the text has the scripts of several clips";
    UnreadTimes = "unread-times", Warning, "The text has times, but no shot could be read from them";
    StatedLength = "stated-length", Warning, "The text states another length than the take's duration";
    DoubtfulReference = "doubtful-reference", Warning, "A local reference that could not be checked, or that the API may refuse";
    ReportedLimit = "reported-limit", Warning, "A local reference beyond a limit, or of a format, that others report as refused";
    UncitedReference = "uncited-reference", Warning, "A reference is attached and never cited";
    UnattachedReference = "unattached-reference", Warning, "The text means an attached picture, video or sound, and none is attached";
    TwoRoles = "two-roles", Warning, "One reference is given two roles";
    Crowded = "crowded", Warning, "Several shots in a take shorter than 8 s";
    ShortShot = "short-shot", Warning, "A shot is shorter than a second";
    LongDialogue = "long-dialogue", Warning, "More is said in a shot than can be spoken in its time";
    Likeness = "likeness", Warning, "Words that suggest a real person, a brand or a known character";
    RatioMismatch = "ratio-mismatch", Warning, "The text names another aspect ratio than the parameter";
    ResolutionMismatch = "resolution-mismatch", Warning, "The text names another resolution than the parameter";
    LiteralNewline = "literal-newline", Warning, "The two characters \\n are written where a line break was meant";
    ShortTimeline = "short-timeline", Note, "The timeline ends more than a second before the take";
    InclusiveSeconds = "inclusive-seconds", Note, "The times count whole seconds inclusively, as in 0-2, 3-6, 7-10";
    ShotNumbers = "shot-numbers", Note, "The shot numbers are not consecutive";
    StaticStretch = "static-stretch", Note, "More than 5 s without a cut or a camera move";
    TwoMoves = "two-moves", Note, "Two camera moves in one shot, or a move and a static camera";
    OnScreenText = "on-screen-text", Note, "Subtitles or text on the screen, which render badly";
    AudioMismatch = "audio-mismatch", Note, "Sound is described and switched off, or the other way round";
    CitationForm = "citation-form", Note, "A reference is cited in another form than the API's image 1";
}

word_enum! {
    /// How bad a finding is; the worst first.
    #[derive(PartialOrd, Ord)]
    Severity {
        /// Blocks a paid submit unless the user overrides it.
        Error = "error",
        Warning = "warning",
        Note = "note",
    }
}

/// A set of rules, such as those that are switched off.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct RuleSet(u64);

impl RuleSet {
    /// No rule.
    pub const NONE: Self = Self(0);

    /// The set with `rule` in it.
    pub const fn with(self, rule: Rule) -> Self {
        Self(self.0 | 1 << rule as u8)
    }

    /// Whether `rule` is in it.
    pub const fn contains(self, rule: Rule) -> bool {
        self.0 & 1 << rule as u8 != 0
    }
}

impl FromIterator<Rule> for RuleSet {
    fn from_iter<I: IntoIterator<Item = Rule>>(rules: I) -> Self {
        rules.into_iter().fold(Self::NONE, Self::with)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_kebab_case_and_read_back() {
        assert!(Rule::ALL.len() <= 64, "the set has 64 bits");
        for rule in Rule::ALL {
            assert!(rule.word().chars().all(|c| c.is_ascii_lowercase() || c == '-'));
            assert_eq!(rule.word().parse(), Ok(rule));
            assert!(!rule.about().is_empty() && !rule.about().ends_with('.'));
        }
    }

    #[test]
    fn a_set_holds_what_was_put_in() {
        let set: RuleSet = [Rule::Gap, Rule::CitationForm].into_iter().collect();
        for rule in Rule::ALL {
            assert_eq!(
                set.contains(rule),
                matches!(rule, Rule::Gap | Rule::CitationForm),
                "{rule}"
            );
        }
    }
}
