//! TLS: the one crypto provider, and roots of our own beside the machine's.

use std::sync::OnceLock;

use reqwest::Certificate;

/// Makes ring the process's crypto provider. May be called any number of times; the first provider stays.
pub fn install() {
    static ONCE: OnceLock<()> = OnceLock::new();
    ONCE.get_or_init(|| {
        // An error says that a provider is installed already, which is all that is wanted.
        let _ = rustls::crypto::ring::default_provider().install_default();
    });
}

/// Mozilla's roots as compiled in. Merged with the machine's: without them the client cannot even be built
/// on a machine that has no certificates, as slim containers have none.
pub fn bundled_roots() -> impl Iterator<Item = Certificate> {
    webpki_root_certs::TLS_SERVER_ROOT_CERTS
        .iter()
        .filter_map(|der| Certificate::from_der(der).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_provider_is_installed_once_and_every_root_is_read() {
        install();
        install();
        assert!(rustls::crypto::CryptoProvider::get_default().is_some());
        assert_eq!(
            bundled_roots().count(),
            webpki_root_certs::TLS_SERVER_ROOT_CERTS.len()
        );
    }
}
