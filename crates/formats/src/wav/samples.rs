//! Coded samples of any number of channels into shares of full scale of one.

use lampyris_dataset::pcm::{from_step, nearest_step};

use super::chunks::{Coding, Format};
use crate::FormatError;

/// All whole frames of `data`, each the mean of its channels.
pub(super) fn mono(
    data: &[u8],
    format: &Format,
    notes: &mut Vec<String>,
) -> Result<Vec<f32>, FormatError> {
    let frames = data.chunks_exact(format.width * format.channels);
    let odd = frames.remainder().len();
    if frames.len() == 0 {
        return Err(FormatError::new(
            "there is no sample",
            "chunk data",
            "record it again, or copy the file again",
        ));
    }
    if odd > 0 {
        notes.push(format!("{odd} bytes at the end make no whole sample"));
    }
    if format.channels > 1 {
        notes.push(format!("mixed from {} channels", format.channels));
    }
    // Mixed or not, what came in steps of 16 bits stays in them.
    let stepped = format.coding == Coding::Pcm && format.width <= 2;
    let mut broken = 0_usize;
    let mut samples = Vec::with_capacity(frames.len());
    for frame in frames {
        let sum: f64 = frame
            .chunks_exact(format.width)
            .map(|sample| share(sample, format.coding))
            .sum();
        let mean = (sum / format.channels as f64) as f32;
        samples.push(if !mean.is_finite() {
            broken += 1;
            0.0
        } else if stepped && format.channels > 1 {
            // From -0.4 would come a zero with a sign, which 16 bits don't know.
            from_step(nearest_step(mean))
        } else {
            mean
        });
    }
    if broken == samples.len() {
        return Err(FormatError::new(
            "no sample is a finite number",
            "chunk data",
            "export it again as WAV, 16-bit PCM",
        ));
    }
    if broken > 0 {
        notes.push(format!(
            "{broken} samples were no finite numbers and are 0 now"
        ));
    }
    let beyond = samples.iter().filter(|v| v.abs() > 1.0).count();
    if beyond > 0 {
        notes.push(format!("{beyond} samples are beyond full scale"));
    }
    Ok(samples)
}

/// A coded sample as a share of full scale.
fn share(sample: &[u8], coding: Coding) -> f64 {
    // `Format` admits no other width.
    match coding {
        Coding::Pcm => match *sample {
            [a] => (f64::from(a) - 128.0) / 128.0,
            [a, b] => f64::from(from_step(i16::from_le_bytes([a, b]))),
            // In the upper bytes of 32 bits, so that the sign comes along.
            [a, b, c] => whole(i32::from_le_bytes([0, a, b, c])),
            [a, b, c, d] => whole(i32::from_le_bytes([a, b, c, d])),
            _ => 0.0,
        },
        Coding::Float => match *sample {
            [a, b, c, d] => f64::from(f32::from_le_bytes([a, b, c, d])),
            [a, b, c, d, e, f, g, h] => f64::from_le_bytes([a, b, c, d, e, f, g, h]),
            _ => 0.0,
        },
    }
}

fn whole(sample: i32) -> f64 {
    f64::from(sample) / 2_147_483_648.0
}
