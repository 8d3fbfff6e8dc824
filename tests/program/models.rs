//! The models on offer: those of the user's `models.toml` and of the provider's catalogue, in requests, checks, prices and lists.

use std::net::TcpStream;
use std::path::Path;

use serde_json::{Value, json};

use crate::caps::r#gen;
use crate::commands::{Server, errors, of_lines, output, records, rushes};
use crate::terminal::Terminal;
use crate::test_provider::{JSON, Provider, say};

const KEY: &str = "SG_0123456789abcdef";

const LONG: &str = r#"
["seedance-2.5"]
like = "seedance-2.0"
label = "2.5"
durations = { min = 4, max = 30 }
references = { images = 30, videos = 10, audios = 10, total = 50 }
prices = [{ per_million_tokens = 10.97, as_of = 2026-09-26 }]
"#;

fn set(home: &Path, text: &str) {
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/models.toml"), text).unwrap();
}

#[test]
fn a_model_of_the_users_own_is_checked_priced_and_saved() {
    let home = tempfile::tempdir().unwrap();
    set(home.path(), LONG);
    std::fs::write(home.path().join("config/config.toml"), "sandbox_speed = 100\n").unwrap();
    let long = [
        "gen",
        "--sandbox",
        "--prompt",
        "0-24s: a kite",
        "--model",
        "seedance-2.5",
        "--json",
    ];
    let with = |length: &'static str| [&long[..], &["--duration", length]].concat();
    let ended = output(home.path(), &with("31"));
    assert_eq!(ended.status.code(), Some(2), "{}", errors(&ended));
    assert!(
        errors(&ended).contains("use 4 to 30 seconds"),
        "{}",
        errors(&ended)
    );
    let saved = records(home.path(), &with("24"));
    assert_eq!(saved.len(), 1);
    let take = &saved[0];
    assert_eq!(
        (&take["state"], &take["model"]),
        (&"saved".into(), &"seedance-2.5".into())
    );
    assert_eq!(take["request"]["duration"], 24);
    // 864 × 496 pixels, 24 s of 24 frames and one more, 10.97 for a million tokens of 1024 pixels.
    assert_eq!(take["estimate_usd"], 2.648_975);
    let file = take["file"].as_str().unwrap();
    let movie = rushes::media::inspect(Path::new(file)).unwrap();
    assert_eq!(movie.duration_ms, 24_000);
    // Another model keeps its own limits, and the script's checks take those of the model.
    let script = home.path().join("shots.txt");
    std::fs::write(&script, "Shot 1 | 0s-14s\na kite\nShot 2 | 14s-26s\na dive\n").unwrap();
    let lint = |more: &[&str]| {
        let ended = output(home.path(), &[&["lint", script.to_str().unwrap()], more].concat());
        String::from_utf8(ended.stdout).unwrap()
    };
    assert!(
        lint(&[]).contains("and a take lasts at most 15 s"),
        "{}",
        lint(&[])
    );
    let longer = lint(&["--model", "seedance-2.5"]);
    assert!(longer.contains("in a take of 26 s"), "{longer}");
}

#[test]
fn a_mistake_in_the_users_models_has_its_place_and_stops_live_takes() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path(), "");
    for (text, place, what) in [
        (
            "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = \"low\", as_of = 2026-11-01 }]\n",
            "models.toml:2:",
            "the text \"low\" is not a number",
        ),
        (
            "\n[\"seedance-2.0\"]\ndurations = [10, 20\n",
            "models.toml:",
            "this is not TOML",
        ),
        (
            "[\"seedance-2.0\"]\nlabl = \"x\"\n",
            "models.toml:2:1",
            "unknown field \"labl\"; did you mean \"label\"?",
        ),
        (
            "[\"seedance-3.0\"]\nlabel = \"3\"\n",
            "models.toml:1:1",
            "\"durations\" is missing",
        ),
    ] {
        set(home.path(), text);
        let ended = r#gen(home.path(), &server, &["--yes"]);
        let told = errors(&ended);
        assert_eq!(ended.status.code(), Some(4), "{text}: {told}");
        assert!(told.contains(place) && told.contains(what), "{text}: {told}");
        assert!(
            told.lines().last().unwrap().contains("a price in the settings"),
            "{told}"
        );
        assert!(records(home.path(), &["ls", "--json"]).is_empty(), "{text}");
    }
    set(
        home.path(),
        "[\"seedance-2.0\"]\nprices = [{ per_million_tokens = 3.5, as_of = 2026-11-01 }]\n",
    );
    let ended = r#gen(home.path(), &server, &["--yes", "--json"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert_eq!(
        records(home.path(), &["ls", "--json"])[0]["estimate_usd"],
        0.142_081
    );
}

#[test]
fn doctor_and_config_name_the_file_of_models_and_its_mistakes() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config/models.toml").display().to_string();
    let checked = || {
        let all = records(home.path(), &["doctor", "--json"]);
        let models = all.iter().find(|found| found["check"] == "models").unwrap();
        let settings = all.iter().find(|found| found["check"] == "settings").unwrap();
        assert_eq!(settings["weight"], "ok", "{settings}");
        let word = |name: &str| models[name].as_str().unwrap().to_owned();
        (word("weight"), word("found"))
    };
    let config = || errors(&output(home.path(), &["config"]));
    let is = |state: &str| format!("models of your own: {file} ({state})");
    assert_eq!(
        checked(),
        ("ok".into(), format!("defaults ({file} does not exist)"))
    );
    assert!(config().contains(&is("does not exist")), "{}", config());
    set(home.path(), LONG);
    assert_eq!(checked(), ("ok".into(), file.clone()));
    assert!(config().contains(&is("has no mistakes")), "{}", config());
    set(home.path(), "[\"seedance-2.0\"]\nlabl = \"x\"\n");
    let (weight, found) = checked();
    assert!(weight == "note" && found.contains("models.toml:2:1"), "{found}");
    let told = config();
    assert!(told.contains(&is("has 1 mistake")), "{told}");
    assert!(
        told.contains("models.toml:2:1") && told.contains("unknown field \"labl\"; did you mean \"label\"?"),
        "{told}"
    );
}

/// What a server says of the models: one is gone, one is new, one has less.
const CATALOGUE: &str = r#"{"data": [
    {"slug": "another-model"},
    {"slug": "seedance-2.0", "is_depreciated": false, "parameters_schema": {"properties": {
        "prompt": {"type": "string"}, "seed": {"type": "integer"}, "camera": {"type": "string"},
        "duration": {"type": "integer", "enum": [5, 10]}, "resolution": {"enum": ["480p", "720p"]},
        "aspect_ratio": {"enum": ["16:9", "9:16"]}, "generate_audio": {"type": "boolean"}}}},
    {"slug": "seedance-3.0", "parameters_schema": {"properties": {
        "prompt": {"type": "string"}, "seed": {"type": "integer"},
        "duration": {"minimum": 4, "maximum": 60, "default": 8}, "resolution": {"enum": ["720p", "1080p"]},
        "aspect_ratio": {"enum": ["16:9"]}}}},
    {"slug": "seedance-9-lite", "parameters_schema": {"properties": {"prompt": {"type": "string"}}}}
]}"#;

fn says_catalogue(_: &str, stream: &mut TcpStream) {
    say(stream, "200 OK", JSON, CATALOGUE);
}

fn says_nonsense(_: &str, stream: &mut TcpStream) {
    say(
        stream,
        "200 OK",
        "content-type: text/html",
        "<html>maintenance</html>",
    );
}

/// More than is ever read.
fn says_too_much(_: &str, stream: &mut TcpStream) {
    let row = r#"{"slug": "seedance-2.0", "parameters_schema": {"properties": {"prompt": {}}}},"#;
    let body = format!("[{}null]", row.repeat(80_000));
    say(stream, "200 OK", JSON, &body);
}

/// Settings that name this provider for everything.
fn at(home: &Path, provider: &Provider, more: &str) {
    let origin = &provider.origin;
    let text =
        format!("{more}\n[api]\ngateway = \"{origin}\"\nuploads = \"{origin}\"\nhistory = \"{origin}\"\n");
    std::fs::create_dir_all(home.join("config")).unwrap();
    std::fs::write(home.join("config/config.toml"), text).unwrap();
}

fn named<'m>(models: &'m [Value], slug: &str) -> &'m Value {
    let found = models.iter().find(|model| model["slug"] == slug);
    found.unwrap_or_else(|| panic!("no {slug}"))
}

#[test]
fn models_are_listed_with_prices_and_sources() {
    let home = tempfile::tempdir().unwrap();
    let models = records(home.path(), &["models", "--json"]);
    let first = named(&models, "seedance-2.0");
    for field in [
        "slug",
        "durations",
        "resolutions",
        "prices",
        "references",
        "parameters",
        "promotes",
        "sources",
    ] {
        assert!(!first[field].is_null(), "{field}: {first}");
    }
    assert_eq!(first["durations"], json!([4, 5, 6, 8, 10, 12, 15]));
    assert_eq!(first["resolutions"]["720p"]["16:9"], json!([1280, 720]));
    assert_eq!(first["prices"][0]["take"]["usd"], 0.706_01);
    assert_eq!(first["sources"]["prices"], "built in");
    // The user's files have the last word.
    set(
        home.path(),
        "[\"seedance-2.0\"]\nlabel = \"mine\"\nretired = true\n[\"seedance-9\"]\nlike = \"seedance-2.0\"\n",
    );
    std::fs::write(
        home.path().join("config/config.toml"),
        "[prices.\"seedance-2.0-mini\"]\nusd_per_million_tokens = 1.0\nas_of = 2026-11-01\n",
    )
    .unwrap();
    let models = records(home.path(), &["models", "--json"]);
    let first = named(&models, "seedance-2.0");
    assert_eq!(
        (&first["label"], &first["retired"]),
        (&json!("mine"), &json!(true))
    );
    assert_eq!(first["sources"]["label"], "your models.toml");
    let own = named(&models, "seedance-9");
    assert_eq!(own["sources"]["durations"], "as seedance-2.0");
    assert_eq!(own["prices"][0]["take"]["usd"], Value::Null);
    assert_eq!(
        named(&models, "seedance-2.0-mini")["prices"][0]["source"],
        "your settings"
    );
    let ended = output(home.path(), &["models"]);
    let text = String::from_utf8(ended.stdout).unwrap();
    for words in [
        "seedance-2.0 (mine, retired)",
        "may be refused  [your models.toml]",
        "price 480p",
        "for 10 s at 16:9 (2026-09-01, ",
        "[your settings]",
        "was not read yet",
    ] {
        assert!(text.contains(words), "{words}: {text}");
    }
}

#[test]
fn the_sandbox_serves_its_models_as_a_catalogue_which_is_not_kept() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path(), "");
    let before = records(home.path(), &["models", "--json"]);
    let ended = output(
        home.path(),
        &["models", "--refresh", "--json", "--api", &server.origin],
    );
    let told = errors(&ended);
    assert_eq!(ended.status.code(), Some(0), "{told}");
    assert!(
        told.contains(
            "What changed: seedance-2.5-draft-final finishes drafts as rushes knows. It is not kept"
        ),
        "{told}"
    );
    let models = of_lines(&ended);
    assert_eq!(models.len(), before.len());
    let source = models[0]["sources"]["durations"].as_str().unwrap();
    assert!(source.starts_with("catalogue of 20"), "{source}");
    assert!(!home.path().join("state/catalogue.json").exists());
    let refused = output(home.path(), &["models", "--refresh", "--sandbox"]);
    assert_eq!(refused.status.code(), Some(2), "{}", errors(&refused));
}

#[test]
fn a_refreshed_catalogue_is_kept_and_changes_what_is_accepted() {
    let home = tempfile::tempdir().unwrap();
    let provider = Provider::start(says_catalogue);
    at(home.path(), &provider, "");
    let mut refresh = rushes(home.path(), &["models", "--refresh", "--json"]);
    let ended = refresh.env("SEGMIND_API_KEY", KEY).output().unwrap();
    let told = errors(&ended);
    assert_eq!(ended.status.code(), Some(0), "{told}");
    assert!(
        told.contains("seedance-2.0 makes 5 or 10 seconds and no longer has 1080p, 1:1")
            && told.contains("seedance-3.0 is new")
            && told.contains("seedance-2.0-mini is retired"),
        "{told}"
    );
    assert!(
        told.contains("seedance-9-lite: not offered, because its schema has no"),
        "{told}"
    );
    // The key is not sent to it.
    let seen = provider.seen.lock().unwrap().clone();
    assert_eq!(seen.len(), 1);
    assert!(seen[0].starts_with("GET /inference-model-information/list HTTP/1.1"));
    let head = seen[0].to_lowercase();
    assert!(
        !head.contains("x-api-key") && !head.contains("authorization"),
        "{head}"
    );
    assert!(!seen[0].contains(KEY));
    // Every later command knows it.
    let models = records(home.path(), &["models", "--json"]);
    assert_eq!(models, of_lines(&ended));
    let first = named(&models, "seedance-2.0");
    assert_eq!(first["durations"], json!([5, 10]));
    assert_eq!(first["unused"], json!(["camera"]));
    assert_eq!(named(&models, "seedance-2.0-mini")["retired"], true);
    assert_eq!(
        named(&models, "seedance-3.0")["prices"][0]["take"]["usd"],
        Value::Null
    );
    let dry = |model: &str, duration: &str| {
        let words = [
            "gen",
            "--sandbox",
            "--dry-run",
            "--prompt",
            "a kite",
            "--model",
            model,
            "--duration",
            duration,
        ];
        output(home.path(), &words)
    };
    assert_eq!(dry("seedance-2.0", "4").status.code(), Some(2));
    let taken = dry("seedance-2.0", "5");
    assert_eq!(taken.status.code(), Some(0), "{}", errors(&taken));
    // A retired model is a warning, not a refusal.
    let retired = dry("seedance-2.0-mini", "4");
    let all = errors(&retired) + &String::from_utf8_lossy(&retired.stdout);
    assert_eq!(retired.status.code(), Some(0), "{all}");
    assert!(
        all.contains("seedance-2.0-mini is retired: the provider no longer offers it"),
        "{all}"
    );
    // The user's own file has the last word.
    set(home.path(), "[\"seedance-2.0\"]\ndurations = [4, 10]\n");
    assert_eq!(dry("seedance-2.0", "4").status.code(), Some(0));
}

#[test]
fn a_catalogue_that_cannot_be_read_changes_nothing_and_says_so() {
    let home = tempfile::tempdir().unwrap();
    let before = records(home.path(), &["models", "--json"]);
    for (manner, why) in [
        (says_nonsense as fn(&str, &mut TcpStream), "HTML page"),
        (says_too_much, "more than 4 MiB"),
        (
            |_, stream| say(stream, "200 OK", JSON, "{\"data\": []}"),
            "no model of Seedance",
        ),
        (
            |_, stream| say(stream, "200 OK", JSON, "[1, 2"),
            "without a list of models",
        ),
        (
            |_, stream| say(stream, "503 Busy", JSON, "{\"error\": \"later\"}"),
            "later",
        ),
        (|_, _| {}, "the connection"),
    ] {
        let provider = Provider::start(manner);
        at(home.path(), &provider, "");
        let ended = output(home.path(), &["models", "--refresh"]);
        let told = errors(&ended);
        assert!(!ended.status.success(), "{told}");
        assert!(
            told.contains(why) && told.contains("nothing changes"),
            "{why}: {told}"
        );
        assert_eq!(records(home.path(), &["models", "--json"]), before, "{why}");
    }
    let listed = String::from_utf8(output(home.path(), &["models"]).stdout).unwrap();
    assert!(listed.contains("was not read yet. "), "{listed}");
    // A damaged copy is none.
    std::fs::write(home.path().join("state/catalogue.json"), "{\"offer\": [").unwrap();
    assert_eq!(records(home.path(), &["models", "--json"]), before);
}

#[test]
fn a_live_workbench_reads_the_catalogue_once_a_day_unless_told_never() {
    let asked = |provider: &Provider| {
        let seen = provider.seen.lock().unwrap();
        seen.iter()
            .filter(|request| request.contains("/inference-model-information/list"))
            .count()
    };
    let home = tempfile::tempdir().unwrap();
    let provider = Provider::start(says_catalogue);
    at(home.path(), &provider, "");
    let open = || {
        let mut terminal = Terminal::start_in(home.path(), (120, 30), &[("SEGMIND_API_KEY", KEY)]);
        terminal.see("LIVE");
        terminal
    };
    let mut terminal = open();
    terminal.see("The provider's models changed");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(asked(&provider), 1);
    // The next start offers it, and asks no second time.
    let mut terminal = open();
    terminal.press("m");
    terminal.see("seedance-2.0-mini, retired");
    terminal.see("seedance-3.0, 4 to 60 seconds");
    terminal.press("\u{1b}q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(asked(&provider), 1);
    // A failure is said once, and not tried again at once.
    let broken = Provider::start(says_nonsense);
    let other = tempfile::tempdir().unwrap();
    at(other.path(), &broken, "");
    let start = || Terminal::start_in(other.path(), (120, 30), &[("SEGMIND_API_KEY", KEY)]);
    let mut terminal = start();
    terminal.see("The catalogue of models was not read, and nothing changes");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    let mut terminal = start();
    terminal.see("LIVE");
    terminal.press("m");
    terminal.see("seedance-2.0-mini, 4");
    terminal.press("\u{1b}q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(asked(&broken), 1);
    // Never means never.
    std::fs::remove_file(home.path().join("state/catalogue.json")).unwrap();
    at(home.path(), &provider, "catalogue = \"never\"");
    let mut terminal = open();
    terminal.press("m");
    terminal.see("seedance-2.0-mini, 4");
    terminal.press("\u{1b}q");
    assert_eq!(terminal.end().0.exit_code(), 0);
    assert_eq!(asked(&provider), 1);
}
