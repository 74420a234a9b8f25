//! The pipeline's choices: one plain value that a project stores, a face edits
//! and a config file changes. Everything derived can be recomputed from the
//! recordings and this.

use std::collections::BTreeMap;

use lampyris_net::LayerSpec;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// The version of [`Settings`] that this build writes.
pub const SETTINGS_VERSION: u32 = 1;

/// What is being recognised; decides the defaults.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Task {
    /// Gestures and activities from an accelerometer.
    #[default]
    Motion,
    /// Words and noises from a microphone.
    Audio,
    /// Pictures from a camera.
    Image,
}

/// Which block computes the features, and how.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct BlockChoice {
    /// The block's id, for example `spectral`.
    pub id: String,
    /// Settings by id; those left out keep the block's default.
    pub settings: BTreeMap<String, f32>,
}

/// How the network is fitted.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct TrainingSettings {
    /// Passes over the training windows, at most; 1 to 1000.
    pub epochs: u32,
    /// Windows per step; 1 to 1024.
    pub batch_size: u32,
    /// Step size of the optimiser; 0.000001 to 1.
    pub learning_rate: f32,
    /// Epochs without a better validation loss before training stops; 0 never stops.
    pub patience: u32,
    /// Milliseconds between training windows; shorter than `hop_ms` sees each
    /// gesture at more positions. Validation and test windows keep `hop_ms`.
    pub hop_ms: f32,
    /// Seed of the initial weights, the shuffling, the dropout and the variations.
    pub seed: u32,
    /// Whether a window of a rare label weighs more in the loss, so that each label
    /// weighs the same in all.
    #[serde(default)]
    pub class_weights: bool,
    /// How training windows are varied, afresh in each epoch.
    pub augment: AugmentSettings,
}

/// How training windows are varied, so that the model learns what a person means and
/// not how one take was made. Every variation is drawn afresh in each epoch. Validation
/// and test windows are never varied. What is 0 is off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct AugmentSettings {
    /// Variations of each training window in an epoch, beside the window as recorded;
    /// 0 (off) to 20.
    pub copies: u32,
    /// Most that the sensor is turned in space, about any direction, 0 to 180°: needs
    /// axes in threes (x, y, z). Of pictures: most that one is turned, either way.
    pub rotate_deg: f32,
    /// Most that a movement is stronger or weaker, as a share, 0 to 0.9. Of pictures: most
    /// that one is larger or smaller.
    pub scale: f32,
    /// Most that a movement is faster or slower, as a share, 0 to 0.5.
    pub stretch: f32,
    /// Most noise added to each sample, as a share of its axis's deviation in the
    /// window, 0 to 1. Of pictures: as a share of full brightness.
    #[serde(default)]
    pub jitter: f32,
    /// Most that a sound is louder or softer, 0 to 40 dB.
    #[serde(default)]
    pub gain_db: f32,
    /// Most that a window begins earlier or later, also beyond the recording's ends,
    /// where there is silence; 0 to 5000 ms.
    #[serde(default)]
    pub shift_ms: f32,
    /// Most background mixed in, as a share of the window's own effective value: 1 is
    /// as loud as the window; 0 to 4. It comes from the recordings of
    /// [`Settings::background`].
    #[serde(default)]
    pub noise: f32,
    /// Most neighbouring frames of the features that are blanked out, 0 to 256.
    #[serde(default)]
    pub mask_frames: u32,
    /// Most neighbouring columns of the features that are blanked out, 0 to 256. Needs
    /// features of several frames, as do `mask_frames`.
    #[serde(default)]
    pub mask_columns: u32,
    /// Whether half of the varied pictures are mirrored; not for what has a left and a right.
    #[serde(default)]
    pub mirror: bool,
    /// Most that a picture is moved each way, as a share of its side, 0 to 0.5.
    #[serde(default)]
    pub shift: f32,
    /// Most that a picture is brighter or darker, as a share of full brightness, 0 to 0.9.
    #[serde(default)]
    pub brightness: f32,
    /// Most that the contrast of a picture is more or less, as a share, 0 to 0.9.
    #[serde(default)]
    pub contrast: f32,
    /// Largest side of a rectangle that is blanked out of a picture, as a share of the
    /// picture's, 0 to 0.5.
    #[serde(default)]
    pub erase: f32,
}

/// What is never torn apart between training, validation and test.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum SplitBy {
    /// Each recording stays whole.
    Recording,
    /// Recordings of one group (a person, an occasion) stay together; one
    /// without a group stays whole.
    #[default]
    Group,
}

/// How recordings that nobody assigned are split.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct SplitSettings {
    /// Share held out for the final figures, 0 to 0.5; not used where the data
    /// brings its own test recordings.
    pub test_fraction: f32,
    /// Share on which the best epoch is chosen, 0 to 0.5; not used where the
    /// data brings its own validation recordings.
    pub validation_fraction: f32,
    /// What stays together.
    pub by: SplitBy,
    /// Seed of the draw.
    pub seed: u32,
}

/// How the running model turns scores into a label, and a label into an event.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct DecisionSettings {
    /// Windows whose scores are averaged, 1 to 16.
    pub smoothing: u32,
    /// Mean score, 0 to 1, below which no label is said.
    pub threshold: f32,
    /// Time after an event in which there is no other, 0 to 60000 ms.
    #[serde(default)]
    pub suppress_ms: f32,
    /// Labels that mean "none of these" and never give an event; empty: the background
    /// and those of the usual names, see [`Settings::none_labels`].
    #[serde(default)]
    pub none: Vec<String>,
    /// What must be going on before features and network are worth their energy.
    #[serde(default)]
    pub gate: GateSettings,
}

/// Wakes the expensive part only when something is going on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct GateSettings {
    /// Effective value of the signal's changes, in its own unit, that wakes; 0 never
    /// sleeps; at most 1000000.
    pub level: f32,
    /// Time that it stays awake afterwards, 0 to 60000 ms.
    pub hold_ms: f32,
}

impl Default for GateSettings {
    /// Never sleeps.
    fn default() -> Self {
        Self {
            level: 0.0,
            hold_ms: 1000.0,
        }
    }
}

/// How the board is used: what power and battery life depend on. Nothing here changes the
/// model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(default)]
#[ts(export)]
pub struct UsageSettings {
    /// Whether the whole board as bought counts while asleep, or only its chip.
    pub whole_board: bool,
    /// Clock in MHz, 0 to 2000; 0 is the board's fastest, others the nearest that it has.
    pub clock_mhz: f32,
    /// Share of the windows that are computed, 0 to 1; the others sleep behind a gate or a
    /// sensor that wakes the chip.
    pub awake_share: f32,
    /// Messages a day, 0 to 1000000.
    pub messages_a_day: f32,
    /// Id of the radio that sends them.
    pub radio: String,
    /// Id of the sensor; empty: the usual one of the task.
    pub sensor: String,
}

impl Default for UsageSettings {
    /// The whole board at its fastest clock, always awake, nothing sent.
    fn default() -> Self {
        Self {
            whole_board: true,
            clock_mhz: 0.0,
            awake_share: 1.0,
            messages_a_day: 0.0,
            radio: "none".into(),
            sensor: String::new(),
        }
    }
}

/// Every choice of the pipeline.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Settings {
    /// [`SETTINGS_VERSION`] of the build that wrote this.
    pub version: u32,
    /// What is being recognised.
    pub task: Task,
    /// Samples per second after resampling, 1 to 48000 Hz.
    pub rate_hz: f32,
    /// Length of a window, 100 to 10000 ms.
    pub window_ms: f32,
    /// Time between windows, 10 to 10000 ms.
    pub hop_ms: f32,
    /// Axes by name, in the order that the model gets them; empty means all.
    pub axes: Vec<String>,
    /// Label → the label it counts as; an empty name leaves its windows out.
    pub merge: BTreeMap<String, String>,
    /// Labels, as recorded, whose recordings are mixed into training windows as noise;
    /// empty: those of the usual names, see [`Settings::is_background`]. They remain
    /// labels to be told apart like any other.
    #[serde(default)]
    pub background: Vec<String>,
    /// How features are computed.
    pub block: BlockChoice,
    /// Hidden layers; the output layer follows from the labels.
    pub network: Vec<LayerSpec>,
    /// How the network is fitted.
    pub training: TrainingSettings,
    /// How recordings are split.
    pub split: SplitSettings,
    /// How scores become a label.
    pub decision: DecisionSettings,
    /// Id of the board that figures are given for.
    pub board: String,
    /// Id of the battery that figures are given for.
    pub battery: String,
    /// How the board is used. Stays the last field: the hash of the settings leaves it out.
    #[serde(default)]
    pub usage: UsageSettings,
}
