//! Resolves names that claim to be this machine.
//!
//! `x.localhost` is this machine by convention only; a name server or a hosts file may say otherwise. The key is sent
//! over plain http to this machine alone, so such a name is only connected to at loopback addresses.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// A name that looked like this machine's and belongs to another one.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{name} is not this machine but {address}, and http would give the key away: write https:// or http://127.0.0.1"
)]
pub(super) struct NotThisMachine {
    name: String,
    address: IpAddr,
}

/// Resolves names as the system does, to loopback addresses only.
#[derive(Debug)]
pub(super) struct LoopbackOnly;

impl Resolve for LoopbackOnly {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let addresses = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let loopback = loopback_of(name.as_str(), addresses.collect())?;
            Ok(Box::new(loopback.into_iter()) as Addrs)
        })
    }
}

/// Those of `addresses` that are on this machine.
fn loopback_of(name: &str, addresses: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, NotThisMachine> {
    let (loopback, elsewhere): (Vec<_>, Vec<_>) = addresses
        .into_iter()
        .partition(|address| address.ip().to_canonical().is_loopback());
    match elsewhere.first() {
        Some(other) if loopback.is_empty() => Err(NotThisMachine {
            name: name.to_owned(),
            address: other.ip(),
        }),
        _ => Ok(loopback),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_addresses_of_a_name_are_used() {
        let of =
            |text: &str| -> Vec<SocketAddr> { text.split(' ').map(|one| one.parse().unwrap()).collect() };
        let (home, away) = (of("127.0.0.1:0 [::1]:0 [::ffff:127.0.0.1]:0"), of("10.1.2.3:0"));
        assert_eq!(loopback_of("localhost", home.clone()), Ok(home.clone()));
        assert_eq!(
            loopback_of("x.localhost", [away.clone(), home.clone()].concat()),
            Ok(home)
        );
        let error = loopback_of("x.localhost", away).unwrap_err().to_string();
        assert!(
            error.starts_with("x.localhost is not this machine but 10.1.2.3"),
            "{error}"
        );
    }
}
