//! A provider, or a proxy before it, whose certificate this machine does not know.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::path::Path;
use std::process::Output;
use std::sync::Arc;

use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ServerConfig, ServerConnection, Stream};

use crate::commands::{errors, rushes};

/// A server at `localhost` whose certificate an authority of its own has signed; it turns every key down.
fn start_server() -> String {
    rushes::segmind::tls::install();
    let certificate = CertificateDer::from_pem_slice(include_bytes!("tls/localhost.pem")).unwrap();
    let key = PrivateKeyDer::from_pem_slice(include_bytes!("tls/key.pem")).unwrap();
    let config = ServerConfig::builder()
        .with_no_client_auth()
        .with_single_cert(vec![certificate], key)
        .unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            let mut connection = ServerConnection::new(Arc::clone(&config)).unwrap();
            let mut tls = Stream::new(&mut connection, &mut stream);
            let response = "HTTP/1.1 401 Unauthorized\r\ncontent-length: 2\r\nconnection: close\r\n\r\n{}";
            // A client that does not trust us hangs up before it has asked anything.
            if tls.read(&mut [0; 4096]).is_ok() {
                let _ = tls.write_all(response.as_bytes());
                tls.conn.send_close_notify();
                let _ = tls.flush();
            }
        }
    });
    format!("https://localhost:{port}")
}

fn reconcile(origin: &str, authority: Option<&Path>) -> Output {
    let home = tempfile::tempdir().unwrap();
    let mut command = rushes(home.path(), &["--live", "--api", origin, "reconcile"]);
    command.env("SEGMIND_API_KEY", "SG_0123456789abcdef");
    if let Some(authority) = authority {
        command.env("SSL_CERT_FILE", authority);
    }
    command.output().unwrap()
}

#[test]
fn an_untrusted_certificate_is_named_and_how_to_trust_it() {
    let origin = start_server();
    let ended = reconcile(&origin, None);
    let said = errors(&ended);
    assert_eq!(ended.status.code(), Some(7), "{said}");
    assert!(
        said.contains("the certificate of localhost:") && said.contains("is not trusted"),
        "{said}"
    );
    assert!(said.contains("SSL_CERT_FILE"), "{said}");
    // What the message advises helps.
    let authority = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/program/tls/authority.pem");
    let ended = reconcile(&origin, Some(&authority));
    assert_eq!(ended.status.code(), Some(3), "{}", errors(&ended));
}
