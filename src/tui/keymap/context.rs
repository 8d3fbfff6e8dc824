//! The contexts of the keymap, which decide what a key means.

/// Declares the contexts in one table.
macro_rules! contexts {
    ($($(#[doc = $about:literal])* $context:ident $name:literal $kind:ident;)+) => {
        /// A table of the keymap.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context { $($(#[doc = $about])* $context,)+ }

        impl Context {
            /// In the order in which help shows them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$context),+];

            pub const fn name(self) -> &'static str {
                match self { $(Self::$context => $name,)+ }
            }

            /// Whether characters are text here and cannot be bound.
            pub const fn is_text(self) -> bool {
                matches!(self.kind(), Kind::Text)
            }

            /// Whether keys are commands of a pane here, and nothing is open that could be closed.
            pub const fn is_at_rest(self) -> bool {
                matches!(self.kind(), Kind::Pane)
            }

            /// The tables that apply here, the most specific first.
            pub const fn layers(self) -> &'static [Self] {
                match self { $(
                    Self::$context if self.is_at_rest() => &[Self::$context, Self::Global],
                    Self::$context => &[Self::$context],
                )+ }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$context => Kind::$kind,)+ }
            }
        }
    };
}

/// What keys are in a context.
enum Kind {
    /// Commands of a pane, and global ones.
    Pane,
    /// Text, except keys that type nothing.
    Text,
    /// Commands of what is open, and no others.
    Alone,
}

contexts! {
    /// Applies in every pane.
    Global "global" Alone;
    /// The prompt while it is not edited.
    Prompt "prompt" Pane;
    /// The prompt while it is edited.
    Editing "editing" Text;
    Parameters "parameters" Pane;
    Queue "queue" Pane;
    Log "log" Pane;
    Monitor "monitor" Pane;
    /// A page over the panes: help, a take, a problem.
    Reader "reader" Alone;
    /// A yes-or-no question.
    Confirm "confirm" Alone;
    /// The question on quitting while takes are in flight.
    Quitting "quitting" Alone;
    Reconcile "reconcile" Alone;
    /// The question about takes on hold.
    OnHold "on_hold" Alone;
    Palette "palette" Text;
    /// A line of text: a value, a note, a filter.
    Field "field" Text;
    /// A list to choose from.
    Menu "menu" Alone;
    /// The boundaries of the shots.
    Timeline "timeline" Alone;
}

impl Context {
    /// The table of this name, also by the names of earlier releases.
    pub fn named(name: &str) -> Option<Self> {
        let name = match name {
            "books" => "reconcile",
            "held" => "on_hold",
            name => name,
        };
        Self::ALL.into_iter().find(|context| context.name() == name)
    }
}
