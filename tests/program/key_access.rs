//! Who cannot get at the key: programs that are started, other processes of the user, another machine.

use std::io::Write;
use std::net::{Ipv4Addr, TcpListener, UdpSocket};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Command;
use std::sync::mpsc::channel;

use portable_pty::CommandBuilder;

use crate::commands::{Server, rushes};
use crate::observed_run;
use crate::terminal::Terminal;

const KEY: &str = "SG_c0ffee11deadbe4f";
const NOBODY: u32 = 65_534;

#[test]
fn an_editor_is_not_given_the_key() {
    let home = tempfile::tempdir().unwrap();
    let (script, seen) = (home.path().join("editor.sh"), home.path().join("seen"));
    let body = format!(
        "env > '{0}.part'; mv '{0}.part' '{0}'; echo A red kite. > \"$1\"",
        seen.display()
    );
    std::fs::write(&script, body).unwrap();
    let mut command = CommandBuilder::new(env!("CARGO_BIN_EXE_rushes"));
    command.env_clear();
    command.env("SEGMIND_API_KEY", KEY);
    command.env("VISUAL", format!("sh '{}'", script.display()));
    command.arg("--sandbox");
    let mut terminal = Terminal::run(command, home.path(), 100, 30);
    terminal.see("g generate");
    terminal.press("e");
    let environment = observed_run::until("the editor has run", || std::fs::read_to_string(&seen).ok());
    assert!(environment.contains("VISUAL=sh"), "{environment}");
    assert!(!environment.contains(KEY), "{environment}");
    // Keys are for the program again once it shows what the editor wrote.
    terminal.see("A red kite.");
    terminal.press("q");
    assert_eq!(terminal.end().0.exit_code(), 0);
}

/// The kernel gives the process's files to root when its memory is closed to the user's other programs, and then it
/// writes no core dump either.
#[test]
fn no_other_program_of_the_user_can_read_its_memory_and_no_core_is_dumped() {
    let home = tempfile::tempdir().unwrap();
    let mut program = env!("CARGO_BIN_EXE_rushes").into();
    let is_root = rustix::process::geteuid().is_root();
    if is_root {
        // A copy, since nobody may not be allowed into the folder of the build.
        let copy = home.path().join("program");
        std::fs::copy(&program, &copy).unwrap();
        program = copy;
        std::fs::set_permissions(home.path(), std::fs::Permissions::from_mode(0o777)).unwrap();
    }
    let mut command = Command::new(&program);
    command
        .env_clear()
        .env("HOME", home.path())
        .env("RUSHES_HOME", home.path().join("home"))
        .args(["sandbox", "--port", "0"])
        .current_dir("/");
    if is_root {
        command.uid(NOBODY).gid(NOBODY);
    }
    let server = Server::spawn(&mut command);
    let files = std::fs::metadata(format!("/proc/{}/environ", server.number())).unwrap();
    assert_eq!(files.uid(), 0, "its memory is open to the user's other programs");
}

/// Where a name server or a hosts file leads `x.localhost` to another machine, nothing is sent there.
#[test]
fn the_key_is_not_sent_to_a_name_that_only_claims_to_be_this_machine() {
    let home = tempfile::tempdir().unwrap();
    let Some(address) = own_ip() else {
        return not_run("this machine has no address besides the loopback");
    };
    let hosts = home.path().join("hosts");
    std::fs::write(&hosts, format!("127.0.0.1 localhost\n{address} x.localhost\n")).unwrap();
    if let Err(why) = with_hosts(&hosts, &Command::new("true")) {
        return not_run(&why);
    }
    let listener = TcpListener::bind((Ipv4Addr::UNSPECIFIED, 0)).unwrap();
    let port = listener.local_addr().unwrap().port();
    let (sender, heard) = channel();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let _ = sender.send(stream.unwrap().peer_addr().unwrap());
        }
    });
    let ask = |name: &str| {
        let origin = format!("http://{name}:{port}");
        let mut command = rushes(home.path(), &["doctor", "--live", "--api", &origin]);
        command.env("SEGMIND_API_KEY", KEY);
        with_hosts(&hosts, &command).unwrap_or_else(|said| said)
    };
    let said = ask("x.localhost");
    assert!(heard.try_recv().is_err(), "it was connected to: {said}");
    assert!(said.contains("x.localhost is not this machine"), "{said}");
    // The same way leads somewhere where the name is good.
    std::fs::write(&hosts, "127.0.0.1 localhost x.localhost\n").unwrap();
    let said = ask("x.localhost");
    assert!(heard.try_recv().is_ok(), "nobody was connected to: {said}");
}

/// An address of this machine that others reach it by. Nothing is sent to find it.
fn own_ip() -> Option<std::net::IpAddr> {
    let socket = UdpSocket::bind((Ipv4Addr::UNSPECIFIED, 0)).ok()?;
    socket.connect((Ipv4Addr::new(192, 0, 2, 1), 9)).ok()?;
    let address = socket.local_addr().ok()?.ip();
    (!address.is_loopback() && !address.is_unspecified()).then_some(address)
}

/// Runs the command where `/etc/hosts` is this file; what it said, as an error when it failed.
fn with_hosts(hosts: &Path, command: &Command) -> Result<String, String> {
    let mut inside = Command::new("unshare");
    inside
        .args(["-rm", "sh", "-c", "mount --bind \"$0\" /etc/hosts && exec \"$@\""])
        .arg(hosts)
        .arg(command.get_program())
        .args(command.get_args());
    for (name, value) in command.get_envs() {
        if let Some(value) = value {
            inside.env(name, value);
        }
    }
    let output = inside.output().map_err(|error| error.to_string())?;
    let said = [output.stdout, output.stderr].concat();
    let said = String::from_utf8_lossy(&said).into_owned();
    if output.status.success() {
        Ok(said)
    } else {
        Err(said)
    }
}

fn not_run(why: &str) {
    // Not by the macro: the harness keeps what that prints of tests that pass.
    let mut out = std::io::stderr().lock();
    writeln!(
        out,
        "NOT RUN: the name that claims to be this machine: {}",
        why.trim()
    )
    .unwrap();
}
