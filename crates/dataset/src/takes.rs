//! Where the sounds lie in a long take.
//!
//! ```text
//! samples ─▶ energy of 10 ms frames ─▶ against the background around ─▶ bursts ─▶ joined over gaps ─▶ pieces
//! ```
//!
//! The background of a frame is the 20th percentile of the energies of the frames
//! within five seconds of it: it follows a fan that is switched on, and a word that
//! is said once a second does not lift it. A burst begins at a frame as far above
//! its background as is asked for, and reaches as far as frames are half of that
//! (in dB) above. Bursts are joined as long as they fit into a piece together; of one that
//! does not, the loudest part is taken. Each frame's own mean is taken away first, so that gravity and a
//! microphone's offset are no energy.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::Recording;

/// How a long take is split; what is not said has a default.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct TakesOptions {
    /// Length of each piece in milliseconds, with the sound in its middle; 0: as
    /// long as the sound lasts.
    #[ts(as = "Option<f64>", optional)]
    pub length_ms: f64,
    /// How far in dB a sound must be above the background.
    #[ts(as = "Option<f64>", optional)]
    pub threshold_db: f64,
    /// Sounds shorter than this, in milliseconds, are clicks.
    #[ts(as = "Option<f64>", optional)]
    pub min_ms: f64,
    /// Pauses shorter than this, in milliseconds, don't end a sound.
    #[ts(as = "Option<f64>", optional)]
    pub gap_ms: f64,
}

impl Default for TakesOptions {
    fn default() -> Self {
        Self {
            length_ms: 1000.0,
            threshold_db: 12.0,
            min_ms: 30.0,
            gap_ms: 250.0,
        }
    }
}

/// A stretch of a recording.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Piece {
    /// First sample.
    pub start: u32,
    /// One past the last sample.
    pub end: u32,
}

const FRAME_S: f64 = 0.01;
/// Fewer samples would say little of energy: slow sensors have longer frames.
const LEAST_FRAME: usize = 8;
/// How far around a frame its background is looked for.
const AROUND_S: f64 = 5.0;
/// Energy below which everything is silence: -80 dB of full scale.
const SILENCE: f64 = 1e-8;

/// The sounds of a recording in order, without overlap, each with the length asked
/// for where neighbours and ends leave the room.
///
/// Options that are negative or no number are taken as 0. A picture has no pieces.
pub fn takes(recording: &Recording, options: &TakesOptions) -> Vec<Piece> {
    let meta = &recording.meta;
    if meta.is_picture() {
        return Vec::new();
    }
    let frame = ((meta.rate_hz * FRAME_S).round() as usize).max(LEAST_FRAME);
    let energies = energies(recording, frame);
    let frame_s = frame as f64 / meta.rate_hz;
    let frames = |ms: f64| (ms.max(0.0) / 1000.0 / frame_s).round() as usize;
    let background = background(&energies, ((AROUND_S / frame_s) as usize).max(1));
    let above = |db: f64| libm::pow(10.0, db.max(0.0) / 10.0);
    let high = above(options.threshold_db);
    let low = above(options.threshold_db / 2.0);
    let bursts = bursts(&energies, &background, high, low);
    let most = match frames(options.length_ms) {
        0 => usize::MAX,
        length => length,
    };
    let samples = meta.samples;
    let at = |frame_number: usize| ((frame_number * frame) as u64).min(samples.into()) as u32;
    let sounds: Vec<Piece> = joined(bursts, frames(options.gap_ms), most)
        .into_iter()
        .filter(|burst| burst.loud >= frames(options.min_ms).max(1))
        .map(|burst| loudest(&energies, burst, most))
        .map(|burst| Piece {
            start: at(burst.first),
            end: at(burst.end),
        })
        .collect();
    // A cast saturates: a length of days is the whole recording.
    let length = (options.length_ms.max(0.0) / 1000.0 * meta.rate_hz).round() as u32;
    match length {
        0 => sounds,
        _ => placed(&sounds, length, samples),
    }
}

/// Mean energy of each frame, over all axes, without the frame's own mean.
fn energies(recording: &Recording, frame: usize) -> Vec<f64> {
    let axes = recording.meta.axes.len();
    let energy = |rows: &[f32]| {
        let n = (rows.len() / axes) as f64;
        let of_axis = |axis: usize| {
            let values = || rows[axis..].iter().step_by(axes).map(|v| f64::from(*v));
            let mean = values().sum::<f64>() / n;
            values().map(|v| (v - mean) * (v - mean)).sum::<f64>() / n
        };
        (0..axes).map(of_axis).sum::<f64>()
    };
    recording.values.chunks(frame * axes).map(energy).collect()
}

/// What is around each frame: computed for blocks of frames, since it changes slowly.
fn background(energies: &[f64], around: usize) -> Vec<f64> {
    let block = (around / 10).max(1);
    let mut out = Vec::with_capacity(energies.len());
    let mut near = Vec::with_capacity(2 * around + block);
    for start in (0..energies.len()).step_by(block) {
        let end = (start + block).min(energies.len());
        near.clear();
        near.extend(&energies[start.saturating_sub(around)..(end + around).min(energies.len())]);
        let fifth = (near.len() - 1) / 5;
        let (_, level, _) = near.select_nth_unstable_by(fifth, f64::total_cmp);
        out.resize(end, level.max(SILENCE));
    }
    out
}

/// Frames from `first` to before `end`, of which `loud` are above the threshold.
#[derive(Clone, Copy)]
struct Burst {
    first: usize,
    end: usize,
    loud: usize,
}

fn bursts(energies: &[f64], background: &[f64], high: f64, low: f64) -> Vec<Burst> {
    let mut out = Vec::new();
    let mut open: Option<Burst> = None;
    for (i, (energy, background)) in energies.iter().zip(background).enumerate() {
        if *energy >= background * low {
            let burst = open.get_or_insert(Burst {
                first: i,
                end: i,
                loud: 0,
            });
            burst.end = i + 1;
            burst.loud += usize::from(*energy >= background * high);
        } else {
            out.extend(open.take());
        }
    }
    out.extend(open);
    out.retain(|burst| burst.loud > 0);
    out
}

fn joined(bursts: Vec<Burst>, gap: usize, most: usize) -> Vec<Burst> {
    let mut out: Vec<Burst> = Vec::new();
    for burst in bursts {
        match out.last_mut() {
            Some(last) if burst.first - last.end < gap && burst.end - last.first <= most => {
                last.end = burst.end;
                last.loud += burst.loud;
            }
            _ => out.push(burst),
        }
    }
    out
}

/// The stretch of at most so many frames that holds most energy; of equals the first.
fn loudest(energies: &[f64], burst: Burst, most: usize) -> Burst {
    if burst.end - burst.first <= most {
        return burst;
    }
    let mut sum: f64 = energies[burst.first..burst.first + most].iter().sum();
    let (mut best, mut first) = (sum, burst.first);
    for end in burst.first + most..burst.end {
        sum += energies[end] - energies[end - most];
        if sum > best {
            (best, first) = (sum, end + 1 - most);
        }
    }
    Burst {
        first,
        end: first + most,
        ..burst
    }
}

/// Pieces of one length with a sound in the middle of each. Where two would overlap,
/// the later moves right and the earlier left, as long as their sounds stay inside;
/// what still overlaps is cut from the later.
fn placed(sounds: &[Piece], length: u32, samples: u32) -> Vec<Piece> {
    let length = length.min(samples);
    let mut out: Vec<Piece> = Vec::new();
    for (i, sound) in sounds.iter().enumerate() {
        let middle = sound.start + (sound.end - sound.start) / 2;
        let mut start = middle.saturating_sub(length / 2).min(samples - length);
        let floor = out.len().checked_sub(2).map_or(0, |before| out[before].end);
        if let Some(last) = out.last_mut() {
            let inside = sound.start.max(start).min(samples - length);
            start = start.max(last.end.min(inside));
            let over = last.end.saturating_sub(start);
            let room = last.start - floor;
            let left = over
                .min(room)
                .min(last.end.saturating_sub(sounds[i - 1].end));
            last.start -= left;
            last.end -= left;
            let piece = Piece {
                start: start.max(last.end),
                end: start + length,
            };
            // Else the earlier piece holds this sound as well.
            if sound.end > last.end {
                out.push(piece);
            }
        } else {
            out.push(Piece {
                start,
                end: start + length,
            });
        }
    }
    out
}

#[cfg(test)]
mod tests;
