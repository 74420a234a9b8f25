//! What a block is, and the one table of them.
//!
//! A block is a static [`Block`]: its settings describe themselves, so that forms,
//! command line flags and docs are made from the same rows. [`Block::check`] is
//! asked once; what it accepts, [`Block::run`] computes without a way to fail.
//! [`Block::prepare`] fills the tables that a block wants (cosines, the edges of
//! bands) into its scratch memory, once for all the windows that use that memory.
//!
//! **Frames.** A block that cuts its window into frames says so by
//! [`Layout::framing`]. Where the frames are independent, the features of a frame are
//! those of a window that holds that frame alone, byte for byte: [`Block::run`] with
//! [`Signal::frame`] and the same scratch computes them. So a device can keep features
//! instead of samples.

use core::fmt;

use crate::picture::View;

/// Samples are held within ± this value before a block sees them: far beyond any
/// sensor, and small enough that a sum of their squares stays finite in `f32`.
pub const SAMPLE_LIMIT: f32 = 1e9;

/// The sample as blocks see it: 0 for NaN and infinities, else held within
/// ± [`SAMPLE_LIMIT`].
#[must_use]
pub fn clean(sample: f32) -> f32 {
    // One comparison for all that sensors say, of whole numbers: beyond the bits of the
    // limit lie those of larger numbers, then infinity, then what is no number.
    if sample.abs().to_bits() <= SAMPLE_LIMIT.to_bits() {
        sample
    } else if sample.is_finite() {
        SAMPLE_LIMIT.copysign(sample)
    } else {
        0.0
    }
}

/// The window that a block is given.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Signal {
    /// Samples per second, above 0.
    pub rate_hz: f32,
    /// Samples per axis in one window, at least 1.
    pub samples: usize,
    /// Channels, at least 1; a window is `[samples, axes]` interleaved.
    pub axes: usize,
}

/// Which values a setting may take between its bounds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Any number.
    Any,
    /// Whole numbers.
    Whole,
    /// Powers of two.
    PowerOfTwo,
    /// 0 (off) or 1 (on).
    Switch,
}

/// One setting of a block; forms, flags and docs are made from this row.
#[derive(Clone, Copy, Debug)]
pub struct Setting {
    /// Name with its unit, for example `cutoff_hz`.
    pub id: &'static str,
    /// What a person reads.
    pub title: &'static str,
    /// Unit as shown; empty for counts.
    pub unit: &'static str,
    /// Value when nothing is said.
    pub default: f32,
    /// Smallest legal value.
    pub min: f32,
    /// Largest legal value.
    pub max: f32,
    /// Legal values between the bounds.
    pub step: Step,
    /// One or two sentences.
    pub help: &'static str,
}

/// What a block needs and gives for one window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Features that come out, `[frames, columns]` row by row.
    pub features: usize,
    /// Steps in time that the features are of, at least 1: the height of a picture such
    /// as a spectrogram. 1 where they are of the window as a whole.
    pub frames: usize,
    /// How the window is cut, where the frames are pieces of it.
    pub framing: Option<Framing>,
    /// `f32`s of memory that `prepare` and `run` share.
    pub scratch: usize,
    /// Rows and columns, where the features are a picture `[rows, columns, channels]`;
    /// then each pixel is a frame.
    pub grid: Option<[usize; 2]>,
}

/// How a window is cut into frames: frame `i` begins at sample `i · stride`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Framing {
    /// Samples an axis that a frame reads.
    pub length: usize,
    /// Samples from one frame to the next, at least 1.
    pub stride: usize,
    /// Whether a frame's features depend on its own samples alone. They do not where
    /// something is made relative to the whole window.
    pub independent: bool,
}

impl Layout {
    /// Features of one frame: the width of the picture, and the number of norms, since
    /// a column is normalised alike in every frame.
    #[must_use]
    pub fn columns(&self) -> usize {
        self.features / self.frames.max(1)
    }
}

/// Why a block refuses its settings or its signal.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum BlockError {
    /// The number of settings is not the block's.
    SettingCount {
        /// How many the block has.
        expected: usize,
        /// How many were given.
        found: usize,
    },
    /// A setting lies outside its bounds or off its step.
    Setting {
        /// The setting's id.
        id: &'static str,
        /// What was given.
        found: f32,
    },
    /// The window is too short for these settings.
    WindowTooShort {
        /// Samples needed.
        needed: usize,
        /// Samples given.
        found: usize,
    },
    /// A frame of the window has too few samples, or more than the FFT takes.
    Frame {
        /// Samples that the frame would have.
        found: usize,
        /// Most that it may have.
        most: usize,
    },
    /// The window holds more frames than [`MAX_FRAMES`].
    Frames {
        /// How many it would have.
        found: usize,
    },
    /// No frequency lies in the band, or it reaches beyond half the rate.
    Band {
        /// The band's lower end.
        low_hz: f32,
        /// Its upper end.
        high_hz: f32,
    },
    /// More coefficients than filters.
    Coefficients {
        /// Coefficients wanted.
        found: usize,
        /// Filters that there are.
        filters: usize,
    },
    /// The signal's rate or axes are not usable.
    Signal,
    /// The block is for pictures, and the signal is not one of pictures.
    Picture {
        /// Channels of the picture that the block makes.
        channels: usize,
        /// Samples of the window given.
        samples: usize,
        /// Axes given.
        axes: usize,
    },
    /// Every feature is switched off.
    NoFeatures,
    /// A filter's cut-off lies too near to half the rate.
    Cutoff {
        /// What was given, in Hz.
        found: f32,
        /// The most that is possible, in Hz.
        most: f32,
    },
}

impl fmt::Display for BlockError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SettingCount { expected, found } => write!(
                f,
                "{found} settings given: this block has {expected}, give one value for each"
            ),
            Self::Setting { id, found } => write!(
                f,
                "setting {id} = {found}: outside its range or off its step, take a listed value"
            ),
            Self::WindowTooShort { needed, found } => write!(
                f,
                "window of {found} samples: {needed} are needed, take a longer window or a shorter frame (fft_length, frame_ms)"
            ),
            Self::Frame { found, most } => write!(
                f,
                "frame of {found} samples: 2 to {most} are possible, change frame_ms or take an fft_length that holds the frame"
            ),
            Self::Frames { found } => write!(
                f,
                "{found} frames in a window: at most {MAX_FRAMES} are possible, take a longer stride_ms or a shorter window"
            ),
            Self::Band { low_hz, high_hz } => write!(
                f,
                "band from {low_hz} to {high_hz} Hz: low_hz must be below high_hz and high_hz at most half the rate, and frequencies of the FFT must lie between"
            ),
            Self::Coefficients { found, filters } => write!(
                f,
                "{found} coefficients of {filters} filters: take at most as many coefficients as filters"
            ),
            Self::Signal => f.write_str(
                "signal: rate_hz must be finite and above 0, samples and axes at least 1 and not absurdly many",
            ),
            Self::Picture {
                channels,
                samples,
                axes,
            } => write!(
                f,
                "window of {samples} samples of {axes} axes: a block for pictures takes one picture a window and an axis a channel, give 1 sample of {channels} axes"
            ),
            Self::NoFeatures => f.write_str("every feature is switched off: switch one on"),
            Self::Cutoff { found, most } => write!(
                f,
                "setting cutoff_hz = {found}: at most {most} at this rate, lower it or switch the filter off"
            ),
        }
    }
}

impl core::error::Error for BlockError {}

impl Signal {
    /// Values in one window, `samples · axes`.
    ///
    /// # Errors
    /// [`BlockError::Signal`] where the rate is not a positive number, nothing is
    /// sampled, or the window would not fit into [`MAX_WINDOW`] values.
    pub fn values(&self) -> Result<usize, BlockError> {
        let rate = self.rate_hz.is_finite() && self.rate_hz > 0.0;
        match self.samples.checked_mul(self.axes) {
            Some(n) if rate && n > 0 && n <= MAX_WINDOW => Ok(n),
            _ => Err(BlockError::Signal),
        }
    }

    /// The signal of one frame alone.
    #[must_use]
    pub fn frame(&self, framing: &Framing) -> Self {
        Self {
            samples: framing.length,
            ..*self
        }
    }
}

/// Most values that one window may hold: 4 MiB of samples.
pub const MAX_WINDOW: usize = 1 << 20;
/// Most frames that a block may cut a window into.
pub const MAX_FRAMES: usize = 500;

impl Setting {
    /// The same row with another default.
    #[must_use]
    pub const fn or(self, default: f32) -> Self {
        Self { default, ..self }
    }

    /// Whether `value` lies within the bounds and on the step.
    #[must_use]
    pub fn accepts(&self, value: f32) -> bool {
        if !(value >= self.min && value <= self.max) {
            return false;
        }
        match self.step {
            Step::Any => true,
            Step::Whole => libm::truncf(value) == value,
            Step::PowerOfTwo => {
                libm::truncf(value) == value && value >= 1.0 && (value as u32).is_power_of_two()
            }
            Step::Switch => value == 0.0 || value == 1.0,
        }
    }
}

/// Checks a signal and settings and sizes what the run needs.
pub type Check = fn(&Signal, &[f32]) -> Result<Layout, BlockError>;
/// Fills the tables of a block: signal, settings, scratch.
pub type Prepare = fn(&Signal, &[f32], &mut [f32]);
/// Computes features: signal, settings, window, scratch, features.
pub type Run = fn(&Signal, &[f32], &[f32], &mut [f32], &mut [f32]);
/// Makes what a network sees of a picture: settings, picture, int8 `[rows, columns, channels]`.
pub type See = fn(&[f32], &View<'_>, &mut [i8]);
/// Names one feature: signal, settings, which feature, where to write.
pub type Name =
    fn(&Signal, &[f32], usize, &mut dyn fmt::Write) -> Result<Option<usize>, fmt::Error>;

/// A text for people; empty on bare metal, where nobody reads it and flash is short.
pub(crate) const fn words(text: &'static str) -> &'static str {
    if cfg!(target_os = "none") { "" } else { text }
}

/// What names features for people; on bare metal one that names none.
pub(crate) const fn namer(name: Name) -> Name {
    if cfg!(target_os = "none") {
        |_, _, _, _| Ok(None)
    } else {
        name
    }
}

/// A signal processing block: one static of this type, one file, one row in [`BLOCKS`].
#[derive(Clone, Copy)]
pub struct Block {
    /// Stable name, for example `spectral`.
    pub id: &'static str,
    /// Stable number in bundles.
    pub code: u16,
    /// What a person reads.
    pub title: &'static str,
    /// One or two sentences.
    pub help: &'static str,
    /// Settings in the order of the values given to the functions below.
    pub settings: &'static [Setting],
    /// Checks settings and signal; what is accepted here cannot fail in `run`.
    pub check: Check,
    /// `(signal, settings, scratch)`: asked once for the memory that `run` is then given
    /// again and again. Depends on the signal's rate, not on its length.
    pub prepare: Prepare,
    /// `(signal, settings, window, scratch, features)`; slices of exactly the checked
    /// lengths, but for the scratch of one frame, which may be the whole window's.
    pub run: Run,
    /// Blocks for pictures: from a picture to the network's input, without an `f32` in
    /// between. Such a block's signal is of one sample a window, the picture, and an axis
    /// a channel; its features are the bytes 0 to 255, and `i8` is the byte less 128.
    /// `run` is not for them.
    pub see: Option<See>,
    /// Writes the name of one feature without its axis and its frame (so a column has
    /// the same name in all frames), and says which axis it belongs to; `None` where it
    /// belongs to no single one. Nothing is written for a feature that does not exist.
    pub name: Name,
}

impl Block {
    /// Checks every value against its row in [`Block::settings`].
    ///
    /// # Errors
    /// [`BlockError::SettingCount`] or the first [`BlockError::Setting`] at fault.
    pub fn check_settings(&self, values: &[f32]) -> Result<(), BlockError> {
        if values.len() != self.settings.len() {
            return Err(BlockError::SettingCount {
                expected: self.settings.len(),
                found: values.len(),
            });
        }
        for (setting, &found) in self.settings.iter().zip(values) {
            if !setting.accepts(found) {
                return Err(BlockError::Setting {
                    id: setting.id,
                    found,
                });
            }
        }
        Ok(())
    }
}

impl fmt::Debug for Block {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Block({})", self.id)
    }
}

/// [`Block::prepare`] of a block without tables.
pub fn no_tables(_: &Signal, _: &[f32], _: &mut [f32]) {}

/// The block of this id (`spectral`) in [`BLOCKS`].
#[must_use]
pub fn by_id(id: &str) -> Option<&'static Block> {
    BLOCKS.iter().copied().find(|b| b.id == id)
}

/// The block of this number among `blocks`, for example [`BLOCKS`].
#[must_use]
pub fn by_code(blocks: &'static [&'static Block], code: u16) -> Option<&'static Block> {
    blocks.iter().copied().find(|b| b.code == code)
}

/// Every block of this build.
pub static BLOCKS: &[&Block] = &[
    &crate::spectral::SPECTRAL,
    &crate::statistics::STATISTICS,
    &crate::raw::RAW,
    &crate::mfe::MFE,
    &crate::mfcc::MFCC,
    &crate::spectrogram::SPECTROGRAM,
    &crate::image::IMAGE,
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_fit_for_forms_and_chips() {
        for (i, block) in BLOCKS.iter().enumerate() {
            assert!(
                BLOCKS
                    .iter()
                    .skip(i + 1)
                    .all(|other| other.id != block.id && other.code != block.code),
                "{block:?} is there twice"
            );
            // As many as a chip part has room for.
            assert!(block.settings.len() <= 16, "{block:?}");
            let defaults: std::vec::Vec<f32> = block.settings.iter().map(|s| s.default).collect();
            assert_eq!(block.check_settings(&defaults), Ok(()), "{block:?}");
            for (j, setting) in block.settings.iter().enumerate() {
                let later = block.settings.iter().skip(j + 1);
                assert!(later.clone().all(|other| other.id != setting.id));
                assert!(setting.accepts(setting.min) && setting.accepts(setting.max));
                assert!(!setting.accepts(f32::NAN));
            }
        }
    }

    #[test]
    fn what_sensors_say_is_left_as_it_is() {
        let same = [0.0, -0.0, 1e-45, -9.81, SAMPLE_LIMIT, -SAMPLE_LIMIT];
        assert_eq!(same.map(|x| clean(x).to_bits()), same.map(f32::to_bits));
        assert_eq!(
            [2e9, -2e9, f32::MIN, f32::NAN, f32::INFINITY].map(clean),
            [SAMPLE_LIMIT, -SAMPLE_LIMIT, -SAMPLE_LIMIT, 0.0, 0.0]
        );
    }
}
