//! The settings file that documents itself.

/// A settings file with every setting at its default, all commented out. Lines of prose begin with `##`:
/// taking one `#` off every line gives a file that parses.
pub const DOCUMENTED_DEFAULT: &str = r#"## Settings of rushes. Every line is commented out and shows the default:
## remove the # in front of a setting and change it.

## The look: a theme of `rushes themes`, or a file in the themes folder beside this one.
#theme = "ansi"
## Colours: auto, never, 16, 256 or truecolor.
#color = "auto"
## Movement: full (timers tick every second), reduced (every 5 s) or off (every 30 s, and takes are not played).
#motion = "full"
## Characters to draw with: auto (by the locale), unicode or ascii.
#glyphs = "auto"
## Take the mouse. While it is taken, the terminal selects text only with Shift held.
#mouse = false
## Select the next take without a verdict after each verdict on one.
#advance = false
## Ring the terminal's bell when takes have ended: auto (unless the window is known to have the focus), always or
## never. `rushes gen` rings at its end, where standard error is a terminal.
#notify = "auto"

## The most takes that are sent or rendered at a time.
#in_flight = 4
## The most that may be spent a day, in US dollars, or "none". Takes beyond it are not sent. Settings about money are
## read again before each take; while they cannot be read, no live take is sent.
#cap_per_day = 10.00
## The same for what one run of rushes sends, for all that is ever sent for a reel, and for what one action makes.
#cap_per_session = "none"
#cap_per_reel = "none"
#cap_per_sweep = "none"

## How often a take that the provider failed to render is repeated automatically, as a new take: 0 to 3. Never one
## refused for its content. The worst case is counted against the cap before anything starts.
#repeat_failed = 0

## A command that prints the key, when SEGMIND_API_KEY is not set. Without it the file `key` beside this one
## is read, which must be mode 0600.
#key_command = "pass show segmind"

## When the provider's catalogue is read, which says what its models offer today: daily (at most once a day, when the workbench
## is live; no key is sent) or never. `rushes models --refresh` reads it at any time.
#catalogue = "daily"

## How videos are named. The fields are {reel}, {n} (the take's number, which is needed), {seed}, {res}, {dur}, {model},
## {sweep}, {revision} and {date}. A reel may have a pattern of its own: `rushes reels names NAME PATTERN`.
#file_names = "{reel}-{n}-s{seed}-{res}-{dur}s"
## How fast the sandbox renders: 1.0 is about 6 s for a 480p take, 2.0 is half of that.
#sandbox_speed = 1.0

## Where the API is. http is for this machine only.
#[api]
#gateway = "https://api.segmind.com"
#uploads = "https://workflows-api.segmind.com"
#history = "https://api.spotprod.segmind.com"

## How long to wait, in seconds: for a connection, between two bytes of a response, for a whole call.
#[timeouts]
#connect_s = 10
#read_s = 60
#overall_s = 900

## Pictures of takes. They are drawn with auto (in pixels where the terminal is known to show them, else in character cells, as
## finely as it is likely to show), kitty, iterm or sixel (always in pixels, with the graphics of that name, also over SSH and
## inside tmux), cells (never in pixels), sextant, quadrant, half, ascii, or off. Playing is always in cells and sends at most so
## many bytes a second: over a thin line it shows fewer pictures, then fewer colours, then only what changes most. Small pictures
## are kept in the cache folder, up to this many megabytes; with 0 they are made each time.
#[pictures]
#mode = "auto"
#bytes_per_second = 60000
#cache_mb = 200

## The columns of the log besides number, seed, size, state and verdict, from left to right: value, cost, time, note, revision,
## words (the first that differ from the revision before), sweep, model, sent and file. Where there is too little room, those
## that matter least are left out.
#[log]
#columns = ["value", "cost", "time", "note", "revision", "words", "sweep", "sent", "file"]

## Rules of the script's checks to switch off, by the names that `rushes lint --rules` lists: ["gap"].
#[lint]
#off = []

## What a million tokens cost, in US dollars, and the day on which that was the price. Prices change: put yours here. It counts for
## every resolution of the model; prices by resolution or by the second belong into models.toml. A price of 0 counts as unknown.
#[prices."seedance-2.0-fast"]
#usd_per_million_tokens = 2.80
#as_of = 2026-09-22

#[prices."seedance-2.0-mini"]
#usd_per_million_tokens = 1.75
#as_of = 2026-09-12
"#;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::file_pattern::FIELDS;

    #[test]
    fn the_comment_about_names_explains_every_field() {
        for field in FIELDS {
            let explained = field.explained();
            assert!(DOCUMENTED_DEFAULT.contains(&explained), "{explained}");
        }
    }
}
