//! The settings of a block, as a chip part holds them.

use crate::error::ChipError;

/// Most settings that a block may have.
pub const MAX_SETTINGS: usize = 16;

/// The block's settings, copied so that they can be read as `f32`s.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Settings {
    values: [f32; MAX_SETTINGS],
    len: usize,
}

impl Settings {
    pub(crate) fn read(bytes: &[u8]) -> Result<Self, ChipError> {
        let mut values = [0.0; MAX_SETTINGS];
        let len = bytes.len() / 4;
        if len > MAX_SETTINGS {
            return Err(ChipError::Field("settings"));
        }
        // Zipped `chunks_exact` would divide, and so could panic.
        for (value, word) in values.iter_mut().zip(bytes.as_chunks().0) {
            *value = f32::from_le_bytes(*word);
        }
        Ok(Self { values, len })
    }

    pub(crate) fn as_slice(&self) -> &[f32] {
        self.values.get(..self.len).unwrap_or(&[])
    }
}
