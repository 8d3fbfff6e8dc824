//! Requests from curl, JSON and Python: what is read, what is told, and what is never taken.

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::model::{ApiVersion, Seed};

fn remarks(foreign: &Foreign) -> Vec<&str> {
    foreign.remarks.iter().map(String::as_str).collect()
}

/// A form with every kind of value, and its body.
fn sent() -> (Form, Value) {
    let form = Form {
        prompt: "Shot 1: a \"kite\" 起飞\nIt's gone.".into(),
        model: "seedance-2.0-mini".parse().unwrap(),
        seeds: "7".into(),
        generate_audio: false,
        images: vec![
            "https://example.com/a.png".into(),
            "https://example.com/b.png".into(),
        ],
        bitrate_mode: Some("high".parse().unwrap()),
        ..Form::default()
    };
    let body = form.request(Seed::new(7).unwrap()).body();
    (form, body)
}

const PLAYGROUND: &str = r#" 1import requests
 2import json
 3
 4url = "https://api.segmind.com/v1/seedance-2.0-fast"
 5headers = {
 6    "x-api-key": "SG_0123456789abcdef",
 7    "Content-Type": "application/json"
 8}
 9
10data = {
11    'prompt': """A kite.
12It lifts.""",  # two lines
13    "duration": 5,
14    "resolution": '720p',
15    "aspect_ratio": "9:16",
16    "generate_audio": False, "return_last_frame": true,
17    "first_frame_url": "https://example.com/a.png",
18    "reference_images": [],
19    "seed": 42,
20}
21
22response = requests.post(url, headers=headers, json=data)
23print(response.content)"#;

#[test]
fn the_playgrounds_python_is_read() {
    let found = read(PLAYGROUND).unwrap();
    let form = &found.form;
    assert_eq!(
        (form.prompt.as_str(), form.seeds.as_str()),
        ("A kite.\n12It lifts.".replace("12", "").as_str(), "42")
    );
    assert_eq!(
        (form.model.slug(), form.api_version),
        ("seedance-2.0-fast", ApiVersion::V2)
    );
    assert_eq!(
        (
            form.duration.get(),
            form.resolution.wire(),
            form.aspect_ratio.wire()
        ),
        (5, "720p", "9:16")
    );
    assert!(!form.generate_audio && form.return_last_frame && form.images.is_empty());
    assert_eq!(form.first_frame, "https://example.com/a.png");
    assert_eq!(
        remarks(&found),
        [
            "The key in it was left out: rushes uses your own.",
            "It is written for v1 of the API, which blocks until the video is there: the form has v2, which polls."
        ]
    );
}

#[test]
fn the_sdk_of_the_provider_is_read() {
    let text = "import segmind\nresult = segmind.run(\n  \"seedance-2.0-mini\",\n  prompt=(\"A red \"\n    'kite'),\n  \
        seed=-1, duration=4, resolution=\"480p\", aspect_ratio=\"16:9\", generate_audio=True, guidance_scale=9,\n  \
        timeout=900)\n# client.run('other')\npayload = {\"prompt\": \"not this\"}";
    let found = read(text).unwrap();
    assert_eq!(
        (found.form.prompt.as_str(), found.form.seeds.as_str()),
        ("A red kite", "1 new")
    );
    assert_eq!(found.form.model.slug(), "seedance-2.0-mini");
    assert_eq!(
        remarks(&found),
        ["No parameter is called \"guidance_scale\": left out."]
    );
}

#[test]
fn python_that_computes_is_not_run() {
    let text = "API_KEY = os.environ['KEY']\nword = 'kite'\nimages = ['https://example.com/a.png']\n\
        data: dict = {\"prompt\": f\"A {word}\", \"seed\": 6 + 1, \"duration\": 2 * 2, \"reference_images\": images}\n\
        data['resolution'] = '480p'\ndata[\"aspect_ratio\"] = ratio(3)\n\
        first = image_url_to_base64('https://example.com/f.png')\n\
        r = requests.post('https://api.segmind.com/v2/seedance-2.0', data=json.dumps(data), timeout=9)";
    let found = read(text).unwrap();
    assert_eq!(found.form.images, ["https://example.com/a.png"]);
    assert_eq!(
        (found.form.resolution.wire(), found.form.prompt.as_str()),
        ("480p", "")
    );
    assert!(
        remarks(&found)[0].starts_with(
            "The program computes \"prompt\", \"seed\", \"duration\" and \"aspect_ratio\", and it is not run"
        ),
        "{:?}",
        found.remarks
    );
}

#[test]
fn our_own_copies_give_the_form_back() {
    let (form, body) = sent();
    let pretty = serde_json::to_string_pretty(&body).unwrap();
    let curl = format!(
        "# A paid request.\ncurl -X POST https://api.segmind.com/v2/seedance-2.0-mini \\\n  -H \"x-api-key: $SEGMIND_API_KEY\" \\\n  \
         -H 'content-type: application/json' \\\n  -d {}\n",
        shell_words::quote(&pretty)
    );
    let python = format!(
        "# A paid request.\nimport os, requests\n\nbody = {}\nanswer = requests.post(\n    \"https://api.segmind.com/v2/seedance-2.0-mini\",\n    \
         headers={{\"x-api-key\": os.environ[\"SEGMIND_API_KEY\"]}},\n    json=body,\n)\nprint(answer.status_code, answer.text)\n",
        pretty.replace(": false", ": False").replace(": true", ": True")
    );
    let take = json!({"id": 3, "reel": "main", "state": "saved", "backend": "live", "model": "seedance-2.0-mini",
        "api_version": "v2", "seed": 7, "request": body, "events": [{"detail": "x"}]});
    for (text, kind) in [
        (curl, Kind::Curl),
        (python, Kind::Python),
        (take.to_string(), Kind::Take),
    ] {
        let found = read(&text).unwrap();
        assert_eq!((found.kind, &found.form), (kind, &form));
        assert_eq!(remarks(&found), [""; 0], "{text}");
    }
}

#[test]
fn curl_is_read_as_browsers_and_people_write_it() {
    let browser = "$ curl 'https://api.segmind.com/v2/seedance-2.0' \\\r\n  -H 'x-api-key: SG_0123456789abcdef' --compressed \\\r\n  \
        --data-raw $'{\"prompt\": \"It\\'s a kite\\\\nIt lifts \\u955c\", \"seed\": \"9\", \"duration\": 4.0, \"resolution\": \"480p\", \
        \"aspect_ratio\": \"16:9\", \"generate_audio\": true}' | jq .";
    let found = read(browser).unwrap();
    assert_eq!(
        (found.form.prompt.as_str(), found.form.seeds.as_str()),
        ("It's a kite\nIt lifts 镜", "9")
    );
    assert_eq!(
        (found.form.duration.get(), remarks(&found)),
        (4, vec!["The key in it was left out: rushes uses your own."])
    );
    let joined = "curl -sSLXPOST --json '{\"input\": {\"prompt\": \"k\"}, \"webhook\": \"w\"}' api.segmind.com/v1/seedance-2.0-fast \
        --fancy -u me:secretsecret\ncurl -O x";
    let found = read(joined).unwrap();
    assert_eq!(found.form.model.slug(), "seedance-2.0-fast");
    let told = found.remarks.join("\n");
    for words in [
        "The key in it was left out",
        "Beside \"input\" there is \"webhook\", which was left out.",
        "does not know the options \"--fancy\" of curl",
        "Another curl command follows",
        "has the API's default: ratio 16:9, duration 10, resolution 720p, audio on and seed 42.",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
}

#[test]
fn curl_that_cannot_be_read_says_what_to_do() {
    for (text, message) in [
        (
            "curl https://api.segmind.com/v2/seedance-2.0 -d @body.json",
            "the curl command sends the file \"body.json\", which is not read: open that file instead",
        ),
        (
            "curl x --json @-",
            "the curl command sends the file \"-\", which is not read: open that file instead",
        ),
        ("curl x", "the curl command sends no body: add one with -d"),
        (
            "curl x -F prompt=k",
            "the curl command sends form fields (--form), and the API takes JSON: write the body with -d",
        ),
        (
            "curl -d '{\"prompt\"}",
            "a quotation mark is left open in the curl command: copy the whole command anew",
        ),
        (
            "curl -d 'prompt=k'",
            "the body of the curl command is not JSON (expected value): write it as one JSON object",
        ),
        (
            "curl -d '{}'",
            "no request was found in it: give a curl command, JSON with a prompt, or the Python of the playground",
        ),
        (
            " \n",
            "there is no text: give a curl command, JSON, or the Python of the playground",
        ),
        (
            "A kite = nice.\nIt lifts: {red|black}",
            "no request was found in it: give a curl command, JSON with a prompt, or the Python of the playground",
        ),
        (
            "{\"prompt\": \"k\",\n \"seed\": 7 8}",
            "it is not JSON (line 2, column 12: expected `,` or `}`): copy the whole object anew",
        ),
        (
            "{\"prompt\": \"a\"}\n{\"prompt\": \"b\"}",
            "it holds 2 requests: keep only one",
        ),
        ("[1, 2, 3]", "it holds 3 requests: keep only one"),
    ] {
        assert_eq!(read(text).unwrap_err().to_string(), message, "{text}");
    }
    assert_eq!(read(&" ".repeat(MAX_BYTES + 1)), Err(ForeignError::TooLong));
}

#[test]
fn json_is_found_where_it_lies() {
    let (form, body) = sent();
    let history = json!({"data": [{"request_id": "x", "model_name": "seedance-2.0-mini", "request_body": body.to_string()}]});
    let found = read(&history.to_string()).unwrap();
    assert_eq!(found.form, form);
    assert_eq!(
        remarks(&found),
        ["Beside \"request_body\" there is \"request_id\", which was left out."]
    );
    let fenced = format!(
        "```json\n{}\n```\n",
        json!({"model": "bytedance/seedance-2.0-mini", "request": body})
    );
    assert_eq!(read(&fenced).unwrap().form, form);
    let bare = read("{'prompt': 'k', \"seed\": 3,}").unwrap();
    assert_eq!(
        (bare.kind, bare.form.prompt.as_str(), bare.form.seeds.as_str()),
        (Kind::Python, "k", "3")
    );
    assert!(remarks(&bare).contains(&"It names no model: the form has seedance-2.0."));
    let v1 = json!({"state": "saved", "reel": "main", "model": "seedance-2.0", "api_version": "v1", "request": {"prompt": "k", "as_sent": "?"}});
    let found = read(&v1.to_string()).unwrap();
    assert_eq!(found.form.api_version, ApiVersion::V1);
    assert!(
        found
            .remarks
            .iter()
            .any(|remark| remark.starts_with("Parts of the request could not be read"))
    );
}

#[test]
fn what_does_not_fit_is_told() {
    let body = json!({"prompt": "a\u{202e}b", "model": "sora-9", "duration": 7, "resolution": "8k", "aspect_ratio": "16:9",
        "generate_audio": "yes", "seed": 1.5, "reference_images": "https://example.com/a.png", "reference_videos": [3],
        "first_frame_url": "/etc/passwd", "last_frame_url": "data:image/png;base64,AA", "steps": 3, "x\u{1b}[31m": 1});
    let found = read(&body.to_string()).unwrap();
    assert_eq!(found.form.images, ["https://example.com/a.png"]);
    assert_eq!(
        (
            found.form.first_frame.as_str(),
            found.form.last_frame.as_str(),
            found.form.prompt.as_str()
        ),
        ("", "", "ab")
    );
    assert_eq!(
        remarks(&found),
        [
            "Model \"sora-9\" is not known: use seedance-2.0, seedance-2.0-fast, seedance-2.0-mini, seedance-2.5 or seedance-2.5-draft-final. The form has seedance-2.0.",
            "No parameter is called \"steps\" and \"x[31m\": left out.",
            "Invisible characters were taken out of the prompt.",
            "first_frame_url names \"/etc/passwd\", which is not a URL: left out. Add the file yourself if you have it.",
            "last_frame_url names \"data:image/png;base64,AA\", which is not a URL: left out. Add the file yourself if you have it.",
            "Duration 7 is not offered: use 4, 5, 6, 8, 10, 12 or 15 seconds. The form has 10 instead.",
            "Resolution \"8k\" is not offered: use 480p, 720p, 1080p or 4k. The form has 720p instead.",
            "reference_videos must be a list of strings, not a number. The form has nothing instead.",
            "generate_audio must be true or false, not a string. The form has on instead.",
            "Seed 1.5 is out of range: use 0 to 2147483647, or -1 for a new one. The form has 42 instead.",
        ]
    );
}

proptest! {
    #[test]
    fn every_body_gives_its_form_back(
        prompt in "[^\\p{C}\\p{Zl}\\p{Zp}]{1,40}", seed in 0..=Seed::MAX, audio: bool, quoted in 0..3,
    ) {
        prop_assume!(!prompt.contains("SG_"));
        let form = Form { prompt, generate_audio: audio, seeds: seed.to_string(), ..Form::default() };
        let body = form.request(Seed::new(seed).unwrap()).body();
        let text = match quoted {
            0 => body.to_string(),
            1 => format!("curl https://api.segmind.com/v2/seedance-2.0 -d {}", shell_words::quote(&body.to_string())),
            _ => format!("data = {body}\nurl = 'https://api.segmind.com/v2/seedance-2.0'"),
        };
        prop_assert_eq!(read(&text).unwrap().form, form);
    }
}

/// A form without a prompt would replace the one that is being written.
#[test]
fn a_request_that_finishes_a_draft_is_refused() {
    for text in [
        r#"{"draft_task_id": "draft-9", "resolution": "1080p"}"#,
        r#"{"reel": "main", "api_version": "v2", "model": "seedance-2.5-draft-final",
            "request": {"draft_task_id": "draft-9", "resolution": "1080p"}}"#,
        r#"curl https://api.segmind.com/v2/seedance-2.5-draft-final -d '{"draft_task_id": "draft-9", "resolution": "1080p"}'"#,
    ] {
        assert_eq!(read(text), Err(ForeignError::Final), "{text}");
    }
}
