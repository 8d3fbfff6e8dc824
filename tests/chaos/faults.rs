//! The faults of a storm: every row of the API's table of errors, and every way to lose or damage a response.

use std::fmt::Write;

use crate::absurd_bills;

/// Faults of a submit that accept nothing.
const REFUSED: [(&str, &str); 14] = [
    ("submit 400", "status = 400"),
    ("submit 401", "status = 401"),
    ("submit 403", "status = 403"),
    ("submit 404", "status = 404"),
    ("submit 405 html", "status = 405"),
    (
        "submit 406 credits",
        r#"status = 406
body = '{"error": "Insufficient credits. Your balance is 0.1 credits, this request needs 1.5 credits."}'"#,
    ),
    (
        "submit 406 content type",
        r#"status = 406
body = '{"error": "Invalid content type"}'"#,
    ),
    (
        "submit 406 enum",
        r#"status = 406
body = '{"error": "resolution must be one of 480p, 720p"}'"#,
    ),
    (
        "submit 406 spend cap",
        r#"status = 406
body = '{"error": "Team spend cap reached"}'"#,
    ),
    ("submit 410", "status = 410"),
    ("submit 429", "status = 429"),
    (
        "submit 429 retry-after",
        "status = 429\nheaders = { Retry-After = \"1\" }",
    ),
    ("submit reset before body", "reset = \"before_body\""),
    ("submit reset after body", "reset = \"after_body\""),
];

/// Faults of the response to a submit; with `carry_out` the job exists anyway.
const UNCLEAR: [(&str, &str); 7] = [
    ("submit 408", "status = 408"),
    ("submit 500", "status = 500"),
    ("submit 502 html", "status = 502"),
    ("submit 504 html", "status = 504"),
    ("submit empty 200", "status = 200\nbody = ''"),
    (
        "submit unreadable json",
        "status = 200\nbody = '{\"request_id\": \"4f'",
    ),
    ("submit late", "delay_ms = 400"),
];

/// Why an accepted job fails: each kind of moderation, a bad parameter and a fault of the provider's.
const DOOMED: [(&str, &str); 7] = [
    (
        "doomed: input text",
        "InputTextSensitiveContentDetected: the input text was refused",
    ),
    (
        "doomed: input image",
        "InputImageSensitiveContentDetected.PrivacyInformation: a real person",
    ),
    (
        "doomed: output video",
        "OutputVideoSensitiveContentDetected: the output video was refused",
    ),
    (
        "doomed: output audio",
        "OutputAudioSensitiveContentDetected: the output audio was refused",
    ),
    (
        "doomed: copyright",
        "OutputVideoSensitiveContentDetected.PolicyViolation: copyright",
    ),
    ("doomed: bad parameter", "invalid duration"),
    ("doomed: internal", "Internal server error"),
];

/// Faults of a question. None of them may change what is known about a take.
const ASKED: [(&str, &str); 14] = [
    ("401", "status = 401"),
    ("403", "status = 403"),
    ("429", "status = 429\nheaders = { Retry-After = \"1\" }"),
    ("500", "status = 500"),
    ("502 html", "status = 502"),
    ("504 html", "status = 504"),
    ("reset before", "reset = \"before_body\""),
    ("reset after", "reset = \"after_accept\""),
    ("truncated", "truncate = 25"),
    ("shortened", "shorten = 25"),
    ("empty", "empty = true"),
    ("unreadable json", "status = 200\nbody = '{\"status\": '"),
    ("wrong type", "content_type = \"text/html\""),
    ("late", "delay_ms = 300"),
];

/// Faults of a download.
const FETCHED: [(&str, &str); 11] = [
    ("video truncated", "truncate = 20000"),
    ("video truncated early", "truncate = 100"),
    ("video shortened", "shorten = 30000"),
    ("video slow", "slow = { bytes = 8192, every_ms = 20 }"),
    ("video wrong type", "content_type = \"text/html\""),
    ("video empty", "empty = true"),
    ("video 403", "status = 403"),
    ("video 404", "expire = \"file\""),
    ("video 500", "status = 500"),
    ("video 502 html", "status = 502"),
    ("video reset", "reset = \"after_accept\""),
];

/// A faults file, drawn from `random`: the same kinds in every file, in another order and with another seed.
pub fn file(random: &mut fastrand::Rng) -> String {
    let mut rules: Vec<String> = Vec::new();
    let mut add = |method: &str, path: &str, name: &str, chance: f64, effect: &str| {
        rules.push(format!(
            "[[fault]]\nname = \"{name}\"\nmethod = \"{method}\"\npath = \"{path}\"\nprobability = {chance}\n{effect}\n"
        ));
    };
    // v1 and v2 alike.
    let submit = "/v*/*";
    for (name, effect) in REFUSED {
        add("POST", submit, name, 0.012, effect);
    }
    for (name, effect) in UNCLEAR {
        add(
            "POST",
            submit,
            &format!("{name}, nothing accepted"),
            0.012,
            effect,
        );
        add(
            "POST",
            submit,
            &format!("{name}, accepted"),
            0.02,
            &format!("{effect}\ncarry_out = true"),
        );
    }
    add(
        "POST",
        submit,
        "submit reset after accept",
        0.03,
        "reset = \"after_accept\"",
    );
    add("POST", submit, "response truncated", 0.02, "truncate = 10");
    for (name, reason) in DOOMED {
        add("POST", submit, name, 0.012, &format!("fail = \"{reason}\""));
    }
    add(
        "POST",
        submit,
        "record gone from the start",
        0.02,
        "expire = \"record\"",
    );
    for (what, path) in [
        ("status", "/v2/requests/*/status"),
        ("result", "/v2/requests/*"),
        ("history", "/inference-request/**"),
    ] {
        for (name, effect) in ASKED {
            add("GET", path, &format!("{what} {name}"), 0.008, effect);
        }
    }
    add(
        "GET",
        "/v2/requests/**",
        "status 404",
        0.02,
        "expire = \"record\"",
    );
    for (name, effect) in FETCHED {
        add("GET", "/files/*", name, 0.03, effect);
    }
    random.shuffle(&mut rules);
    // Another rule that strikes a response goes first: only a real response has a bill.
    rules.extend(absurd_bills::rules());
    let mut file = format!("seed = {}\n\n", random.u32(..));
    for rule in rules {
        let _ = writeln!(file, "{rule}");
    }
    file
}
