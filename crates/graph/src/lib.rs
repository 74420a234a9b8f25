//! The int8 graph as a host sees it: tensors with scales and names, nodes with
//! their options. It plans the arena and emits the bytes that `core` runs.

mod aligned;
mod check;
mod emit;
#[cfg(test)]
mod fixture;
mod fold;
mod fuse;
mod multiplier;
mod op;
mod ops;
mod plan;
#[cfg(test)]
mod tests;

use std::fmt;

pub use aligned::AlignedBytes;
pub use multiplier::{activation_range, quantize_multiplier};
pub use op::{Activation, Op, Padding, Pool, Window};
pub use plan::{Placement, Plan};

/// Element type of a tensor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DType {
    /// Activations and weights.
    I8,
    /// Activations at the edges of some files, behind or before a QUANTIZE.
    U8,
    /// Biases, shapes, axes.
    I32,
}

impl DType {
    /// Bytes of a value.
    pub fn bytes(self) -> usize {
        match self {
            Self::I8 | Self::U8 => 1,
            Self::I32 => 4,
        }
    }
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

/// What a streaming model keeps from one run to the next.
#[derive(Clone, Debug, PartialEq)]
pub struct Variable {
    /// The tensor that holds it; no node writes it but [`Op::AssignVariable`].
    pub tensor: usize,
    /// Names under which files know it.
    pub container: String,
    /// The second of them.
    pub shared_name: String,
    /// What it holds at the start; `None` for its zero point everywhere.
    pub initial: Option<Vec<u8>>,
}

impl Tensor {
    /// How many values it has; 1 for a scalar.
    pub fn elements(&self) -> usize {
        self.shape.iter().fold(1, |n, &d| n.saturating_mul(d))
    }

    /// The innermost dimension; 1 for a scalar.
    pub fn depth(&self) -> usize {
        self.shape.last().copied().unwrap_or(1)
    }

    /// Its values, if they are constant int32.
    pub fn int32s(&self) -> Option<Vec<i32>> {
        let bytes = self.data.as_ref().filter(|_| self.dtype == DType::I32)?;
        let (words, rest) = bytes.as_chunks::<4>();
        let words = words.iter().map(|&w| i32::from_le_bytes(w)).collect();
        rest.is_empty().then_some(words)
    }
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
    /// The state of a streaming model; empty for others.
    pub variables: Vec<Variable>,
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

    /// The graph without the nodes that a neighbour can do the work of, to the same
    /// bytes. It may hold a [`Padding::Before`], which no file can say: for the chip.
    pub fn fused(&self) -> Graph {
        fuse::fused(self)
    }

    /// Whether that tensor holds a variable.
    pub fn is_variable(&self, tensor: usize) -> bool {
        self.variables.iter().any(|v| v.tensor == tensor)
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
