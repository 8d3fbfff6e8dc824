//! TLS: the crypto provider, and bundled roots beside the machine's.

use std::sync::Once;

use reqwest::Certificate;

/// Makes ring the process's crypto provider, unless there is one already.
pub fn install() {
    static ONCE: Once = Once::new();
    // An error says that a provider is installed already.
    ONCE.call_once(|| drop(rustls::crypto::ring::default_provider().install_default()));
}

/// Mozilla's roots as compiled in, merged with the machine's: a machine without certificates, such as a slim container,
/// could not even build a client.
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
