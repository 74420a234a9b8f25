//! Parts of a project, laid out only when they are packed.

use std::borrow::Cow;

use lampyris_dataset::Recording;

use crate::archive::Packing;
use crate::{FormatError, wav};

pub(super) enum Part<'a> {
    /// A file that is packed already.
    Packed(&'a [u8]),
    Bytes(&'a [u8]),
    /// A recording of which 16 bits hold every sample.
    Sound(&'a Recording),
    Values(&'a [f32]),
    Times(&'a [f64]),
}

impl Part<'_> {
    /// How many bytes it has.
    pub(super) fn size(&self) -> u64 {
        match self {
            Self::Packed(bytes) | Self::Bytes(bytes) => bytes.len() as u64,
            Self::Sound(recording) => wav::HEAD + 2 * recording.values.len() as u64,
            Self::Values(values) => 4 * values.len() as u64,
            Self::Times(times) => 8 * times.len() as u64,
        }
    }

    pub(super) fn packing(&self) -> Packing {
        match self {
            Self::Packed(_) => Packing::Stored,
            Self::Bytes(_) | Self::Sound(_) | Self::Values(_) | Self::Times(_) => Packing::Deflated,
        }
    }

    pub(super) fn bytes(&self) -> Result<Cow<'_, [u8]>, FormatError> {
        Ok(match self {
            Self::Packed(bytes) | Self::Bytes(bytes) => Cow::Borrowed(bytes),
            Self::Sound(recording) => Cow::Owned(wav::write(recording)?),
            Self::Values(values) => {
                Cow::Owned(values.iter().flat_map(|v| v.to_le_bytes()).collect())
            }
            Self::Times(times) => Cow::Owned(times.iter().flat_map(|t| t.to_le_bytes()).collect()),
        })
    }
}
