//! The int8 graph as a host sees it: tensors with scales and names, nodes with
//! their options. It plans the arena and emits the bytes that `core` runs.

mod aligned;
mod check;
mod emit;
#[cfg(test)]
mod fixture;
mod multiplier;
mod ops;
mod plan;
#[cfg(test)]
mod tests;

use std::fmt;

pub use aligned::AlignedBytes;
pub use multiplier::{activation_range, quantize_multiplier};
pub use plan::{Placement, Plan};

/// Element type of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DType {
    /// Activations and weights.
    I8,
    /// Biases and shapes.
    I32,
}

/// `real = (q − zero_point) · scale`, per tensor or per slice of one axis.
#[derive(Clone, Debug, PartialEq)]
pub struct Quant {
    /// One scale, or one a slice of `axis`.
    pub scale: Vec<f32>,
    /// As many as there are scales.
    pub zero_point: Vec<i32>,
    /// The quantized axis where there is more than one scale.
    pub axis: usize,
}

/// A value in the graph.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Name, kept from and to files.
    pub name: String,
    /// Dimensions, batch first (`[1, features]`, `[1, H, W, C]`).
    pub shape: Vec<usize>,
    /// Element type.
    pub dtype: DType,
    /// Scales; `None` only for tensors without any, such as shapes.
    pub quant: Option<Quant>,
    /// Constant content, little-endian; `None` for activations.
    pub data: Option<Vec<u8>>,
}

impl Tensor {
    /// How many values it has; 1 for a scalar.
    pub fn elements(&self) -> usize {
        self.shape.iter().fold(1, |n, &d| n.saturating_mul(d))
    }
}

/// Fused activation, under TFLite's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// None.
    #[default]
    None,
    /// max(0, x).
    Relu,
    /// min(max(0, x), 6).
    Relu6,
}

/// An operator with its options, under TFLite's names.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// inputs: x `[N, I]`, weights `[O, I]`, bias `[O]` (optional); output `[N, O]`.
    FullyConnected {
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x; output of scale 1/256, zero point −128.
    Softmax {
        /// Multiplies the input, usually 1.
        beta: f32,
    },
    /// inputs: x, and perhaps the shape as a constant; the bytes stay.
    Reshape,
}

/// One step of the graph; indices point into [`Graph::tensors`].
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What is done.
    pub op: Op,
    /// Read; `None` is an optional input left out.
    pub inputs: Vec<Option<usize>>,
    /// Written.
    pub outputs: Vec<usize>,
}

/// A whole int8 network, nodes in the order they run.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Graph {
    /// What it is called in files.
    pub name: String,
    /// All values.
    pub tensors: Vec<Tensor>,
    /// All steps.
    pub nodes: Vec<Node>,
    /// Indices of the inputs.
    pub inputs: Vec<usize>,
    /// Indices of the outputs.
    pub outputs: Vec<usize>,
}

/// Why a graph can't be emitted: what, where in the graph, and what would be accepted.
#[derive(Clone, Debug, PartialEq)]
pub struct GraphError {
    /// Index of the node, where one is at fault.
    pub node: Option<usize>,
    /// What is wrong and what is supported.
    pub message: String,
}

impl fmt::Display for GraphError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.node {
            Some(n) => write!(f, "node {n}: {}", self.message),
            None => f.write_str(&self.message),
        }
    }
}

impl std::error::Error for GraphError {}

/// The cost of one node, for tables and budgets.
#[derive(Clone, Debug, PartialEq)]
pub struct NodeCost {
    /// TFLite's name of the operator.
    pub operator: &'static str,
    /// Shape of the first output.
    pub output_shape: Vec<usize>,
    /// Multiply-accumulates.
    pub macs: u64,
    /// Weights and biases, counted one by one.
    pub params: u64,
    /// Bytes of weights and biases.
    pub bytes: u64,
}

impl Graph {
    /// Checks the graph and gives the bytes that `lampyris_core::Session` runs.
    pub fn emit(&self) -> Result<Vec<u8>, GraphError> {
        emit::emit(self)
    }

    /// Where each activation lies in the arena, and the peak over the steps.
    pub fn plan(&self) -> Result<Plan, GraphError> {
        plan::plan(self)
    }

    /// What each node costs.
    pub fn costs(&self) -> Vec<NodeCost> {
        let cost = |(index, node): (usize, &Node)| {
            let effort = ops::effort(&ops::View {
                graph: self,
                index,
                node,
            });
            let output = node.outputs.first().and_then(|&t| self.tensors.get(t));
            NodeCost {
                operator: node.op.name(),
                output_shape: output.map_or_else(Vec::new, |t| t.shape.clone()),
                macs: effort.macs,
                params: effort.params,
                bytes: effort.bytes,
            }
        };
        self.nodes.iter().enumerate().map(cost).collect()
    }
}
