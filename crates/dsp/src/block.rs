//! What a block is, and the one table of them.
//!
//! A block is a static [`Block`]: its settings describe themselves, so that forms,
//! command line flags and docs are made from the same rows. [`Block::check`] is
//! asked once; what it accepts, [`Block::run`] computes without a way to fail.

use core::fmt;

/// Samples are held within ± this value before a block sees them: far beyond any
/// sensor, and small enough that a sum of their squares stays finite in `f32`.
pub const SAMPLE_LIMIT: f32 = 1e9;

/// The sample as blocks see it: 0 for NaN and infinities, else held within
/// ± [`SAMPLE_LIMIT`].
#[must_use]
pub fn clean(sample: f32) -> f32 {
    if sample.is_finite() {
        sample.clamp(-SAMPLE_LIMIT, SAMPLE_LIMIT)
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
    /// `f32`s of scratch memory that `run` needs.
    pub scratch: usize,
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
    /// The signal's rate or axes are not usable.
    Signal,
    /// Every feature is switched off.
    NoFeatures,
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
                "window of {found} samples: {needed} are needed, take a longer window or a smaller fft_length"
            ),
            Self::Signal => f.write_str(
                "signal: rate_hz must be finite and above 0, samples and axes at least 1 and not absurdly many",
            ),
            Self::NoFeatures => f.write_str("every feature is switched off: switch one on"),
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
}

/// Most values that one window may hold: 4 MiB of samples.
pub const MAX_WINDOW: usize = 1 << 20;

impl Setting {
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
/// Computes features: signal, settings, window, scratch, features.
pub type Run = fn(&Signal, &[f32], &[f32], &mut [f32], &mut [f32]);
/// Names one feature: signal, settings, which feature, where to write.
pub type Name =
    fn(&Signal, &[f32], usize, &mut dyn fmt::Write) -> Result<Option<usize>, fmt::Error>;

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
    /// `(signal, settings, window, scratch, features)`; slices of exactly the checked lengths.
    pub run: Run,
    /// Writes the name of one feature without its axis, and says which axis it belongs
    /// to; `None` where it belongs to no single one. Nothing is written for a feature
    /// that does not exist.
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
];
