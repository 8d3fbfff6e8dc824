//! The one table of the keymap: every action with its name and texts, every pane with its number and name, and every
//! context with its default keys.

use super::declare::{actions, contexts, panes};

actions! {
    Write "Write and generate" {
        EditPrompt "edit_prompt" "edit" "Edit the prompt";
        Generate "generate" "generate" "Generate takes with the current prompt and parameters";
        Sweep "sweep" "sweep" "Plan a sweep over seeds, or over one other thing";
        SweepAgain "sweep_again" "sweep again" "Sweep the circled seeds of the selected sweep with this form";
        EditValue "edit_value" "type" "Type the selected parameter's value, or choose it from a list";
        ValueNext "value_next" "next value" "Set the selected parameter to its next value";
        ValuePrevious "value_previous" "previous value" "Set the selected parameter to its previous value";
        RemoveItem "remove_item" "remove" "Remove the selected reference";
        OpenEditor "open_editor" "$EDITOR" "Edit the prompt in $VISUAL or $EDITOR";
        EmptyForm "empty_form" "empty form" "Empty the form; undo brings it back";
        FreshScript "fresh_script" "new script" "Replace the script with a blank one of evenly timed shots";
        Snippets "snippets" "snippets" "List the reel's snippets: insert, add, change, rename, delete";
        Findings "findings" "findings" "List the problems in the script, with their fixes";
        Fix "fix" "fix" "Apply the first fix that needs no choice";
        Timeline "timeline" "timeline" "Move the boundaries of the shots on the timeline";
        BorderEarlier "border_earlier" "earlier" "Move the selected boundary half a second earlier";
        BorderLater "border_later" "later" "Move the selected boundary half a second later";
        Complete "complete" "complete" "Complete a term, a reference or a filter; again for the next one";
        CompleteBack "complete_back" "previous" "Go back to the previous completion";
        LoadPasted "load_pasted" "load request" "Load the request of the file whose path was pasted into the prompt";
        Undo "undo" "undo" "Undo the last change of the prompt, or the loading of a request";
        Redo "redo" "redo" "Redo the last undone change of the prompt";
        Revisions "revisions" "revisions" "List the revisions of the form and load one";
    }
    Takes "Takes" {
        Open "open" "open" "Open the selected take: request, responses, errors, timings";
        UseTake "use_take" "use" "Load the selected take's request into the form";
        RunAgain "run_again" "run again" "Run the selected take's request again, with a new seed";
        RunSame "run_same" "same seed" "Run the selected take's request again, with the same seed";
        Promote "promote" "promote" "Make a final take of the selected draft: choose how";
        Chain "chain" "chain" "Begin the form with the selected take's last frame";
        Difference "difference" "difference" "Show what differs between a take and the form, or two marked takes";
        Unfold "unfold" "unfold" "Show the takes of the selected sweep";
        Fold "fold" "fold" "Hide the takes of the selected sweep, or of the selected take's sweep";
        SectionNext "section_next" "section" "Go to the next section of a take's page";
        SectionPrevious "section_previous" "section back" "Go to the previous section of a take's page";
        FoldSection "fold_section" "fold" "Fold or unfold the marked section of a take's page";
        Circle "circle" "circle" "Circle the selected take, or the saved takes of the selected sweep";
        Reject "reject" "reject" "Reject the selected take, or what is not circled of the selected sweep";
        Note "note" "note" "Write a note on the selected take or sweep";
        Tags "tags" "tags" "Tag the selected take or sweep with words";
        NextUnjudged "next_unjudged" "next" "Go to the next saved take without a verdict";
        Mark "mark" "mark" "Mark the selected take for the next command, or remove its mark";
        ClearMarks "clear_marks" "clear marks" "Remove all marks";
        CheckAgain "check_again" "check again" "Look for takes with an unknown outcome in the provider's history";
        Reconcile "reconcile" "reconcile" "Compare the provider's history with the log";
        Import "import" "import" "Import the selected generation that was made elsewhere";
        ImportAll "import_all" "import all" "Import every generation that was made elsewhere";
        JoinFiles "join_files" "join" "Join the videos of a chain, a sweep or marked takes into one file";
        Bundle "bundle" "bundle" "Write a chain, a sweep or marked takes, with prompts, into one archive";
        EmptyBin "empty_bin" "empty bin" "Delete the files of the reel's rejected takes, after a question";
        Wall "wall" "wall" "Show takes as rows of small pictures, a column for each shot";
        TwoAtOnce "two_at_once" "compare" "Compare two takes at once, or several in pairs";
        SortByVerdict "sort_by_verdict" "sort" "Sort the wall by verdict, or in its natural order again";
        ExportWall "export_wall" "export" "Write the wall as a contact sheet, a PNG file";
        KeepLeft "keep_left" "keep left" "Keep the left or upper one of two takes, and go to the next pair";
        KeepRight "keep_right" "keep right" "Keep the right or lower one of two takes, and go to the next pair";
        RejectBoth "reject_both" "reject both" "Reject both takes, and go to the next pair";
        TakeBack "take_back" "take back" "Take back the last decision, with the verdicts that followed it";
        CompareAnew "compare_anew" "compare anew" "Compare the ranked takes from the start, after a question";
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
        Cancel "cancel" "cancel" "Cancel the selected waiting take, or those of the selected sweep";
        Pause "pause" "pause" "Pause the selected waiting take or sweep, or resume it";
        MoveUp "move_up" "earlier" "Move the selected waiting take, reference or column up";
        MoveDown "move_down" "later" "Move the selected waiting take, reference or column down";
        DecideOnHold "decide_on_hold" "decide" "Decide what to do with takes on hold after refusals";
        ReleaseOnHold "release_on_hold" "send anyway" "Send the takes on hold anyway";
        CancelOnHold "cancel_on_hold" "cancel them" "Cancel the takes on hold";
        ChangeOnHold "change_on_hold" "change" "Make the suggested change to the takes on hold";
        ResumeQueue "resume_queue" "resume queue" "Resume the stopped queue";
        Caps "caps" "caps" "Show the caps and the balance, and change caps for this run";
        CapOfSettings "cap_of_settings" "as in settings" "Use the selected cap of the settings again";
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
        Left "left" "left" "Move left";
        Right "right" "right" "Move right";
        PageUp "page_up" "page up" "Move a page up";
        PageDown "page_down" "page down" "Move a page down";
        Top "top" "first" "Go to the first row";
        Bottom "bottom" "last" "Go to the last row";
        Accept "accept" "accept" "Accept: answer yes, choose the selected row, confirm the text";
        Leave "leave" "back" "Close what is open: the editor, a list or question, a filter";
    }
    View "View" {
        Reels "reels" "reels" "List the reels, to open, create, rename or archive one";
        Models "models" "models" "List what each model offers and costs, and who says so";
        Numbers "numbers" "numbers" "Show what was spent, kept, failed and waited for";
        Filter "filter" "filter" "Filter the log as you type";
        Order "order" "order" "Order the log by number, cost, time, seed or verdict";
        Columns "columns" "columns" "Choose the columns of the log";
        ColumnsOfSettings "columns_of_settings" "as in settings" "Show the columns of the settings again";
        Palette "palette" "commands" "Find a command by name";
        Help "help" "help" "List the keys that can be used here";
        Zoom "zoom" "zoom" "Show this pane on the whole screen, or all panes again";
        Redraw "redraw" "redraw" "Redraw the whole screen";
        FramePrevious "frame_previous" "frame back" "Show the picture before this one";
        FrameNext "frame_next" "frame" "Show the picture after this one";
        ShotPrevious "shot_previous" "shot back" "Show the shot before this one";
        ShotNext "shot_next" "shot" "Show the shot after this one";
        ScrubEarlier "scrub_earlier" "earlier" "Show an earlier moment of every shot of the wall";
        ScrubLater "scrub_later" "later" "Show a later moment of every shot of the wall";
        Play "play" "play" "Play the take in the Monitor, or stop";
        LoopShot "loop_shot" "loop" "Play the shot that is shown again and again, or stop";
        PlaySlower "play_slower" "slower" "Play takes half as fast";
        PlayFaster "play_faster" "faster" "Play takes twice as fast";
        NextPictureMode "next_picture_mode" "pictures" "Draw pictures in the next way: finer or coarser, or not at all";
        ToggleMouse "toggle_mouse" "mouse" "Switch the program's use of the mouse on or off";
    }
    Program "Program" {
        Quit "quit" "quit" "Quit; asks when takes are in flight";
        QuitNow "quit_now" "quit, takes go on" "Quit; takes in flight go on in the background";
        QuitWhenDone "quit_when_done" "quit when done" "Quit as soon as no take is in flight";
        Suspend "suspend" "suspend" "Suspend the program and return to the shell";
    }
}

panes! {
    Prompt "1 Prompt" FocusPrompt;
    Parameters "2 Parameters" FocusParameters;
    Queue "3 Queue" FocusQueue;
    Log "4 Log" FocusLog;
    Monitor "5 Monitor" FocusMonitor;
}

contexts! {
    /// Applies in every pane.
    Global "global" Alone {
        Generate "g";
        FreshScript "N";
        Snippets "I";
        Findings "f";
        Fix "F";
        Timeline "t";
        Sweep "s";
        SweepAgain "S";
        EmptyForm "E";
        OpenEditor "e";
        Open "o";
        UseTake "u";
        RunAgain "r";
        RunSame "R";
        Promote "p";
        Chain "c";
        Cancel "x";
        Pause "P";
        Difference "d";
        Circle "*";
        Reject "-";
        Note "n";
        Tags "#";
        NextUnjudged "a";
        Mark "v";
        ClearMarks "V";
        Wall "w";
        TwoAtOnce "=";
        CopyPath "y p";
        CopyUrl "y u";
        CopyCurl "y c";
        CopyPython "y y";
        CopyJson "y j";
        MarkNotSent "X";
        Reconcile "B";
        DecideOnHold "H";
        ResumeQueue "G";
        Caps "C";
        FocusNext "tab";
        FocusPrev "backtab";
        FocusPrompt "1";
        EditPrompt "i";
        FocusParameters "2";
        FocusQueue "3";
        FocusLog "4";
        FocusMonitor "5";
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" ">";
        Top "home" "(";
        Bottom "end" ")";
        JoinFiles "+";
        Bundle "b";
        Reels "L";
        Models "m";
        Numbers "$";
        Filter "/";
        Order "O";
        Columns "|";
        Palette ":";
        Help "?";
        Zoom "z";
        Redraw "ctrl-l";
        Undo "U";
        Redo "Y";
        Revisions "W";
        FramePrevious ",";
        FrameNext ".";
        ShotPrevious "[";
        ShotNext "]";
        Play "space";
        LoopShot ";";
        PlaySlower "{";
        PlayFaster "}";
        NextPictureMode "`";
        ToggleMouse "M";
        Leave "esc";
        Quit "q";
    }
    /// The prompt while it is not edited.
    Prompt "prompt" Pane {
        EditPrompt "enter" "i";
        LoadPasted "l";
    }
    /// The prompt while it is edited.
    Editing "editing" Text {
        Complete "tab";
        CompleteBack "backtab";
        Leave "esc";
    }
    Parameters "parameters" Pane {
        ValueNext "right" "l";
        ValuePrevious "left" "h";
        EditValue "enter" "i";
        RemoveItem "D" "delete";
        MoveUp "K";
        MoveDown "J";
    }
    Queue "queue" Pane {
        Open "enter" "o";
        Unfold "right";
        Fold "left";
        MoveUp "K";
        MoveDown "J";
    }
    Log "log" Pane {
        Open "enter" "o";
        Unfold "right";
        Fold "left";
    }
    Monitor "monitor" Pane {
        Open "enter" "o";
    }
    /// The wall of takes.
    Wall "wall" Alone {
        Left "h" "left";
        Right "l" "right";
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" ">";
        Top "home" "(";
        Bottom "end" ")";
        ScrubEarlier "[";
        ScrubLater "]";
        Circle "*";
        Reject "-";
        NextUnjudged "a";
        SortByVerdict "O";
        ExportWall "b";
        TwoAtOnce "=";
        Open "enter" "o";
        UseTake "u";
        RunAgain "r";
        RunSame "R";
        Promote "p";
        Chain "c";
        Cancel "x";
        Pause "P";
        Difference "d";
        Note "n";
        Tags "#";
        Mark "v";
        ClearMarks "V";
        CopyPath "y p";
        CopyUrl "y u";
        CopyCurl "y c";
        CopyPython "y y";
        CopyJson "y j";
        NextPictureMode "`";
        Palette ":";
        Help "?";
        Leave "esc" "q" "w";
    }
    /// Two takes at once, beside each other or one above the other.
    Pair "pair" Alone {
        KeepLeft "h" "left" "k" "up";
        KeepRight "l" "right" "j" "down";
        RejectBoth "x";
        TakeBack "U";
        Play "space";
        FramePrevious ",";
        FrameNext ".";
        ShotPrevious "[";
        ShotNext "]";
        NextPictureMode "`";
        Help "?";
        Leave "esc" "q";
    }
    /// What came of comparing takes in pairs.
    Ranking "ranking" Alone {
        Circle "*";
        Reject "-";
        Promote "p";
        Note "n";
        Tags "#";
        TakeBack "U";
        CompareAnew "=";
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" ">";
        Help "?";
        Leave "esc" "q";
    }
    /// The page about a take.
    TakePage "take_page" Alone {
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" "space" ">";
        Top "home" "(";
        Bottom "end" ")";
        SectionNext "tab" "]";
        SectionPrevious "backtab" "[";
        FoldSection "enter" "o";
        Unfold "right" "l";
        Fold "left" "h";
        Leave "esc" "q";
    }
    /// A page over the panes: help, a problem.
    Reader "reader" Alone {
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" "space" ">";
        Top "home" "(";
        Bottom "end" ")";
        Leave "esc" "q";
    }
    /// A yes-or-no question.
    Confirm "confirm" Alone {
        Accept "y";
        Up "k" "up";
        Down "j" "down";
        Leave "esc" "n";
    }
    /// The question on quitting while takes are in flight.
    Quitting "quitting" Alone {
        QuitNow "q" "enter";
        QuitWhenDone "w";
        Leave "esc" "n";
    }
    Reconcile "reconcile" Alone {
        Import "a" "enter";
        ImportAll "A";
        CheckAgain "c";
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" ">";
        Top "home" "(";
        Bottom "end" ")";
        Leave "esc" "q";
    }
    /// What takes cost, by day, reel, sweep or model.
    Numbers "numbers" Alone {
        Right "tab" "right" "l";
        Left "backtab" "left" "h";
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" "space" ">";
        Top "home" "(";
        Bottom "end" ")";
        Leave "esc" "q" "$";
    }
    /// The caps.
    Caps "caps" Alone {
        Accept "enter";
        CapOfSettings "D" "delete";
        Up "k" "up";
        Down "j" "down";
        Top "home" "(";
        Bottom "end" ")";
        Leave "esc" "q";
    }
    /// The columns of the log.
    Columns "columns" Alone {
        Accept "enter" "space";
        MoveUp "K";
        MoveDown "J";
        ColumnsOfSettings "D" "delete";
        Up "k" "up";
        Down "j" "down";
        Top "home" "(";
        Bottom "end" ")";
        Leave "esc" "q" "|";
    }
    /// The question about takes on hold.
    OnHold "on_hold" Alone {
        ReleaseOnHold "y";
        Up "k" "up";
        Down "j" "down";
        CancelOnHold "x";
        ChangeOnHold "c";
        Leave "esc" "n";
    }
    Palette "palette" Text {
        Up "up" "ctrl-p";
        Down "down" "ctrl-n";
        PageUp "pageup";
        PageDown "pagedown";
        Accept "enter";
        Leave "esc";
    }
    /// The list of seeds, or what to vary.
    Planner "planner" Text {
        Up "up" "ctrl-p";
        Down "down" "ctrl-n";
        PageUp "pageup";
        PageDown "pagedown";
        Accept "enter";
        Leave "esc";
    }
    /// A line of text: a value, a note, a filter.
    Field "field" Text {
        Complete "tab";
        CompleteBack "backtab";
        Accept "enter";
        Leave "esc";
    }
    /// A list to choose from.
    Menu "menu" Alone {
        Up "k" "up";
        Down "j" "down";
        PageUp "pageup" "<";
        PageDown "pagedown" ">";
        Top "home" "(";
        Bottom "end" ")";
        Accept "enter" "space";
        Leave "esc" "q";
    }
    /// The boundaries of the shots.
    Timeline "timeline" Alone {
        BorderEarlier "left" "h";
        BorderLater "right" "l";
        Up "k" "up" "backtab";
        Down "j" "down" "tab";
        Top "home" "(";
        Bottom "end" ")";
        Undo "U" "u";
        Leave "esc" "enter" "q" "t";
    }
}
