//! The underlying HTTP clients, one for each kind of call, built on first use: building one reads the machine's
//! certificates.

use std::sync::OnceLock;
use std::time::Duration;

use reqwest::redirect::{Attempt, Policy};
use url::Url;

use crate::model::origin::is_loopback;

use super::client::Timeouts;
use super::loopback::LoopbackOnly;
use super::tls;

/// A kind of call, by what its connection must guarantee.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Wire {
    /// Questions that may be asked again.
    Ask,
    /// The POST that buys, and everything else that must go out at most once.
    Buy,
    /// As [`Wire::Buy`], for calls that may be silent for minutes.
    Patient,
    /// Finished videos from public hosts. Never carries the key.
    Fetch,
}

/// Where a client connects to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Reach {
    /// The rest of the world, through a proxy if one is set.
    World,
    /// This machine, bypassing any proxy.
    Home,
    /// This machine without encryption and with the key: its name has to resolve to it.
    PlainHome,
}

impl Reach {
    const COUNT: usize = 3;

    fn of(wire: Wire, url: &Url) -> Self {
        match (is_loopback(url), url.scheme()) {
            (false, _) => Self::World,
            (true, "http") if wire != Wire::Fetch => Self::PlainHome,
            (true, _) => Self::Home,
        }
    }
}

/// The clients, one for each kind of call and each reach.
#[derive(Debug, Default)]
pub(super) struct Wires([OnceLock<reqwest::Client>; 4 * Reach::COUNT]);

impl Wires {
    pub(super) fn get(
        &self,
        wire: Wire,
        url: &Url,
        timeouts: &Timeouts,
    ) -> Result<&reqwest::Client, reqwest::Error> {
        let reach = Reach::of(wire, url);
        let cell = &self.0[wire as usize * Reach::COUNT + reach as usize];
        if let Some(client) = cell.get() {
            return Ok(client);
        }
        let built = build(wire, reach, timeouts)?;
        Ok(cell.get_or_init(|| built))
    }
}

fn build(wire: Wire, reach: Reach, timeouts: &Timeouts) -> Result<reqwest::Client, reqwest::Error> {
    tls::install();
    let mut builder = reqwest::Client::builder()
        .user_agent(concat!("rushes/", env!("CARGO_PKG_VERSION")))
        .connect_timeout(timeouts.connect)
        // A link that idles for minutes is dropped by many routers without a word.
        .tcp_keepalive(Duration::from_secs(30))
        .referer(false)
        .retry(reqwest::retry::never())
        .tls_certs_merge(tls::bundled_roots());
    builder = match reach {
        Reach::World => builder,
        Reach::Home => builder.no_proxy(),
        Reach::PlainHome => builder.no_proxy().dns_resolver(LoopbackOnly),
    };
    builder = match wire {
        Wire::Ask => builder
            .redirect(Policy::none())
            .read_timeout(timeouts.read)
            .timeout(timeouts.overall),
        Wire::Buy => once(builder)
            .read_timeout(timeouts.read)
            .timeout(timeouts.overall),
        Wire::Patient => once(builder).timeout(timeouts.overall),
        Wire::Fetch => builder
            .redirect(Policy::custom(follow))
            .read_timeout(timeouts.read),
    };
    builder.build()
}

/// Always a fresh connection: a kept one may just have been closed by the other side, and then it would be unclear
/// whether the request arrived. HTTP/1.1 only, because it never sends a request twice by itself.
fn once(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder
        .redirect(Policy::none())
        .http1_only()
        .pool_max_idle_per_host(0)
}

/// The hosts of videos may redirect, but not to a URL without encryption.
fn follow(attempt: Attempt<'_>) -> reqwest::redirect::Action {
    const MAX_HOPS: usize = 5;
    let was_encrypted = attempt
        .previous()
        .last()
        .is_some_and(|url| url.scheme() == "https");
    if was_encrypted && attempt.url().scheme() != "https" {
        attempt.error("the video's host redirects to a URL without encryption")
    } else if attempt.previous().len() > MAX_HOPS {
        attempt.error("the video's host redirects in circles")
    } else {
        attempt.follow()
    }
}
