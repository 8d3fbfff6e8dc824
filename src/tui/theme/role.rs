//! The roles of text and signs on screen, to which themes give styles.

use crate::model::TakeState;

/// Declares the roles with their names and fallbacks in one table.
macro_rules! roles {
    ($($(#[$doc:meta])* $variant:ident = $name:literal => $fallback:ident),+ $(,)?) => {
        /// A use of style on screen.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum Role { $($(#[$doc])* $variant),+ }

        impl Role {
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The name in theme files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name),+ }
            }

            /// The role whose style is used when a theme does not name this one.
            pub const fn fallback(self) -> Self {
                match self { $(Self::$variant => Self::$fallback),+ }
            }
        }
    };
}

roles! {
    /// Ordinary text, and the ground of the whole screen.
    Text = "text" => Text,
    /// Less important text: units, hints, what is switched off.
    Dim = "dim" => Text,
    /// What should be noticed first.
    Accent = "accent" => Text,
    Border = "border" => Dim,
    BorderFocus = "border_focus" => Accent,
    Title = "title" => Text,
    TitleFocus = "title_focus" => Accent,
    /// The name of a field.
    Label = "label" => Dim,
    /// A value that could be chosen.
    Value = "value" => Dim,
    /// The value that is chosen.
    ValueOn = "value_on" => Accent,
    Key = "key" => Accent,
    /// The label of a key.
    KeyText = "key_text" => Dim,
    Status = "status" => Text,
    /// The badge of the live backend, where takes cost money.
    Live = "live" => Error,
    /// The badge of the sandbox.
    Sandbox = "sandbox" => Ok,
    Money = "money" => Text,
    /// Something in order.
    Ok = "ok" => Accent,
    /// Something to look at.
    Warn = "warn" => Accent,
    /// Something that went wrong, or would.
    Error = "error" => Warn,
    /// The selected row of the pane that has the keys.
    Selection = "selection" => Accent,
    /// The selected row of another pane.
    SelectionIdle = "selection_idle" => Accent,
    CaretLine = "caret_line" => Text,
    /// The hint in an empty field.
    Placeholder = "placeholder" => Dim,
    /// A shot's heading in the script.
    Heading = "heading" => Accent,
    /// A reference cited in the script.
    Citation = "citation" => Accent,
    /// The place of a finding in the script.
    Finding = "finding" => Warn,
    FindingError = "finding_error" => Error,
    FindingNote = "finding_note" => Text,
    /// The filter of the log.
    Match = "match" => Accent,
    /// The done part of a progress bar.
    Gauge = "gauge" => Accent,
    GaugeRest = "gauge_rest" => Dim,
    /// The background of overlays.
    Popup = "popup" => Text,
    Circled = "circled" => Ok,
    Rejected = "rejected" => Dim,
    Waiting = "waiting" => Dim,
    Submitting = "submitting" => Warn,
    Unknown = "unknown" => Warn,
    Accepted = "accepted" => Processing,
    Queued = "queued" => Processing,
    Processing = "processing" => Accent,
    Rendered = "rendered" => Processing,
    Saved = "saved" => Ok,
    Failed = "failed" => Error,
    Refused = "refused" => Failed,
    Cancelled = "cancelled" => Dim,
    Expired = "expired" => Failed,
    NotSent = "not_sent" => Cancelled,
}

impl Role {
    pub const fn of_state(state: TakeState) -> Self {
        match state {
            TakeState::Waiting => Self::Waiting,
            TakeState::Submitting => Self::Submitting,
            TakeState::Unknown => Self::Unknown,
            TakeState::Accepted => Self::Accepted,
            TakeState::Queued => Self::Queued,
            TakeState::Processing => Self::Processing,
            TakeState::Rendered => Self::Rendered,
            TakeState::Saved => Self::Saved,
            TakeState::Failed => Self::Failed,
            TakeState::Refused => Self::Refused,
            TakeState::Cancelled => Self::Cancelled,
            TakeState::Expired => Self::Expired,
            TakeState::NotSent => Self::NotSent,
        }
    }

    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|role| role.name() == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_falls_back_to_text_in_a_few_steps() {
        for role in Role::ALL {
            let end = std::iter::successors(Some(*role), |r| Some(r.fallback())).nth(6);
            assert_eq!(end, Some(Role::Text), "{}", role.name());
            assert_eq!(Role::named(role.name()), Some(*role));
        }
    }
}
