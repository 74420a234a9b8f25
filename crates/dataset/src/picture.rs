//! Pictures: one recording each, kept as the file that was taken or imported, with what it
//! looks like.
//!
//! Nothing here decodes a file: whoever makes a recording of a picture has its pixels at
//! hand, and gives them once.

use sha2::{Digest, Sha256};

mod look;
mod smaller;

use crate::recording::hex;
use crate::spans::checked_spans;
use crate::{Axis, DatasetError, NewRecording, PICTURE_AXIS, Recording, RecordingMeta};

pub use look::{PictureLook, THUMB};
pub use smaller::smaller;

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
    /// An empty label, a label that ends before the picture's one sample does, and a file or
    /// a size of nothing.
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

    /// Puts a picture together again from stored parts, checking all that [`Recording::picture`]
    /// checks and that the id fits the file. The size is believed: whoever reads a file that
    /// others may have changed looks at its header.
    ///
    /// # Errors
    /// As [`Recording::picture`]; and where the meta is not that of a picture or the id differs.
    pub fn restore_picture(meta: RecordingMeta, picture: Picture) -> Result<Self, DatasetError> {
        let changed = |what: &str, id: &str| {
            DatasetError::new(
                what,
                format!("recording {id}"),
                "import the picture again from its first source",
            )
        };
        let id = meta.id.clone();
        let (Some(size), true) = (meta.size, meta.is_picture() && meta.samples == 1) else {
            return Err(changed("what is said of it is not said of a picture", &id));
        };
        let new = NewRecording {
            name: meta.name,
            spans: meta.spans,
            group: meta.group,
            split: meta.split,
            source: meta.source,
            created_ms: meta.created_ms,
            notes: meta.notes,
            device: meta.device,
            ..NewRecording::default()
        };
        let made = Self::picture(new, picture, size)?;
        if made.meta.id != id {
            return Err(changed(
                "the picture is not the one that the recording's id was made of",
                &id,
            ));
        }
        Ok(made)
    }
}

impl RecordingMeta {
    /// Whether it is a picture: one axis called [`PICTURE_AXIS`].
    pub fn is_picture(&self) -> bool {
        matches!(self.axes.as_slice(), [axis] if axis.name == PICTURE_AXIS)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    fn picture(bytes: &[u8]) -> Picture {
        Picture {
            encoded: bytes.to_vec(),
            look: PictureLook::of(1, 1, &[9, 9, 9]),
        }
    }

    fn new() -> NewRecording {
        NewRecording {
            name: "n".into(),
            label: "cat".into(),
            group: Some("al".into()),
            ..NewRecording::default()
        }
    }

    #[test]
    fn the_id_is_of_the_file_alone() {
        let one = Recording::picture(new(), picture(b"1"), [2, 3]).unwrap();
        let mut other = new();
        other.label = "dog".into();
        let same = Recording::picture(other, picture(b"1"), [2, 3]).unwrap();
        assert_eq!(one.meta.id, same.meta.id);
        let two = Recording::picture(new(), picture(b"2"), [2, 3]).unwrap();
        assert_ne!(one.meta.id, two.meta.id);
        assert!(one.meta.is_picture() && !one.meta.is_sound() && one.values.is_empty());
    }

    #[test]
    fn nothing_is_no_picture() {
        assert!(Recording::picture(new(), picture(b""), [2, 3]).is_err());
        assert!(Recording::picture(new(), picture(b"1"), [0, 3]).is_err());
    }

    #[test]
    fn restore_holds_the_id() {
        let made = Recording::picture(new(), picture(b"1"), [2, 3]).unwrap();
        let again = Recording::restore_picture(made.meta.clone(), picture(b"1")).unwrap();
        assert_eq!(again, made);
        let told = |meta, bytes| {
            let refused = Recording::restore_picture(meta, picture(bytes));
            refused.unwrap_err().what
        };
        assert!(told(made.meta.clone(), b"2").contains("id"));
        let mut sizeless = made.meta.clone();
        sizeless.size = None;
        assert!(told(sizeless, b"1").contains("not said of a picture"));
        let mut long = made.meta;
        long.samples = 2;
        assert!(told(long, b"1").contains("not said of a picture"));
    }
}
