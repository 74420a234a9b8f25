//! WAV: sound in, sound out.
//!
//! Source: "Multimedia Programming Interface and Data Specifications 1.0" (IBM,
//! Microsoft, 1991) for RIFF and `fmt `; "Multiple channel audio data and WAVE
//! files" (Microsoft) for `WAVE_FORMAT_EXTENSIBLE`.
//!
//! Read: PCM of 8 bits (unsigned), 16, 24 and 32, and floats of 32 and 64; any
//! number of channels, mixed to one by their mean; odd and unknown chunks; files
//! that a recorder did not finish. A length in the file is a claim: only bytes
//! that are there are read, and nothing is allocated by it. What was made of a
//! file beyond its samples is told in notes. A sound keeps the rate of its file.
//!
//! Values are shares of full scale: an n-bit number over 2^(n-1). Of a file of
//! at most 16 bits they stay on the grid of 1/32768, mixed down or not, so that
//! 16 bits hold them exactly.
//!
//! Written: 16-bit PCM of one channel.

mod chunks;
mod foreign;
mod samples;

use lampyris_dataset::pcm::{exact_step, nearest_step};
use lampyris_dataset::{Axis, Recording, SOUND_AXIS};

use crate::FormatError;
use crate::draft::Draft;
use chunks::{Chunks, Format};

pub(crate) use foreign::refusal as foreign;

/// Bytes before the samples of what [`write()`] writes.
pub(crate) const HEAD: u64 = 44;
/// Rates in Hz that a sound may have; anything else is a damaged header.
const RATES: std::ops::RangeInclusive<u32> = 1_000..=384_000;

/// A sound, mixed to one channel.
#[derive(Clone, Debug, PartialEq)]
pub struct Sound {
    /// Samples per second as the file says, 1 000 to 384 000.
    pub rate_hz: u32,
    /// Shares of full scale, finite; beyond -1 to 1 only where a file of floats was.
    pub samples: Vec<f32>,
    /// What a person should know about how it was read.
    pub notes: Vec<String>,
}

/// Whether bytes begin as a WAV does.
pub(crate) fn is_wav(bytes: &[u8]) -> bool {
    bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WAVE")
}

/// Reads a WAV.
///
/// # Errors
/// No WAV, another kind of sound file (by name), a coding other than PCM or
/// float (by name), a header that makes no sense, and no sample.
pub fn read(bytes: &[u8]) -> Result<Sound, FormatError> {
    if bytes.is_empty() {
        return Err(FormatError::new(
            "the file is empty",
            "",
            "export or record it again",
        ));
    }
    if let Some(refusal) = foreign(bytes) {
        return Err(refusal);
    }
    if !is_wav(bytes) {
        let (what, remedy) = if std::str::from_utf8(bytes).is_ok() {
            (
                "this is text, not sound",
                "if it holds readings, let its name end in .csv or .json; else record or export the sound again",
            )
        } else {
            (
                "this is no WAV: it does not begin with RIFF and WAVE",
                "export the sound as WAV, 16-bit PCM",
            )
        };
        return Err(FormatError::new(what, "first bytes", remedy));
    }
    let Chunks { format, data, note } = chunks::find(bytes)?;
    let format = Format::parse(format)?;
    let mut notes = Vec::new();
    notes.extend(note);
    let samples = samples::mono(data, &format, &mut notes)?;
    Ok(Sound {
        rate_hz: format.rate_hz,
        samples,
        notes,
    })
}

/// The recording in a WAV.
pub(crate) fn draft(bytes: &[u8]) -> Result<Draft, FormatError> {
    let sound = read(bytes)?;
    Ok(Draft {
        axes: vec![axis()],
        rate_hz: f64::from(sound.rate_hz),
        values: sound.samples,
        notes: sound.notes,
        ..Draft::default()
    })
}

/// The axis of a sound.
pub(crate) fn axis() -> Axis {
    Axis {
        name: SOUND_AXIS.into(),
        unit: String::new(),
    }
}

/// A sound as a WAV: PCM, 16 bits, one channel, at the recording's rate.
///
/// Values go to the nearest of the 65536 steps, those beyond full scale to the end.
///
/// # Errors
/// Several axes, uneven times, a rate that is no whole number of Hz, more than 4 GB.
pub fn write(recording: &Recording) -> Result<Vec<u8>, FormatError> {
    let refuse = |what: String| {
        FormatError::new(
            what,
            format!("recording {}", recording.meta.name),
            "export it as CSV",
        )
    };
    let axes = recording.meta.axes.len();
    if axes != 1 || recording.times_ms.is_some() {
        return Err(refuse(format!(
            "a WAV holds one axis of even times; this recording has {axes}{}",
            if recording.times_ms.is_some() {
                ", and uneven times"
            } else {
                ""
            }
        )));
    }
    let rate = whole_rate(recording.meta.rate_hz).ok_or_else(|| {
        refuse(format!(
            "a WAV can't have a rate of {} Hz",
            recording.meta.rate_hz
        ))
    })?;
    let bytes = recording.values.len() * 2;
    let size = u32::try_from(bytes + 36)
        .map_err(|_| refuse("more than 4 GB don't fit in a WAV".into()))?;
    let mut out = Vec::with_capacity(bytes + 44);
    out.extend(b"RIFF");
    out.extend(size.to_le_bytes());
    out.extend(b"WAVEfmt ");
    out.extend(16u32.to_le_bytes());
    // PCM, one channel.
    out.extend([1, 0, 1, 0]);
    out.extend(rate.to_le_bytes());
    out.extend((rate * 2).to_le_bytes());
    // Two bytes a frame, 16 bits a sample.
    out.extend([2, 0, 16, 0]);
    out.extend(b"data");
    out.extend((size - 36).to_le_bytes());
    let steps = recording.values.iter().map(|v| nearest_step(*v));
    out.extend(steps.flat_map(i16::to_le_bytes));
    Ok(out)
}

/// Whether [`write()`] keeps a recording as it is, bit for bit.
pub(crate) fn is_exact(recording: &Recording) -> bool {
    recording.meta.is_sound()
        && recording.times_ms.is_none()
        && whole_rate(recording.meta.rate_hz).is_some()
        && recording.values.iter().all(|v| exact_step(*v).is_some())
}

fn whole_rate(rate_hz: f64) -> Option<u32> {
    let rate = rate_hz as u32;
    (f64::from(rate) == rate_hz && RATES.contains(&rate)).then_some(rate)
}

#[cfg(test)]
pub(crate) mod testing;

#[cfg(test)]
mod tests;
