//! The work that reading takes, and what must hold for every text.

use proptest::prelude::*;

use super::*;

/// Most looks at a character of the text, whatever it holds. What the reader does at one place is bounded, so
/// this is a constant; 65 is the most that was measured.
const MAX_LOOKS: u64 = 200;

fn looks_each(text: &str) -> u64 {
    read_counted(text).1 / text.len().max(1) as u64
}

#[test]
fn a_megabyte_of_anything_costs_a_bounded_number_of_looks_a_byte() {
    let pieces = [
        " ",
        "0",
        "9:",
        "0-",
        "0-1s",
        "0-1s:",
        "(0-1s)",
        "(0-1s) ",
        "[",
        "]",
        "【",
        "】",
        "】0-1s",
        "[]0-1s",
        "[[x]",
        "\\n",
        "\n",
        "-",
        "—",
        "*",
        "|",
        "| 1 ",
        "| x",
        "Shot ",
        "Shot 1",
        "Shot 1 ",
        "Shot 1:",
        "Shot 1 | 0-1s | ",
        "Shot 1 (",
        "s",
        "镜头1",
        "镜头1（0-1秒）",
        "@",
        "@图片1-6",
        "images 1, 2 and 3, ",
        "image 1 ",
        "reference image ",
        "__",
        "0-__s",
        "00: 00 - 00: 01 ",
        "at the 2-second mark ",
        "T00:00",
        "0.1-0.2s (a) ",
        "title (0-1s) ",
        "△ 【空】",
        "\u{1f3ac}0-1s: ",
        "a\u{301}",
        "at ",
        "Seconds ",
        "at at 0-1s ",
        "x (0-1s), y ",
        "x (0-1s) 1.",
        "(((((((0-1s)))))))",
        "Shot 1 - - - - - 0-1s",
        "12345678.12.34:56",
    ];
    for piece in pieces {
        let text = piece.repeat(1_000_000 / piece.len());
        let looks = looks_each(&text);
        println!("{looks:>5} {piece:?}");
        assert!(looks <= MAX_LOOKS, "{looks} looks a byte at {piece:?}");
    }
}

/// What must hold for every text.
fn check(text: &str) -> Result<(), TestCaseError> {
    let (script, looks) = read_counted(text);
    prop_assert!(looks <= MAX_LOOKS * (text.len() as u64 + 40));
    for shot in &script.shots {
        prop_assert!(text.get(shot.text.clone()).is_some(), "{:?}", shot.text);
        prop_assert!(text.get(shot.heading.clone()).is_some(), "{:?}", shot.heading);
        for stamp in shot.written.stamps() {
            let written = text.get(stamp.at.clone());
            let again = stamp.form.write(stamp.ms);
            prop_assert_eq!(written, Some(again.as_str()));
        }
    }
    prop_assert!(
        script
            .shots
            .windows(2)
            .all(|two| two[0].heading.end <= two[1].heading.start)
    );
    prop_assert!(
        script
            .references
            .windows(2)
            .all(|two| two[0].at.end <= two[1].at.start)
    );
    prop_assert!(
        script
            .references
            .iter()
            .all(|citation| text.get(citation.at.clone()).is_some())
    );
    for (shot, start, end) in script.spread(10_000) {
        prop_assert!(start <= end);
        let earlier = script.continues_from().unwrap_or(0);
        prop_assert!(
            shot.start
                .is_none_or(|written| written == start || written == start + earlier)
        );
    }
    for length in crate::model::Model::default().durations.iter().copied() {
        let _ = script.fit(length);
    }
    prop_assert_eq!(&script, &read(text));
    Ok(())
}

/// Pieces that headings and references are made of, whole and broken.
const FRAGMENTS: [&str; 72] = [
    "Shot",
    "shot ",
    "SCENE",
    "Cut",
    "Beat",
    "PANEL",
    "镜头",
    "分镜",
    "镜号",
    "【",
    "】",
    "[",
    "]",
    "(",
    ")",
    "（",
    "）",
    "<",
    ">",
    "0",
    "1",
    "2",
    "03",
    "5.5",
    "12",
    "99999",
    "1234567",
    ":",
    "：",
    "00:05",
    "0:60",
    "00: 03",
    "-",
    "–",
    "—",
    "~",
    "至",
    " to ",
    "s",
    "秒",
    " seconds",
    "SEC",
    " ",
    "  ",
    "\n",
    "\r\n",
    "\\n",
    "\n\n",
    "|",
    "·",
    "**",
    "###",
    "- ",
    "1. ",
    ".",
    "。",
    ",",
    "，",
    "；",
    "At ",
    "At the 2-second mark",
    "T00:0",
    "__",
    "Duration ",
    "Title",
    "a kite lifts",
    "@",
    "image",
    "图片",
    "Image_",
    "△",
    "\u{301}",
];

fn mix() -> impl Strategy<Value = String> {
    let fragment = prop_oneof![
        6 => prop::sample::select(FRAGMENTS.to_vec()).prop_map(str::to_owned),
        1 => any::<char>().prop_map(String::from),
    ];
    prop::collection::vec(fragment, 0..60).prop_map(|parts| parts.concat())
}

#[test]
fn headings_in_brackets_that_never_close_stay_apart() {
    check("[At the 2-second mark镜头镜头【T00:00]").unwrap();
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(1000))]

    #[test]
    fn any_text_is_read(text in any::<String>()) {
        check(&text)?;
    }

    #[test]
    fn any_mix_of_fragments_is_read(text in mix()) {
        check(&text)?;
    }

    /// Times in a plain script come back as they went in.
    #[test]
    fn a_plain_script_reads_back(lengths in prop::collection::vec(1..40_u32, 1..12)) {
        let mut text = String::new();
        let mut expected = Vec::new();
        let mut at = 0;
        for (n, length) in lengths.iter().enumerate() {
            let (start, end) = (at * 100, (at + length) * 100);
            let form = TimeFormat::Seconds {
                width: 1,
                decimals: 1,
                comma: false,
            };
            text += &format!("Shot {} ({}-{}s): a kite\n", n + 1, form.write(start), form.write(end));
            expected.push((u32::try_from(n).unwrap() + 1, Some(start), Some(end)));
            at += length;
        }
        let read: Vec<_> = read(&text).shots.iter().map(|s| (s.number, s.start, s.end)).collect();
        prop_assert_eq!(read, expected);
    }
}
