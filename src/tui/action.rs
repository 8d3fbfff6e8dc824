//! Everything the user can ask for, as one enum: it serves keymap, palette, help, key line and mouse.
//!
//! Knows neither keys nor state.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// Where an action stands in help and palette.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Group {
    Write,
    Takes,
    Copy,
    Queue,
    Move,
    View,
    Program,
}

impl Group {
    /// Every group, in the order help shows them.
    pub const ALL: [Self; 7] = [
        Self::Write,
        Self::Takes,
        Self::Copy,
        Self::Queue,
        Self::Move,
        Self::View,
        Self::Program,
    ];

    /// As help heads it.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Write => "Write and generate",
            Self::Takes => "Takes",
            Self::Copy => "Copy",
            Self::Queue => "The queue",
            Self::Move => "Move about",
            Self::View => "View",
            Self::Program => "Program",
        }
    }
}

/// Makes the enum and its table in one place, so that no action can lack a description.
macro_rules! actions {
    ($($group:ident { $($variant:ident $name:literal $short:literal $about:literal;)+ })+) => {
        /// One thing the user can ask for.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Action { $($(#[doc = $about] $variant,)+)+ }

        impl Action {
            /// Every action, in the order help shows them.
            pub const ALL: &'static [Self] = &[$($(Self::$variant,)+)+];

            /// The name in a keymap: `focus_next`.
            pub const fn name(self) -> &'static str {
                match self { $($(Self::$variant => $name,)+)+ }
            }

            /// One or two words for the key line.
            pub const fn short(self) -> &'static str {
                match self { $($(Self::$variant => $short,)+)+ }
            }

            /// One line for help and palette.
            pub const fn about(self) -> &'static str {
                match self { $($(Self::$variant => $about,)+)+ }
            }

            /// Where it stands in help.
            pub const fn group(self) -> Group {
                match self { $($(Self::$variant => Group::$group,)+)+ }
            }
        }
    };
}

actions! {
    Write {
        EditPrompt "edit_prompt" "edit" "Edit the prompt";
        Generate "generate" "generate" "Generate the takes that Parameters ask for";
        Sweep "sweep" "sweep" "Write the list of seeds for a sweep";
        EditValue "edit_value" "type" "Type the selected parameter's value, or choose it from a list";
        ValueNext "value_next" "next value" "Set the selected parameter to its next value";
        ValuePrevious "value_previous" "previous value" "Set the selected parameter to its previous value";
        RemoveItem "remove_item" "remove" "Remove the selected reference";
        OpenEditor "open_editor" "$EDITOR" "Edit the prompt in $VISUAL or $EDITOR";
        FreshScript "fresh_script" "new script" "Start a script of some shots in some seconds";
        Findings "findings" "findings" "List what is wrong with the script, with the fixes for it";
        Fix "fix" "fix" "Make the first fix that is certain";
        Timeline "timeline" "timeline" "Move the borders of the shots on the timeline";
        BorderEarlier "border_earlier" "earlier" "Move the chosen border half a second earlier";
        BorderLater "border_later" "later" "Move the chosen border half a second later";
        Complete "complete" "complete" "Complete the word: camera words, references; again for the next";
        CompleteBack "complete_back" "complete back" "Complete the word with the one before";
        Undo "undo" "undo" "Undo the last change of the prompt, or a loaded request";
        Redo "redo" "redo" "Redo the change of the prompt that was undone";
        Revisions "revisions" "revisions" "List the revisions of the form and load one";
    }
    Takes {
        Open "open" "open" "Open the selected take: request, responses, errors, timings";
        UseTake "use_take" "use" "Load the selected take's request into the form";
        RunAgain "run_again" "run again" "Run the selected take's request again, with the same seed";
        Promote "promote" "promote" "Make a final take of the selected draft, with the same seed";
        Circle "circle" "circle" "Circle the selected take: keep it";
        Reject "reject" "reject" "Reject the selected take";
        Note "note" "note" "Write a note on the selected take";
        CheckAgain "check_again" "check again" "Ask the provider's history about takes whose outcome is unknown";
        Reconcile "reconcile" "reconcile" "Compare the provider's history with the log";
        Import "import" "import" "Import the selected generation that was made elsewhere";
        ImportAll "import_all" "import all" "Import every generation that was made elsewhere";
        MarkNotSent "mark_not_sent" "not sent" "Mark the selected unknown take as never sent";
    }
    Copy {
        CopyPath "copy_path" "path" "Copy the path of the selected take's file";
        CopyUrl "copy_url" "URL" "Copy the URL of the selected take's video";
        CopyCurl "copy_curl" "curl" "Copy the request as a curl command, key left out";
        CopyPython "copy_python" "Python" "Copy the request as Python, key left out";
        CopyJson "copy_json" "JSON" "Copy the selected take as JSON";
    }
    Queue {
        Cancel "cancel" "cancel" "Cancel the selected waiting take";
        Pause "pause" "pause" "Pause the selected waiting take, or let it go on";
        MoveUp "move_up" "earlier" "Move the selected waiting take or reference up";
        MoveDown "move_down" "later" "Move the selected waiting take or reference down";
        DecideOnHold "decide_on_hold" "decide" "Decide about takes that are on hold after refusals";
        ReleaseOnHold "release_on_hold" "send anyway" "Send the takes on hold anyway";
        CancelOnHold "cancel_on_hold" "cancel them" "Cancel the takes on hold";
        ChangeOnHold "change_on_hold" "change" "Make the change that helps the takes on hold";
        ResumeQueue "resume_queue" "resume queue" "Let the stopped queue go on";
    }
    Move {
        FocusNext "focus_next" "pane" "Go to the next pane";
        FocusPrev "focus_prev" "pane back" "Go to the previous pane";
        FocusPrompt "focus_prompt" "prompt" "Go to the prompt";
        FocusParameters "focus_parameters" "parameters" "Go to Parameters";
        FocusQueue "focus_queue" "queue" "Go to the queue";
        FocusLog "focus_log" "log" "Go to the log";
        FocusMonitor "focus_monitor" "monitor" "Go to the monitor";
        Up "up" "up" "Move up";
        Down "down" "down" "Move down";
        PageUp "page_up" "page up" "Move a page up";
        PageDown "page_down" "page down" "Move a page down";
        Top "top" "first" "Go to the first";
        Bottom "bottom" "last" "Go to the last";
        Accept "accept" "accept" "Accept: say yes, run the chosen, take the text";
        Leave "leave" "back" "Leave what is open: editing, an overlay, a filter";
    }
    View {
        Filter "filter" "filter" "Filter the log as you type";
        Palette "palette" "commands" "Find a command by name";
        Help "help" "help" "Show every key that does something here";
        Zoom "zoom" "zoom" "Give the whole screen to this pane, or give it back";
        Redraw "redraw" "redraw" "Draw the whole screen anew";
        ToggleMouse "toggle_mouse" "mouse" "Let the program or the terminal have the mouse";
    }
    Program {
        Quit "quit" "quit" "Quit; asks when takes are in flight";
        QuitNow "quit_now" "quit, takes go on" "Quit; takes in flight go on at the provider";
        QuitWhenDone "quit_when_done" "quit when done" "Quit when no take is in flight any more";
        Suspend "suspend" "suspend" "Put the program in the background of the shell";
    }
}

/// The name is no action's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{0:?} is not an action")]
pub struct UnknownAction(pub String);

impl fmt::Display for Action {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

/// Names that actions had in earlier releases, which keymaps may still use.
const OLD_NAMES: [(&str, &str); 8] = [
    ("compare_books", "reconcile"),
    ("adopt", "import"),
    ("adopt_all", "import_all"),
    ("decide_held", "decide_on_hold"),
    ("release_held", "release_on_hold"),
    ("cancel_held", "cancel_on_hold"),
    ("change_held", "change_on_hold"),
    ("resume_line", "resume_queue"),
];

impl FromStr for Action {
    type Err = UnknownAction;
    fn from_str(name: &str) -> Result<Self, UnknownAction> {
        let renamed = OLD_NAMES.iter().find(|(old, _)| *old == name);
        let name = renamed.map_or(name, |(_, new)| new);
        Self::ALL
            .iter()
            .copied()
            .find(|action| action.name() == name)
            .ok_or_else(|| UnknownAction(name.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn names_are_those_of_serde_and_read_back() {
        for action in Action::ALL {
            assert_eq!(serde_json::to_value(action).unwrap(), action.name());
            assert_eq!(action.name().parse(), Ok(*action));
        }
        for (old, new) in OLD_NAMES {
            assert_eq!(old.parse::<Action>(), new.parse(), "{old}");
            assert!(new.parse::<Action>().is_ok(), "{new}");
        }
    }

    #[test]
    fn every_description_is_one_line_of_its_own() {
        let mut seen = BTreeSet::new();
        for action in Action::ALL {
            let about = action.about();
            assert!(
                about.len() <= 70 && !about.contains('\n') && !about.ends_with('.'),
                "{about}"
            );
            assert!(about.starts_with(char::is_uppercase), "{about}");
            assert!(seen.insert(about), "{about} stands twice");
            assert!((1..=17).contains(&action.short().len()), "{}", action.short());
        }
    }
}
