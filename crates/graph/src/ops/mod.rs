//! The operators on the host: each file turns one kind of node into what the
//! engine's file of the same name reads.

pub(crate) mod fully_connected;
pub(crate) mod reshape;
pub(crate) mod softmax;

use crate::{Graph, GraphError, Node, Op, Quant, Tensor};

/// What a node becomes in the blob.
pub(crate) struct Lowered {
    /// TFLite's number of the operator.
    pub(crate) code: u32,
    /// The operator's own words.
    pub(crate) params: Vec<u32>,
    /// Activations read; constants are in the data.
    pub(crate) inputs: Vec<usize>,
}

/// Multiply-accumulates, and the constants that belong to a node.
#[derive(Default)]
pub(crate) struct Effort {
    pub(crate) macs: u64,
    pub(crate) params: u64,
    pub(crate) bytes: u64,
}

/// Constants, each on 16 bytes.
#[derive(Default)]
pub(crate) struct Data(pub(crate) Vec<u8>);

impl Data {
    /// Appends and says where.
    pub(crate) fn push(&mut self, bytes: impl IntoIterator<Item = u8>) -> u32 {
        let at = self.0.len().next_multiple_of(lampyris_core::blob::ALIGN);
        self.0.resize(at, 0);
        self.0.extend(bytes);
        at as u32
    }

    /// Appends words and says where.
    pub(crate) fn push_words(&mut self, words: impl IntoIterator<Item = i32>) -> u32 {
        self.push(words.into_iter().flat_map(i32::to_le_bytes))
    }
}

/// A node with its surroundings, and the words for what is wrong with it.
pub(crate) struct View<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) index: usize,
    pub(crate) node: &'a Node,
}

impl<'a> View<'a> {
    pub(crate) fn error(&self, message: impl Into<String>) -> GraphError {
        GraphError {
            node: Some(self.index),
            message: format!("{}: {}", self.node.op.name(), message.into()),
        }
    }

    /// The input at that place, if it is given.
    pub(crate) fn input(&self, place: usize) -> Option<(usize, &'a Tensor)> {
        let tensor = (*self.node.inputs.get(place)?)?;
        Some((tensor, self.graph.tensors.get(tensor)?))
    }

    /// The input at that place, which must be an activation.
    pub(crate) fn activation(&self, place: usize) -> Result<(usize, &'a Tensor), GraphError> {
        self.input(place)
            .filter(|(_, t)| t.data.is_none())
            .ok_or_else(|| self.error(format!("input {place} must be an activation")))
    }

    /// The one output.
    pub(crate) fn output(&self) -> Result<&'a Tensor, GraphError> {
        match self.node.outputs[..] {
            [one] => self.graph.tensors.get(one),
            _ => None,
        }
        .ok_or_else(|| self.error("has exactly one output"))
    }

    /// Scale and zero point of an activation.
    pub(crate) fn scale(&self, tensor: &Tensor) -> Result<(f32, i32), GraphError> {
        match &tensor.quant {
            Some(Quant {
                scale, zero_point, ..
            }) if scale.len() == 1 && zero_point.len() == 1 => Ok((scale[0], zero_point[0])),
            _ => Err(self.error(format!("\"{}\" needs one scale", tensor.name))),
        }
    }
}

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    match view.node.op {
        Op::FullyConnected { activation } => fully_connected::lower(view, activation, data),
        Op::Softmax { beta } => softmax::lower(view, beta),
        Op::Reshape => reshape::lower(view),
    }
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    match view.node.op {
        Op::FullyConnected { .. } => fully_connected::effort(view),
        Op::Softmax { .. } | Op::Reshape => Effort::default(),
    }
}

impl Op {
    /// TFLite's name of the operator.
    pub fn name(&self) -> &'static str {
        match self {
            Self::FullyConnected { .. } => lampyris_core::ops::FULLY_CONNECTED.name,
            Self::Softmax { .. } => lampyris_core::ops::SOFTMAX.name,
            Self::Reshape => lampyris_core::ops::RESHAPE.name,
        }
    }
}
