//! The sandbox as a process of its own, always on the same port and ledger, and its responses.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Child, Command, Stdio};
use std::thread::JoinHandle;
use std::time::Duration;

use serde_json::Value;

use crate::clients::prepare;
use crate::folders::Folders;
use crate::waiting::until;

/// How much faster than usual the sandbox renders.
pub const FAST: u32 = 30;

pub struct Server {
    folders: Folders,
    port: u16,
    child: Option<Child>,
    pub speed: u32,
}

/// How often and when a rule of the faults file struck since the sandbox started.
pub struct Strikes {
    pub rule: String,
    pub count: u64,
    /// Milliseconds since the sandbox started, by a clock that never jumps.
    pub at_ms: Vec<u64>,
}

impl Server {
    /// A server on a free port that stays its own.
    pub fn new(folders: &Folders) -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        Self {
            folders: folders.clone(),
            port: free.local_addr().unwrap().port(),
            child: None,
            speed: FAST,
        }
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it, or starts it again on the same ledger, and waits until it listens.
    pub fn start(&mut self, faults: &str) {
        // A response that is being cut off may still use the port.
        let started = until(Duration::from_secs(20), || {
            let mut sandbox = self.command(faults);
            let mut child = sandbox.stdout(Stdio::piped()).spawn().unwrap();
            let mut line = String::new();
            BufReader::new(child.stdout.take().unwrap())
                .read_line(&mut line)
                .unwrap();
            if line.starts_with("sandbox at ") {
                return Ok(child);
            }
            child.wait().unwrap();
            Err(line)
        });
        self.child = Some(started.expect("the sandbox starts"));
    }

    fn command(&self, faults: &str) -> Command {
        let outer = &self.folders.outer;
        let mut sandbox = Command::new(env!("CARGO_BIN_EXE_rushes"));
        prepare(&mut sandbox, &self.folders);
        sandbox
            .args(["sandbox", "--speed", &self.speed.to_string()])
            .args(["--port", &self.port.to_string(), "--state"])
            .arg(outer.join("sandbox"))
            // The provider's disk is another one.
            .env("RUSHES_HOME", outer.join("provider"))
            .env("RUSHES_CLOCK_SHIFT", outer.join("provider-shift"));
        let file = outer.join("faults.toml");
        std::fs::write(&file, faults).unwrap();
        sandbox.arg("--faults").arg(file);
        sandbox
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn ledger(&self) -> Value {
        self.get("/_sandbox/ledger").expect("the ledger can be read")
    }

    /// What the rules of the faults file did since the start; nothing when it does not respond.
    pub fn struck(&self) -> Vec<Strikes> {
        let told = self.get("/_sandbox/faults").unwrap_or_default();
        let rules = told["faults"].as_array().into_iter().flatten();
        let strikes = rules.filter_map(|rule| {
            let times = rule["struck_ms"].as_array().into_iter().flatten();
            Some(Strikes {
                rule: rule["name"].as_str()?.to_owned(),
                count: rule["struck"].as_u64().filter(|count| *count > 0)?,
                at_ms: times.filter_map(Value::as_u64).collect(),
            })
        });
        strikes.collect()
    }

    /// Has it make the videos of all that it completed, as a provider does whether or not anybody asks. Making one keeps
    /// a core busy for a second, and a client that must wait for several breaks off and asks again much later.
    pub fn make_videos(&self) -> JoinHandle<()> {
        let ledger = self.get("/_sandbox/ledger").unwrap_or_default();
        let requests = ledger["requests"].as_array().into_iter().flatten();
        let missing = requests.filter(|request| request["state"] != "FAILED" && request["sha256"].is_null());
        let ids: Vec<String> = missing
            .filter_map(|request| Some(request["request_id"].as_str()?.to_owned()))
            .collect();
        let port = self.port;
        std::thread::spawn(move || {
            for pair in ids.chunks(2) {
                std::thread::scope(|scope| {
                    for id in pair {
                        scope.spawn(move || ask(port, "HEAD", &format!("/files/{id}.mp4")));
                    }
                });
            }
        })
    }

    /// A JSON response; `None` when there is none.
    pub fn get(&self, path: &str) -> Option<Value> {
        let response = ask(self.port, "GET", path)?;
        serde_json::from_str(response.split_once("\r\n\r\n")?.1).ok()
    }
}

/// The whole response; `None` when there is none.
fn ask(port: u16, method: &str, path: &str) -> Option<String> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).ok()?;
    stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
    write!(stream, "{method} {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").ok()?;
    let mut response = Vec::new();
    stream.read_to_end(&mut response).ok()?;
    String::from_utf8(response).ok()
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
