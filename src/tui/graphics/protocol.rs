//! Which protocol for pictures of pixels the terminal is known to have, from the environment alone.
//!
//! The terminal is not asked: of those that draw kitty's pictures not all know its placeholders, and an answer that comes late
//! would be read as keys.

/// How pixels are sent to a terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// The graphics of kitty, placed by its placeholders. (Ghostty has them too.)
    Kitty,
    /// The inline images of iTerm2. (WezTerm has them too.)
    Iterm,
    /// The sixels of DEC. (foot, xterm and others have them.)
    Sixel,
}

impl Protocol {
    pub const fn words(self) -> &'static str {
        match self {
            Self::Kitty => "kitty graphics",
            Self::Iterm => "iTerm2 graphics",
            Self::Sixel => "sixel graphics",
        }
    }
}

/// A protocol, and what encoding for it depends on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Graphics {
    pub protocol: Protocol,
    /// The sequences are wrapped, so that tmux passes them on to the terminal around it.
    pub in_tmux: bool,
    /// Width and height of a cell in pixels.
    pub cell: (u16, u16),
}

/// The size of a cell in pixels, where the terminal does not report it.
const USUAL_CELL: (u16, u16) = (8, 16);
/// A smaller reported cell is taken for a mistake.
const MIN_CELL: (u16, u16) = (4, 6);

impl Graphics {
    /// Encodes for this protocol in cells of this size, or of the usual one where it is not known.
    pub fn new(protocol: Protocol, in_tmux: bool, cell: Option<(u16, u16)>) -> Self {
        Self {
            protocol,
            in_tmux,
            cell: cell.unwrap_or(USUAL_CELL),
        }
    }
}

/// Width and height of a cell in pixels, from those of the terminal in cells and in pixels; `None` where the terminal does not report it.
pub fn cell_size(cells: (u16, u16), pixels: (u16, u16)) -> Option<(u16, u16)> {
    let size = (pixels.0.checked_div(cells.0)?, pixels.1.checked_div(cells.1)?);
    (size.0 >= MIN_CELL.0 && size.1 >= MIN_CELL.1).then_some(size)
}

/// A variable, how its value begins, what the terminal draws, and its name. The first that fits counts: a terminal that was
/// started from another one inherits its variables, except `TERM`.
const KNOWN: [(&str, &str, Protocol, &str); 11] = [
    ("TERM", "xterm-kitty", Protocol::Kitty, "kitty"),
    ("TERM", "xterm-ghostty", Protocol::Kitty, "Ghostty"),
    ("TERM", "foot", Protocol::Sixel, "foot"),
    ("TERM", "contour", Protocol::Sixel, "Contour"),
    ("TERM", "mlterm", Protocol::Sixel, "mlterm"),
    ("TERM_PROGRAM", "ghostty", Protocol::Kitty, "Ghostty"),
    ("TERM_PROGRAM", "WezTerm", Protocol::Iterm, "WezTerm"),
    ("TERM_PROGRAM", "iTerm.app", Protocol::Iterm, "iTerm2"),
    // ssh forwards it.
    ("LC_TERMINAL", "iTerm2", Protocol::Iterm, "iTerm2"),
    ("KITTY_WINDOW_ID", "", Protocol::Kitty, "kitty"),
    ("WEZTERM_PANE", "", Protocol::Iterm, "WezTerm"),
];

/// A variable, how its value begins, and why pictures of pixels are then drawn only when the settings say so.
const HINDRANCES: [(&str, &str, &str); 8] = [
    ("TMUX", "", "inside tmux"),
    ("TERM", "tmux", "inside tmux"),
    ("STY", "", "inside screen"),
    ("TERM", "screen", "inside tmux or screen"),
    ("ZELLIJ", "", "inside Zellij"),
    ("SSH_CONNECTION", "", "over SSH"),
    ("SSH_TTY", "", "over SSH"),
    ("SSH_CLIENT", "", "over SSH"),
];

/// What the environment says about pictures of pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct TerminalGraphics {
    /// What the terminal is known to draw, and its name.
    pub known: Option<(Protocol, &'static str)>,
    /// Why it is not used unless the settings say so: `over SSH`.
    pub hindrance: Option<&'static str>,
    pub in_tmux: bool,
}

impl TerminalGraphics {
    /// `is_ascii`: only ASCII characters may be used.
    pub fn of(env: &dyn Fn(&str) -> Option<String>, is_ascii: bool) -> Self {
        let begins = |name: &str, start: &str| {
            let value = env(name).filter(|value| !value.is_empty());
            value.is_some_and(|value| value.starts_with(start))
        };
        let known = KNOWN.iter().find(|(name, start, ..)| begins(name, start));
        let hindrance = HINDRANCES.iter().find(|(name, start, _)| begins(name, start));
        Self {
            known: known.map(|(.., protocol, terminal)| (*protocol, *terminal)),
            hindrance: hindrance
                .map(|(.., why)| *why)
                .or(is_ascii.then_some("where only ASCII characters are used")),
            in_tmux: begins("TMUX", ""),
        }
    }

    /// What is used unless the settings say otherwise.
    pub fn automatic(&self) -> Option<Protocol> {
        let known = self.known.filter(|_| self.hindrance.is_none());
        known.map(|(protocol, _)| protocol)
    }

    /// Why [`Self::automatic`] says what it says.
    pub fn reason(&self) -> String {
        match (self.known, self.hindrance) {
            (Some((_, name)), None) => format!("this terminal is {name}"),
            (Some((protocol, _)), Some(hindrance)) => {
                format!("{hindrance}, {} only when the settings say so", protocol.words())
            }
            (None, Some(hindrance)) => format!("{hindrance}, pixels only when the settings say so"),
            (None, None) => "this terminal is not known to draw pixels".to_owned(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Environments, what is drawn by itself in them, and why.
    const TABLE: &[(&str, Option<Protocol>, &str)] = &[
        (
            "TERM=xterm-kitty KITTY_WINDOW_ID=1",
            Some(Protocol::Kitty),
            "this terminal is kitty",
        ),
        (
            "TERM=xterm-ghostty",
            Some(Protocol::Kitty),
            "this terminal is Ghostty",
        ),
        (
            "TERM=xterm-256color TERM_PROGRAM=ghostty",
            Some(Protocol::Kitty),
            "this terminal is Ghostty",
        ),
        (
            "TERM=xterm-256color TERM_PROGRAM=WezTerm",
            Some(Protocol::Iterm),
            "this terminal is WezTerm",
        ),
        (
            "TERM=xterm-256color TERM_PROGRAM=iTerm.app",
            Some(Protocol::Iterm),
            "this terminal is iTerm2",
        ),
        ("TERM=foot-extra", Some(Protocol::Sixel), "this terminal is foot"),
        // foot was started from kitty.
        (
            "TERM=foot KITTY_WINDOW_ID=3",
            Some(Protocol::Sixel),
            "this terminal is foot",
        ),
        (
            "TERM=xterm-256color KITTY_WINDOW_ID=3",
            Some(Protocol::Kitty),
            "this terminal is kitty",
        ),
        (
            "TERM=xterm-256color",
            None,
            "this terminal is not known to draw pixels",
        ),
        (
            "TERM=xterm-256color TERM_PROGRAM=vscode",
            None,
            "this terminal is not known to draw pixels",
        ),
        ("TERM=linux", None, "this terminal is not known to draw pixels"),
        ("", None, "this terminal is not known to draw pixels"),
        (
            "TERM=tmux-256color TMUX=/tmp/s,1,0 KITTY_WINDOW_ID=1",
            None,
            "inside tmux, kitty graphics only when the settings say so",
        ),
        (
            "TERM=screen-256color",
            None,
            "inside tmux or screen, pixels only when the settings say so",
        ),
        (
            "TERM=screen STY=1.pts",
            None,
            "inside screen, pixels only when the settings say so",
        ),
        (
            "TERM=xterm-kitty ZELLIJ=0",
            None,
            "inside Zellij, kitty graphics only when the settings say so",
        ),
        (
            "TERM=xterm-kitty SSH_CONNECTION=1",
            None,
            "over SSH, kitty graphics only when the settings say so",
        ),
        (
            "TERM=foot SSH_TTY=/dev/pts/1",
            None,
            "over SSH, sixel graphics only when the settings say so",
        ),
        (
            "TERM=xterm LC_TERMINAL=iTerm2 SSH_TTY=/dev/pts/1",
            None,
            "over SSH, iTerm2 graphics only when the settings say so",
        ),
        // An empty variable is none.
        (
            "TERM=xterm-kitty TMUX= SSH_TTY=",
            Some(Protocol::Kitty),
            "this terminal is kitty",
        ),
    ];

    #[test]
    fn what_is_used_by_itself_and_why() {
        for (environment, protocol, why) in TABLE {
            let env = |name: &str| {
                let mut pairs = environment
                    .split_whitespace()
                    .filter_map(|pair| pair.split_once('='));
                pairs
                    .find(|(key, _)| *key == name)
                    .map(|(_, value)| value.to_owned())
            };
            let found = TerminalGraphics::of(&env, false);
            assert_eq!(
                (found.automatic(), found.reason().as_str()),
                (*protocol, *why),
                "{environment}"
            );
            assert_eq!(found.in_tmux, environment.contains("TMUX=/"), "{environment}");
            assert_eq!(
                TerminalGraphics::of(&env, true).automatic(),
                None,
                "{environment}"
            );
        }
    }

    #[test]
    fn a_size_that_no_cell_has_is_not_believed() {
        let of = |columns, rows, width, height| cell_size((columns, rows), (width, height));
        assert_eq!(of(80, 24, 800, 480), Some((10, 20)));
        assert_eq!(of(80, 24, 0, 0), None);
        assert_eq!(of(80, 24, 80, 24), None);
        assert_eq!(of(0, 0, 800, 480), None);
    }
}
