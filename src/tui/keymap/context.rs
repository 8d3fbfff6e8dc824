//! Where a key is pressed decides what it means: the contexts of the keymap.

/// Makes the enum and what is known of each context in one table.
macro_rules! contexts {
    ($($(#[doc = $about:literal])+ $context:ident $name:literal $kind:ident;)+) => {
        /// A table of the keymap.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context { $($(#[doc = $about])+ $context,)+ }

        impl Context {
            /// Every context, in the order help shows them.
            pub const ALL: [Self; [$($name),+].len()] = [$(Self::$context),+];

            /// The table's name in a keymap file.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$context => $name,)+ }
            }

            /// Whether characters are text here, so that none can be bound.
            pub const fn is_text(self) -> bool {
                matches!(self.kind(), Kind::Text)
            }

            /// Whether keys are commands of a pane here, with nothing that could be left.
            pub const fn is_at_rest(self) -> bool {
                matches!(self.kind(), Kind::Pane)
            }

            /// The tables that hold here, the nearest first.
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
    /// Commands of a pane, over the global ones.
    Pane,
    /// Text, but for those that type nothing.
    Text,
    /// Commands of what is open, and nothing else.
    Alone,
}

contexts! {
    /// Under every pane.
    Global "global" Alone;
    /// The prompt is read.
    Prompt "prompt" Pane;
    /// The prompt is typed.
    Editing "editing" Text;
    /// The parameters and references.
    Parameters "parameters" Pane;
    /// The takes waiting and in flight.
    Queue "queue" Pane;
    /// All takes.
    Log "log" Pane;
    /// The selected take.
    Monitor "monitor" Pane;
    /// A page to read over the panes: help, an exchange, a problem.
    Reader "reader" Alone;
    /// A yes or no.
    Confirm "confirm" Alone;
    /// What to do with takes in flight on quitting.
    Quitting "quitting" Alone;
    /// The differences between the log and the provider's history.
    Reconcile "reconcile" Alone;
    /// What to do with takes on hold.
    OnHold "on_hold" Alone;
    /// A command is found by typing.
    Palette "palette" Text;
    /// One line is typed: a value, a note, a filter.
    Field "field" Text;
    /// A list to choose from.
    Menu "menu" Alone;
    /// The borders of the shots are moved.
    Timeline "timeline" Alone;
}

impl Context {
    /// Reads a table's name; those of earlier releases count too.
    pub fn named(name: &str) -> Option<Self> {
        let name = match name {
            "books" => "reconcile",
            "held" => "on_hold",
            name => name,
        };
        Self::ALL.into_iter().find(|context| context.name() == name)
    }
}
