//! Every rule of the request, broken and kept.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{AspectRatio, Resolution};

fn random() -> fastrand::Rng {
    fastrand::Rng::with_seed(3)
}

fn read(body: &Value) -> Result<Request, Vec<Invalid>> {
    Request::from_body(Model::default(), body, &mut random())
}

fn plain() -> Request {
    read(&json!({"prompt": "A kite lifts."})).unwrap()
}

fn urls(n: usize) -> Vec<String> {
    (0..n).map(|i| format!("https://example.com/{i}.png")).collect()
}

#[test]
fn missing_fields_take_the_apis_defaults() {
    let request = plain();
    assert_eq!(request.form.aspect_ratio, AspectRatio::WIDE);
    assert_eq!(request.form.duration.get(), 10);
    assert_eq!(request.form.resolution, Resolution::P720);
    assert_eq!(request.seed.number(), 42);
    assert!(request.form.generate_audio);
    assert!(!request.form.return_last_frame);
}

#[test]
fn each_wrong_value_names_what_is_accepted() {
    let cases = [
        (
            json!({"prompt": "k", "duration": 7}),
            "duration 7 is not offered: use 4, 5, 6, 8, 10, 12 or 15 seconds",
        ),
        (
            json!({"prompt": "k", "duration": 10.5}),
            "duration 10.5 is not offered: use 4, 5, 6, 8, 10, 12 or 15 seconds",
        ),
        (
            json!({"prompt": "k", "resolution": "8k"}),
            "resolution \"8k\" is not offered: use 480p, 720p, 1080p or 4k",
        ),
        (
            json!({"prompt": "k", "aspect_ratio": "2:1"}),
            "aspect ratio \"2:1\" is not offered: use 16:9, 9:16, 1:1, 4:3, 3:4, 21:9 or adaptive",
        ),
        (
            json!({"prompt": "k", "seed": 2_147_483_648_i64}),
            "seed 2147483648 is out of range: use 0 to 2147483647, or -1 for a new one",
        ),
        (
            json!({"prompt": "k", "seed": -2}),
            "seed -2 is out of range: use 0 to 2147483647, or -1 for a new one",
        ),
        (
            json!({"prompt": "k", "generate_audio": "yes"}),
            "generate_audio must be true or false, not a string",
        ),
        (
            json!({"prompt": "k", "reference_images": "x"}),
            "reference_images must be a list of strings, not a string",
        ),
        (json!({"prompt": 3}), "prompt must be a string, not a number"),
        (json!({}), "the prompt is empty: write what the video shows"),
        (json!([]), "the request body must be a JSON object, not an array"),
    ];
    for (body, message) in cases {
        let broken = read(&body).unwrap_err();
        assert_eq!(broken[0].to_string(), message, "{body}");
    }
}

#[test]
fn a_seed_of_minus_one_is_drawn() {
    let request = read(&json!({"prompt": "k", "seed": -1})).unwrap();
    assert!(request.seed.number() <= Seed::MAX);
    assert_ne!(request.body()["seed"], json!(-1));
}

#[test]
fn exclusions_and_counts_are_each_told() {
    let with = |change: &dyn Fn(&mut Request)| {
        let mut request = plain();
        change(&mut request);
        request.broken_rules()
    };
    let first = "https://example.com/f.png";
    assert_eq!(with(&|_| ()), []);
    assert_eq!(
        with(&|r| {
            r.form.first_frame = first.into();
            r.form.images = urls(2);
        }),
        [Invalid::FirstFrameWithImages { images: 2 }]
    );
    assert_eq!(
        with(&|r| r.form.last_frame = first.into()),
        [Invalid::LastFrameWithoutFirst]
    );
    assert_eq!(
        with(&|r| r.form.images = urls(10)),
        [Invalid::TooMany {
            parameter: Parameter::Images,
            given: 10,
            most: 9
        }]
    );
    assert_eq!(
        with(&|r| r.form.videos = urls(4)),
        [Invalid::TooMany {
            parameter: Parameter::Videos,
            given: 4,
            most: 3
        }]
    );
    assert_eq!(with(&|r| r.form.audios = urls(1)), [Invalid::AudioAlone]);
    assert_eq!(
        with(&|r| {
            r.form.images = urls(9);
            r.form.videos = urls(3);
            r.form.audios = urls(1);
        }),
        [Invalid::TooManyReferences { given: 13, most: 12 }]
    );
    assert_eq!(
        with(&|r| {
            r.form.videos = urls(1);
            r.form.audios = urls(4);
        }),
        [Invalid::TooMany {
            parameter: Parameter::Audios,
            given: 4,
            most: 3
        }]
    );
    assert_eq!(
        with(&|r| r.form.first_frame = "data:image/png;base64,AA".into()),
        [Invalid::NotAUrl {
            parameter: Parameter::FirstFrame,
            given: "data:image/png;base64,AA".into()
        }]
    );
    assert_eq!(
        with(&|r| r.form.task = "reference".parse().ok()),
        [Invalid::NotOfModel {
            parameter: Parameter::Task,
            model: Model::default(),
            offered_by: "seedance-2.5 or seedance-2.5-draft-final".to_owned(),
        }]
    );
    assert_eq!(
        with(&|r| {
            r.form.skip_moderation = true;
            r.form.bitrate_mode = "high".parse().ok();
        }),
        []
    );
}

/// A draft is an ordinary request with one field more; its final has the draft's name and a resolution, and nothing else.
#[test]
fn the_bodies_of_a_draft_and_its_final() {
    let mut request = plain();
    request.form.model = "seedance-2.5-draft-final".parse().unwrap();
    request.form.resolution = Resolution::P480;
    let mut ordinary = plain();
    ordinary.form.model = "seedance-2.5".parse().unwrap();
    ordinary.form.resolution = Resolution::P480;
    let mut body = ordinary.body();
    body["draft"] = json!(true);
    assert_eq!(request.body(), body);
    assert_eq!(request.broken_rules(), []);
    // The answer of v1 is the video itself.
    request.form.api_version = ApiVersion::V1;
    assert_eq!(
        request.broken_rules(),
        [Invalid::DraftByV1 {
            model: request.form.model
        }]
    );
    request.form.api_version = ApiVersion::V2;
    request.form.draft_id = "draft-9".to_owned();
    request.form.resolution = "1080p".parse().unwrap();
    let of_final = json!({"draft_task_id": "draft-9", "resolution": "1080p"});
    assert_eq!(request.body(), of_final);
    assert_eq!(request.broken_rules(), []);
    let mut random = fastrand::Rng::with_seed(1);
    let read = Request::from_body(request.form.model, &of_final, &mut random).unwrap();
    assert_eq!(
        (read.form.draft_id.as_str(), read.form.resolution.wire()),
        ("draft-9", "1080p")
    );
    request.form.resolution = Resolution::P480;
    assert_eq!(
        request.broken_rules()[0].to_string(),
        "resolution \"480p\" is not offered: use 1080p"
    );
    request.form.model = Model::default();
    assert_eq!(
        request.broken_rules(),
        [Invalid::NothingToFinish {
            model: Model::default()
        }]
    );
}

/// Those of seedance-2.5.
#[test]
fn rules_in_which_models_differ_are_each_told() {
    let with = |change: &dyn Fn(&mut Request)| {
        let mut request = plain();
        request.form.model = "seedance-2.5".parse().unwrap();
        change(&mut request);
        request.broken_rules()
    };
    let first = "https://example.com/f.png";
    let adaptive = AspectRatio::ADAPTIVE;
    assert_eq!(with(&|_| ()), []);
    assert_eq!(with(&|r| r.form.prompt.clear()), [Invalid::EmptyPrompt]);
    assert_eq!(
        with(&|r| {
            r.form.prompt.clear();
            r.form.images = urls(30);
        }),
        [],
        "a reference is enough"
    );
    assert_eq!(
        with(&|r| r.form.first_frame = first.into()),
        [Invalid::FrameNotAdaptive {
            given: AspectRatio::WIDE
        }]
    );
    assert_eq!(
        with(&|r| {
            r.form.first_frame = first.into();
            r.form.aspect_ratio = adaptive;
        }),
        []
    );
    assert_eq!(
        with(&|r| {
            r.form.first_frame = first.into();
            r.form.aspect_ratio = adaptive;
            r.form.videos = urls(2);
        }),
        [Invalid::FirstFrameWithReferences { references: 2 }]
    );
    for (task, videos, is_broken) in [
        ("reference", 0, false),
        ("editing", 0, true),
        ("editing", 1, false),
        ("editing", 2, true),
        ("extension", 0, true),
        ("extension", 2, false),
    ] {
        let broken = with(&|r| {
            r.form.task = task.parse().ok();
            r.form.videos = urls(videos);
        });
        let rule = Invalid::TaskWithoutVideo {
            task: task.parse().ok(),
            videos,
        };
        assert_eq!(
            broken,
            if is_broken { vec![rule] } else { Vec::new() },
            "{task} {videos}"
        );
    }
}

/// Of a video that is edited, the length counts, and not that of the form.
#[test]
fn a_video_that_is_edited_keeps_its_length() {
    let mut form = plain().form;
    form.model = "seedance-2.5".parse().unwrap();
    form.videos = urls(1);
    let seconds = |form: &Form, known: Option<u64>| form.priced(|_| known).seconds.get();
    assert_eq!(seconds(&form, Some(20_000)), 10);
    form.task = "editing".parse().ok();
    assert_eq!(seconds(&form, Some(20_000)), 20);
    assert_eq!(seconds(&form, Some(20_001)), 21);
    assert_eq!(
        seconds(&form, Some(41_000)),
        41,
        "not what is offered, but what would be billed"
    );
    assert_eq!(seconds(&form, None), 30, "the longest one, as it is not known");
}

prop_compose! {
    fn any_request()(
        prompt in "[a-z\u{4e00}-\u{4e10} \n]{0,20}k",
        ratio in prop::sample::select(Model::default().aspect_ratios.clone()),
        resolution in prop::sample::select(vec![Resolution::P480, Resolution::P720]),
        seconds in prop::sample::select(Model::default().durations.clone()),
        (images, videos, audios) in (0..9_usize, 0..3_usize, 0..1_usize),
        frames in 0..3_u8,
        (audio, last) in any::<(bool, bool)>(),
        seed in 0..=Seed::MAX,
    ) -> Request {
        let frame = |wanted: bool| if wanted { "https://example.com/f.png".to_owned() } else { String::new() };
        let form = Form {
            prompt,
            aspect_ratio: ratio,
            resolution,
            duration: seconds,
            first_frame: frame(frames > 0),
            last_frame: frame(frames > 1),
            images: urls(if frames > 0 { 0 } else { images }),
            videos: urls(videos),
            audios: urls(if videos > 0 { audios } else { 0 }),
            generate_audio: audio,
            return_last_frame: last,
            ..Form::default()
        };
        form.request(Seed::new(seed).unwrap())
    }
}

proptest! {
    #[test]
    fn a_legal_request_reads_back_from_its_body(request in any_request()) {
        prop_assert_eq!(request.broken_rules(), vec![]);
        prop_assert_eq!(read(&request.body()).unwrap(), request);
    }
}
