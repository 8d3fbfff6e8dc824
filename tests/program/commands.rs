//! Commands: exit codes, JSON, and what they say when something is wrong.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, Command, Output, Stdio};

use serde_json::Value;

/// The program with its folders in `home`, nothing of the machine's own settings about it.
pub fn rushes(home: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushes"));
    command
        .args(arguments)
        .env_clear()
        .env("HOME", home)
        .env("RUSHES_HOME", home)
        .env("PATH", "/usr/bin:/bin");
    command.stdin(Stdio::null());
    command
}

pub fn output(home: &Path, arguments: &[&str]) -> Output {
    rushes(home, arguments).output().unwrap()
}

/// What the command prints, a JSON value a line.
pub fn records(home: &Path, arguments: &[&str]) -> Vec<Value> {
    of_lines(&output(home, arguments))
}

pub fn of_lines(output: &Output) -> Vec<Value> {
    let text = String::from_utf8(output.stdout.clone()).unwrap();
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect()
}

pub fn errors(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// `rushes sandbox`, ended with its test.
pub struct Server {
    child: Child,
    pub origin: String,
}

impl Server {
    pub fn start(home: &Path, faults: &str) -> Self {
        let file = home.join("faults.toml");
        std::fs::write(&file, faults).unwrap();
        let state = home.join("server");
        let arguments = [
            "sandbox",
            "--port",
            "0",
            "--speed",
            "20",
            "--state",
            state.to_str().unwrap(),
            "--faults",
            file.to_str().unwrap(),
        ];
        Self::spawn(&mut rushes(home, &arguments))
    }

    /// `rushes sandbox` by this command.
    pub fn spawn(command: &mut Command) -> Self {
        command.stdout(Stdio::piped());
        let mut child = loop {
            match command.spawn() {
                // A copy of the program that another test's fork still has open for writing.
                Err(busy) if busy.kind() == std::io::ErrorKind::ExecutableFileBusy => {
                    std::thread::yield_now();
                }
                started => break started.unwrap(),
            }
        };
        let mut line = String::new();
        BufReader::new(child.stdout.as_mut().unwrap())
            .read_line(&mut line)
            .unwrap();
        let origin = line.trim().strip_prefix("sandbox at ").unwrap().to_owned();
        Self { child, origin }
    }

    /// Its process.
    pub fn number(&self) -> u32 {
        self.child.id()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_sweep_over_one_variable_says_what_the_others_stand_for() {
    let home = tempfile::tempdir().unwrap();
    let prompt = "A {coat=red|black} coat in the {snow|rain}.";
    let planned = |sweep: &str| {
        let options = [
            "gen",
            "--sandbox",
            "--dry-run",
            "--seeds",
            "7",
            "-p",
            prompt,
            "--sweep",
            sweep,
        ];
        output(home.path(), &options)
    };
    let swept = planned("coat=black,red");
    assert_eq!(errors(&swept), "rushes: in every take variable 2 is \"snow\"\n");
    assert!(String::from_utf8_lossy(&swept.stdout).contains("A black coat in the snow."));
    let pairs = "{a|b}".repeat(8);
    let many = output(home.path(), &["gen", "--dry-run", "--seeds", "7", "-p", &pairs]);
    assert!(
        errors(&many).contains("this asks for more than 200 takes, and one order may have 200"),
        "{}",
        errors(&many)
    );
}

#[test]
fn gen_saves_takes_and_prints_what_ls_and_show_print() {
    let home = tempfile::tempdir().unwrap();
    let server = Server::start(home.path(), "");
    let made = output(
        home.path(),
        &[
            "--api",
            &server.origin,
            "gen",
            "--prompt",
            "A kite.",
            "--seeds",
            "7,8",
            "--duration",
            "4",
            "--json",
        ],
    );
    assert_eq!(made.status.code(), Some(0), "{}", errors(&made));
    let made = of_lines(&made);
    assert_eq!(made.len(), 2);
    for (take, seed) in made.iter().zip([7, 8]) {
        assert_eq!(take["state"], "saved");
        assert_eq!(take["seed"], seed);
        assert_eq!(take["request"]["seed"], seed);
        assert_eq!(take["request"]["resolution"], "480p");
        assert!(Path::new(take["file"].as_str().unwrap()).is_absolute());
        assert_eq!(take["sha256"].as_str().unwrap().len(), 64);
        assert_eq!(take["cost_usd"].as_f64(), Some(0.0));
        assert!(take["would_cost_usd"].as_f64().unwrap() > 0.27);
        assert_eq!((&take["sweep"], &take["revision"]), (&1.into(), &1.into()));
        for name in [
            "id",
            "reel",
            "backend",
            "model",
            "request_id",
            "http_status",
            "sweep",
            "revision",
            "error",
            "error_kind",
            "estimate_usd",
            "estimate_max_usd",
            "bytes",
            "last_frame_url",
            "last_frame_file",
            "parent",
            "lineage",
            "tags",
            "created_at",
        ] {
            assert!(take.get(name).is_some(), "{name}");
        }
        for stage in ["queue", "render", "deliver", "total"] {
            assert!(take["seconds"].get(stage).is_some(), "{stage}");
        }
    }
    let mut listed = records(home.path(), &["ls", "--json"]);
    listed.reverse();
    assert_eq!(listed, made);
    let sweeps = records(home.path(), &["ls", "--sweeps", "--json"]);
    assert_eq!(sweeps.len(), 1);
    let counted = ["sweep", "takes", "saved", "circled", "rejected"].map(|name| sweeps[0][name].clone());
    assert_eq!(counted, [1, 2, 2, 0, 0].map(serde_json::Value::from));
    assert_eq!(sweeps[0]["varies"], "seed");
    // The sandbox costs nothing.
    assert_eq!(sweeps[0]["cost_usd"].as_f64(), Some(0.0));
    assert_eq!(
        records(home.path(), &["ls", "--sweeps", "--json", "seed:9"]).len(),
        0
    );
    let text = output(home.path(), &["ls", "--sweeps", "sweep:1"]);
    assert!(String::from_utf8_lossy(&text.stdout).contains("2 of 2 saved"));
    let shown = records(home.path(), &["show", "1", "--json"]);
    assert_eq!(shown[0]["sha256"], made[0]["sha256"]);
    assert_eq!(shown[0]["exchanges"][0]["stage"], "submit");
}

#[test]
fn a_broken_rule_is_reported_and_nothing_is_sent() {
    let home = tempfile::tempdir().unwrap();
    let cases: [(&[&str], &str); 8] = [
        (&["--prompt", " "], "prompt is empty"),
        (&["--prompt", "k", "--duration", "7"], "4, 5, 6, 8, 10, 12 or 15"),
        (
            &["--prompt", "k", "--resolution", "8k"],
            "480p, 720p, 1080p or 4k",
        ),
        (&["--prompt", "k", "--aspect", "2:1"], "adaptive"),
        (&["--prompt", "k", "--seeds", "9..3"], "3..9"),
        (
            &["--prompt", "k", "--last-frame", "https://x/y.png"],
            "needs a first frame",
        ),
        (&["--prompt", "@/nowhere/at/all"], "cannot read the prompt"),
        (&[], "no script yet"),
    ];
    for (arguments, said) in cases {
        let all: Vec<&str> = ["gen", "--yes"].iter().chain(arguments).copied().collect();
        let ended = output(home.path(), &all);
        assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {}", errors(&ended));
        assert!(errors(&ended).contains(said), "{arguments:?}: {}", errors(&ended));
    }
    assert!(records(home.path(), &["ls", "--json"]).is_empty());
    let local = output(
        home.path(),
        &["gen", "--prompt", "k", "--first-frame", "not-there.png"],
    );
    assert_eq!(local.status.code(), Some(2), "{}", errors(&local));
    assert!(errors(&local).contains("not-there.png"), "{}", errors(&local));
}

#[test]
fn each_way_to_fail_has_its_exit_code() {
    let fault = |what: &str| format!("[[fault]]\nmethod = \"POST\"\npath = \"/v2/*\"\nnth = 1\n{what}");
    let cases = [
        (
            "status = 406\nbody = '{\"error\":\"Insufficient credits. Your balance is 0.1 and 0.28 is needed\"}'",
            4,
            "cancelled",
        ),
        ("status = 401", 3, "cancelled"),
        (
            "status = 400\nbody = '{\"error\":\"prompt is required\"}'",
            5,
            "refused",
        ),
        ("fail = \"OutputVideoSensitiveContentDetected\"", 5, "failed"),
        ("reset = \"after_accept\"", 0, "saved"),
    ];
    for (what, code, state) in cases {
        let home = tempfile::tempdir().unwrap();
        let server = Server::start(home.path(), &fault(what));
        let ended = output(
            home.path(),
            &[
                "gen",
                "--api",
                &server.origin,
                "--prompt",
                "k",
                "--duration",
                "4",
                "--seeds",
                "1",
                "--json",
            ],
        );
        assert_eq!(ended.status.code(), Some(code), "{what}: {}", errors(&ended));
        assert_eq!(of_lines(&ended)[0]["state"], state, "{what}");
    }
}

#[test]
fn a_missing_api_and_a_missing_key_are_reported() {
    let home = tempfile::tempdir().unwrap();
    let closed = std::net::TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let ended = output(
        home.path(),
        &[
            "gen",
            "--api",
            &format!("http://{closed}"),
            "--prompt",
            "k",
            "--yes",
            "--json",
        ],
    );
    assert_eq!(ended.status.code(), Some(7), "{}", errors(&ended));
    assert_eq!(of_lines(&ended)[0]["state"], "cancelled");
    let ended = output(home.path(), &["gen", "--live", "--prompt", "k", "--yes"]);
    assert_eq!(ended.status.code(), Some(3), "{}", errors(&ended));
}

#[test]
fn live_money_is_not_spent_without_a_yes() {
    let home = tempfile::tempdir().unwrap();
    let ended = rushes(home.path(), &["gen", "--live", "--prompt", "k"])
        .env("SEGMIND_API_KEY", "SG_0123456789abcdef")
        .output()
        .unwrap();
    assert_eq!(ended.status.code(), Some(2));
    let told = errors(&ended);
    assert!(
        told.contains("1 take would cost") && told.contains("--yes"),
        "{told}"
    );
    assert!(records(home.path(), &["ls", "--json"]).is_empty());
}

#[test]
fn the_workbench_needs_a_terminal_and_says_what_does_not() {
    let home = tempfile::tempdir().unwrap();
    let ended = output(home.path(), &[]);
    assert_eq!(ended.status.code(), Some(2), "{}", errors(&ended));
    assert!(errors(&ended).contains("rushes gen"), "{}", errors(&ended));
}

#[test]
fn faulty_surroundings_are_named() {
    let home = tempfile::tempdir().unwrap();
    // A port that is taken.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let ended = output(home.path(), &["sandbox", "--port", &port]);
    assert_ne!(ended.status.code(), Some(0));
    assert!(errors(&ended).contains(&port), "{}", errors(&ended));
    // A home that is a file.
    let file = home.path().join("file");
    std::fs::write(&file, "x").unwrap();
    let ended = output(home.path(), &["--home", file.to_str().unwrap(), "ls"]);
    assert_eq!(ended.status.code(), Some(1), "{}", errors(&ended));
    assert!(errors(&ended).contains("file"), "{}", errors(&ended));
    // A file that is no database.
    let data = home.path().join("data");
    std::fs::create_dir_all(&data).unwrap();
    std::fs::File::create(data.join("rushes.db"))
        .unwrap()
        .write_all(&[7; 8192])
        .unwrap();
    let ended = output(home.path(), &["ls"]);
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
    assert!(
        errors(&ended).contains("rushes.db.corrupt-") && errors(&ended).contains("Nothing is sent again"),
        "{}",
        errors(&ended)
    );
    let again = output(home.path(), &["ls"]);
    assert_eq!(errors(&again), "");
    // Settings that cannot be read do not stop anything.
    let other = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(other.path().join("config")).unwrap();
    std::fs::write(other.path().join("config/config.toml"), "in_flite = 3\n").unwrap();
    let ended = output(other.path(), &["ls"]);
    assert_eq!(ended.status.code(), Some(0));
    assert!(
        errors(&ended).contains("config.toml:1:1") && errors(&ended).contains("in_flight"),
        "{}",
        errors(&ended)
    );
}

#[test]
fn doctor_tells_what_it_finds() {
    let home = tempfile::tempdir().unwrap();
    let found = records(home.path(), &["doctor", "--json"]);
    for check in [
        "terminal",
        "locale",
        "data",
        "settings",
        "store",
        "key",
        "api",
        "clipboard",
    ] {
        assert!(found.iter().any(|f| f["check"] == check), "{check}");
    }
}

#[test]
fn doctor_names_the_videos_that_are_gone_or_were_changed() {
    let home = tempfile::tempdir().unwrap();
    let command = [
        "--sandbox",
        "gen",
        "--prompt",
        "A kite.",
        "--duration",
        "4",
        "--seeds",
        "1..3",
        "--json",
        "-y",
    ];
    let takes = records(home.path(), &command);
    let videos = || {
        let found = records(home.path(), &["--sandbox", "doctor", "--json"]);
        found.into_iter().find(|f| f["check"] == "videos").unwrap()
    };
    let found = videos();
    assert_eq!(found["weight"], "ok");
    assert_eq!(found["found"], "3 saved, all are there");

    let file = |n: usize| takes[n]["file"].as_str().unwrap();
    std::fs::remove_file(file(0)).unwrap();
    std::fs::write(file(2), "short").unwrap();
    let found = videos();
    let told = found["found"].as_str().unwrap();
    assert_eq!(found["weight"], "note");
    let gone = format!("1 is gone: take 1 ({})", file(0));
    assert!(told.contains(&gone), "{told}");
    let changed = format!("1 is of another size than was saved: take 3 ({})", file(2));
    assert!(told.contains(&changed), "{told}");
}

#[test]
fn doctor_places_every_error_of_the_users_keymap_and_themes() {
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    let found = |check: &str| -> Vec<(String, String)> {
        let all = records(home.path(), &["doctor", "--json"]).into_iter();
        let word = |found: &Value, name: &str| found[name].as_str().unwrap().to_owned();
        let ours = all.filter(|found| found["check"] == check);
        ours.map(|found| (word(&found, "weight"), word(&found, "found")))
            .collect()
    };
    for check in ["keymap", "themes"] {
        assert_eq!(found(check)[0].0, "ok", "{check}");
    }
    std::fs::create_dir_all(config.join("themes")).unwrap();
    std::fs::write(
        config.join("keymap.toml"),
        "[global]\nquit = [\"Q\"]\nfly = [\"f\"]\nswim = [\"s\"]\n",
    )
    .unwrap();
    std::fs::write(
        config.join("themes/mine.toml"),
        "[roles]\naccent = \"no such colour\"\n",
    )
    .unwrap();
    std::fs::write(config.join("config.toml"), "theme = \"gone\"\n").unwrap();
    let keymap = found("keymap");
    assert_eq!(keymap.len(), 2, "{keymap:?}");
    for ((weight, text), place) in keymap.iter().zip(["keymap.toml:3:", "keymap.toml:4:"]) {
        assert!(weight == "note" && text.contains(place), "{text}");
    }
    let themes = found("themes");
    assert!(
        themes.iter().any(|(_, text)| text.contains("mine.toml:")),
        "{themes:?}"
    );
    assert!(
        themes.iter().any(|(_, text)| text.contains("\"gone\"")),
        "{themes:?}"
    );
}

/// What an editor of another system saved is the same request as what is pasted into the workbench.
#[test]
fn a_prompt_from_a_file_is_cleaned_as_the_editor_does() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("prompt.txt");
    std::fs::write(&file, "\u{feff}Shot 1: a kite.\r\nShot 2:\tit dives.\u{202e}\r\n").unwrap();
    let source = format!("@{}", file.display());
    let made = records(home.path(), &["gen", "--dry-run", "--json", "-p", &source]);
    assert_eq!(
        made[0]["request"]["prompt"],
        "Shot 1: a kite.\nShot 2: it dives.\n"
    );
}

/// The name of a file is no prompt that somebody would pay for.
#[test]
fn a_prompt_that_is_the_name_of_a_file_is_pointed_out() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("prompt.txt");
    std::fs::write(&file, "Shot 1: a kite.").unwrap();
    let name = file.to_str().unwrap();
    let ended = output(home.path(), &["gen", "--dry-run", "-p", name]);
    assert_eq!(ended.status.code(), Some(2));
    let said = errors(&ended);
    assert!(said.contains(&format!("give --prompt @{name}")), "{said}");
}

#[test]
fn a_broken_reference_is_reported_before_any_price() {
    let home = tempfile::tempdir().unwrap();
    let jpeg = include_bytes!("../pictures/halves.jpg");
    let video = include_bytes!("../clips/cut.mp4");
    let mut shell = b"\0\0\0\x18ftypheic".to_vec();
    shell.resize(224, 0);
    let sound_only = include_bytes!("../clips/sound-only.mp4");
    let cases: [(&str, &[u8], &str); 4] = [
        (
            "--image",
            &jpeg[..jpeg.len() / 2],
            "is damaged (it ends in the middle",
        ),
        ("--image", &shell, "is damaged (there is no picture in it)"),
        ("--video", &video[..700], "is damaged (it ends early"),
        ("--video", sound_only, "is a video file without pictures"),
    ];
    for (option, bytes, what) in cases {
        let path = home.path().join("reference");
        std::fs::write(&path, bytes).unwrap();
        for command in [
            &["gen", "--dry-run", "-p", "image 1 and video 1"][..],
            &["estimate"],
            &["estimate", "--json"],
        ] {
            let arguments = [command, &[option, path.to_str().unwrap()]].concat();
            let ended = output(home.path(), &arguments);
            let said = errors(&ended);
            assert_eq!(ended.status.code(), Some(2), "{arguments:?}: {said}");
            assert!(said.contains("nothing was sent") && said.contains(what), "{said}");
            assert!(ended.stdout.is_empty(), "a price was said");
        }
    }
    // One that was cut without decoding is as long as it is shown.
    let whole = home.path().join("clip.mp4");
    std::fs::write(&whole, video).unwrap();
    let ended = output(
        home.path(),
        &[
            "gen",
            "--dry-run",
            "-p",
            "video 1",
            "--video",
            whole.to_str().unwrap(),
        ],
    );
    assert_eq!(ended.status.code(), Some(0), "{}", errors(&ended));
}

#[test]
fn references_are_made_of_what_the_program_reads() {
    let home = tempfile::tempdir().unwrap();
    let text = |arguments: &[&str]| String::from_utf8(output(home.path(), arguments).stdout).unwrap();
    assert!(text(&["config"]).contains("in_flight"));
    assert!(text(&["themes"]).lines().count() >= 3);
    assert!(text(&["themes", "ansi"]).contains("accent"));
    let documented: [(&str, &[&str]); 3] = [
        ("keys.md", &["keys"]),
        ("scripts.md", &["lint", "--rules"]),
        ("files.md", &["config"]),
    ];
    for (file, command) in documented {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
        assert!(
            std::fs::read_to_string(path)
                .unwrap()
                .contains(text(command).trim_end()),
            "docs/{file} is outdated: replace the output of `rushes {}` in it",
            command.join(" ")
        );
    }
}
