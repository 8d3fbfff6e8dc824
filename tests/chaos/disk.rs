//! Full disks: the home is on a small disk of its own, which is filled completely and then freed again.

use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use crate::disturbance::Disturbance;
use crate::figures::count;
use crate::scene::Scene;
use crate::schedule::Schedule;
use crate::storm::Scale;

const INSIDE: &str = "RUSHES_TEST_NAMESPACE";
/// Room for the videos of a long round.
const SIZE: &str = "size=2g,mode=700";

/// Runs the test again where it may mount disks. Returns false to the process that must run it: the inner one, or this
/// one if no disk can be mounted here.
pub fn ran_inside(test: &str) -> bool {
    if std::env::var_os(INSIDE).is_some() {
        return false;
    }
    let folder = tempfile::tempdir().unwrap();
    let can = Command::new("unshare")
        .args(["-rm", "mount", "-t", "tmpfs", "-o", "size=1m", "none"])
        .arg(folder.path())
        .output();
    let why_not = match can {
        Ok(can) if can.status.success() => None,
        Ok(can) => Some(String::from_utf8_lossy(&can.stderr).into_owned()),
        Err(error) => Some(error.to_string()),
    };
    if let Some(why) = why_not {
        // Not by the macro: the harness keeps what that prints of tests that pass.
        let why = why.trim();
        let said = writeln!(
            std::io::stderr().lock(),
            "NOT RUN: full disks: no disk can be mounted here (unshare -rm): {why}"
        );
        said.unwrap();
        return false;
    }
    let mut inside = Command::new("unshare")
        .arg("-rm")
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(INSIDE, "1")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let complaints = inside.stderr.take().unwrap();
    let complaints = std::thread::spawn(move || pass_on(complaints));
    pass_on(inside.stdout.take().unwrap());
    complaints.join().unwrap();
    assert!(
        inside.wait().unwrap().success(),
        "the storm inside failed, see above"
    );
    true
}

/// Prints what the test inside prints, as it comes.
fn pass_on(said: impl Read) {
    for line in BufReader::new(said).lines().map_while(Result::ok) {
        println!("{line}");
    }
}

/// A disk that is mounted at a folder until it is dropped.
pub struct Disk(PathBuf);

impl Disk {
    /// None where no disk can be mounted.
    pub fn mount(at: &Path) -> Option<Self> {
        std::env::var_os(INSIDE)?;
        mount(&["-t", "tmpfs", "-o", SIZE, "none"], at).unwrap();
        Some(Self(at.to_owned()))
    }

    /// Leaves no room: the disk becomes as small as its contents, whatever is written meanwhile.
    fn fill(&self) -> Result<(), String> {
        let mut tried = 0;
        loop {
            let stat = rustix::fs::statvfs(&self.0).unwrap();
            let used = (stat.f_blocks - stat.f_bfree) * stat.f_frsize;
            let filled = mount(&["-o", &format!("remount,size={used}")], &self.0);
            tried += 1;
            if filled.is_ok() || tried == 20 {
                return filled;
            }
        }
    }

    fn make_room(&self) {
        mount(&["-o", &format!("remount,{SIZE}")], &self.0).unwrap();
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(&self.0).output();
    }
}

fn mount(options: &[&str], at: &Path) -> Result<(), String> {
    let mounted = Command::new("mount").args(options).arg(at).output().unwrap();
    if mounted.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&mounted.stderr).into_owned())
    }
}

/// Fills the home's disk for a while, again and again.
pub struct FullDisks {
    schedule: Schedule,
    longest_ms: u64,
    full_until: Option<Instant>,
    can: bool,
}

impl FullDisks {
    pub fn new(random: &mut fastrand::Rng, scale: &Scale, can: bool) -> Self {
        let (longest_ms, pause) = if scale.is_short {
            (1_000, 4_000..8_000)
        } else {
            (6_000, 6_000..20_000)
        };
        Self {
            schedule: Schedule::new(random, 2_000..4_000, pause),
            longest_ms,
            full_until: None,
            can,
        }
    }
}

impl Disturbance for FullDisks {
    fn tick(&mut self, scene: &mut Scene) {
        match self.full_until {
            Some(until) if Instant::now() < until => {}
            Some(_) => self.end(scene),
            None if scene.is_still => {}
            None => {
                let Some(disk) = scene
                    .disk
                    .as_ref()
                    .filter(|_| self.schedule.is_due(&mut scene.random))
                else {
                    return;
                };
                if disk.fill().is_ok() {
                    let long = Duration::from_millis(scene.random.u64(200..=self.longest_ms));
                    self.full_until = Some(Instant::now() + long);
                    scene.is_full = true;
                    count(&mut scene.figures.disturbances, "disk full");
                } else {
                    self.schedule.put_off();
                }
            }
        }
    }

    fn end(&mut self, scene: &mut Scene) {
        if self.full_until.take().is_some()
            && let Some(disk) = &scene.disk
        {
            disk.make_room();
            scene.is_full = false;
        }
    }

    fn has_struck(&self) -> bool {
        !self.can || self.schedule.strikes > 0
    }
}
