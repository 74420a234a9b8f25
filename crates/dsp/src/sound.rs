//! What the blocks for sound share: cutting a window into frames, and the spectrum of
//! a frame.
//!
//! - **Frames** have `frame_ms` and begin every `stride_ms`, both rounded to whole
//!   samples. What is left at the window's end, shorter than a frame, is not looked at.
//! - **Pre-emphasis** xᵢ − a · xᵢ₋₁ begins anew in each frame; the first sample counts as
//!   its own predecessor. (So a frame's features depend on the frame alone. Going round
//!   from a window's first sample to its last, as some do, mixes its two ends.)
//! - **Taper**: the periodic Hann window, sin²(π i / L), or none.
//! - **Spectrum**: zeros up to `fft_length`, then P = |X|² / `fft_length`, or the
//!   magnitude |X|. A frame is never cut to the FFT: it has to fit.
//! - **Noise floor**: added to what a logarithm is taken of, 10^(dB/10) for power and
//!   10^(dB/20) for magnitude. Silence is the floor, and sound below it hardly counts.

use core::fmt::{self, Write};

use crate::block::{
    Block, BlockError, Framing, Layout, MAX_FRAMES, Setting, Signal, Step, clean, words,
};
use crate::fft;
use crate::text::write_tenths;
use crate::turn::cosine;

/// Decibels of power per unit of the natural logarithm: 10 / ln 10.
pub(crate) const DECIBELS: f32 = 4.342_945;

const fn row(
    id: &'static str,
    title: &'static str,
    unit: &'static str,
    values: (f32, f32, f32, Step),
    help: &'static str,
) -> Setting {
    let (default, min, max, step) = values;
    Setting {
        id,
        title: words(title),
        unit,
        default,
        min,
        max,
        step,
        help: words(help),
    }
}

/// Frames of 30 ms every 20 ms: short enough for a sound of speech to hold still,
/// long enough for its pitch.
pub(crate) const FRAME_MS: Setting = row(
    "frame_ms",
    "Frame",
    "ms",
    (30.0, 0.1, 60_000.0, Step::Any),
    "Length of the pieces whose frequencies are looked at. Longer ones tell close tones apart, shorter ones tell when.",
);
pub(crate) const STRIDE_MS: Setting = row(
    "stride_ms",
    "Stride",
    "ms",
    (20.0, 0.1, 60_000.0, Step::Any),
    "From the beginning of one frame to the next. A longer stride gives fewer frames, and less to compute.",
);
pub(crate) const FFT_LENGTH: Setting = row(
    "fft_length",
    "FFT length",
    "samples",
    (512.0, 8.0, fft::MAX_LENGTH, Step::PowerOfTwo),
    "At least as many samples as a frame has; the rest is filled with zeros.",
);
pub(crate) const LOW_HZ: Setting = row(
    "low_hz",
    "Lowest frequency",
    "Hz",
    (20.0, 0.0, 1e6, Step::Any),
    "What is lower is left out, such as hum and rumble.",
);
pub(crate) const HIGH_HZ: Setting = row(
    "high_hz",
    "Highest frequency",
    "Hz",
    (0.0, 0.0, 1e6, Step::Any),
    "What is higher is left out. 0: half the rate.",
);
pub(crate) const PRE_EMPHASIS: Setting = row(
    "pre_emphasis",
    "Pre-emphasis",
    "",
    (0.0, 0.0, 1.0, Step::Any),
    "Share of the previous sample that is taken off each: raises high frequencies against low ones. 0: none.",
);
pub(crate) const HANN: Setting = row(
    "hann",
    "Hann window",
    "",
    (1.0, 0.0, 1.0, Step::Switch),
    "Fades each frame in and out, so that a loud tone does not spill over into other frequencies.",
);
pub(crate) const MAGNITUDE: Setting = row(
    "magnitude",
    "Magnitude instead of power",
    "",
    (0.0, 0.0, 1.0, Step::Switch),
    "On: magnitudes of the spectrum, as TensorFlow's examples take them. Off: their squares over the FFT length.",
);
pub(crate) const NOISE_FLOOR_DB: Setting = row(
    "noise_floor_db",
    "Noise floor",
    "dB",
    (-60.0, -200.0, 60.0, Step::Any),
    "Added to each value before its logarithm. Sound that is weaker than this counts as silence.",
);

/// The settings that all blocks for sound begin with, in their order.
pub(crate) const SHARED: usize = 9;

/// The shared settings, as one signal sees them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Front {
    /// Samples of a frame and from one to the next.
    pub length: usize,
    pub stride: usize,
    pub fft_length: usize,
    pub low_hz: f32,
    pub high_hz: f32,
    pre_emphasis: f32,
    hann: bool,
    pub magnitude: bool,
    noise_floor_db: f32,
}

fn samples(ms: f32, rate_hz: f32) -> usize {
    libm::roundf(ms * rate_hz / 1000.0) as usize
}

impl Front {
    /// The [`SHARED`] settings and those of the block alone.
    pub(crate) fn read<'s>(signal: &Signal, settings: &'s [f32]) -> Option<(Self, &'s [f32])> {
        let (shared, own) = settings.split_first_chunk::<SHARED>()?;
        let [
            frame,
            stride,
            fft_length,
            low,
            high,
            emphasis,
            hann,
            magnitude,
            floor,
        ] = *shared;
        let front = Self {
            length: samples(frame, signal.rate_hz),
            stride: samples(stride, signal.rate_hz).max(1),
            fft_length: fft_length as usize,
            low_hz: low,
            high_hz: if high > 0.0 {
                high
            } else {
                signal.rate_hz / 2.0
            },
            pre_emphasis: emphasis,
            hann: hann != 0.0,
            magnitude: magnitude != 0.0,
            noise_floor_db: floor,
        };
        Some((front, own))
    }

    /// Checks all settings of the block, the signal, and what is shared.
    ///
    /// # Errors
    /// All of [`BlockError`]'s but [`BlockError::Coefficients`].
    pub(crate) fn check<'s>(
        block: &Block,
        signal: &Signal,
        settings: &'s [f32],
    ) -> Result<(Self, &'s [f32]), BlockError> {
        block.check_settings(settings)?;
        signal.values()?;
        let read = Self::read(signal, settings).ok_or(BlockError::SettingCount {
            expected: block.settings.len(),
            found: settings.len(),
        })?;
        let front = read.0;
        if front.length < 2 || front.length > front.fft_length {
            return Err(BlockError::Frame {
                found: front.length,
                most: front.fft_length,
            });
        }
        if signal.samples < front.length {
            return Err(BlockError::WindowTooShort {
                needed: front.length,
                found: signal.samples,
            });
        }
        let found = front.frames(signal);
        if found > MAX_FRAMES {
            return Err(BlockError::Frames { found });
        }
        if !(front.low_hz < front.high_hz && front.high_hz <= signal.rate_hz / 2.0) {
            return Err(front.band_error());
        }
        Ok(read)
    }

    pub(crate) fn band_error(&self) -> BlockError {
        BlockError::Band {
            low_hz: self.low_hz,
            high_hz: self.high_hz,
        }
    }

    pub(crate) fn frames(&self, signal: &Signal) -> usize {
        signal.samples.saturating_sub(self.length) / self.stride.max(1) + 1
    }

    /// The layout of a picture with this many columns an axis; `scratch` beside the tables
    /// and the frame.
    pub(crate) fn layout(
        &self,
        signal: &Signal,
        columns: usize,
        independent: bool,
        scratch: usize,
    ) -> Result<Layout, BlockError> {
        let frames = self.frames(signal);
        let columns = columns.checked_mul(signal.axes);
        let features = columns.and_then(|columns| columns.checked_mul(frames));
        Ok(Layout {
            features: features.ok_or(BlockError::Signal)?,
            frames,
            framing: Some(Framing {
                length: self.length,
                stride: self.stride,
                independent,
            }),
            scratch: self.tables() + self.fft_length + scratch,
            grid: None,
        })
    }

    /// `f32`s of the tables: the noise floor, the first half of the taper, and the FFT's.
    pub(crate) fn tables(&self) -> usize {
        self.taper() + fft::table(self.fft_length)
    }

    fn taper(&self) -> usize {
        self.length / 2 + 2
    }

    /// Fills the tables.
    pub(crate) fn prepare(&self, tables: &mut [f32]) {
        let Some((taper, cosines)) = tables.split_at_mut_checked(self.taper()) else {
            return;
        };
        fft::prepare(self.fft_length, cosines);
        let Some((floor, weights)) = taper.split_first_mut() else {
            return;
        };
        let per_decibel = if self.magnitude { 0.5 } else { 1.0 } / DECIBELS;
        *floor = libm::expf(self.noise_floor_db * per_decibel);
        for (i, weight) in weights.iter_mut().enumerate() {
            // sin² as the half of 1 − cos loses what is small; as a square it does not.
            let sine = cosine(self.length + 2 * self.length - 2 * i, 4 * self.length);
            *weight = if self.hann { sine * sine } else { 1.0 };
        }
    }

    /// Calls `each` with the spectrum, from bin 0, of every frame of a window, and in it
    /// of every axis.
    pub(crate) fn spectra(
        &self,
        signal: &Signal,
        tables: &[f32],
        window: &[f32],
        work: &mut [f32],
        mut each: impl FnMut(&mut [f32]),
    ) {
        let Some((taper, cosines)) = tables.split_at_checked(self.taper()) else {
            return;
        };
        for frame in 0..self.frames(signal) {
            let from = window.get(frame * self.stride * signal.axes..);
            let samples = from.unwrap_or_default();
            for axis in 0..signal.axes {
                let samples = samples.get(axis..).unwrap_or_default();
                self.fill(taper, samples, signal.axes, work);
                each(self.spectrum(cosines, work));
            }
        }
    }

    /// Puts the frame at the front of `samples`, of which every `axes`-th is taken, into
    /// `work`: emphasised, tapered, and zeros behind it.
    fn fill(&self, taper: &[f32], samples: &[f32], axes: usize, work: &mut [f32]) {
        let (Some((_, weights)), Some((filled, padding))) =
            (taper.split_first(), work.split_at_mut_checked(self.length))
        else {
            return;
        };
        padding.fill(0.0);
        // sin² is even: the second half is the first one, backwards, without its zero.
        let (front, back) = filled.split_at_mut(filled.len().min(weights.len()));
        let mirrored = weights.get(1..=back.len()).unwrap_or_default().iter().rev();
        let emphasis = self.pre_emphasis;
        let mut before = samples.first().map_or(0.0, |x| clean(*x));
        let mut put = |to: &mut f32, sample: &f32, weight: &f32| {
            let x = clean(*sample);
            *to = (x - emphasis * before) * *weight;
            before = x;
        };
        if axes == 1 {
            let (early, late) = samples.split_at_checked(front.len()).unwrap_or_default();
            for ((to, sample), weight) in front.iter_mut().zip(early).zip(weights) {
                put(to, sample, weight);
            }
            for ((to, sample), weight) in back.iter_mut().zip(late).zip(mirrored) {
                put(to, sample, weight);
            }
        } else {
            let all = front
                .iter_mut()
                .chain(back)
                .zip(weights.iter().chain(mirrored));
            for ((to, weight), samples) in all.zip(samples.chunks(axes.max(1))) {
                if let Some(sample) = samples.first() {
                    put(to, sample, weight);
                }
            }
        }
    }

    /// The spectrum of a frame, which is used up.
    fn spectrum<'w>(&self, cosines: &[f32], frame: &'w mut [f32]) -> &'w mut [f32] {
        if self.magnitude {
            let spectrum = fft::power(cosines, frame, 1.0);
            for p in spectrum.iter_mut() {
                *p = libm::sqrtf(*p);
            }
            spectrum
        } else {
            fft::power(cosines, frame, 1.0 / self.fft_length as f32)
        }
    }

    /// Natural logarithm of a value above the floor, in decibels: of power, or twice
    /// that of a magnitude.
    pub(crate) fn decibels(&self) -> f32 {
        if self.magnitude {
            2.0 * DECIBELS
        } else {
            DECIBELS
        }
    }
}

/// The axis and the column of it that a feature is of; `columns` an axis.
pub(crate) fn place(layout: &Layout, columns: usize, index: usize) -> Option<(usize, usize)> {
    let column = index.checked_rem(layout.columns())?;
    let place = (column.checked_div(columns)?, column.checked_rem(columns)?);
    (index < layout.features).then_some(place)
}

/// Writes a range of frequencies such as `250–310 Hz`.
pub(crate) fn write_band(out: &mut dyn Write, low_hz: f32, high_hz: f32) -> fmt::Result {
    write_tenths(out, low_hz)?;
    if high_hz > low_hz {
        out.write_str("–")?;
        write_tenths(out, high_hz)?;
    }
    out.write_str(" Hz")
}

#[cfg(test)]
mod tests;
