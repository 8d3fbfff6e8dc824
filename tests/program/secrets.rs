//! The key goes nowhere but into the header of the provider: real processes fail in every way against a server
//! that repeats to them whatever it was sent, and then everything that they left behind is searched.

use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Mutex;
use std::time::Duration;

use rushes::model::{Backend, Expectation};

use crate::commands::{Server, of_lines};
use crate::observed_run::{self, all_below};
use crate::primed_store::prime;
use crate::terminal::Terminal;
use crate::test_provider::{JSON, Manner, Provider, say};

const KEY: &str = "SG_c0ffee11deadbe4f";
const DIGITS: &str = "c0ffee11deadbe4f";
/// The digits as a response may write them: whoever decodes that has the key again.
const ESCAPED: [&str; 5] = [
    r"c0ffee\u0031\u0031deadbe4f",
    r"c0ffee\\u0031\\u0031deadbe4f",
    "c0ffee%31%31deadbe4f",
    "c0ffee&#49;&#x31;deadbe4f",
    "c0ffee1\u{200b}1deadbe4f",
];

fn was_sent_the_key(provider: &Provider) -> bool {
    let seen = provider.seen.lock().unwrap();
    seen.iter().any(|request| request.contains(KEY))
}

fn json_of(head: &str) -> String {
    serde_json::json!({"error": format!("not good: {head}"), "message": DIGITS, "request_id": format!("id-{KEY}"),
        "status": "COMPLETED", "output": {"video": format!("http://127.0.0.1:9/{KEY}.mp4?k={DIGITS}")}})
    .to_string()
}

/// The same with the key in escapes.
fn escaped_json() -> String {
    let [json, nested, url, html, invisible] = ESCAPED;
    format!(
        r#"{{"error":"bad key SG_{json} {html} {invisible}","message":"SG_{nested}","request_id":"id-SG_{json}","status":"COMPLETED","output":{{"video":"http://127.0.0.1:9/SG_{json}.mp4?k={url}"}}}}"#
    )
}

/// Every manner of failing, by name.
fn manners() -> Vec<(&'static str, Manner)> {
    vec![
        ("401", |head, stream| {
            say(stream, "401 Unauthorized", JSON, &json_of(head));
        }),
        ("400", |head, stream| {
            let echo = format!("{JSON}\r\nx-echo: {KEY}\r\nwww-authenticate: {DIGITS}");
            say(stream, "400 Bad Request", &echo, &json_of(head));
        }),
        ("400 with escapes", |_, stream| {
            let echo = format!("{JSON}\r\nx-echo: {}", ESCAPED[2]);
            say(stream, "400 Bad Request", &echo, &escaped_json());
        }),
        ("escapes that are accepted", |_, stream| {
            let echo = format!("{JSON}\r\nx-request-id: {}", ESCAPED[2]);
            say(stream, "200 OK", &echo, &escaped_json());
        }),
        ("500 as HTML with escapes", |_, stream| {
            let page = format!("<title>{}</title>", ESCAPED[3]);
            say(
                stream,
                "500 Internal Server Error",
                "content-type: text/html",
                &page,
            );
        }),
        ("500 as HTML", |head, stream| {
            let page = format!("<html><pre>{head}</pre>{DIGITS}</html>");
            say(
                stream,
                "500 Internal Server Error",
                "content-type: text/html",
                &page,
            );
        }),
        ("an echo that is accepted", |head, stream| {
            let echo = format!("{JSON}\r\nx-request-id: {KEY}");
            say(stream, "200 OK", &echo, &json_of(head));
        }),
        ("a reset", |head, stream| {
            let _ = write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: 999\r\n\r\n{head}");
        }),
        ("no HTTP", |head, stream| {
            let _ = write!(stream, "{DIGITS} {head}");
        }),
        ("429", |head, stream| {
            let more = format!("{JSON}\r\nretry-after: {DIGITS}");
            say(stream, "429 Too Many Requests", &more, &json_of(head));
        }),
    ]
}

/// The program as a user with a key runs it.
fn rushes(home: &Path, user: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_rushes"));
    command
        .args(["--home".as_ref(), home.as_os_str()])
        .args(arguments)
        .env_clear()
        .env("HOME", user)
        .env("PATH", "/usr/bin:/bin")
        .env("RUST_BACKTRACE", "full")
        .env("SEGMIND_API_KEY", KEY)
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

/// What a run said, at most so long. Its command line is looked at on the way.
fn said(command: Command, most: Duration, test: &str) -> Vec<u8> {
    let output = observed_run::run(command, most, |pid| {
        assert!(
            !holds(&observed_run::command_line(pid)),
            "{test}: the key is on a command line"
        );
    });
    [output.stdout, output.stderr].concat()
}

fn holds(bytes: &[u8]) -> bool {
    let is_in = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    is_in(DIGITS) || ESCAPED.into_iter().any(is_in)
}

/// No file holds the key, and none can be read by others.
fn search(folder: &Path, test: &str) -> usize {
    let mut files = 0;
    for path in all_below(folder) {
        let meta = std::fs::symlink_metadata(&path).unwrap();
        let mode = meta.permissions().mode() & 0o777;
        if meta.is_dir() {
            assert_eq!(mode, 0o700, "{test}: {}", path.display());
            continue;
        }
        assert_eq!(mode, 0o600, "{test}: {}", path.display());
        let bytes = std::fs::read(&path).unwrap();
        assert!(!holds(&bytes), "{test}: the key is in {}", path.display());
        files += 1;
    }
    files
}

fn generate(origin: &str, version: &'static str) -> Vec<String> {
    let words = [
        "gen",
        "--live",
        "--yes",
        "--api",
        origin,
        "--prompt",
        "A kite.",
        "--duration",
        "4",
        "--seeds",
        "1",
        "--json",
        "--api-version",
        version,
    ];
    words.map(str::to_owned).to_vec()
}

#[test]
fn the_key_is_nowhere_after_every_kind_of_failure() {
    let runs = manners().into_iter().map(|(name, manner)| {
        std::thread::spawn(move || {
            let (home, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
            let server = Provider::start(manner);
            let one = |arguments: &[&str], seconds: u64| {
                let words = said(
                    rushes(home.path(), user.path(), arguments),
                    Duration::from_secs(seconds),
                    name,
                );
                assert!(
                    !holds(&words),
                    "{name}: {arguments:?} said {}",
                    String::from_utf8_lossy(&words)
                );
            };
            for version in ["v2", "v1"] {
                let words = generate(&server.origin, version);
                one(&words.iter().map(String::as_str).collect::<Vec<_>>(), 6);
            }
            assert!(was_sent_the_key(&server), "{name}: it was never used");
            one(&["resume", "--live", "--api", &server.origin], 4);
            one(&["doctor", "--live", "--api", &server.origin], 8);
            one(&["ls"], 20);
            one(&["ls", "--json"], 20);
            for take in ["1", "2"] {
                one(&["show", take], 20);
                one(&["show", take, "--json"], 20);
            }
            assert!(search(home.path(), name) >= 2, "{name}");
            search(user.path(), name);
        })
    });
    let runs: Vec<_> = runs.collect();
    for run in runs {
        run.join().unwrap();
    }
}

#[test]
fn a_redirect_does_not_carry_the_key() {
    static ELSEWHERE: Mutex<String> = Mutex::new(String::new());
    let thief = Provider::start(|head, stream| say(stream, "200 OK", JSON, &json_of(head)));
    ELSEWHERE.lock().unwrap().clone_from(&thief.origin);
    let server = Provider::start(|_, stream| {
        let to = format!("location: {}/{KEY}?k={DIGITS}", ELSEWHERE.lock().unwrap());
        say(stream, "307 Temporary Redirect", &to, DIGITS);
    });
    let (home, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    for version in ["v2", "v1"] {
        let words = generate(&server.origin, version);
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let said = said(
            rushes(home.path(), user.path(), &words),
            Duration::from_secs(6),
            "redirect",
        );
        assert!(!holds(&said), "{}", String::from_utf8_lossy(&said));
    }
    assert!(was_sent_the_key(&server));
    assert!(!was_sent_the_key(&thief), "{:?}", thief.seen.lock().unwrap());
    search(home.path(), "redirect");
}

/// A sandbox with the user's key about it.
fn sandbox(home: &Path, user: &Path) -> Server {
    let arguments = ["sandbox", "--port", "0", "--speed", "20"];
    Server::spawn(&mut rushes(home, user, &arguments))
}

/// The take's video, its sidecar, the store and the sandbox's ledger: none of them has the key.
fn end_and_search(server: Server, home: &Path, user: &Path, test: &str) {
    drop(server);
    assert!(search(home, test) >= 4, "{test}");
    search(user, test);
}

/// A video that was paid for: sidecar, sandbox.
#[test]
fn the_key_is_nowhere_after_a_saved_take() {
    let (home, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    prime(home.path(), Backend::Live, Expectation::MIN_TAKES);
    let server = sandbox(home.path(), user.path());
    let words = generate(&server.origin, "v2");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let out = said(
        rushes(home.path(), user.path(), &words),
        Duration::from_secs(60),
        "well",
    );
    let text = String::from_utf8_lossy(&out).into_owned();
    assert!(text.contains("\"saved\"") && !holds(&out), "{text}");
    end_and_search(server, home.path(), user.path(), "well");
}

/// A take that a background process finishes: what that process is given and leaves behind.
#[test]
fn the_key_is_nowhere_after_a_take_that_was_saved_in_the_background() {
    let (home, user) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let server = sandbox(home.path(), user.path());
    let state = || {
        let listed = rushes(home.path(), user.path(), &["ls", "--json"])
            .output()
            .unwrap();
        let take = of_lines(&listed).pop()?;
        Some(take["state"].as_str().unwrap().to_owned())
    };
    let is_away = |state: Option<String>| {
        state.is_some_and(|state| matches!(state.as_str(), "accepted" | "queued" | "processing"))
    };
    // A live take is not asked about before it may well be done: there is time to leave it at the provider.
    let words = generate(&server.origin, "v2");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let mut left = rushes(home.path(), user.path(), &words).spawn().unwrap();
    observed_run::until("the take is at the provider", || {
        assert!(left.try_wait().unwrap().is_none(), "{:?}", state());
        is_away(state()).then_some(())
    });
    observed_run::ask_to_end(left.id());
    let left = left.wait_with_output().unwrap();
    assert!(!holds(&left.stdout) && !holds(&left.stderr));
    assert!(is_away(state()), "{:?}", state());
    // From now on there is nothing to wait for.
    prime(home.path(), Backend::Live, Expectation::MIN_TAKES);
    let background = ["resume", "--background", "--live", "--api", &server.origin];
    let out = said(
        rushes(home.path(), user.path(), &background),
        Duration::from_secs(20),
        "background",
    );
    assert!(!holds(&out));
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let line = std::fs::read(entry.path().join("cmdline")).unwrap_or_default();
        assert!(!holds(&line), "{}", String::from_utf8_lossy(&line));
    }
    let detached = observed_run::left_behind(&out);
    observed_run::until("the background process has ended", || {
        let line = observed_run::command_line(detached);
        assert!(!holds(&line), "{}", String::from_utf8_lossy(&line));
        let lives = line.split(|byte| *byte == 0).any(|word| word == b"--detached");
        (!lives).then_some(())
    });
    assert_eq!(state().as_deref(), Some("saved"));
    end_and_search(server, home.path(), user.path(), "background");
}

/// The workbench: all that it draws, and the command that it copies.
#[test]
fn the_workbench_shows_and_copies_no_key() {
    let server = Provider::start(|head, stream| say(stream, "400 Bad Request", JSON, &json_of(head)));
    let home = tempfile::tempdir().unwrap();
    let words = generate(&server.origin, "v2");
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    said(
        rushes(home.path(), home.path(), &words),
        Duration::from_secs(20),
        "bench",
    );
    let config = home.path().join("config");
    std::fs::write(config.join("key"), KEY).unwrap();
    std::fs::set_permissions(config.join("key"), std::fs::Permissions::from_mode(0o600)).unwrap();
    let mut terminal = Terminal::start(home.path(), 140, 45, &["--live", "--api", &server.origin]);
    terminal.see("refused");
    terminal.press("4yc");
    terminal.see("curl command");
    terminal.press("o");
    terminal.see("not good");
    terminal.press("\x1b[F");
    terminal.press("q");
    terminal.press("q");
    let (_, bytes) = terminal.end();
    assert!(!holds(&bytes));
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let copied: Vec<String> = text
        .split("\x1b]52;c;")
        .skip(1)
        .map(|rest| {
            use base64::Engine;
            let end = rest.find(['\x07', '\x1b']).unwrap();
            let bytes = base64::engine::general_purpose::STANDARD.decode(&rest[..end]);
            String::from_utf8(bytes.unwrap()).unwrap()
        })
        .collect();
    assert!(
        copied.iter().any(|text| text.contains("$SEGMIND_API_KEY")),
        "{copied:?}"
    );
    assert!(copied.iter().all(|text| !holds(text.as_bytes())), "{copied:?}");
    std::fs::remove_file(config.join("key")).unwrap();
    search(home.path(), "bench");
}
