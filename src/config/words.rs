//! Settings that are one of a few words.

/// Makes an enum of words with `WORDS`, `word()` and `FromStr`.
macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value with its word, in the order it is offered.
            pub const WORDS: &'static [(&'static str, Self)] = &[$(($word, Self::$variant)),+];

            /// The word in the settings.
            #[must_use]
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = ();
            fn from_str(text: &str) -> Result<Self, ()> {
                Self::WORDS.iter().find(|(word, _)| *word == text).map(|(_, value)| *value).ok_or(())
            }
        }
    };
}

words! {
    /// How many colours to use.
    Depth {
        /// What the terminal is found to have.
        #[default]
        Auto = "auto",
        /// None: bold, reverse and the like only.
        Never = "never",
        Ansi16 = "16",
        Ansi256 = "256",
        TrueColor = "truecolor",
    }
}

words! {
    /// How much may move on the screen.
    Motion {
        #[default]
        Full = "full",
        /// Bars and times advance every five seconds.
        Reduced = "reduced",
        /// Bars and times advance every thirty seconds.
        Off = "off",
    }
}

words! {
    /// When to ring the terminal's bell for takes that have ended.
    Notify {
        /// Unless the window is known to have the keys.
        #[default]
        Auto = "auto",
        Always = "always",
        Never = "never",
    }
}

words! {
    /// Which characters to draw with.
    Glyphs {
        /// Unicode where the locale is UTF-8, else ASCII.
        #[default]
        Auto = "auto",
        Unicode = "unicode",
        Ascii = "ascii",
    }
}
