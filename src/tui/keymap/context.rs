//! Where a key is pressed decides what it means: the contexts of the keymap.

/// A table of the keymap.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Context {
    /// Under every pane.
    Global,
    Prompt,
    /// Typing in the prompt.
    Editing,
    Parameters,
    Queue,
    Log,
    Monitor,
    /// A page to read over the panes: help, an exchange, a problem.
    Reader,
    /// A yes or no.
    Confirm,
    /// What to do with takes in flight on quitting.
    Quitting,
    /// The differences from the provider's books.
    Books,
    /// What to do with takes held back.
    Held,
    /// Typing to find a command.
    Palette,
    /// Typing one line: a value, a note, a filter.
    Field,
    /// A list to choose from.
    Menu,
    /// Moving the borders of the shots.
    Timeline,
}

impl Context {
    /// Every context, in the order help shows them.
    pub const ALL: [Self; 16] = [
        Self::Global,
        Self::Prompt,
        Self::Editing,
        Self::Parameters,
        Self::Queue,
        Self::Log,
        Self::Monitor,
        Self::Reader,
        Self::Confirm,
        Self::Quitting,
        Self::Books,
        Self::Held,
        Self::Palette,
        Self::Field,
        Self::Menu,
        Self::Timeline,
    ];

    /// The table's name in a keymap file.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Global => "global",
            Self::Prompt => "prompt",
            Self::Editing => "editing",
            Self::Parameters => "parameters",
            Self::Queue => "queue",
            Self::Log => "log",
            Self::Monitor => "monitor",
            Self::Reader => "reader",
            Self::Confirm => "confirm",
            Self::Quitting => "quitting",
            Self::Books => "books",
            Self::Held => "held",
            Self::Palette => "palette",
            Self::Field => "field",
            Self::Menu => "menu",
            Self::Timeline => "timeline",
        }
    }

    /// Reads a table's name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|context| context.name() == name)
    }

    /// Whether characters are text here, so that none can be bound.
    #[must_use]
    pub const fn is_text(self) -> bool {
        matches!(self, Self::Editing | Self::Palette | Self::Field)
    }

    /// The tables that hold here, the nearest first.
    #[must_use]
    pub const fn layers(self) -> &'static [Self] {
        match self {
            Self::Global => &[Self::Global],
            Self::Prompt => &[Self::Prompt, Self::Global],
            Self::Parameters => &[Self::Parameters, Self::Global],
            Self::Queue => &[Self::Queue, Self::Global],
            Self::Log => &[Self::Log, Self::Global],
            Self::Monitor => &[Self::Monitor, Self::Global],
            Self::Editing => &[Self::Editing],
            Self::Reader => &[Self::Reader],
            Self::Confirm => &[Self::Confirm],
            Self::Quitting => &[Self::Quitting],
            Self::Books => &[Self::Books],
            Self::Held => &[Self::Held],
            Self::Palette => &[Self::Palette],
            Self::Field => &[Self::Field],
            Self::Menu => &[Self::Menu],
            Self::Timeline => &[Self::Timeline],
        }
    }
}
