//! Options of the operators: `KIND` is the table's number in the union `BuiltinOptions`,
//! the rest are its fields.

/// `Conv2DOptions`.
pub(crate) mod conv_2d {
    pub(crate) const KIND: u8 = 1;
    pub(crate) const PADDING: u16 = 0;
    pub(crate) const STRIDE_W: u16 = 1;
    pub(crate) const STRIDE_H: u16 = 2;
    pub(crate) const ACTIVATION: u16 = 3;
    pub(crate) const DILATION_W: u16 = 4;
    pub(crate) const DILATION_H: u16 = 5;
}

/// `DepthwiseConv2DOptions`.
pub(crate) mod depthwise_conv_2d {
    pub(crate) const KIND: u8 = 2;
    pub(crate) const PADDING: u16 = 0;
    pub(crate) const STRIDE_W: u16 = 1;
    pub(crate) const STRIDE_H: u16 = 2;
    pub(crate) const DEPTH_MULTIPLIER: u16 = 3;
    pub(crate) const ACTIVATION: u16 = 4;
    pub(crate) const DILATION_W: u16 = 5;
    pub(crate) const DILATION_H: u16 = 6;
}

/// `Pool2DOptions`.
pub(crate) mod pool_2d {
    pub(crate) const KIND: u8 = 5;
    pub(crate) const PADDING: u16 = 0;
    pub(crate) const STRIDE_W: u16 = 1;
    pub(crate) const STRIDE_H: u16 = 2;
    pub(crate) const FILTER_W: u16 = 3;
    pub(crate) const FILTER_H: u16 = 4;
    pub(crate) const ACTIVATION: u16 = 5;
}

/// `FullyConnectedOptions`.
pub(crate) mod fully_connected {
    pub(crate) const KIND: u8 = 8;
    pub(crate) const ACTIVATION: u16 = 0;
    pub(crate) const WEIGHTS_FORMAT: u16 = 1;
    pub(crate) const KEEP_NUM_DIMS: u16 = 2;
}

/// `SoftmaxOptions`.
pub(crate) mod softmax {
    pub(crate) const KIND: u8 = 9;
    pub(crate) const BETA: u16 = 0;
}

/// `ConcatenationOptions`.
pub(crate) mod concatenation {
    pub(crate) const KIND: u8 = 10;
    pub(crate) const AXIS: u16 = 0;
    pub(crate) const ACTIVATION: u16 = 1;
}

/// `AddOptions`.
pub(crate) mod add {
    pub(crate) const KIND: u8 = 11;
    pub(crate) const ACTIVATION: u16 = 0;
}

/// `ReshapeOptions`.
pub(crate) mod reshape {
    pub(crate) const KIND: u8 = 17;
    pub(crate) const NEW_SHAPE: u16 = 0;
}

/// `MulOptions`.
pub(crate) mod mul {
    pub(crate) const KIND: u8 = 21;
    pub(crate) const ACTIVATION: u16 = 0;
}

/// `PadOptions`.
pub(crate) mod pad {
    pub(crate) const KIND: u8 = 22;
}

/// `TransposeOptions`.
pub(crate) mod transpose {
    pub(crate) const KIND: u8 = 26;
}

/// `ReducerOptions`.
pub(crate) mod reducer {
    pub(crate) const KIND: u8 = 27;
    pub(crate) const KEEP_DIMS: u16 = 0;
}

/// `SubOptions`.
pub(crate) mod sub {
    pub(crate) const KIND: u8 = 28;
    pub(crate) const ACTIVATION: u16 = 0;
}

/// `SqueezeOptions`.
pub(crate) mod squeeze {
    pub(crate) const KIND: u8 = 30;
    pub(crate) const SQUEEZE_DIMS: u16 = 0;
}

/// `StridedSliceOptions`.
pub(crate) mod strided_slice {
    pub(crate) const KIND: u8 = 32;
    pub(crate) const BEGIN_MASK: u16 = 0;
    pub(crate) const END_MASK: u16 = 1;
    pub(crate) const ELLIPSIS_MASK: u16 = 2;
    pub(crate) const NEW_AXIS_MASK: u16 = 3;
    pub(crate) const SHRINK_AXIS_MASK: u16 = 4;
    pub(crate) const OFFSET: u16 = 5;
}

/// `SplitOptions`.
pub(crate) mod split {
    pub(crate) const KIND: u8 = 35;
    pub(crate) const NUM_SPLITS: u16 = 0;
}

/// `MaximumMinimumOptions`.
pub(crate) mod maximum_minimum {
    pub(crate) const KIND: u8 = 39;
}

/// `PadV2Options`.
pub(crate) mod pad_v2 {
    pub(crate) const KIND: u8 = 43;
}

/// `SliceOptions`.
pub(crate) mod slice {
    pub(crate) const KIND: u8 = 48;
}

/// `TransposeConvOptions`.
pub(crate) mod transpose_conv {
    pub(crate) const KIND: u8 = 49;
    pub(crate) const PADDING: u16 = 0;
    pub(crate) const STRIDE_W: u16 = 1;
    pub(crate) const STRIDE_H: u16 = 2;
    pub(crate) const ACTIVATION: u16 = 3;
}

/// `ExpandDimsOptions`.
pub(crate) mod expand_dims {
    pub(crate) const KIND: u8 = 52;
}

/// `ShapeOptions`.
pub(crate) mod shape {
    pub(crate) const KIND: u8 = 55;
    pub(crate) const OUT_TYPE: u16 = 0;
}

/// `PackOptions`.
pub(crate) mod pack {
    pub(crate) const KIND: u8 = 59;
    pub(crate) const VALUES_COUNT: u16 = 0;
    pub(crate) const AXIS: u16 = 1;
}

/// `UnpackOptions`.
pub(crate) mod unpack {
    pub(crate) const KIND: u8 = 64;
    pub(crate) const NUM: u16 = 0;
    pub(crate) const AXIS: u16 = 1;
}

/// `ResizeNearestNeighborOptions`.
pub(crate) mod resize_nearest_neighbor {
    pub(crate) const KIND: u8 = 74;
    pub(crate) const ALIGN_CORNERS: u16 = 0;
    pub(crate) const HALF_PIXEL_CENTERS: u16 = 1;
}

/// `LeakyReluOptions`.
pub(crate) mod leaky_relu {
    pub(crate) const KIND: u8 = 75;
    pub(crate) const ALPHA: u16 = 0;
}

/// `AbsOptions`.
pub(crate) mod abs {
    pub(crate) const KIND: u8 = 78;
}

/// `SplitVOptions`.
pub(crate) mod split_v {
    pub(crate) const KIND: u8 = 79;
    pub(crate) const NUM_SPLITS: u16 = 0;
}

/// `QuantizeOptions`.
pub(crate) mod quantize {
    pub(crate) const KIND: u8 = 89;
}

/// `HardSwishOptions`.
pub(crate) mod hard_swish {
    pub(crate) const KIND: u8 = 91;
}

/// `CallOnceOptions`.
pub(crate) mod call_once {
    pub(crate) const KIND: u8 = 103;
    pub(crate) const INIT_SUBGRAPH_INDEX: u16 = 0;
}

/// `VarHandleOptions`.
pub(crate) mod var_handle {
    pub(crate) const KIND: u8 = 111;
    pub(crate) const CONTAINER: u16 = 0;
    pub(crate) const SHARED_NAME: u16 = 1;
}

/// `ReadVariableOptions`.
pub(crate) mod read_variable {
    pub(crate) const KIND: u8 = 112;
}

/// `AssignVariableOptions`.
pub(crate) mod assign_variable {
    pub(crate) const KIND: u8 = 113;
}
