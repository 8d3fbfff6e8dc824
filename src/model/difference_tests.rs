//! Differences of prompts by word, and of forms by parameter.

use proptest::prelude::*;

use super::*;

/// The spans as one line: `[-removed-]{+added+}`.
fn drawn(spans: &[Span]) -> String {
    let draw = |span: &Span| match span.change {
        Change::Equal => span.text.to_string(),
        Change::Removed => format!("[-{}-]", span.text),
        Change::Added => format!("{{+{}+}}", span.text),
    };
    spans.iter().map(draw).collect()
}

#[test]
fn prompts_differ_by_words_and_phrases() {
    for (old, new, wanted) in [
        ("A red coat.", "A blue coat.", "A [-red-]{+blue+} coat."),
        ("A red coat.", "A blue hat.", "A [-red coat-]{+blue hat+}."),
        ("A coat.", "A long coat.", "A {+long +}coat."),
        (
            "She can't stop.",
            "She won't stop.",
            "She [-can't-]{+won't+} stop.",
        ),
        ("红色的风筝升起", "蓝色的风筝升起", "[-红-]{+蓝+}色的风筝升起"),
        ("カメラが動く", "カメロが動く", "カメ[-ラ-]{+ロ+}が動く"),
        ("same", "same", "same"),
        ("", "new", "{+new+}"),
        ("old", "", "[-old-]"),
        ("", "", ""),
    ] {
        assert_eq!(drawn(&prompts(old, new)), wanted);
    }
}

#[test]
fn long_equal_stretches_are_shortened_around_changes() {
    let old = "One two three four five six red seven eight nine ten eleven twelve thirteen blue end.";
    let new = old.replace("red", "black").replace("blue", "white");
    let spans = prompts(old, &new);
    assert_eq!(
        drawn(&shortened(&spans, 2, "…")),
        "… five six [-red-]{+black+} seven eight … twelve thirteen [-blue-]{+white+} end."
    );
    assert_eq!(
        drawn(&shortened(&prompts(old, old), 3, "...")),
        "One two three ..."
    );
    assert_eq!(shortened(&spans, 99, "…"), spans);
    assert_eq!(
        drawn(&shortened(&prompts("一二三四五六七", "一二三四五六八"), 2, "…")),
        "… 五六[-七-]{+八+}"
    );
}

#[test]
fn a_row_shows_the_first_differing_words() {
    let first = |old: &str, new: &str| first_difference_words(old, new, 20);
    assert_eq!(first("A red coat at night", "A blue coat at night"), "blue");
    assert_eq!(first("A red coat at night", "A blue coat at noon"), "blue … noon");
    assert_eq!(first("A red\ncoat", "A coat"), "without red");
    assert_eq!(first("A coat", "A coat"), "");
    assert_eq!(first("A  coat", "A coat"), "other spaces");
    assert_eq!(first("", "Seventeen\nlong kites fly"), "Seventeen long kite…");
    assert_eq!(first_difference_words("a", "b", 0), "");
}

#[test]
fn forms_differ_by_parameters_references_and_seeds() {
    let old = Form {
        prompt: "kite".into(),
        images: ["a.png", "b.png", "c.png"].map(Into::into).to_vec(),
        seeds: "7,8".into(),
        ..Form::default()
    };
    let mut new = Form {
        seeds: " 7 8 ".into(),
        ..old.clone()
    };
    assert_eq!(Differences::of_forms(&old, &new), Differences::default());
    assert!(Differences::of_forms(&old, &new).is_empty());
    new.generate_audio = false;
    new.resolution = crate::model::Resolution::P720;
    new.images = ["b.png", "d.png", "e.png"].map(Into::into).to_vec();
    new.first_frame = "f.png".into();
    let found = Differences::of_forms(&old, &new);
    let values: Vec<_> = found
        .parameters
        .iter()
        .map(|c| (c.label, c.old.as_str(), c.new.as_str()))
        .collect();
    assert_eq!(values, [("Resolution", "480p", "720p"), ("Audio", "on", "off")]);
    let references: Vec<_> = found
        .references
        .iter()
        .map(|c| (c.label.as_str(), c.old.as_deref(), c.new.as_deref()))
        .collect();
    assert_eq!(
        references,
        [
            ("First frame", None, Some("f.png")),
            ("Images 1", Some("a.png"), None),
            ("Images 2", Some("c.png"), Some("d.png")),
            ("Images 3", None, Some("e.png")),
        ]
    );
    assert_eq!(
        (found.changed_things(), found.prompt, found.seed.clone()),
        (2, false, None)
    );
    assert_eq!(
        found.badge().as_deref(),
        Some("2 things changed: parameters and references")
    );
}

#[test]
fn texts_with_nothing_in_common_are_compared_in_time() {
    let mut random = fastrand::Rng::with_seed(3);
    let mut text = || {
        (0..20_000)
            .map(|_| format!("{} ", random.u16(0..3000)))
            .collect::<String>()
    };
    let (old, new) = (text(), text());
    let before = std::time::Instant::now();
    assert!(!prompts(&old, &new).is_empty());
    let took = before.elapsed();
    assert!(took.as_secs() < 20, "{took:?}");
}

proptest! {
    #[test]
    fn spans_give_both_texts_back(
        old in "([ab]| |\\n|镜|カ|é|👩\u{200d}🚀|\\PC){0,30}", new in "([ab]| |\\n|镜|カ|é|\\PC){0,30}",
    ) {
        let spans = prompts(&old, &new);
        let without = |change: Change| -> String {
            spans.iter().filter(|span| span.change != change).map(|span| span.text.as_ref()).collect()
        };
        prop_assert_eq!(without(Change::Added), old.clone());
        prop_assert_eq!(without(Change::Removed), new.clone());
        prop_assert_eq!(shortened(&spans, 1, "…").len(), spans.len());
        prop_assert!(first_difference_words(&old, &new, 9).chars().count() <= 9);
        prop_assert_eq!(first_difference_words(&old, &new, 9).is_empty(), old == new);
    }
}
