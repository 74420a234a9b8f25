//! How results (and, in pieces, jobs: see `stream`) travel between the two wasm modules and the command:
//!
//! ```text
//! magic [4] · version u32 · header length u32 · header (JSON) · zeros to 4 · body · SHA-256 [32]
//! ```
//!
//! Little-endian. The digest covers all before it, so that a damaged or cut
//! envelope is refused before anything in it is believed.

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest, Sha256};

use crate::LabError;

/// Bytes of a SHA-256.
pub(crate) const DIGEST: usize = 32;
const PREFIX: usize = 12;

/// What an envelope holds: four letters, a version, and what a person calls it.
pub(crate) struct Kind {
    pub magic: [u8; 4],
    pub version: u32,
    pub name: &'static str,
}

impl Kind {
    /// Puts header and body into one run of bytes; equal input gives equal bytes.
    pub(crate) fn seal<H: Serialize>(&self, header: &H, body: &[u8]) -> Vec<u8> {
        let json = serde_json::to_vec(header).expect("headers are plain data with text keys");
        let mut out = Vec::with_capacity(PREFIX + json.len() + 3 + body.len() + DIGEST);
        out.extend_from_slice(&self.magic);
        out.extend_from_slice(&self.version.to_le_bytes());
        out.extend_from_slice(&(json.len() as u32).to_le_bytes());
        out.extend_from_slice(&json);
        out.resize(out.len().next_multiple_of(4), 0);
        out.extend_from_slice(body);
        let digest = Sha256::digest(&out);
        out.extend_from_slice(&digest);
        out
    }

    /// Checks an envelope and gives its header and body.
    pub(crate) fn open<'a, H: DeserializeOwned>(
        &self,
        bytes: &'a [u8],
    ) -> Result<(H, &'a [u8]), LabError> {
        if bytes.len() < PREFIX + DIGEST {
            return Err(self.refuse("the bytes end early", format!("byte {}", bytes.len())));
        }
        let (content, digest) = bytes.split_at(bytes.len() - DIGEST);
        self.check(content)?;
        if Sha256::digest(content)[..] != *digest {
            return Err(self.refuse("the bytes were damaged", "checksum".into()));
        }
        let end = PREFIX.saturating_add(word(content, 8) as usize);
        let json = content
            .get(PREFIX..end)
            .ok_or_else(|| self.refuse("the header is cut off", "byte 8".into()))?;
        let header = serde_json::from_slice(json)
            .map_err(|e| self.refuse(&format!("the header can't be read: {e}"), "header".into()))?;
        let body = content.get(end.next_multiple_of(4)..).unwrap_or(&[]);
        Ok((header, body))
    }

    /// Checks magic and version, the first eight bytes of an envelope.
    pub(crate) fn check(&self, bytes: &[u8]) -> Result<(), LabError> {
        if bytes[..4] != self.magic {
            return Err(self.refuse(&format!("this is no {}", self.name), "byte 0".into()));
        }
        let version = word(bytes, 4);
        if version == self.version {
            return Ok(());
        }
        Err(LabError::new(
            format!("version {version} of a {} is not known", self.name),
            "byte 4",
            format!(
                "use builds that agree: this one writes version {}",
                self.version
            ),
        ))
    }

    /// An error about these bytes.
    pub(crate) fn refuse(&self, what: &str, place: String) -> LabError {
        LabError::new(
            what,
            format!("{}, {place}", self.name),
            "make it again from the recordings",
        )
    }
}

/// A little-endian number.
pub(crate) fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]])
}

#[cfg(test)]
mod tests {
    use super::*;

    const KIND: Kind = Kind {
        magic: *b"TEST",
        version: 3,
        name: "test",
    };

    #[test]
    fn what_is_sealed_is_opened() {
        let bytes = KIND.seal(&vec!["a", "b"], &[1, 2, 3]);
        assert_eq!(&bytes[..8], b"TEST\x03\0\0\0");
        let (header, body): (Vec<String>, _) = KIND.open(&bytes).expect("intact");
        assert_eq!(header, ["a", "b"]);
        assert_eq!(body, [1, 2, 3]);
    }

    #[test]
    fn every_flipped_byte_and_every_cut_is_refused() {
        let bytes = KIND.seal(&7u32, &[9; 5]);
        for at in 0..bytes.len() {
            let mut bad = bytes.clone();
            bad[at] ^= 0x10;
            assert!(KIND.open::<u32>(&bad).is_err(), "flip at {at}");
            assert!(KIND.open::<u32>(&bytes[..at]).is_err(), "cut at {at}");
        }
    }

    #[test]
    fn another_version_says_so() {
        let other = Kind { version: 4, ..KIND };
        let error = KIND
            .open::<u32>(&other.seal(&7u32, &[]))
            .expect_err("newer");
        assert!(error.what.contains("version 4"), "{error}");
    }
}
