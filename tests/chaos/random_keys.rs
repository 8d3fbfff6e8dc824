//! Random phrases of keys, each from a state without overlays. Typed text uses only letters that are no commands, so
//! that a misplaced key cannot buy or decide anything.

/// Closes what is open. Twice, because a question may lie over a text that is being edited.
pub const LEAVE: [&str; 2] = ["\x1b", "\x1b"];
pub const REDRAW: &str = "\x0c";

/// Asks for one take; the yes is for a question, if there is one.
pub const GENERATE: [&str; 2] = ["g", "y"];

/// Keys that ask for a take. How often they were pressed is counted.
const ASK: [&[&str]; 4] = [
    &GENERATE,
    &["3", "g", "y"],
    &["4", "j", "r", "y"],
    &["s", "7", "\r"],
];

/// Keys that ask for nothing.
const PLAY: [&[&str]; 33] = [
    &["\t"],
    &["\t", "\t", "\x1b[Z"],
    &["2", "j", "j", "k"],
    &["3", "j", "J", "K"],
    &["4", "j", "j", "k", "\x1b[6~"],
    &["5", "j"],
    &["z"],
    &["z", "4", "z"],
    &["?", "j", "j", "q"],
    &["?", "\x1b[6~"],
    &[":", "wall"],
    &[":", "gen", "\x1b[A", "\x1b[B"],
    &["f"],
    &["f", "j", "\r"],
    &["t"],
    &["t", "j", "k"],
    &["N", "2"],
    &["B"],
    &["B", "j", "j"],
    &["/", "wall", "\r"],
    &["/", "state:saved", "\r"],
    &["/", "\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08\x08", "\r"],
    &["s", "7"],
    &["U"],
    &["Y"],
    &["F"],
    &["e"],
    &["M"],
    &["c"],
    &["G"],
    &["H", "y"],
    &["4", "*", "j", "-", "n", "a dam", "\r"],
    &["3", " ", "x"],
];

/// Quits, and confirms it if asked.
const QUIT: &[&str] = &["q", "q"];

const WORDS: [&str; 8] = [
    "a wall",
    " a lamb",
    " mad",
    " a ball\r",
    " dwalm",
    " hall, ",
    " a dam.",
    " mamba",
];

/// A phrase, and whether it asks for a take.
pub fn phrase(random: &mut fastrand::Rng, may_ask: bool) -> (Vec<String>, bool) {
    let owned = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect::<Vec<_>>();
    match random.u32(..100) {
        0..12 if may_ask => (owned(ASK[random.usize(..ASK.len())]), true),
        12..35 => {
            let mut typed = vec!["i".to_owned()];
            for _ in 0..random.usize(1..6) {
                typed.extend(WORDS[random.usize(..WORDS.len())].chars().map(String::from));
            }
            (typed, false)
        }
        35..37 => (owned(QUIT), false),
        37..42 => (vec![REDRAW.to_owned()], false),
        _ => (owned(PLAY[random.usize(..PLAY.len())]), false),
    }
}
