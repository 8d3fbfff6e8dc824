//! At least one script for each of the 63 grammars.

use crate::shown;

/// The grammar's number, a script, its shots.
type Row = (u8, &'static str, &'static [&'static str]);

const LABELLED: &[Row] = &[
    (
        1,
        "Rain on glass.\nShot 1 | 0s–1s\nA cat wakes.\nShot 2 | 1s–3s\nIt stretches.",
        &["1 [] 0..1000 | A cat wakes.", "2 [] 1000..3000 | It stretches."],
    ),
    (
        2,
        "Shot 1 [00:00-00:05] - Ferry: grey water\nShot 2 [00:05-00:09] - Quay: ropes fly",
        &[
            "1 [Ferry] 0..5000 | grey water",
            "2 [Quay] 5000..9000 | ropes fly",
        ],
    ),
    (
        3,
        "[00:00-00:05] Shot 1: Low tide\nBoats lean in the mud.\n[00:05-00:08] Shot 2: Flood\nThey lift.",
        &[
            "1 [Low tide] 0..5000 | Boats lean in the mud.",
            "2 [Flood] 5000..8000 | They lift.",
        ],
    ),
    (
        4,
        "Oil paint. [00:00-00:05] Shot 1: The bakery. Steam on panes. [00:05-00:10] Shot 2: The street. Bikes pass.",
        &[
            "1 [The bakery] 0..5000 | The bakery. Steam on panes.",
            "2 [The street] 5000..10000 | The street. Bikes pass.",
        ],
    ),
    (
        5,
        "[00:00-00:01.5] Shot 1: Matchbox\nA match flares.\n[00:01.5-00:03] Shot 2: Wick\nIt catches.",
        &[
            "1 [Matchbox] 0..1500 | A match flares.",
            "2 [Wick] 1500..3000 | It catches.",
        ],
    ),
    (
        19,
        "[00-05s] Shot 1: owl\n[05-10s] Shot 2: moon",
        &["1 [owl] 0..5000 | owl", "2 [moon] 5000..10000 | moon"],
    ),
    (
        26,
        "Shot 1 (0–3s): snow falls\nShot 2 (3–6s): it melts",
        &["1 [] 0..3000 | snow falls", "2 [] 3000..6000 | it melts"],
    ),
    (
        27,
        "SHOT 1 (0-3s): snow\nSHOT 2 (3-5s): sun",
        &["1 [] 0..3000 | snow", "2 [] 3000..5000 | sun"],
    ),
    (
        28,
        "A dog runs. Shot 1 [0–2s]: it jumps. Shot 2 [2–4s]: it lands.",
        &["1 [] 0..2000 | it jumps.", "2 [] 2000..4000 | it lands."],
    ),
    (
        29,
        "1. Shot 1 (0-3 seconds): bread rises\n2. Shot 2 (3-8 seconds): it browns",
        &["1 [] 0..3000 | bread rises", "2 [] 3000..8000 | it browns"],
    ),
    (
        30,
        "Shot 01 (0:00-0:02) a drum. Shot 02 (0:02-0:05) a fife.",
        &["1 [] 0..2000 | a drum.", "2 [] 2000..5000 | a fife."],
    ),
    (
        31,
        "SHOT 1 — 0:00 to 0:04\nA tram.\n\nSHOT 2 — 0:04 to 0:09\nIts bell.",
        &["1 [] 0..4000 | A tram.", "2 [] 4000..9000 | Its bell."],
    ),
    (
        32,
        "────────\n\nSCENE 1 — 0:00–0:04\nA tram.\n\n────────\n\nSCENE 2 — 0:04–0:07\nIts bell.",
        &["1 [] 0..4000 | A tram.", "2 [] 4000..7000 | Its bell."],
    ),
    (
        33,
        "Scene 1 (0-4s): a pier\nScene 2 (4-8s): a gull",
        &["1 [] 0..4000 | a pier", "2 [] 4000..8000 | a gull"],
    ),
    (
        34,
        "**Scene 1 (0–3s):** a pier\n\n**Scene 2 (3–6s):** a gull",
        &["1 [] 0..3000 | a pier", "2 [] 3000..6000 | a gull"],
    ),
    (
        35,
        "[Scene 1 | The cellar · 3 seconds]\nDust.\n[Scene 2 | The stair · 4 seconds]\nSteps.",
        &[
            "1 [The cellar] 0..3000 | Dust.",
            "2 [The stair] 3000..7000 | Steps.",
        ],
    ),
    (
        36,
        "Four odd angles.Shot 1, 3 seconds – Wide fields of rape under a white sky, one tractor.Shot 2 , 4 seconds – Low.",
        &[
            "1 [] 0..3000 | Wide fields of rape under a white sky, one tractor.",
            "2 [] 3000..7000 | Low.",
        ],
    ),
    (
        37,
        "Shot 1 (5s): owl\nShot 2 (2.5s): mouse",
        &["1 [] 0..5000 | owl", "2 [] 5000..7500 | mouse"],
    ),
    (
        38,
        "Shot 1 | 00:00-00:05 | Duration 5s | Reference <Video 1>\nOwl.\nShot 2 | 00:05-00:10 | Duration 5s | Reference <Video 2>\nMouse.",
        &["1 [] 0..5000 | Owl.", "2 [] 5000..10000 | Mouse."],
    ),
    (
        39,
        "[Shot 1 | 00:00.000-00:02.000]\nOwl.\n[Shot 2 | 00:02.000-00:04.250]\nMouse.",
        &["1 [] 0..2000 | Owl.", "2 [] 2000..4250 | Mouse."],
    ),
    (
        40,
        "### Shot 1 | 00:00–00:10\nOwl.\n\n### Shot 2 | 00:10–00:15\nMouse.",
        &["1 [] 0..10000 | Owl.", "2 [] 10000..15000 | Mouse."],
    ),
    (
        41,
        "## Shot 1 [00:00-00:03]\nOwl.\n## Shot 2 [00:03-00:06]\nMouse.",
        &["1 [] 0..3000 | Owl.", "2 [] 3000..6000 | Mouse."],
    ),
    (
        42,
        "[Shot 1] At 00:00.000, an owl. [Shot 2] At 00:03.500, a mouse.",
        &["1 [] 0..3500 | an owl.", "2 [] 3500..? | a mouse."],
    ),
    (
        43,
        "[Shot 1] 0.00-6.00s. An owl. [Shot 2] 6.00-9.50s. A mouse.",
        &["1 [] 0..6000 | An owl.", "2 [] 6000..9500 | A mouse."],
    ),
    (
        44,
        "// SHOT 1 [00:00 - 00:07]{\"camera\":\"pan\"}\n// SHOT 2 [00:07 - 00:15]{\"camera\":\"dolly\"}",
        &[
            "1 [] 0..7000 | {\"camera\":\"pan\"}",
            "2 [] 7000..15000 | {\"camera\":\"dolly\"}",
        ],
    ),
    (
        45,
        "Shot 1: an owl. Shot 2: a mouse.",
        &["1 [] ?..? | an owl.", "2 [] ?..? | a mouse."],
    ),
    (
        46,
        "Woodcut. Shot 1: an owl. Scene 2: a mouse. Shot 3: a moon.",
        &[
            "1 [] ?..? | an owl.",
            "2 [] ?..? | a mouse.",
            "3 [] ?..? | a moon.",
        ],
    ),
    (
        47,
        "Cut 1 (0:00-0:02) owl\nCut 2 (0:02-0:05) mouse",
        &["1 [] 0..2000 | owl", "2 [] 2000..5000 | mouse"],
    ),
    (47, "Cut 1 (0-2s): owl", &["1 [] 0..2000 | owl"]),
    (47, "Cut 1 (0.0-__s): owl", &["1 [] 0..? | owl"]),
    (
        48,
        "Beat 1 (0-3s): owl\nBeat 2 (3-4s): mouse",
        &["1 [] 0..3000 | owl", "2 [] 3000..4000 | mouse"],
    ),
    (
        48,
        "Beat 1: Camera: slow pan. Beat 2: Camera: still.",
        &["1 [] ?..? | Camera: slow pan.", "2 [] ?..? | Camera: still."],
    ),
    (
        49,
        "PANEL 1 — THE WELL (00:00–00:10)\nA rope.\nPANEL 2 — DARK (00:10–00:22)\nA splash.",
        &[
            "1 [THE WELL] 0..10000 | A rope.",
            "2 [DARK] 10000..22000 | A splash.",
        ],
    ),
    (
        50,
        "【Duration】 8 seconds 【Plot】 [00:00–00:04] Shot 1: The door: it opens. [00:04–00:08] Shot 2: looks under the bed",
        &[
            "1 [The door] 0..4000 | The door: it opens.",
            "2 [looks under the bed] 4000..8000 | looks under the bed",
        ],
    ),
];

const TIMES_ALONE: &[Row] = &[
    (
        6,
        "Ink wash.\n(0-2s) reeds bend\n(2-4s) a heron",
        &["1 [] 0..2000 | reeds bend", "2 [] 2000..4000 | a heron"],
    ),
    (
        7,
        "0–3s: reeds bend. 3–6s: a heron.",
        &["1 [] 0..3000 | reeds bend.", "2 [] 3000..6000 | a heron."],
    ),
    (
        8,
        "0-3s: Arrival - a cab stops\n3-6s: Hall - she steps in",
        &[
            "1 [Arrival] 0..3000 | a cab stops",
            "2 [Hall] 3000..6000 | she steps in",
        ],
    ),
    (
        9,
        "0–3 s: reeds bend\n3–7 s: a heron",
        &["1 [] 0..3000 | reeds bend", "2 [] 3000..7000 | a heron"],
    ),
    (
        10,
        "0–3s — The reeds\nThey bend.\n3–6s — The heron\nIt waits.",
        &[
            "1 [The reeds] 0..3000 | They bend.",
            "2 [The heron] 3000..6000 | It waits.",
        ],
    ),
    (
        11,
        "0-6 seconds: reeds bend\n6-9 seconds: a heron",
        &["1 [] 0..6000 | reeds bend", "2 [] 6000..9000 | a heron"],
    ),
    (
        12,
        "0–2 SEC: reeds bend\n2–4 SEC: a heron",
        &["1 [] 0..2000 | reeds bend", "2 [] 2000..4000 | a heron"],
    ),
    (
        13,
        "0s-4s: reeds bend\n4s-9s: a heron",
        &["1 [] 0..4000 | reeds bend", "2 [] 4000..9000 | a heron"],
    ),
    (
        14,
        "0s-4.1s: reeds bend\n4.1s-6s: a heron",
        &["1 [] 0..4100 | reeds bend", "2 [] 4100..6000 | a heron"],
    ),
    (
        15,
        "0.8 seconds to 0.9 seconds: (an eye) 0.9 seconds to 1.0 seconds: (a key)",
        &["1 [] 800..900 | (an eye)", "2 [] 900..1000 | (a key)"],
    ),
    (
        16,
        "(0s - 2s) reeds bend\n(2s – 5s) a heron",
        &["1 [] 0..2000 | reeds bend", "2 [] 2000..5000 | a heron"],
    ),
    (
        17,
        "[0s-3s] reeds bend [3s-5s] a heron",
        &["1 [] 0..3000 | reeds bend", "2 [] 3000..5000 | a heron"],
    ),
    (
        18,
        "[0-4 seconds] reeds bend\n[4-8 seconds] a heron",
        &["1 [] 0..4000 | reeds bend", "2 [] 4000..8000 | a heron"],
    ),
    (
        20,
        "0-1: reeds bend\n1-2: a heron",
        &["1 [] 0..1000 | reeds bend", "2 [] 1000..2000 | a heron"],
    ),
    (
        20,
        "0–3：芦苇\n3–5：白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..5000 | 白鹭"],
    ),
    (
        21,
        "0:00–0:02: reeds bend\n0:02–0:05: a heron",
        &["1 [] 0..2000 | reeds bend", "2 [] 2000..5000 | a heron"],
    ),
    (
        22,
        "0:00 - 0:04 [Visual]: reeds bend\n0:04 - 0:08 [Action]: a heron",
        &[
            "1 [Visual] 0..4000 | reeds bend",
            "2 [Action] 4000..8000 | a heron",
        ],
    ),
    (
        23,
        "00:00–00:03 (Reeds · wind)\nThey bend.\n00:03–00:06 (Heron)\nIt waits.",
        &[
            "1 [Reeds · wind] 0..3000 | They bend.",
            "2 [Heron] 3000..6000 | It waits.",
        ],
    ),
    (
        24,
        "00: 00 – 00: 02 | The reeds\nThey bend.\n00: 02 – 00: 04 | The heron\nIt waits.",
        &[
            "1 [The reeds] 0..2000 | They bend.",
            "2 [The heron] 2000..4000 | It waits.",
        ],
    ),
    (
        25,
        "[00:00 – 00:03 | WIDE - STATIC]\nReeds.\n[00:03 – 00:06 | OTS - SLOW PUSH IN]\nA heron.",
        &[
            "1 [WIDE - STATIC] 0..3000 | Reeds.",
            "2 [OTS - SLOW PUSH IN] 3000..6000 | A heron.",
        ],
    ),
    (
        51,
        "── The reeds (0–2s) ──\nThey bend.\n── The heron (2–4s) ──\nIt waits.",
        &[
            "1 [The reeds] 0..2000 | They bend.",
            "2 [The heron] 2000..4000 | It waits.",
        ],
    ),
    (
        52,
        "T00:00 - the whole wide marsh under low clouds, and far off, one single lamp\nT00:04 - a heron",
        &[
            "1 [] 0..4000 | the whole wide marsh under low clouds, and far off, one single lamp",
            "2 [a heron] 4000..? | a heron",
        ],
    ),
    (
        53,
        "A boat rocks. At the 2-second mark a wave hits. At the 5-second mark it is calm.",
        &["1 [] 2000..5000 | a wave hits.", "2 [] 5000..? | it is calm."],
    ),
];

const CHINESE: &[Row] = &[
    (
        54,
        "0-3秒：芦苇\n3-6秒：白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..6000 | 白鹭"],
    ),
    (
        55,
        "0-3 秒：芦苇\n3-6 秒：白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..6000 | 白鹭"],
    ),
    (
        55,
        "0-3秒——开场：芦苇\n3-6秒——转折：白鹭",
        &["1 [开场] 0..3000 | 芦苇", "2 [转折] 3000..6000 | 白鹭"],
    ),
    (
        55,
        "（0-3秒）芦苇（3-6秒）白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..6000 | 白鹭"],
    ),
    (
        55,
        "[0秒–3秒] 芦苇\n[3秒–6秒] 白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..6000 | 白鹭"],
    ),
    (
        56,
        "0.0-3.7秒，镜头从水面升起；3.7-8.2秒，镜头拉远；",
        &["1 [] 0..3700 | 镜头从水面升起；", "2 [] 3700..8200 | 镜头拉远；"],
    ),
    (
        57,
        "0至2秒：芦苇\n2至5秒：白鹭",
        &["1 [] 0..2000 | 芦苇", "2 [] 2000..5000 | 白鹭"],
    ),
    (
        58,
        "水墨。镜头1（0-3秒）：芦苇。镜头2（3-5秒）：白鹭。",
        &["1 [] 0..3000 | 芦苇。", "2 [] 3000..5000 | 白鹭。"],
    ),
    (
        59,
        "镜头1[0-2秒]：芦苇\n镜头2[2-4秒]：白鹭",
        &["1 [] 0..2000 | 芦苇", "2 [] 2000..4000 | 白鹭"],
    ),
    (
        59,
        "镜头1（3秒）——芦苇。\n镜头2（4秒）——白鹭。",
        &["1 [] 0..3000 | 芦苇。", "2 [] 3000..7000 | 白鹭。"],
    ),
    (
        60,
        "[00:00-00:05] 镜头1：芦苇\n[00:05-00:08] 镜头2：白鹭",
        &["1 [芦苇] 0..5000 | 芦苇", "2 [白鹭] 5000..8000 | 白鹭"],
    ),
    (
        61,
        "【分镜1：0-3秒】芦苇\n【分镜2：3-5秒】白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..5000 | 白鹭"],
    ),
    (
        61,
        "分镜1：0-3s\n芦苇\n分镜2：3-5s\n白鹭",
        &["1 [] 0..3000 | 芦苇", "2 [] 3000..5000 | 白鹭"],
    ),
    (
        62,
        "【时间轴】0—3秒芦苇摇动；3—5秒白鹭飞起；",
        &["1 [] 0..3000 | 芦苇摇动；", "2 [] 3000..5000 | 白鹭飞起；"],
    ),
    (
        62,
        "【镜号1】0-3秒\n画面：芦苇\n【镜号2】3-5秒\n画面：白鹭",
        &["1 [] 0..3000 | 画面：芦苇", "2 [] 3000..5000 | 画面：白鹭"],
    ),
    (62, "【台词】[00s-02s] 你好", &["1 [] 0..2000 | 你好"]),
    (
        63,
        "△ 【空镜】芦苇\n△ 白鹭飞起",
        &["1 [空镜] ?..? | 芦苇", "2 [] ?..? | 白鹭飞起"],
    ),
];

fn check(rows: &[Row]) {
    for (grammar, text, expected) in rows {
        assert_eq!(shown(text), *expected, "grammar {grammar}: {text}");
    }
}

#[test]
fn labels_with_times_lengths_marks_or_none() {
    check(LABELLED);
}

#[test]
fn times_alone() {
    check(TIMES_ALONE);
}

#[test]
fn chinese() {
    check(CHINESE);
}

#[test]
fn no_grammar_is_left_out() {
    let all = [LABELLED, TIMES_ALONE, CHINESE].concat();
    let missing: Vec<u8> = (1..=63)
        .filter(|n| all.iter().all(|(grammar, ..)| grammar != n))
        .collect();
    assert_eq!(missing, [0_u8; 0]);
}

/// Every heading stands before its text, and all of it in order.
#[test]
fn places_are_in_order_and_headings_hold_their_times() {
    for (_, text, _) in [LABELLED, TIMES_ALONE, CHINESE].concat() {
        let script = rushes::script::read(text);
        let mut last = 0;
        for shot in &script.shots {
            assert!(
                last <= shot.heading.start && shot.heading.end <= text.len(),
                "{text}"
            );
            for stamp in shot.written.stamps() {
                assert!(
                    shot.heading.start <= stamp.at.start && stamp.at.end <= shot.heading.end,
                    "{text}"
                );
            }
            last = shot.heading.end;
        }
    }
}
