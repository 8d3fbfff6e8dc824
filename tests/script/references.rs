//! References in every spelling, with their places.

use rushes::model::parameters::Medium;
use rushes::script::{Cited, read};

/// The bytes of each citation and its API form.
fn cited(text: &str) -> Vec<(&str, Option<String>)> {
    let script = read(text);
    script
        .references
        .iter()
        .map(|citation| (&text[citation.at.clone()], citation.normal()))
        .collect()
}

#[test]
fn every_spelling_of_a_number() {
    let spellings = [
        ("image 1", "image 1"),
        ("Image 1", "image 1"),
        ("[Image 1]", "image 1"),
        ("@[Image 1]", "image 1"),
        ("@Image1", "image 1"),
        ("@Image 1", "image 1"),
        ("@img1", "image 1"),
        ("@vid1", "video 1"),
        ("@aud1", "audio 1"),
        ("<Image_1>", "image 1"),
        ("<Picture 1>", "image 1"),
        ("@图片1", "image 1"),
        ("@图1", "image 1"),
        ("图片1", "image 1"),
        ("【@图片1】", "image 1"),
        ("video 2", "video 2"),
        ("@Video3", "video 3"),
        ("<Video 1>", "video 1"),
        ("视频1", "video 1"),
        ("audio 1", "audio 1"),
        ("音频2", "audio 2"),
        ("@图片1-3", "image 1, image 2, image 3"),
        ("images 1-2", "image 1, image 2"),
        ("Images 2 to 3", "image 2, image 3"),
    ];
    for (spelling, normal) in spellings {
        for text in [spelling.to_owned(), format!("she wears 红 {spelling}, as is")] {
            assert_eq!(cited(&text), [(spelling, Some(normal.to_owned()))], "{text}");
        }
    }
}

/// The name of a model is not a citation, but a citation may follow any other word or name.
#[test]
fn only_the_name_of_a_model_makes_a_number_part_of_it() {
    for model in ["GPT", "Qwen", "Flux", "DALL-E", "Stable Diffusion", "Midjourney"] {
        for text in [format!("made with {model} image 2"), format!("{model}-Image 2")] {
            assert_eq!(cited(&text), [], "{text}");
        }
    }
    let normal = || Some("image 1".to_owned());
    for word in [
        "Wan", "Sora", "stable", "google", "runway", "Luma", "Gemini", "cosmos", "influx",
    ] {
        let text = format!("keep {word} image 1 as it is");
        assert_eq!(cited(&text), [("image 1", normal())], "{text}");
    }
}

#[test]
fn a_list_cites_each_number() {
    let normal = |n: u32| Some(format!("image {n}"));
    assert_eq!(
        cited("images 1, 2 and 4 show her"),
        [("images 1", normal(1)), ("2", normal(2)), ("4", normal(4))]
    );
    assert_eq!(cited("image 1, 2 dogs"), [("image 1", normal(1))]);
}

#[test]
fn words_tags_and_characters() {
    let of = |text: &str| -> Vec<Cited> { read(text).references.into_iter().map(|c| c.cited).collect() };
    assert_eq!(of("like the reference image"), [Cited::Words(Medium::Image)]);
    assert_eq!(of("参考视频"), [Cited::Words(Medium::Video)]);
    assert_eq!(of("@character:<a-1_b> nods"), [Cited::Character("a-1_b".into())]);
    assert_eq!(of("@Female Lead walks"), [Cited::Tag("Female Lead".into())]);
    assert_eq!(of("@女主，走"), [Cited::Tag("女主".into())]);
    let number = Cited::Numbered {
        kind: Medium::Image,
        first: 2,
        last: 2,
    };
    assert_eq!(of("reference image 2"), [number]);
}

#[test]
fn text_that_is_no_citation() {
    for text in [
        "image 16:9",
        "video 5 seconds long",
        "a video 10s long",
        "image 4K",
        "image 0",
        "image 2.5 times",
        "地图1",
        "me@Image.com",
        "imagery 1",
        "video 100",
        "@ [] <> 【】",
        "video, 16:9",
        "视频15秒",
    ] {
        assert_eq!(cited(text), [], "{text}");
    }
}
