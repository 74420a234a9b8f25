//! A long stream run through the finished model as a chip would run it, and judged: what
//! was found and how late, what was said for nothing, how long the chip was awake, and how
//! little would be sent.
//!
//! 1. [`Lab::replay`] chooses the stream: one recording, or the recordings that were held
//!    out for test, with stretches of nothing between them ([`stream`]).
//! 2. [`Replaying::advance`] feeds it to a `device::Classifier`, reading by reading, for as
//!    long as whoever calls it likes; the decision is the one of the settings.
//! 3. [`Replaying::finish`] compares what was said with the labels ([`judge`]).
//!
//! Equal recordings, settings and options give equal results, however it was cut into slices.

mod judge;
mod poisson;
mod reader;
mod run;
mod stream;

pub use poisson::poisson_interval;
pub use run::Replaying;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::{Lab, LabError, Settings};

/// Bytes of a message about one event: a time in ms (8) and a label (1).
pub const MESSAGE_BYTES: u32 = 9;
/// Bytes of one value of a raw stream: a 16-bit reading, as accelerometers and microphones
/// give it. Of pictures a value is a byte.
pub const VALUE_BYTES: u32 = 2;
/// Longest stretch of nothing between two events, in seconds.
const LONGEST_PAUSE_S: f32 = 600.0;

/// What is to be replayed.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct ReplayOptions {
    /// Id of the one recording that is the stream; without it the recordings that were held
    /// out for test are put one behind the other.
    pub recording: Option<String>,
    /// Of those put together: seconds of nothing before each and after the last, 0 to 600.
    /// Longer where more was recorded; repeated where less was, which the result tells apart.
    pub pause_s: f32,
    /// Of those put together: seed of their order.
    pub seed: u32,
}

/// How a stretch of the stream that counts as an event went.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReplayTruth {
    /// Beginning in ms of the stream.
    pub start_ms: f64,
    /// End in ms of the stream.
    pub end_ms: f64,
    /// Index of its label.
    pub label: u32,
    /// Id of the recording it is of.
    pub recording: String,
    /// From its beginning to the message about it, in ms; `None` where it was missed.
    pub delay_ms: Option<f64>,
    /// The same from the end of the first window that lies wholly in it or behind its
    /// beginning: what smoothing adds. Below 0 where a window that was half full sufficed.
    pub delay_full_ms: Option<f64>,
}

/// What a message was worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "snake_case")]
#[ts(export)]
pub enum Worth {
    /// The first about an event, with its label.
    Found,
    /// One more about an event that was found already.
    Repeated,
    /// Another label, during an event.
    Mistaken,
    /// While nothing was going on.
    FalseAlarm,
    /// The same in material that the stream holds a second time: drawn, not counted.
    HeardBefore,
    /// Where the recording's label is left out of the project: nobody knows.
    Unjudged,
}

/// A message: an event as the model told it.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ReplaySaid {
    /// Time of the last reading that it rests on, in ms of the stream.
    pub t_ms: f64,
    /// Index of its label.
    pub label: u32,
    /// Averaged score, 0 to 1.
    pub score: f32,
    /// What it was worth.
    pub worth: Worth,
}

/// How often something was said for nothing.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct FalseAlarms {
    /// Messages while nothing was going on, in material that is in the stream for the
    /// first time.
    pub count: u32,
    /// Hours of such material.
    pub hours: f64,
    /// Per hour; `None` where there is no such material.
    pub per_hour: Option<f64>,
    /// 95 % interval of the rate per hour, if they come by chance ([`poisson_interval`]).
    pub low: Option<f64>,
    /// Its upper end.
    pub high: Option<f64>,
    /// Whether that says something: at least ten minutes of nothing, or ten false alarms.
    pub telling: bool,
}

/// What a replay found.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Replay {
    /// The model's labels, in the order of its outputs.
    pub labels: Vec<String>,
    /// What the stream is made of, in words.
    pub made_of: String,
    /// What the figures can't say, in words, one each.
    pub cautions: Vec<String>,
    /// Length of the stream in ms.
    pub length_ms: f64,
    /// Length of a window and time between two, in ms.
    pub window_ms: f64,
    /// See above.
    pub hop_ms: f64,
    /// Windows that ended.
    pub windows: u32,
    /// Those that were computed: their share is the duty cycle of features and network.
    pub awake: u32,
    /// Windows that held no part of an event.
    pub quiet_windows: u32,
    /// Those of them that were computed all the same.
    pub quiet_awake: u32,
    /// Seconds that an event keeps the chip awake beyond what it would be anyway; `None`
    /// where no event or nothing but events went by.
    pub awake_s_per_event: Option<f64>,
    /// Whether there is a gate at all; without one every window is computed.
    pub gated: bool,
    /// Everything that counts as an event, in order.
    pub truths: Vec<ReplayTruth>,
    /// All messages, in order.
    pub said: Vec<ReplaySaid>,
    /// Events that were found.
    pub found: u32,
    /// Events that were not.
    pub missed: u32,
    /// Messages of another label during an event.
    pub mistaken: u32,
    /// Messages about what had been told.
    pub repeated: u32,
    /// Median of [`ReplayTruth::delay_ms`]; of an even number the upper of the two.
    pub delay_median_ms: Option<f64>,
    /// The longest.
    pub delay_worst_ms: Option<f64>,
    /// Median of [`ReplayTruth::delay_full_ms`].
    pub delay_full_median_ms: Option<f64>,
    /// Messages for nothing.
    pub false_alarms: FalseAlarms,
    /// Bytes of a message.
    pub message_bytes: u32,
    /// Messages a day, if all day were like the stream.
    pub messages_day: f64,
    /// Their bytes.
    pub sent_bytes_day: f64,
    /// Bytes a day of the raw stream: 2 a value; of pictures as small as the model sees
    /// them, 1 a value.
    pub raw_bytes_day: f64,
    /// Columns that lie beside each other, of equal length, for drawing.
    #[serde(skip)]
    #[ts(skip)]
    pub timeline: Timeline,
}

/// The stream in at most [`Timeline::MOST`] columns of equal length.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timeline {
    /// Share of the windows that ended in the column which were computed; -1 where none ended.
    pub awake: Vec<f32>,
    /// Highest averaged score of the best label, 0 to 1.
    pub score: Vec<f32>,
    /// The index of that label, in f32 so that all columns are of one kind.
    pub best: Vec<f32>,
}

impl Timeline {
    /// Most columns.
    pub const MOST: usize = 4000;
}

impl Replay {
    /// Share of windows awake in the stream.
    #[must_use]
    pub fn awake_share(&self) -> f64 {
        f64::from(self.awake) / f64::from(self.windows.max(1))
    }
}

impl Lab {
    /// Begins a replay with the model that was last made.
    ///
    /// # Errors
    /// Where there is no model, or one of other windows or another block than the settings';
    /// where the recording is not here or of another kind; where nothing was held out for
    /// test; a stream that is shorter than a window; options and settings out of range.
    pub fn replay(
        &self,
        settings: &Settings,
        options: &ReplayOptions,
    ) -> Result<Replaying, LabError> {
        if !(0.0..=LONGEST_PAUSE_S).contains(&options.pause_s) {
            return Err(LabError::new(
                format!("a pause of {} s", options.pause_s),
                "replay",
                format!("give 0 to {LONGEST_PAUSE_S} s"),
            ));
        }
        let plan = self.plan(settings)?;
        let model = self.model().ok_or_else(|| {
            LabError::new("there is no model yet", "replay", "train a network first")
        })?;
        let paced = plan.is_of_pictures() || model.hop == plan.hop;
        if !model.plan_fits(&plan) || !paced {
            return Err(LabError::new(
                "the model is out of date: it takes other windows or other features than the settings say",
                "replay",
                "train again, or bring back the settings it was trained with",
            ));
        }
        let mut plan = plan;
        // A chip hears no silence that a short take is put into.
        plan.silent_ends = false;
        Replaying::new(self, settings, options, plan, model)
    }
}
