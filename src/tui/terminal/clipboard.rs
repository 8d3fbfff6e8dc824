//! Copies text to the user's clipboard, by a tool or by the terminal.

use std::io::Write;
use std::process::{Child, Stdio};
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use crate::model::child;

/// The longest wait for a clipboard tool.
const PATIENCE: Duration = Duration::from_secs(2);

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sent {
    /// A tool took the text.
    Taken,
    /// This escape sequence asks the terminal to take it.
    ByTerminal(String),
}

pub trait Clipboard: Send + Sync + 'static {
    /// Sends `text` to the clipboard. May block.
    fn send(&self, text: &str) -> Sent;
}

/// The command line of a program that reads the text from its standard input.
type Tool = &'static [&'static str];

const TMUX: Tool = &["tmux", "load-buffer", "-w", "-"];
const WAYLAND: Tool = &["wl-copy"];
const X11: [Tool; 2] = [
    &["xclip", "-selection", "clipboard", "-in"],
    &["xsel", "--clipboard", "--input"],
];
const MAC: Tool = &["pbcopy"];

/// The user's clipboard, by way of tmux, a tool of the desktop or the terminal (OSC 52).
#[derive(Debug, Clone)]
pub struct SystemClipboard {
    tools: Vec<Tool>,
}

impl SystemClipboard {
    /// The tools that the environment suggests.
    pub fn of(env: &dyn Fn(&str) -> Option<String>) -> Self {
        let set = |name: &str| env(name).is_some_and(|value| !value.is_empty());
        let mut tools = Vec::new();
        if set("TMUX") {
            tools.push(TMUX);
        } else if !set("SSH_CONNECTION") && !set("SSH_TTY") {
            // Over SSH a tool would fill the clipboard of the wrong machine.
            if set("WAYLAND_DISPLAY") {
                tools.push(WAYLAND);
            }
            if set("DISPLAY") {
                tools.extend(X11);
            }
            if cfg!(target_os = "macos") {
                tools.push(MAC);
            }
        }
        Self { tools }
    }
}

impl Clipboard for SystemClipboard {
    fn send(&self, text: &str) -> Sent {
        if self.tools.iter().any(|tool| run(tool, text)) {
            return Sent::Taken;
        }
        Sent::ByTerminal(osc52(text))
    }
}

/// The escape sequence that copies `text`.
pub fn osc52(text: &str) -> String {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text))
}

fn run(tool: &[&str], text: &str) -> bool {
    let Some((program, arguments)) = tool.split_first() else {
        return false;
    };
    let started = child::command(program)
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = started else { return false };
    let written = child
        .stdin
        .take()
        .is_some_and(|mut input| input.write_all(text.as_bytes()).is_ok());
    written && ends_well(&mut child)
}

#[expect(
    clippy::disallowed_methods,
    reason = "a child's end has no other signal on a blocking thread"
)]
fn ends_well(child: &mut Child) -> bool {
    let until = Instant::now() + PATIENCE;
    loop {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) if Instant::now() < until => std::thread::sleep(Duration::from_millis(10)),
            _ => {
                let _ = child.kill();
                let _ = child.wait();
                return false;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tools(set: &[&str]) -> Vec<Tool> {
        SystemClipboard::of(&|name| set.contains(&name).then(|| "x".to_owned())).tools
    }

    #[test]
    fn the_way_follows_the_surroundings() {
        assert_eq!(tools(&["TMUX", "SSH_TTY", "DISPLAY"]), [TMUX]);
        assert_eq!(tools(&["SSH_CONNECTION", "DISPLAY"]), [] as [Tool; 0]);
        assert_eq!(tools(&["WAYLAND_DISPLAY", "DISPLAY"])[0], WAYLAND);
    }

    #[test]
    fn without_a_tool_the_terminal_is_asked() {
        let clipboard = SystemClipboard {
            tools: vec![&["/no/such/tool"]],
        };
        assert_eq!(
            clipboard.send("a\x1b"),
            Sent::ByTerminal("\x1b]52;c;YRs=\x07".into())
        );
    }

    #[test]
    fn a_tool_that_takes_it_is_enough_and_one_that_fails_is_not() {
        assert_eq!(
            SystemClipboard {
                tools: vec![&["false"], &["cat"]]
            }
            .send("a"),
            Sent::Taken
        );
        assert!(matches!(
            SystemClipboard {
                tools: vec![&["false"]]
            }
            .send("a"),
            Sent::ByTerminal(_)
        ));
    }
}
