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
    /// Peak bytes of activations.
    pub arena_bytes: u64,
    /// Bytes of the ring that holds one window of samples, and of the scores that are averaged.
    pub ring_bytes: u64,
    /// Bytes of the block's scratch and of its features.
    pub scratch_bytes: u64,
    /// Bytes of the camera's own picture, where the model sees pictures.
    pub camera_bytes: Option<Figure>,
    /// Bytes of stack.
    pub stack_bytes: Figure,
    /// Bytes of code linked for this model.
    pub code_bytes: Figure,
    /// Multiply-accumulates of one inference.
    pub macs: u64,
    /// Steps of the network.
    pub layers: u64,
    /// Instructions that a Cortex-M4 with a floating-point unit executes for the features
    /// between two inferences.
    pub feature_instructions: u64,
    /// Time between inferences in ms.
    pub hop_ms: f64,
}
