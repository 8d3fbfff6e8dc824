//! Sloppy writing whose meaning is still clear.

use crate::shown;

#[test]
fn literal_line_breaks_of_a_paste_from_json() {
    let text = r"An old film.\n0-3 seconds: reeds\n3-6 seconds: a heron\nShot notes";
    assert_eq!(
        shown(text),
        ["1 [] 0..3000 | reeds", r"2 [] 3000..6000 | a heron\nShot notes"]
    );
}

#[test]
fn units_on_one_side_on_both_or_in_front() {
    let first = ["1 [] 0..3000 | reeds"];
    for text in [
        "0s-3: reeds",
        "0-3s: reeds",
        "0 sec - 3 secs: reeds",
        "0 second to 3 second: reeds",
        "0秒至3秒：reeds",
        "0到3秒钟：reeds",
        "Seconds 0-3: reeds",
        "From 0 to 3 seconds, reeds",
        "00.0s ~ 03.0s: reeds",
        "0s~3s: reeds",
        "0s～3s：reeds",
        "0s − 3s: reeds",
        "0s—3s: reeds",
        "Time: 0-3s: reeds",
        "- 0-3s: reeds",
        "* **0-3s:** reeds",
        "> 0-3s | reeds",
        "1. 0-3s: reeds",
        "1) [0-3s] reeds",
        "🎬 0-3s: reeds",
        "【0-3秒】reeds",
        "（0-3s）：reeds",
    ] {
        let shots: Vec<String> = shown(text)
            .iter()
            .map(|shot| shot.replace("[reeds]", "[]"))
            .collect();
        assert_eq!(shots, first, "{text}");
    }
}

#[test]
fn a_time_after_its_clause_belongs_to_it() {
    let text = "The reeds bend (0–3s) in the wind. A heron lands (3–7s), then waits. At (7–9s), it flies.";
    assert_eq!(
        shown(text),
        [
            "1 [] 0..3000 | The reeds bend (0–3s) in the wind.",
            "2 [] 3000..7000 | A heron lands (3–7s), then waits.",
            "3 [] 7000..9000 | it flies.",
        ]
    );
    let text = "Shot 1: reeds bend (0-3s). Shot 2: a heron lands (3-6s).";
    assert_eq!(
        shown(text),
        [
            "1 [] 0..3000 | reeds bend (0-3s).",
            "2 [] 3000..6000 | a heron lands (3-6s)."
        ]
    );
}

#[test]
fn a_time_on_the_line_below_its_label() {
    let text = "**Shot 1**\nTime: 0–3s\nreeds\n**Shot 2**\nTime: 3–6s\na heron";
    assert_eq!(shown(text), ["1 [] 0..3000 | reeds", "2 [] 3000..6000 | a heron"]);
}

#[test]
fn a_table_of_shots() {
    let text = "| # | time | size | picture |\n|---|---|---|---|\n| 1 | 0-3s | wide | reeds |\n| 2 | 3-6s | close | a heron |";
    assert_eq!(
        shown(text),
        ["1 [wide] 0..3000 | reeds", "2 [close] 3000..6000 | a heron"]
    );
}

#[test]
fn titles_inside_the_bracket() {
    assert_eq!(shown("[0-3s - Wide] reeds"), ["1 [Wide] 0..3000 | reeds"]);
    assert_eq!(shown("Shot 1 (Wide, 0-3s): reeds"), ["1 [Wide] 0..3000 | reeds"]);
    assert_eq!(shown("Shot 1 (0-3s, wide): reeds"), ["1 [wide] 0..3000 | reeds"]);
    assert_eq!(shown("【0-3秒：全景】芦苇"), ["1 [全景] 0..3000 | 芦苇"]);
}

#[test]
fn words_after_the_last_single_line_shot_belong_to_none() {
    let text = "(0-2s) reeds\n(2-4s) a heron\n\nAll in ink.";
    assert_eq!(shown(text), ["1 [] 0..2000 | reeds", "2 [] 2000..4000 | a heron"]);
    let text = "Shot 1 (0-2s):\nReeds.\n\nThey bend.\n\nShot 2 (2-4s):\nA heron.\n\nIt waits.";
    assert_eq!(shown(text)[1], "2 [] 2000..4000 | A heron.\n\nIt waits.");
}

#[test]
fn windows_line_ends() {
    assert_eq!(
        shown("Shot 1 | 0s-2s\r\nReeds.\r\nShot 2 | 2s-4s\r\nA heron.\r\n"),
        ["1 [] 0..2000 | Reeds.", "2 [] 2000..4000 | A heron."]
    );
}
