//! Pictures: one recording each, kept as the file that was taken or imported, with what it
//! looks like.
//!
//! Nothing here decodes a file: whoever makes a recording of a picture has its pixels at
//! hand, and gives them once.

use sha2::{Digest, Sha256};

use crate::recording::hex;
use crate::spans::checked_spans;
use crate::{Axis, DatasetError, NewRecording, PICTURE_AXIS, Recording, RecordingMeta};

/// Rows and columns of [`PictureLook::thumb`].
pub const THUMB: usize = 16;

/// What a picture looks like; small, made once of its pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct PictureLook {
    /// Mean luma, 0 (black) to 255 (white).
    pub mean: f32,
    /// Standard deviation of the luma.
    pub deviation: f32,
    /// How sharp it is.
    pub sharpness: f32,
    /// The whole picture as `[16, 16, 3]`: red, green, blue.
    pub thumb: Vec<u8>,
}

/// A picture as it is kept.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// A whole JPEG or PNG file.
    pub encoded: Vec<u8>,
    /// What it looks like.
    pub look: PictureLook,
}

impl Recording {
    /// A recording of one picture: of the axis [`PICTURE_AXIS`], one sample, at 1 Hz.
    /// `size` is its width and height in pixels, upright.
    ///
    /// The id is the SHA-256, in hex, of a version tag and the file's bytes.
    ///
    /// # Errors
    /// An empty label, and a file or a size of nothing.
    pub fn picture(
        new: NewRecording,
        picture: Picture,
        size: [u32; 2],
    ) -> Result<Self, DatasetError> {
        if picture.encoded.is_empty() || size.contains(&0) {
            return Err(DatasetError::new(
                "there is no picture",
                "picture",
                "give a JPEG or PNG file that holds at least one pixel",
            ));
        }
        let mut hash = Sha256::new();
        hash.update(b"lampyris picture 1\0");
        hash.update(&picture.encoded);
        Ok(Self {
            meta: RecordingMeta {
                id: hex(&hash.finalize()),
                name: new.name,
                spans: checked_spans(new.label, new.spans, 1)?,
                group: new.group.filter(|g| !g.is_empty()),
                split: new.split,
                axes: vec![Axis {
                    name: PICTURE_AXIS.into(),
                    unit: String::new(),
                }],
                rate_hz: 1.0,
                samples: 1,
                source: new.source,
                created_ms: new.created_ms.filter(|t| t.is_finite()),
                notes: new.notes,
                original_rate_hz: None,
                device: new.device.filter(|d| !d.is_empty()),
                size: Some(size),
            },
            values: Vec::new(),
            times_ms: None,
            picture: Some(picture),
        })
    }
}

impl RecordingMeta {
    /// Whether it is a picture: one axis called [`PICTURE_AXIS`].
    pub fn is_picture(&self) -> bool {
        matches!(self.axes.as_slice(), [axis] if axis.name == PICTURE_AXIS)
    }
}
