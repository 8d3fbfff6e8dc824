//! Times are kept with their place and form, so that other times can replace them.

use rushes::script::{TimeFormat, read};

/// The text with every time of every shot replaced by `change` of it, in the author's own form.
fn retimed(text: &str, change: impl Fn(u32) -> u32) -> String {
    let script = read(text);
    let mut stamps: Vec<_> = script
        .shots
        .iter()
        .flat_map(|shot| shot.written.stamps())
        .collect();
    stamps.sort_by_key(|stamp| stamp.at.start);
    let mut written = String::new();
    let mut last = 0;
    for stamp in stamps {
        written += &text[last..stamp.at.start];
        written += &stamp.form.write(change(stamp.ms));
        last = stamp.at.end;
    }
    written + &text[last..]
}

#[test]
fn the_same_times_give_the_same_bytes() {
    for text in [
        "Shot 1 | 0s–1s\nx\nShot 2 | 1s–12.50s\ny",
        "[00:00-00:01.5] Shot 1: a\n[00:01.5-00:03.000] Shot 2: b",
        "[00-05s] Shot 1: a\n[05-10s] Shot 2: b",
        "00: 02 – 00 : 04 | a",
        "0：00-0：02：甲",
        "Shot 1 | 00:00-00:05 | Duration 5s | Reference <Video 1>",
        "Shot 1 (5s): a. Shot 2 (2.50s): b",
        "At the 2-second mark a wave hits",
    ] {
        assert!(!read(text).shots.is_empty(), "{text}");
        assert_eq!(retimed(text, |ms| ms), text);
    }
}

#[test]
fn new_times_keep_the_authors_form() {
    let half = |ms| ms / 2;
    assert_eq!(
        retimed(
            "[00:00 – 00:10 | WIDE] lake, 10s\n[00:10 – 00:15 | OTS] kite",
            half
        ),
        "[00:00 – 00:05 | WIDE] lake, 10s\n[00:05 – 00:07.5 | OTS] kite"
    );
    assert_eq!(retimed("[00-05s] Shot 1: a", half), "[00-02.5s] Shot 1: a");
    assert_eq!(retimed("镜头1（0-4秒）：风筝", half), "镜头1（0-2秒）：风筝");
    assert_eq!(retimed("0:58-1:04: a", |ms| ms + 3000), "1:01-1:07: a");
    assert_eq!(
        retimed("Shot 1 | 00:05-00:10 | Duration 5s", |ms| ms * 2),
        "Shot 1 | 00:10-00:20 | Duration 10s"
    );
}

#[test]
fn decimals_are_added_only_where_needed() {
    let form = TimeFormat::Seconds {
        width: 1,
        decimals: 0,
        comma: false,
    };
    assert_eq!(
        [0, 999, 1000, 1250, 61_100].map(|ms| form.write(ms)),
        ["0", "0.999", "1", "1.25", "61.1"]
    );
    let form = TimeFormat::Seconds {
        width: 2,
        decimals: 2,
        comma: false,
    };
    assert_eq!(
        [0, 3500, 12_345].map(|ms| form.write(ms)),
        ["00.00", "03.50", "12.345"]
    );
}
