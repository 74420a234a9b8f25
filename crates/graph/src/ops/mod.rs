//! The operators on the host: each file turns one kind of node into what the
//! engine's file of the same name reads.

pub(crate) mod abs;
pub(crate) mod add;
mod addition;
mod assign_variable;
mod concatenation;
pub(crate) mod conv_2d;
pub(crate) mod depthwise_conv_2d;
mod expand_dims;
pub(crate) mod fully_connected;
pub(crate) mod hard_swish;
pub(crate) mod leaky_relu;
pub(crate) mod logistic;
pub(crate) mod maximum;
pub(crate) mod mean;
pub(crate) mod minimum;
pub(crate) mod moves;
pub(crate) mod mul;
mod pack;
mod pad;
mod padv2;
mod pairs;
mod pool;
pub(crate) mod prelu;
pub(crate) mod quantize;
mod read_variable;
mod reduce;
pub(crate) mod reduce_max;
pub(crate) mod relu;
pub(crate) mod relu6;
pub(crate) mod reshape;
mod resize_nearest_neighbor;
mod sigmoid;
mod slice;
pub(crate) mod softmax;
mod split;
mod split_v;
mod squeeze;
mod strided_slice;
pub(crate) mod sub;
pub(crate) mod sum;
mod table;
pub(crate) mod tanh;
mod transpose;
pub(crate) mod transpose_conv;
mod unpack;
pub(crate) mod var_handle;
mod walk;
mod weighted;
mod window;

use std::collections::HashMap;
use std::ops::RangeInclusive;

use lampyris_core::{Operator, blob::ALIGN, ops as chip};

use crate::{DType, Graph, GraphError, Node, Op, Quant, Tensor, emit};

/// What a node becomes in the blob.
pub(crate) struct Lowered {
    /// TFLite's number of the operator.
    pub(crate) code: u32,
    /// The operator's own words.
    pub(crate) params: Vec<u32>,
    /// Tensors read: activations, variables, and constants that are taken as tensors.
    /// Weights are in the data.
    pub(crate) inputs: Vec<usize>,
    /// Tensors written.
    pub(crate) outputs: Vec<usize>,
    /// Which word says whether the node writes its last value first, where it can.
    pub(crate) reversed_at: Option<usize>,
}

impl Lowered {
    /// A node that can write its last value first if that word is 1.
    pub(crate) fn reversible(self, word: usize) -> Self {
        Self {
            reversed_at: Some(word),
            ..self
        }
    }
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
pub(crate) struct Data {
    pub(crate) bytes: Vec<u8>,
    /// Where the constants lie that operators take as tensors.
    pub(crate) places: HashMap<usize, u32>,
}

impl Data {
    /// Appends and says where.
    pub(crate) fn push(&mut self, bytes: impl IntoIterator<Item = u8>) -> u32 {
        emit::push(&mut self.bytes, bytes)
    }

    /// Says where those bytes lie, and appends them only if no part has the same: layers
    /// often share a table.
    pub(crate) fn push_once(&mut self, bytes: impl IntoIterator<Item = u8>) -> u32 {
        let bytes: Vec<u8> = bytes.into_iter().collect();
        let mut parts = (0..self.bytes.len()).step_by(ALIGN);
        if let Some(at) = parts.find(|&at| self.bytes[at..].starts_with(&bytes)) {
            return at as u32;
        }
        self.push(bytes)
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

    /// The node reads that many tensors, given or left out.
    pub(crate) fn arity(
        &self,
        inputs: RangeInclusive<usize>,
        what: &str,
    ) -> Result<(), GraphError> {
        let found = self.node.inputs.len();
        if inputs.contains(&found) {
            return Ok(());
        }
        Err(self.error(format!("has {found} inputs; they are {what}")))
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

    /// The input at that place, an activation or a constant of int8 values.
    pub(crate) fn values(&self, place: usize) -> Result<(usize, &'a Tensor), GraphError> {
        self.input(place)
            .filter(|(_, t)| t.dtype.bytes() == 1 && t.elements() > 0)
            .filter(|(_, t)| t.data.as_ref().is_none_or(|d| d.len() == t.elements()))
            .ok_or_else(|| self.error(format!("input {place} must be int8 values")))
    }

    /// The constant int32 values of the input at that place.
    pub(crate) fn constant(&self, place: usize, what: &str) -> Result<Vec<i32>, GraphError> {
        let found = self.input(place).and_then(|(_, t)| t.int32s());
        found.ok_or_else(|| self.error(format!("the {what} must be constant int32 values")))
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

    /// The operator computes with int8 values.
    pub(crate) fn signed(&self, tensors: &[&Tensor]) -> Result<(), GraphError> {
        match tensors.iter().find(|t| t.dtype != DType::I8) {
            None => Ok(()),
            Some(t) => Err(self.error(format!("\"{}\" must be int8", t.name))),
        }
    }

    /// Values move as bytes from one to the other, so they must mean the same.
    pub(crate) fn same_scale(&self, x: &Tensor, y: &Tensor) -> Result<(), GraphError> {
        if x.dtype == y.dtype && self.scale(x)? == self.scale(y)? {
            return Ok(());
        }
        Err(self.error(format!(
            "\"{}\" and \"{}\" must have the same type, scale and zero point",
            x.name, y.name
        )))
    }

    /// The node on the chip, reading the tensors at these places.
    pub(crate) fn lowered(
        &self,
        operator: &Operator,
        params: Vec<u32>,
        places: impl IntoIterator<Item = usize>,
    ) -> Result<Lowered, GraphError> {
        let tensor = |place| self.values(place).map(|(tensor, _)| tensor);
        Ok(Lowered {
            code: operator.code,
            params,
            inputs: places.into_iter().map(tensor).collect::<Result<_, _>>()?,
            outputs: self.node.outputs.clone(),
            reversed_at: None,
        })
    }
}

pub(crate) fn lower(view: &View<'_>, data: &mut Data) -> Result<Lowered, GraphError> {
    match &view.node.op {
        Op::Conv2d { window, activation } => conv_2d::lower(view, window, *activation, data),
        Op::DepthwiseConv2d { window, activation } => {
            depthwise_conv_2d::lower(view, window, *activation, data)
        }
        Op::TransposeConv {
            padding,
            stride,
            activation,
        } => transpose_conv::lower(view, *padding, *stride, *activation, data),
        Op::FullyConnected { activation } => fully_connected::lower(view, *activation, data),
        Op::AveragePool2d { pool, activation } => {
            pool::lower(view, &chip::AVERAGE_POOL_2D, pool, *activation)
        }
        Op::MaxPool2d { pool, activation } => {
            pool::lower(view, &chip::MAX_POOL_2D, pool, *activation)
        }
        Op::Softmax { beta } => softmax::lower(view, *beta),
        Op::Reshape => reshape::lower(view),
        Op::Mean { keep_dims } => mean::lower(view, *keep_dims),
        Op::Sum { keep_dims } => sum::lower(view, *keep_dims),
        Op::ReduceMax { keep_dims } => reduce_max::lower(view, *keep_dims),
        Op::Add { activation } => add::lower(view, *activation),
        Op::Sub { activation } => sub::lower(view, *activation),
        Op::Mul { activation } => mul::lower(view, *activation),
        Op::Maximum => maximum::lower(view),
        Op::Minimum => minimum::lower(view),
        Op::Prelu => prelu::lower(view),
        Op::Relu => relu::lower(view, data),
        Op::Relu6 => relu6::lower(view, data),
        Op::LeakyRelu { alpha } => leaky_relu::lower(view, *alpha, data),
        Op::Logistic => logistic::lower(view, data),
        Op::Tanh => tanh::lower(view, data),
        Op::HardSwish => hard_swish::lower(view, data),
        Op::Abs => abs::lower(view, data),
        Op::Quantize => quantize::lower(view, data),
        // Bytes that move.
        Op::Concatenation { .. }
        | Op::Pack { .. }
        | Op::Unpack { .. }
        | Op::Split
        | Op::SplitV
        | Op::Slice
        | Op::StridedSlice { .. }
        | Op::Transpose => moves::lower(view),
        Op::Pad => pad::lower(view),
        Op::PadV2 => padv2::lower(view),
        Op::Squeeze { .. } => squeeze::lower(view),
        Op::ExpandDims => expand_dims::lower(view),
        &Op::ResizeNearestNeighbor {
            align_corners,
            half_pixel_centers,
        } => {
            let sampling = resize_nearest_neighbor::Sampling {
                align_corners,
                half_pixel_centers,
            };
            resize_nearest_neighbor::lower(view, sampling, data)
        }
        // State.
        Op::ReadVariable => read_variable::lower(view),
        Op::AssignVariable => assign_variable::lower(view),
        // Shapes.
        Op::Shape => Err(view.error("is supported where the shape is known, and folded then")),
    }
}

pub(crate) fn effort(view: &View<'_>) -> Effort {
    match &view.node.op {
        Op::Conv2d { .. } => conv_2d::effort(view),
        Op::DepthwiseConv2d { .. } => depthwise_conv_2d::effort(view),
        Op::TransposeConv { .. } => transpose_conv::effort(view),
        Op::FullyConnected { .. } => fully_connected::effort(view),
        Op::Add { .. }
        | Op::Sub { .. }
        | Op::Mul { .. }
        | Op::Maximum
        | Op::Minimum
        | Op::Prelu => pairs::effort(view),
        Op::Relu
        | Op::Relu6
        | Op::LeakyRelu { .. }
        | Op::Logistic
        | Op::Tanh
        | Op::HardSwish
        | Op::Abs
        | Op::Quantize => table::effort(),
        Op::AveragePool2d { .. }
        | Op::MaxPool2d { .. }
        | Op::Mean { .. }
        | Op::Sum { .. }
        | Op::ReduceMax { .. }
        | Op::Softmax { .. }
        | Op::Reshape
        | Op::Squeeze { .. }
        | Op::ExpandDims
        | Op::Pad
        | Op::PadV2
        | Op::Concatenation { .. }
        | Op::Split
        | Op::SplitV
        | Op::Slice
        | Op::StridedSlice { .. }
        | Op::Transpose
        | Op::ResizeNearestNeighbor { .. }
        | Op::Pack { .. }
        | Op::Unpack { .. }
        | Op::Shape
        | Op::ReadVariable
        | Op::AssignVariable => Effort::default(),
    }
}

impl Op {
    /// TFLite's number of the operator (`BuiltinOperator` in its schema).
    pub fn code(&self) -> u32 {
        self.row().0
    }

    /// TFLite's name of the operator.
    pub fn name(&self) -> &'static str {
        self.row().1
    }

    fn row(&self) -> (u32, &'static str) {
        let of = |operator: &'static Operator| (operator.code, operator.name);
        match self {
            Self::Conv2d { .. } => of(&chip::CONV_2D),
            Self::DepthwiseConv2d { .. } => of(&chip::DEPTHWISE_CONV_2D),
            Self::TransposeConv { .. } => of(&chip::TRANSPOSE_CONV),
            Self::FullyConnected { .. } => of(&chip::FULLY_CONNECTED),
            Self::AveragePool2d { .. } => of(&chip::AVERAGE_POOL_2D),
            Self::MaxPool2d { .. } => of(&chip::MAX_POOL_2D),
            Self::Mean { .. } => of(&chip::MEAN),
            Self::Sum { .. } => of(&chip::SUM),
            Self::ReduceMax { .. } => of(&chip::REDUCE_MAX),
            Self::Softmax { .. } => of(&chip::SOFTMAX),
            Self::Reshape => of(&chip::RESHAPE),
            Self::Squeeze { .. } => of(&chip::SQUEEZE),
            Self::ExpandDims => of(&chip::EXPAND_DIMS),
            Self::Add { .. } => (0, "ADD"),
            Self::Sub { .. } => (41, "SUB"),
            Self::Mul { .. } => (18, "MUL"),
            Self::Maximum => (55, "MAXIMUM"),
            Self::Minimum => (57, "MINIMUM"),
            Self::Pad => of(&chip::PAD),
            Self::PadV2 => of(&chip::PADV2),
            Self::Concatenation { .. } => of(&chip::CONCATENATION),
            Self::Split => of(&chip::SPLIT),
            Self::SplitV => of(&chip::SPLIT_V),
            Self::Slice => of(&chip::SLICE),
            Self::StridedSlice { .. } => of(&chip::STRIDED_SLICE),
            Self::Transpose => of(&chip::TRANSPOSE),
            Self::Add { .. } => of(&chip::ADD),
            Self::Sub { .. } => of(&chip::SUB),
            Self::Mul { .. } => of(&chip::MUL),
            Self::Maximum => of(&chip::MAXIMUM),
            Self::Minimum => of(&chip::MINIMUM),
            Self::Pad => (34, "PAD"),
            Self::PadV2 => (60, "PADV2"),
            Self::Concatenation { .. } => (2, "CONCATENATION"),
            Self::Split => (49, "SPLIT"),
            Self::SplitV => (102, "SPLIT_V"),
            Self::Slice => (65, "SLICE"),
            Self::StridedSlice { .. } => (45, "STRIDED_SLICE"),
            Self::Transpose => (39, "TRANSPOSE"),
            Self::ResizeNearestNeighbor { .. } => (97, "RESIZE_NEAREST_NEIGHBOR"),
            Self::Pack { .. } => of(&chip::PACK),
            Self::Unpack { .. } => of(&chip::UNPACK),
            Self::Shape => (77, "SHAPE"),
            Self::Relu => of(&chip::RELU),
            Self::Relu6 => of(&chip::RELU6),
            Self::LeakyRelu { .. } => of(&chip::LEAKY_RELU),
            Self::Prelu => of(&chip::PRELU),
            Self::Logistic => of(&chip::LOGISTIC),
            Self::Tanh => of(&chip::TANH),
            Self::HardSwish => of(&chip::HARD_SWISH),
            Self::Abs => of(&chip::ABS),
            Self::Quantize => of(&chip::QUANTIZE),
            Self::ReadVariable => (143, "READ_VARIABLE"),
            Self::AssignVariable => (144, "ASSIGN_VARIABLE"),
            Self::ResizeNearestNeighbor { .. } => of(&chip::RESIZE_NEAREST_NEIGHBOR),
            Self::Pack { .. } => of(&chip::PACK),
            Self::Unpack { .. } => of(&chip::UNPACK),
            Self::Shape => (77, "SHAPE"),
            Self::Relu => (19, "RELU"),
            Self::Relu6 => (21, "RELU6"),
            Self::LeakyRelu { .. } => (98, "LEAKY_RELU"),
            Self::Prelu => (54, "PRELU"),
            Self::Logistic => (14, "LOGISTIC"),
            Self::Tanh => (28, "TANH"),
            Self::HardSwish => (117, "HARD_SWISH"),
            Self::Abs => (101, "ABS"),
            Self::Quantize => (114, "QUANTIZE"),
            Self::ReadVariable => of(&chip::READ_VARIABLE),
            Self::AssignVariable => of(&chip::ASSIGN_VARIABLE),
        }
    }
}
