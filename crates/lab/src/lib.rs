//! The whole pipeline from recordings to a bundle, so that the faces (the page,
//! the command) hold no logic. From top to bottom:
//!
//! 1. [`Settings`] are the pipeline's choices: one plain value.
//! 2. [`Lab`] holds the recordings. [`Lab::overview`] tells all that is known
//!    before training and never fails; [`Lab::window`] looks at one window closely.
//! 3. [`Lab::job`] resamples, cuts windows, computes features with the block that
//!    also runs on the chip, and normalises them: a [`Job`] is everything that a
//!    trainer needs, the recordings that training windows are varied from included.
//!    It never holds a test window.
//! 4. The trainer (another crate, in the page another module) gives back a
//!    [`TrainingResult`].
//! 5. [`Lab::quantize`] calibrates on training windows of every class, lowers the
//!    network to int8, writes the chip part and measures everything on the held-out
//!    windows: a [`Model`] with its [`Report`].
//! 6. [`evaluate()`] measures a finished model on other recordings; [`ModelInfo`]
//!    and [`LiveAnswer`] are what a running model tells.
//! 7. [`Lab::replay`] runs the model over a long stream as a chip would, and judges it.
//!
//! [`extract()`] gives the features of one recording to whoever wants to go on alone.
//! Beside that line stands [`Network`]: any `.tflite` file, looked into and run
//! without a project; [`wrap()`] makes a bundle of one.
//!
//! Whatever is ordered is ordered by content (recording ids, label bytes), so the
//! same recordings and settings give the same bytes, whoever loaded them and when.

mod answers;
mod augment;
mod block;
mod cache;
mod catalog;
mod defaults;
mod envelope;
mod error;
mod evaluate;
mod explore;
mod extract;
mod features;
mod info;
mod inputs;
mod issues;
mod job;
mod lab;
mod layers;
mod load;
mod metrics;
mod model;
mod network;
mod opened;
mod overview;
mod pca;
mod pictures;
mod presets;
mod quantize;
mod reader;
mod replay;
mod report;
mod result;
mod runner;
mod runs;
mod settings;
mod settings_change;
mod settings_check;
mod shown;
mod signals;
mod stream;
mod takes;
mod usage;
mod windows;
mod wrap;

pub use answers::Answers;
pub use block::{block_features, block_sees};
pub use catalog::{BlockInfo, Catalog, SettingInfo, SettingStep, TargetInfo, TaskInfo, catalog};
pub use error::LabError;
pub use evaluate::{Evaluation, GoldenWindow, evaluate, golden_windows, held_out};
pub use explore::{Map, Picture};
pub use extract::{Extract, extract, extract_int8};
pub use info::{LiveAnswer, LiveEvent, ModelInfo, PictureShape};
pub use job::{Job, Part, Rows, Values, Varied};
pub use lab::{Described, Lab};
pub use model::{Model, model_settings};
pub use network::{
    ArenaPlace, Engine, Fill, Network, NetworkInfo, NetworkLayer, NetworkTimes, TensorInfo, Timing,
    Trace, session,
};
pub use opened::{BundleInfo, GoldenCheck, OpenBundle};
pub use overview::{FeatureValue, LabelCount, LayerLoad, Overview, WindowView};
pub use presets::NetworkPreset;
pub use reader::JobReader;
pub use replay::{
    FalseAlarms, MESSAGE_BYTES, Replay, ReplayOptions, ReplaySaid, ReplayTruth, Replaying,
    Timeline, VALUE_BYTES, Worth, poisson_interval,
};
pub use report::{ClassCoverage, ClassReport, LayerReport, Mistake, Report};
pub use result::{EpochRow, Progress, TrainingResult};
pub use runner::score;
pub use settings::{
    AugmentSettings, BlockChoice, DecisionSettings, GateSettings, SETTINGS_VERSION, Settings,
    SplitBy, SplitSettings, Task, TrainingSettings, UsageSettings,
};
pub use shown::{Means, Shown};
pub use stream::JobStream;
pub use takes::Takes;
pub use wrap::wrap;
