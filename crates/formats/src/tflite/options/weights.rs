//! Operators with weights.

use lampyris_graph::{Activation, Op, Padding, Window};

use super::super::schema::options::{conv_2d, depthwise_conv_2d, fully_connected, transpose_conv};
use super::super::tree::Value;
use super::values::{fused, int, padded};
use super::{Call, Row, Stated};

pub(super) static CONV_2D: Row = Row {
    code: 3,
    kind: conv_2d::KIND,
    read: |o| {
        use conv_2d::{ACTIVATION, DILATION_H, DILATION_W, PADDING, STRIDE_H, STRIDE_W};
        Ok(Op::Conv2d {
            window: Window {
                padding: o.padding(PADDING)?,
                stride: o.pair([STRIDE_H, STRIDE_W], 0, "stride")?,
                dilation: o.pair([DILATION_H, DILATION_W], 1, "dilation")?,
            },
            activation: o.activation(ACTIVATION)?,
        })
    },
};

pub(super) fn write_conv_2d(window: &Window, activation: Activation, call: &Call<'_>) -> Stated {
    let depth = |place| call.input(place).map(|t| t.depth());
    let version = if depth(0) == depth(1) { 3 } else { 6 };
    CONV_2D.stated(
        version,
        vec![
            (conv_2d::PADDING, padded(window.padding)),
            (conv_2d::STRIDE_H, int(window.stride[0])),
            (conv_2d::STRIDE_W, int(window.stride[1])),
            (conv_2d::ACTIVATION, fused(activation)),
            (conv_2d::DILATION_H, int(window.dilation[0])),
            (conv_2d::DILATION_W, int(window.dilation[1])),
        ],
    )
}

pub(super) static DEPTHWISE_CONV_2D: Row = Row {
    code: 4,
    kind: depthwise_conv_2d::KIND,
    // The multiplier follows from the shapes; the field only repeats it.
    read: |o| {
        use depthwise_conv_2d::{ACTIVATION, DILATION_H, DILATION_W, PADDING, STRIDE_H, STRIDE_W};
        Ok(Op::DepthwiseConv2d {
            window: Window {
                padding: o.padding(PADDING)?,
                stride: o.pair([STRIDE_H, STRIDE_W], 0, "stride")?,
                dilation: o.pair([DILATION_H, DILATION_W], 1, "dilation")?,
            },
            activation: o.activation(ACTIVATION)?,
        })
    },
};

pub(super) fn write_depthwise_conv_2d(
    window: &Window,
    activation: Activation,
    call: &Call<'_>,
) -> Stated {
    let depth = |t: Option<&lampyris_graph::Tensor>| t.map_or(1, |t| t.depth().max(1));
    let multiplier = depth(call.output()) / depth(call.input(0));
    DEPTHWISE_CONV_2D.stated(
        3,
        vec![
            (depthwise_conv_2d::PADDING, padded(window.padding)),
            (depthwise_conv_2d::STRIDE_H, int(window.stride[0])),
            (depthwise_conv_2d::STRIDE_W, int(window.stride[1])),
            (depthwise_conv_2d::DEPTH_MULTIPLIER, int(multiplier)),
            (depthwise_conv_2d::ACTIVATION, fused(activation)),
            (depthwise_conv_2d::DILATION_H, int(window.dilation[0])),
            (depthwise_conv_2d::DILATION_W, int(window.dilation[1])),
        ],
    )
}

pub(super) static TRANSPOSE_CONV: Row = Row {
    code: 67,
    kind: transpose_conv::KIND,
    read: |o| {
        use transpose_conv::{ACTIVATION, PADDING, STRIDE_H, STRIDE_W};
        Ok(Op::TransposeConv {
            padding: o.padding(PADDING)?,
            stride: o.pair([STRIDE_H, STRIDE_W], 0, "stride")?,
            activation: o.activation(ACTIVATION)?,
        })
    },
};

pub(super) fn write_transpose_conv(
    padding: Padding,
    stride: [usize; 2],
    activation: Activation,
    call: &Call<'_>,
) -> Stated {
    // 2 brought int8, 3 the bias, 4 the fused activation.
    let version = match (activation, call.input(3)) {
        (Activation::None, None) => 2,
        (Activation::None, Some(_)) => 3,
        (Activation::Relu | Activation::ReluN1To1 | Activation::Relu6, _) => 4,
    };
    TRANSPOSE_CONV.stated(
        version,
        vec![
            (transpose_conv::PADDING, padded(padding)),
            (transpose_conv::STRIDE_H, int(stride[0])),
            (transpose_conv::STRIDE_W, int(stride[1])),
            (transpose_conv::ACTIVATION, fused(activation)),
        ],
    )
}

pub(super) static FULLY_CONNECTED: Row = Row {
    code: 9,
    kind: fully_connected::KIND,
    read: |o| {
        if o.byte(fully_connected::WEIGHTS_FORMAT)? != 0 {
            return Err(o.refuse("has shuffled weights", "export it with plain weights"));
        }
        Ok(Op::FullyConnected {
            activation: o.activation(fully_connected::ACTIVATION)?,
        })
    },
};

pub(super) fn write_fully_connected(activation: Activation, call: &Call<'_>) -> Stated {
    let flat = call.output().is_some_and(|t| t.shape.len() == 2);
    let mut options = vec![(fully_connected::ACTIVATION, fused(activation))];
    if !flat {
        options.push((fully_connected::KEEP_NUM_DIMS, Value::Bool(true)));
    }
    // 4 brought int8, 5 the kept dimensions, 6 the missing bias.
    let version = match (call.input(2), flat) {
        (None, _) => 6,
        (Some(_), true) => 4,
        (Some(_), false) => 5,
    };
    FULLY_CONNECTED.stated(version, options)
}
