//! `rushes sandbox`: the stand-in as a server of its own.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::sandbox::{self, Pace};
use crate::service::clock;
use crate::service::session::PLAY_MONEY;

use super::args::{Global, Sandbox};
use super::exit::Exit;
use super::{Failure, interrupt, open, print};

pub(super) async fn run(global: &Global, args: &Sandbox) -> Result<Exit, Failure> {
    let options = sandbox::Options {
        state: state_folder(global, args)?,
        bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port),
        pace: pace(&args.speed)?,
        faults: args.faults.clone(),
        v1_json: args.v1_json,
        clock: clock(),
        balance: PLAY_MONEY,
    };
    let sandbox = sandbox::start(options)
        .await
        .map_err(|error| Failure::new(Exit::Usage, error))?;
    print::line(&format!("sandbox at {}", sandbox.origin()))?;
    print::line(&format!(
        "any key of the form SG_ + 16 hex digits is taken, such as {}",
        sandbox::KEY
    ))?;
    interrupt().await;
    sandbox.stop().await;
    Ok(Exit::Ok)
}

fn state_folder(global: &Global, args: &Sandbox) -> Result<std::path::PathBuf, Failure> {
    match &args.state {
        Some(folder) => Ok(folder.clone()),
        None => Ok(open::paths(global)?.sandbox()),
    }
}

fn pace(speed: &str) -> Result<Pace, Failure> {
    if speed == "real" {
        return Ok(Pace::Real);
    }
    match speed.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(Pace::Scaled(factor)),
        _ => Err(Failure::new(
            Exit::Usage,
            format!("--speed {speed:?} is no speed: give a number above 0, such as 1 or 20, or real"),
        )),
    }
}
