//! The operators and their options, as a file states them.
//!
//! Names, inputs and options are TFLite's (`schema.fbs`). Weights, shapes, axes and the
//! like are inputs that must be constant; each operator's file under `ops` says which.

/// Fused activation, under TFLite's names.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Activation {
    /// None.
    #[default]
    None,
    /// max(0, x).
    Relu,
    /// min(max(−1, x), 1).
    ReluN1To1,
    /// min(max(0, x), 6).
    Relu6,
}

/// What lies around a picture when a window slides over it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Padding {
    /// As much as it takes for `ceil(size / stride)` outputs, the odd one at the end.
    Same,
    /// Nothing.
    Valid,
    /// So many before, at the top and at the left; behind, what the output needs. No
    /// file says this: it comes of a PAD that was fused.
    Before([usize; 2]),
}

/// How a convolution's window moves, in y and in x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Window {
    /// What lies around the picture.
    pub padding: Padding,
    /// Positions from one window to the next.
    pub stride: [usize; 2],
    /// Positions from one tap to the next.
    pub dilation: [usize; 2],
}

/// A pool's window, in y and in x.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What lies around the picture.
    pub padding: Padding,
    /// Positions from one window to the next.
    pub stride: [usize; 2],
    /// Positions that a window covers.
    pub size: [usize; 2],
}

/// An operator with its options, under TFLite's names.
#[derive(Clone, Debug, PartialEq)]
pub enum Op {
    /// inputs: x `[N, H, W, C]`, weights `[O, KH, KW, C / G]`, bias `[O]` (optional).
    Conv2d {
        /// How the window moves.
        window: Window,
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x `[N, H, W, C]`, weights `[1, KH, KW, C · M]`, bias `[C · M]` (optional).
    DepthwiseConv2d {
        /// How the window moves.
        window: Window,
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: output shape, weights `[O, KH, KW, C]`, x `[N, H, W, C]`, bias (optional).
    TransposeConv {
        /// What is cut off around the result.
        padding: Padding,
        /// Positions of the result from one value of x to the next.
        stride: [usize; 2],
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x `[N, I]`, weights `[O, I]`, bias `[O]` (optional); output `[N, O]`.
    FullyConnected {
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x `[N, H, W, C]`.
    AveragePool2d {
        /// The window.
        pool: Pool,
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x `[N, H, W, C]`.
    MaxPool2d {
        /// The window.
        pool: Pool,
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: x, axes.
    Mean {
        /// Whether reduced dimensions stay, as 1.
        keep_dims: bool,
    },
    /// inputs: x, axes.
    Sum {
        /// Whether reduced dimensions stay, as 1.
        keep_dims: bool,
    },
    /// inputs: x, axes.
    ReduceMax {
        /// Whether reduced dimensions stay, as 1.
        keep_dims: bool,
    },
    /// inputs: x; output of scale 1/256, zero point −128.
    Softmax {
        /// Multiplies the input, usually 1.
        beta: f32,
    },
    /// inputs: x, and perhaps the shape as a constant; the bytes stay.
    Reshape,
    /// inputs: x; the bytes stay.
    Squeeze {
        /// Dimensions that go; empty for all that are 1.
        axes: Vec<i32>,
    },
    /// inputs: x, axis; the bytes stay.
    ExpandDims,
    /// inputs: a, b, either of which may be broadcast or constant.
    Add {
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: a, b, either of which may be broadcast or constant.
    Sub {
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: a, b, either of which may be broadcast or constant.
    Mul {
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: a, b, either of which may be broadcast or constant.
    Maximum,
    /// inputs: a, b, either of which may be broadcast or constant.
    Minimum,
    /// inputs: x, paddings `[rank, 2]`.
    Pad,
    /// inputs: x, paddings `[rank, 2]`, the value.
    PadV2,
    /// inputs: one or more of the same shape but for the axis.
    Concatenation {
        /// Where they are laid side by side; negative counts from the end.
        axis: i32,
        /// Applied to the result.
        activation: Activation,
    },
    /// inputs: axis, x; as many outputs as parts of equal size.
    Split,
    /// inputs: x, sizes, axis; an output a size.
    SplitV,
    /// inputs: x, begin, size.
    Slice,
    /// inputs: x, begin, end, strides.
    StridedSlice {
        /// Bit i: `begin[i]` is left out.
        begin_mask: u32,
        /// Bit i: `end[i]` is left out.
        end_mask: u32,
        /// Bit i: entry i stands for as many dimensions as there are left.
        ellipsis_mask: u32,
        /// Bit i: entry i is a new dimension of 1.
        new_axis_mask: u32,
        /// Bit i: entry i takes one position and its dimension goes.
        shrink_axis_mask: u32,
        /// Whether `end` counts from `begin`.
        offset: bool,
    },
    /// inputs: x, permutation.
    Transpose,
    /// inputs: x `[N, H, W, C]`, size `[2]`.
    ResizeNearestNeighbor {
        /// Whether the corners' centres meet.
        align_corners: bool,
        /// Whether pixels are sampled at their centres.
        half_pixel_centers: bool,
    },
    /// inputs: one or more of one shape; the output has a dimension more, as long as there
    /// are inputs. Of int32 it is folded.
    Pack {
        /// The new dimension; negative counts from the end.
        axis: i32,
    },
    /// inputs: x; as many outputs as the axis is long, which have it no more.
    Unpack {
        /// The dimension that goes; negative counts from the end.
        axis: i32,
    },
    /// inputs: x; the output is its shape as int32, and is folded.
    Shape,
    /// inputs: x.
    Relu,
    /// inputs: x.
    Relu6,
    /// inputs: x.
    LeakyRelu {
        /// Factor of what is below 0.
        alpha: f32,
    },
    /// inputs: x, alpha, which is broadcast.
    Prelu,
    /// inputs: x; output of scale 1/256, zero point −128.
    Logistic,
    /// inputs: x; output of scale 1/128, zero point 0.
    Tanh,
    /// inputs: x.
    HardSwish,
    /// inputs: x.
    Abs,
    /// inputs: x; int8 or uint8 to int8 or uint8.
    Quantize,
    /// inputs: a variable's tensor.
    ReadVariable,
    /// inputs: a variable's tensor, the value; no outputs.
    AssignVariable,
}
