//! Settings that are one of a few words.

use crate::model::word_enum;

word_enum! {
    /// How many colours to use.
    #[derive(Default)]
    Depth {
        /// What the terminal is found to support.
        #[default]
        Auto = "auto",
        /// None: bold, reverse and the like only.
        Never = "never",
        Ansi16 = "16",
        Ansi256 = "256",
        TrueColor = "truecolor",
    }
}

word_enum! {
    /// How much may move on the screen.
    #[derive(Default)]
    Motion {
        #[default]
        Full = "full",
        /// Bars and times advance every five seconds.
        Reduced = "reduced",
        /// Bars and times advance every thirty seconds.
        Off = "off",
    }
}

word_enum! {
    /// When to ring the terminal's bell for takes that have ended.
    #[derive(Default)]
    Notify {
        /// Unless the window is known to have the focus.
        #[default]
        Auto = "auto",
        Always = "always",
        Never = "never",
    }
}

word_enum! {
    /// How pictures of takes are drawn.
    #[derive(Default)]
    PictureMode {
        /// As finely as the terminal is known to show: in pixels, or in character cells.
        #[default]
        Auto = "auto",
        /// In pixels, with the graphics of kitty.
        Kitty = "kitty",
        /// In pixels, with the inline images of iTerm2.
        Iterm = "iterm",
        /// In pixels, with sixels.
        Sixel = "sixel",
        /// In character cells, with the finest glyphs that the terminal is likely to have.
        Cells = "cells",
        Sextant = "sextant",
        Quadrant = "quadrant",
        Half = "half",
        Ascii = "ascii",
        Off = "off",
    }
}

word_enum! {
    /// Which characters to draw with.
    #[derive(Default)]
    Glyphs {
        /// Unicode where the locale is UTF-8, else ASCII.
        #[default]
        Auto = "auto",
        Unicode = "unicode",
        Ascii = "ascii",
    }
}

word_enum! {
    /// A column of the log that can be chosen.
    LogColumn {
        Value = "value",
        Cost = "cost",
        Time = "time",
        Note = "note",
        Revision = "revision",
        Words = "words",
        Sweep = "sweep",
        Model = "model",
        Sent = "sent",
        File = "file",
    }
}

impl LogColumn {
    /// Those that are shown unless others are chosen.
    pub const DEFAULT: [Self; 9] = [
        Self::Value,
        Self::Cost,
        Self::Time,
        Self::Note,
        Self::Revision,
        Self::Words,
        Self::Sweep,
        Self::Sent,
        Self::File,
    ];

    /// What stands above the column.
    pub const fn heading(self) -> &'static str {
        match self {
            Self::Revision => "rev",
            other => other.word(),
        }
    }

    /// What it shows.
    pub const fn about(self) -> &'static str {
        match self {
            Self::Value => "what a sweep over something else than seeds gave the take",
            Self::Cost => "the bill and how far it is off the estimate, or the estimate",
            Self::Time => "from sending to saving, and how far that is off what was expected",
            Self::Note => "tags and note",
            Self::Revision => "the revision of the form that the take was made with",
            Self::Words => "the first words of the prompt that the revision before does not have",
            Self::Sweep => "the number of the sweep",
            Self::Model => "the model",
            Self::Sent => "when the take was sent, or else made",
            Self::File => "the name of the video's file",
        }
    }
}
