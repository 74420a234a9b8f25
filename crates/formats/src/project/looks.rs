//! What the pictures look like, so that reading a project does not make the pixels of each again.
//!
//! For each picture the 32 bytes of its id, how many bytes its look has in 16 bits little-endian,
//! and those bytes.

use std::collections::BTreeMap;

use lampyris_dataset::{PictureLook, Recording};

/// Of all pictures among the recordings.
pub(super) fn write(recordings: &[&Recording]) -> Vec<u8> {
    let mut out = Vec::new();
    for recording in recordings {
        let (Some(picture), Some(id)) = (&recording.picture, bytes_of(&recording.meta.id)) else {
            continue;
        };
        let look = picture.look.to_bytes();
        out.extend(id);
        out.extend((look.len() as u16).to_le_bytes());
        out.extend(look);
    }
    out
}

/// By id; those that this build can't read are missing, and so is all behind a damaged one.
pub(super) fn read(mut bytes: &[u8]) -> BTreeMap<[u8; 32], PictureLook> {
    let mut looks = BTreeMap::new();
    while let Some((id, rest)) = bytes.split_first_chunk::<32>()
        && let Some((length, rest)) = rest.split_first_chunk()
        && let Some((look, rest)) = rest.split_at_checked(u16::from_le_bytes(*length).into())
    {
        if let Some(look) = PictureLook::from_bytes(look) {
            looks.insert(*id, look);
        }
        bytes = rest;
    }
    looks
}

/// The bytes of an id in hexadecimal.
pub(super) fn bytes_of(id: &str) -> Option<[u8; 32]> {
    let mut bytes = [0; 32];
    let digits = id.as_bytes();
    if digits.len() != 2 * bytes.len() {
        return None;
    }
    for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(bytes)
}
