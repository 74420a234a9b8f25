//! What a model asks of any board.

use crate::Figure;

/// A step of the network, as far as it costs time.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layer {
    /// TFLite's name of its operator.
    pub operator: String,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Values that it writes.
    pub outputs: u64,
    /// Values that it reads, constants left out.
    pub reads: u64,
    /// Rows of a CONV_2D's kernel, since each is a loop of its own; 1 for other operators.
    pub rows: u64,
}

/// Everything that [`crate::footprint()`] needs to know of a model.
#[derive(Clone, Debug, PartialEq)]
pub struct Workload {
    /// Bytes of the chip part: weights, biases, tables, labels.
    pub weights_bytes: u64,
    /// Bytes of `lampyris_arena`: peak of the activations.
    pub arena_bytes: u64,
    /// Bytes of `lampyris_ring`: samples of a window or of a frame, and the scores that are averaged.
    pub ring_bytes: u64,
    /// Bytes of `lampyris_scratch`: the block's work space.
    pub scratch_bytes: u64,
    /// Bytes of `lampyris_features`.
    pub features_bytes: u64,
    /// Bytes of `lampyris_state`: the classifier itself.
    pub state_bytes: u64,
    /// Bytes of the camera's own picture, where the model sees pictures.
    pub camera_bytes: Option<Figure>,
    /// The block's id, for example `spectral`.
    pub block: String,
    /// Steps of the network, in order.
    pub layers: Vec<Layer>,
    /// Instructions that a Cortex-M4 with a floating-point unit executes for the features
    /// between two inferences, [`Self::hop_ms`] apart.
    pub feature_instructions: u64,
    /// Whether features are computed frame by frame: each frame once, and also while the gate
    /// lets the network sleep.
    pub streams: bool,
    /// Time between inferences in ms that the model was made with.
    pub hop_ms: f64,
}

impl Workload {
    /// Multiply-accumulates of one inference.
    pub fn macs(&self) -> u64 {
        self.layers.iter().map(|l| l.macs).sum()
    }
}
