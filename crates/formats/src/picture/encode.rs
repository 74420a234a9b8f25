//! Pixels into a JPEG.

use jpeg_encoder::{ChromaSubsamplingMethod, ColorType, Encoder, SamplingFactor};

use crate::FormatError;

/// Of 100, as libjpeg counts it: the coarsest at which no trace is seen at a model's size.
const QUALITY: u8 = 90;

/// A baseline file of `[height, width, 3]`, colour at half the resolution. In whole numbers
/// throughout, so that the same pixels give the same file everywhere.
///
/// # Errors
/// A side of 0, or of more than 65,535 pixels.
pub(super) fn jpeg(width: u32, height: u32, rgb: &[u8]) -> Result<Vec<u8>, FormatError> {
    let side = |n: u32| u16::try_from(n).unwrap_or(0);
    let mut out = Vec::new();
    let mut encoder = Encoder::new(&mut out, QUALITY);
    encoder.set_sampling_factor(SamplingFactor::R_4_2_0);
    encoder.set_chroma_subsampling_method(ChromaSubsamplingMethod::Average);
    encoder
        .encode(rgb, side(width), side(height), ColorType::Rgb)
        .map_err(|_| {
            FormatError::new(
                format!("{width} × {height} pixels make no JPEG"),
                "size",
                "use another picture",
            )
        })?;
    Ok(out)
}
