//! The hash by which the content of a file is recognized.

use std::io::{self, Read};

use sha2::{Digest, Sha256};

/// How many bytes `source` has from here to its end, and their SHA-256.
pub fn sha256(mut source: impl Read) -> io::Result<(u64, [u8; 32])> {
    let (mut hasher, mut bytes, mut chunk) = (Sha256::new(), 0, vec![0; 1 << 16]);
    loop {
        let read = source.read(&mut chunk)?;
        if read == 0 {
            return Ok((bytes, hasher.finalize().into()));
        }
        hasher.update(chunk.get(..read).unwrap_or_default());
        bytes += read as u64;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_bytes_up_to_the_end_count() {
        let long = vec![7; (1 << 16) + 1];
        let (bytes, hash) = sha256(&long[..]).unwrap();
        assert_eq!((bytes, hash), (65_537, Sha256::digest(&long).into()));
        assert_eq!(
            sha256(io::empty()).unwrap().1,
            <[u8; 32]>::from(Sha256::digest(b""))
        );
    }
}
