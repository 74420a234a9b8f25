//! What a finished model says of itself, and what a running one tells.

use lampyris_device::Chip;
use lampyris_dsp::resample::polyphase::FROM_HZ;
use lampyris_graph::AlignedBytes;
use serde::Serialize;
use sha2::{Digest, Sha256};
use ts_rs::TS;

use crate::settings_check::hex;
use crate::{LabError, Report, Task};

/// What is known of a model from its bundle alone.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct ModelInfo {
    /// SHA-256 of the chip part in hex: the model's name.
    pub sha256: String,
    /// In the order of the outputs.
    pub labels: Vec<String>,
    /// Which of them mean "none of these" and are never an event.
    pub none: Vec<bool>,
    /// Samples per second that it wants.
    pub rate_hz: f32,
    /// Samples per window.
    pub window: u32,
    /// Samples between windows.
    pub hop: u32,
    /// Channels that it wants.
    pub axes: u32,
    /// Their names where the host part knows them; else empty.
    pub axis_names: Vec<String>,
    /// Id of the block.
    pub block: String,
    /// Features per window.
    pub features: u32,
    /// Steps in time that they are of; 1 where they are of the window as a whole.
    pub frames: u32,
    /// What it sees, where it takes pictures.
    pub picture: Option<PictureShape>,
    /// Scale of the int8 input.
    pub input_scale: f32,
    /// Zero point of the int8 input.
    pub input_zero_point: i32,
    /// Windows whose scores are averaged.
    pub smoothing: u32,
    /// Mean score, 0 to 1, below which no label is said.
    pub threshold: f32,
    /// Milliseconds after an event in which there is no other.
    pub suppress_ms: u32,
    /// Effective value of the signal's changes, in its own unit, from which windows are
    /// computed; 0: always.
    pub gate_level: f32,
    /// Milliseconds for which windows are computed after that.
    pub gate_hold_ms: u32,
    /// Weights and biases, where the host part knows them.
    pub params: Option<u32>,
    /// Multiply-accumulates of one inference, where the host part knows them.
    pub macs: Option<u32>,
    /// Size of the chip part.
    pub flash_bytes: u32,
    /// Activations of the network.
    pub arena_bytes: u32,
    /// Arena, ring of samples (where the block and the hop allow it: of one frame), scratch
    /// and features together.
    pub ram_bytes: u32,
}

/// The picture that a model sees.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[ts(export)]
pub struct PictureShape {
    /// Columns.
    pub width: u32,
    /// Rows.
    pub height: u32,
    /// 1 (grey) or 3 (red, green, blue).
    pub channels: u32,
}

/// One window of a running model.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LiveEvent {
    /// Time of the window's last sample, in milliseconds of the sensor's clock.
    pub t_ms: f64,
    /// Scores of this window, 0 to 1, in the order of the labels; all 0 where it was not
    /// computed.
    pub scores: Vec<f32>,
    /// Scores averaged over the last windows.
    pub smoothed: Vec<f32>,
    /// What is said; `None` below the threshold.
    pub label: Option<u32>,
    /// The label is new and counts: what a product acts on.
    pub fired: bool,
    /// Whether the window was computed; if not, the gate let the chip sleep.
    pub awake: bool,
    /// Microseconds that the features took; `None` where it was not computed.
    pub features_us: Option<f64>,
    /// Microseconds that the network took; `None` where it was not computed.
    pub network_us: Option<f64>,
    /// Readings were missing before this window, and the ring began afresh.
    pub gap: bool,
}

/// What a running model says to the readings that it was given.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct LiveAnswer {
    /// One of each window that ended with them.
    pub events: Vec<LiveEvent>,
    /// How many times readings were missing before or among them.
    pub gaps: u32,
    /// How strong the signal was at most, as the gate sees it: a gate of a higher level
    /// stays closed. `None` where no sample came of the readings.
    pub strength: Option<f32>,
}

impl ModelInfo {
    /// What a model is most likely for, where only its chip part is there to tell: readings
    /// that come as fast as sound's are sound's.
    pub fn likely_task(&self) -> Task {
        if self.picture.is_some() {
            Task::Image
        } else if self.axes == 1 && self.rate_hz >= FROM_HZ {
            Task::Audio
        } else {
            Task::Motion
        }
    }

    /// What a chip part says of itself; `report` and `axis_names`, where the
    /// host part has them, fill in the rest.
    ///
    /// # Errors
    /// A chip part that is refused.
    pub fn of(
        chip: &[u8],
        axis_names: Vec<String>,
        report: Option<&Report>,
    ) -> Result<Self, LabError> {
        let bytes = AlignedBytes::new(chip);
        let chip = Chip::parse(bytes.as_ref())?;
        let needs = chip.least_needs();
        let decision = chip.decision();
        Ok(Self {
            sha256: hex(&Sha256::digest(bytes.as_ref())),
            labels: chip.labels().map(String::from).collect(),
            none: chip.none().collect(),
            rate_hz: chip.rate_hz(),
            window: chip.window() as u32,
            hop: chip.hop() as u32,
            axes: chip.axes() as u32,
            axis_names,
            block: chip.block().id.to_string(),
            features: chip.features() as u32,
            frames: (chip.features() / chip.norms().len().max(1)) as u32,
            picture: chip.grid().map(|[rows, columns]| PictureShape {
                width: columns as u32,
                height: rows as u32,
                channels: chip.axes() as u32,
            }),
            input_scale: chip.input_scale(),
            input_zero_point: chip.input_zero_point().into(),
            smoothing: decision.smoothing.into(),
            threshold: decision.threshold,
            suppress_ms: decision.suppress_ms,
            gate_level: decision.gate.level,
            gate_hold_ms: decision.gate.hold_ms,
            params: report.map(|r| r.params),
            macs: report.map(|r| r.macs),
            flash_bytes: bytes.as_ref().len() as u32,
            arena_bytes: needs.arena as u32,
            ram_bytes: needs.bytes() as u32,
        })
    }
}
