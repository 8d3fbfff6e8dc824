//! `rushes sandbox`: runs the sandbox as a server.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use crate::sandbox::{self, Pace, SameSeed};
use crate::service::clock;
use crate::service::session::PLAY_MONEY;

use super::args::{Global, SameSeedName, Sandbox};
use super::exit::Exit;
use super::{Failure, interrupt, open, print};

pub(super) async fn run(global: &Global, args: &Sandbox) -> Result<Exit, Failure> {
    let options = sandbox::Options {
        state: match &args.state {
            Some(folder) => folder.clone(),
            None => open::paths(global)?.sandbox(),
        },
        bind: SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), args.port),
        pace: pace(&args.speed)?,
        faults: args.faults.clone(),
        v1_json: args.v1_json,
        same_seed: match args.same_seed {
            SameSeedName::Same => SameSeed::Same,
            SameSeedName::Near => SameSeed::Near,
            SameSeedName::Different => SameSeed::Different,
        },
        clock: clock(),
        balance: PLAY_MONEY,
    };
    let sandbox = sandbox::start(options).await.map_err(Failure::usage)?;
    print::line(&format!("sandbox at {}", sandbox.origin()))?;
    let key = sandbox::KEY;
    print::line(&format!(
        "any key of the form SG_ + 16 hex digits is accepted, such as {key}"
    ))?;
    interrupt().await;
    sandbox.stop().await;
    Ok(Exit::Ok)
}

fn pace(speed: &str) -> Result<Pace, Failure> {
    if speed == "real" {
        return Ok(Pace::Real);
    }
    match speed.parse::<f64>() {
        Ok(factor) if factor.is_finite() && factor > 0.0 => Ok(Pace::Scaled(factor)),
        _ => Err(Failure::usage(format!(
            "--speed {speed:?} is not a speed: give a number above 0, such as 1 or 20, or real"
        ))),
    }
}
