//! Failures below HTTP: what happened, in words, and whether anything was sent.

use std::error::Error as StdError;
use std::io;

use crate::model::text::one_line;

use super::client::Timeouts;
use super::loopback::NotThisMachine;

/// Whether it is certain that no byte of the request left. Connecting includes the proxy's tunnel and the
/// TLS handshake; the request is written only after them, and never as early data.
pub(super) fn is_unsent(error: &reqwest::Error) -> bool {
    error.is_connect() || error.is_builder()
}

/// Whether the host only claims to be this machine. Trying again does not help.
pub(super) fn is_elsewhere(error: &reqwest::Error) -> bool {
    find::<NotThisMachine>(error).is_some()
}

/// What to tell the user: the host, what happened, the next step. `error` must contain no URL.
pub(super) fn words(error: &reqwest::Error, host: &str, timeouts: &Timeouts) -> String {
    if error.is_builder() {
        return format!("the request to {host} could not be made: {}", innermost(error));
    }
    if let Some(elsewhere) = find::<NotThisMachine>(error) {
        return elsewhere.to_string();
    }
    if error.is_dns() {
        return format!("the name {host} is not resolved: check the network and its name server");
    }
    if let Some(reason) = find::<rustls::Error>(error) {
        return tls_words(&reason, host);
    }
    if error.is_connect() {
        return connect_words(error, host, timeouts);
    }
    if error.is_timeout() {
        return format!(
            "{host} did not answer in time (at most {} s between bytes, {} s in all)",
            timeouts.read.as_secs(),
            timeouts.overall.as_secs()
        );
    }
    if error.is_redirect() {
        return format!("{host}: {}", innermost(error));
    }
    match find_io(error) {
        Some(io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe) => {
            format!("{host} cut the connection off")
        }
        _ => format!(
            "the connection to {host} broke before the response was complete: {}",
            innermost(error)
        ),
    }
}

fn connect_words(error: &reqwest::Error, host: &str, timeouts: &Timeouts) -> String {
    use io::ErrorKind as K;
    let reason = innermost(error);
    match find_io(error) {
        _ if error.is_timeout() => format!(
            "no connection to {host} within {} s: check the network",
            timeouts.connect.as_secs_f32()
        ),
        Some(K::ConnectionRefused) => format!("{host} refuses the connection: nothing listens there"),
        Some(K::HostUnreachable | K::NetworkUnreachable | K::AddrNotAvailable) => {
            format!("{host} cannot be reached from here: check the network")
        }
        Some(K::ConnectionReset | K::UnexpectedEof | K::BrokenPipe | K::ConnectionAborted) => {
            format!("{host} hung up before a connection was made: check the URL and any proxy")
        }
        _ => format!("no connection to {host}: {reason}"),
    }
}

fn tls_words(error: &rustls::Error, host: &str) -> String {
    let reason = one_line(&error.to_string(), 160);
    match error {
        rustls::Error::InvalidCertificate(_) => format!(
            "the certificate of {host} is not trusted ({reason}): check this machine's clock; if a proxy in between or \
             a server of your own signs its certificates itself, name the PEM file of that authority in SSL_CERT_FILE"
        ),
        _ => format!("no encrypted connection to {host} ({reason}): check the URL and any proxy between"),
    }
}

fn chain<'a>(error: &'a (dyn StdError + 'static)) -> impl Iterator<Item = &'a (dyn StdError + 'static)> {
    std::iter::successors(Some(error), |&error| error.source())
}

/// The first cause of type `E`, also where I/O errors wrap it.
fn find<E: StdError + Clone + 'static>(error: &reqwest::Error) -> Option<E> {
    chain(error).find_map(|cause| {
        let wrapped = cause
            .downcast_ref::<io::Error>()
            .and_then(|outer| innermost_io(outer).get_ref())
            .and_then(|inner| inner.downcast_ref::<E>());
        cause.downcast_ref::<E>().or(wrapped).cloned()
    })
}

fn find_io(error: &reqwest::Error) -> Option<io::ErrorKind> {
    let kind = |cause: &(dyn StdError + 'static)| Some(innermost_io(cause.downcast_ref()?).kind());
    chain(error).find_map(kind)
}

/// The innermost of nested I/O errors; `source` skips them.
fn innermost_io(error: &io::Error) -> &io::Error {
    let mut error = error;
    while let Some(held) = error.get_ref().and_then(|held| held.downcast_ref::<io::Error>()) {
        error = held;
    }
    error
}

fn innermost(error: &reqwest::Error) -> String {
    let last = chain(error).last().map(ToString::to_string);
    one_line(&last.unwrap_or_default(), 160)
}
