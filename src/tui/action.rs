//! Every action of the user, with its name in keymaps, its label and its description.

use std::fmt;
use std::str::FromStr;

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

actions! {
    Write "Write and generate" {
        EditPrompt "edit_prompt" "edit" "Edit the prompt";
        Generate "generate" "generate" "Generate takes with the current prompt and parameters";
        Sweep "sweep" "sweep" "Type the list of seeds for a sweep";
        EditValue "edit_value" "type" "Type the selected parameter's value, or choose it from a list";
        ValueNext "value_next" "next value" "Set the selected parameter to its next value";
        ValuePrevious "value_previous" "previous value" "Set the selected parameter to its previous value";
        RemoveItem "remove_item" "remove" "Remove the selected reference";
        OpenEditor "open_editor" "$EDITOR" "Edit the prompt in $VISUAL or $EDITOR";
        FreshScript "fresh_script" "new script" "Insert a blank script with evenly timed shots";
        Findings "findings" "findings" "List the problems in the script, with their fixes";
        Fix "fix" "fix" "Apply the first fix that needs no choice";
        Timeline "timeline" "timeline" "Move the boundaries of the shots on the timeline";
        BorderEarlier "border_earlier" "earlier" "Move the selected boundary half a second earlier";
        BorderLater "border_later" "later" "Move the selected boundary half a second later";
        Complete "complete" "complete" "Complete a camera term or a reference; again for the next one";
        CompleteBack "complete_back" "previous" "Go back to the previous completion";
        Undo "undo" "undo" "Undo the last change of the prompt, or the loading of a request";
        Redo "redo" "redo" "Redo the last undone change of the prompt";
        Revisions "revisions" "revisions" "List the revisions of the form and load one";
    }
    Takes "Takes" {
        Open "open" "open" "Open the selected take: request, responses, errors, timings";
        UseTake "use_take" "use" "Load the selected take's request into the form";
        RunAgain "run_again" "run again" "Run the selected take's request again, with the same seed";
        Promote "promote" "promote" "Make a final take of the selected draft, with the same seed";
        Circle "circle" "circle" "Circle the selected take, to keep it";
        Reject "reject" "reject" "Reject the selected take";
        Note "note" "note" "Write a note on the selected take";
        CheckAgain "check_again" "check again" "Look for takes with an unknown outcome in the provider's history";
        Reconcile "reconcile" "reconcile" "Compare the provider's history with the log";
        Import "import" "import" "Import the selected generation that was made elsewhere";
        ImportAll "import_all" "import all" "Import every generation that was made elsewhere";
        MarkNotSent "mark_not_sent" "not sent" "Mark the selected unknown take as never sent";
    }
    Copy "Copy" {
        CopyPath "copy_path" "path" "Copy the path of the selected take's file";
        CopyUrl "copy_url" "URL" "Copy the URL of the selected take's video";
        CopyCurl "copy_curl" "curl" "Copy the request as a curl command, without the key";
        CopyPython "copy_python" "Python" "Copy the request as Python, without the key";
        CopyJson "copy_json" "JSON" "Copy the selected take as JSON";
    }
    Queue "Queue" {
        Cancel "cancel" "cancel" "Cancel the selected waiting take";
        Pause "pause" "pause" "Pause the selected waiting take, or resume it";
        MoveUp "move_up" "earlier" "Move the selected waiting take or reference up";
        MoveDown "move_down" "later" "Move the selected waiting take or reference down";
        DecideOnHold "decide_on_hold" "decide" "Decide what to do with takes on hold after refusals";
        ReleaseOnHold "release_on_hold" "send anyway" "Send the takes on hold anyway";
        CancelOnHold "cancel_on_hold" "cancel them" "Cancel the takes on hold";
        ChangeOnHold "change_on_hold" "change" "Make the suggested change to the takes on hold";
        ResumeQueue "resume_queue" "resume queue" "Resume the stopped queue";
    }
    Move "Move around" {
        FocusNext "focus_next" "pane" "Go to the next pane";
        FocusPrev "focus_prev" "previous pane" "Go to the previous pane";
        FocusPrompt "focus_prompt" "prompt" "Go to the prompt";
        FocusParameters "focus_parameters" "parameters" "Go to Parameters";
        FocusQueue "focus_queue" "queue" "Go to the queue";
        FocusLog "focus_log" "log" "Go to the log";
        FocusMonitor "focus_monitor" "monitor" "Go to the monitor";
        Up "up" "up" "Move up";
        Down "down" "down" "Move down";
        PageUp "page_up" "page up" "Move a page up";
        PageDown "page_down" "page down" "Move a page down";
        Top "top" "first" "Go to the first row";
        Bottom "bottom" "last" "Go to the last row";
        Accept "accept" "accept" "Accept: answer yes, choose the selected row, confirm the text";
        Leave "leave" "back" "Close what is open: the editor, a list or question, a filter";
    }
    View "View" {
        Filter "filter" "filter" "Filter the log as you type";
        Palette "palette" "commands" "Find a command by name";
        Help "help" "help" "List the keys that can be used here";
        Zoom "zoom" "zoom" "Show this pane on the whole screen, or all panes again";
        Redraw "redraw" "redraw" "Redraw the whole screen";
        ToggleMouse "toggle_mouse" "mouse" "Switch the program's use of the mouse on or off";
    }
    Program "Program" {
        Quit "quit" "quit" "Quit; asks when takes are in flight";
        QuitNow "quit_now" "quit, takes go on" "Quit; takes in flight go on in the background";
        QuitWhenDone "quit_when_done" "quit when done" "Quit as soon as no take is in flight";
        Suspend "suspend" "suspend" "Suspend the program and return to the shell";
    }
}

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
    fn names_are_read_back() {
        for action in Action::ALL {
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
