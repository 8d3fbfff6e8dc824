//! The sandbox as a process of its own, always on the same port and books, and what it answers.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use crate::clients::command;
use crate::patience::until;

pub struct Server {
    home: PathBuf,
    port: u16,
    child: Option<Child>,
}

impl Server {
    /// A server on a free port that stays its own.
    pub fn new(home: &Path) -> Self {
        let free = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        Self {
            home: home.to_owned(),
            port: free.local_addr().unwrap().port(),
            child: None,
        }
    }

    pub fn origin(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Starts it, or starts it again on the same books, and waits until it listens.
    pub fn start(&mut self, faults: Option<&str>) {
        // The port may be in the hands of an answer that is being cut off.
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

    fn command(&self, faults: Option<&str>) -> Command {
        let mut sandbox = command(&self.home);
        sandbox
            .args([
                "sandbox",
                "--speed",
                "30",
                "--port",
                &self.port.to_string(),
                "--state",
            ])
            .arg(self.home.join("sandbox"))
            .env("RUSHES_CLOCK_SHIFT", self.home.join("provider-shift"));
        if let Some(faults) = faults {
            let file = self.home.join("faults.toml");
            std::fs::write(&file, faults).unwrap();
            sandbox.arg("--faults").arg(file);
        }
        sandbox
    }

    /// `kill -9`.
    pub fn kill(&mut self) {
        if let Some(mut child) = self.child.take() {
            let _ = child.kill();
            let _ = child.wait();
        }
    }

    pub fn books(&self) -> Value {
        self.get("/_sandbox/books").expect("the books can be read")
    }

    /// A JSON answer; none when it does not answer.
    pub fn get(&self, path: &str) -> Option<Value> {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).ok()?;
        stream.set_read_timeout(Some(Duration::from_secs(20))).ok()?;
        write!(stream, "GET {path} HTTP/1.0\r\nHost: localhost\r\n\r\n").ok()?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).ok()?;
        let text = String::from_utf8(answer).ok()?;
        serde_json::from_str(text.split_once("\r\n\r\n")?.1).ok()
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
