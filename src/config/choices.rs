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
    /// When the provider's catalogue of models is read without being asked for.
    #[derive(Default)]
    CatalogueReading {
        /// At most once a day, when the workbench is live.
        #[default]
        Daily = "daily",
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
}
