//! The macros that turn the table of the keymap into actions, panes and contexts.

/// Declares the actions and their groups in one table, so that no action can lack a description.
macro_rules! actions {
    ($($group:ident $title:literal { $($variant:ident $name:literal $short:literal $about:literal;)+ })+) => {
        /// A section of help, in the order in which help shows them.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Group { $($group,)+ }

        impl Group {
            pub const ALL: [Self; [$($title),+].len()] = [$(Self::$group),+];

            /// The heading of the section.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$group => $title,)+ }
            }
        }

        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Action { $($(#[doc = $about] $variant,)+)+ }

        impl Action {
            /// Every action, in the order help shows them.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)+)+];

            /// The name in a keymap: `focus_next`.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)+)+ }
            }

            /// The label in the key line.
            pub const fn short(self) -> &'static str {
                match self { $($(Self::$variant => $short,)+)+ }
            }

            /// The description in help and palette.
            pub const fn about(self) -> &'static str {
                match self { $($(Self::$variant => $about,)+)+ }
            }

            pub const fn group(self) -> Group {
                match self { $($(Self::$variant => Group::$group,)+)+ }
            }
        }
    };
}

/// Declares the panes in the order of their numbers, each with its title and the action that gives it the keys.
macro_rules! panes {
    ($($pane:ident $title:literal $focus:ident;)+) => {
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum PaneId { $($pane,)+ }

        impl PaneId {
            pub const ALL: [Self; [$($title),+].len()] = [$(Self::$pane),+];

            /// What [`PaneId::focus`] is for each.
            pub const FOCUS: &'static [Action] = &[$(Action::$focus),+];

            /// The number and name shown in the border.
            pub const fn title(self) -> &'static str {
                match self { $(Self::$pane => $title,)+ }
            }

            /// The action that gives it the keys.
            pub const fn focus(self) -> Action {
                match self { $(Self::$pane => Action::$focus,)+ }
            }

            /// The table of the keymap that applies in it while nothing is typed.
            pub const fn context(self) -> Context {
                match self { $(Self::$pane => Context::$pane,)+ }
            }
        }
    };
}

/// Declares the contexts in one table, each with its default keys.
macro_rules! contexts {
    ($($(#[doc = $about:literal])* $context:ident $name:literal $kind:ident {
        $($action:ident $($key:literal)+;)*
    })+) => {
        /// Where a key is pressed, which decides what it means; a table of `keymap.toml`.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Context { $($(#[doc = $about])* $context,)+ }

        /// What keys are in a context.
        enum Kind {
            /// Commands of a pane, and global ones.
            Pane,
            /// Text, except keys that type nothing.
            Text,
            /// Commands of what is open, and no others.
            Alone,
        }

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

            /// The contexts whose keys work here, the most specific first.
            pub const fn layers(self) -> &'static [Self] {
                match self { $(
                    Self::$context if self.is_at_rest() => &[Self::$context, Self::Global],
                    Self::$context => &[Self::$context],
                )+ }
            }

            /// The default keys, as `keymap.toml` spells them.
            pub const fn default_keys(self) -> &'static [(Action, &'static [&'static str])] {
                match self { $(Self::$context => &[$((Action::$action, &[$($key),+])),*],)+ }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$context => Kind::$kind,)+ }
            }
        }
    };
}

pub(super) use {actions, contexts, panes};
