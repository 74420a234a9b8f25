//! The operators as files state them: for each its number, its table of options, and
//! how that is read and written, side by side.
//!
//! To add one: a [`Row`] and a `write_` function in the file of its kind, the row in
//! [`ROWS`], an arm in [`write()`]. Field numbers are in `schema/options.rs`. What an
//! operator asks of its tensors is not checked here but when the graph is emitted.

mod arithmetic;
mod moves;
mod reduce;
pub(super) mod state;
mod unary;
mod values;
mod weights;
mod windows;

#[cfg(test)]
mod tests;

use lampyris_graph::{Op, Tensor};

pub(super) use values::{Call, Options};

use super::names;
use super::step::Step;
use super::tree::Fields;
use crate::FormatError;

/// How files state one operator.
pub(super) struct Row {
    /// TFLite's number (`BuiltinOperator`).
    pub(super) code: u32,
    /// Number of its table in the union `BuiltinOptions`; 0 where it has none.
    kind: u8,
    read: fn(&Options<'_, '_>) -> Result<Op, FormatError>,
}

impl Row {
    /// What is written: the lowest version that says it, and the options.
    fn stated(&'static self, version: i32, options: Fields) -> Stated {
        Stated {
            code: self.code,
            kind: self.kind,
            version,
            options,
        }
    }
}

/// An operator as it is written.
pub(super) struct Stated {
    pub(super) code: u32,
    pub(super) version: i32,
    pub(super) kind: u8,
    pub(super) options: Fields,
}

/// Every operator that is read.
static ROWS: &[&Row] = &[
    &arithmetic::ADD,
    &arithmetic::MAXIMUM,
    &arithmetic::MINIMUM,
    &arithmetic::MUL,
    &arithmetic::PRELU,
    &arithmetic::SUB,
    &moves::CONCATENATION,
    &moves::EXPAND_DIMS,
    &moves::PACK,
    &moves::PAD,
    &moves::PADV2,
    &moves::RESHAPE,
    &moves::RESIZE_NEAREST_NEIGHBOR,
    &moves::SHAPE,
    &moves::SLICE,
    &moves::SPLIT,
    &moves::SPLIT_V,
    &moves::SQUEEZE,
    &moves::STRIDED_SLICE,
    &moves::TRANSPOSE,
    &moves::UNPACK,
    &reduce::MEAN,
    &reduce::REDUCE_MAX,
    &reduce::SUM,
    &state::ASSIGN_VARIABLE,
    &state::READ_VARIABLE,
    &unary::ABS,
    &unary::HARD_SWISH,
    &unary::LEAKY_RELU,
    &unary::LOGISTIC,
    &unary::QUANTIZE,
    &unary::RELU,
    &unary::RELU6,
    &unary::SOFTMAX,
    &unary::TANH,
    &weights::CONV_2D,
    &weights::DEPTHWISE_CONV_2D,
    &weights::FULLY_CONNECTED,
    &weights::TRANSPOSE_CONV,
    &windows::AVERAGE_POOL_2D,
    &windows::MAX_POOL_2D,
];

/// The names of all operators that are read, for people.
pub(super) fn supported() -> String {
    let mut names: Vec<String> = ROWS.iter().map(|row| names::operator(row.code)).collect();
    names.sort();
    format!("supported on int8 are {}", names.join(", "))
}

/// The operator that a step of a file names.
pub(super) fn read(step: &Step<'_>) -> Result<Op, FormatError> {
    let row = ROWS.iter().find(|row| row.code == step.code);
    let row = row.ok_or_else(|| step.refuse("is not supported", supported()))?;
    (row.read)(&Options::new(step, row.kind))
}

/// The operator as a file states it.
pub(super) fn write(call: &Call<'_>) -> Stated {
    match &call.node.op {
        Op::Add { activation } => arithmetic::write_add(*activation, call),
        Op::Maximum => arithmetic::write_maximum(call),
        Op::Minimum => arithmetic::write_minimum(call),
        Op::Mul { activation } => arithmetic::write_mul(*activation, call),
        Op::Prelu => arithmetic::write_prelu(),
        Op::Sub { activation } => arithmetic::write_sub(*activation, call),
        Op::Concatenation { axis, activation } => {
            moves::write_concatenation(*axis, *activation, call)
        }
        Op::ExpandDims => moves::write_expand_dims(),
        Op::Pack { axis } => moves::write_pack(*axis, call),
        Op::Pad => moves::write_pad(call),
        Op::PadV2 => moves::write_pad_v2(call),
        Op::Reshape => moves::write_reshape(call),
        Op::ResizeNearestNeighbor {
            align_corners,
            half_pixel_centers,
        } => moves::write_resize(*align_corners, *half_pixel_centers, call),
        Op::Shape => moves::write_shape(),
        Op::Slice => moves::write_slice(call),
        Op::Split => moves::write_split(call),
        Op::SplitV => moves::write_split_v(call),
        Op::Squeeze { axes } => moves::write_squeeze(axes),
        Op::StridedSlice {
            begin_mask,
            end_mask,
            ellipsis_mask,
            new_axis_mask,
            shrink_axis_mask,
            offset,
        } => {
            let masks = [begin_mask, end_mask, ellipsis_mask, new_axis_mask];
            moves::write_strided_slice(masks.map(|&m| m), *shrink_axis_mask, *offset, call)
        }
        Op::Transpose => moves::write_transpose(call),
        Op::Unpack { axis } => moves::write_unpack(*axis, call),
        Op::Mean { keep_dims } => reduce::write_mean(*keep_dims, call),
        Op::ReduceMax { keep_dims } => reduce::write_reduce_max(*keep_dims, call),
        Op::Sum { keep_dims } => reduce::write_sum(*keep_dims, call),
        Op::AssignVariable => state::write_assign_variable(),
        Op::ReadVariable => state::write_read_variable(),
        Op::Abs => unary::write_abs(call),
        Op::HardSwish => unary::write_hard_swish(),
        Op::LeakyRelu { alpha } => unary::write_leaky_relu(*alpha),
        Op::Logistic => unary::write_logistic(call),
        Op::Quantize => unary::write_quantize(),
        Op::Relu => unary::write_relu(call),
        Op::Relu6 => unary::write_relu6(call),
        Op::Softmax { beta } => unary::write_softmax(*beta, call),
        Op::Tanh => unary::write_tanh(call),
        Op::Conv2d { window, activation } => weights::write_conv_2d(window, *activation, call),
        Op::DepthwiseConv2d { window, activation } => {
            weights::write_depthwise_conv_2d(window, *activation, call)
        }
        Op::FullyConnected { activation } => weights::write_fully_connected(*activation, call),
        Op::TransposeConv {
            padding,
            stride,
            activation,
        } => weights::write_transpose_conv(*padding, *stride, *activation, call),
        Op::AveragePool2d { pool, activation } => {
            windows::write_average_pool_2d(pool, *activation, call)
        }
        Op::MaxPool2d { pool, activation } => windows::write_max_pool_2d(pool, *activation, call),
    }
}

/// Version 1 where the operator has always taken that element type, else 2, which
/// brought int8.
fn int8_is_2(tensor: Option<&Tensor>) -> i32 {
    if tensor.is_some_and(|t| t.dtype == lampyris_graph::DType::I8) {
        2
    } else {
        1
    }
}
