//! Operators that move bytes, and those that compute shapes.

use lampyris_graph::{Activation, DType, Op};

use super::super::schema::options::{
    concatenation, expand_dims, pack, pad, pad_v2, reshape, resize_nearest_neighbor, shape, slice,
    split, split_v, squeeze, strided_slice, transpose, unpack,
};
use super::super::tree::Value;
use super::values::{fused, int};
use super::{Call, Row, Stated, int8_is_2};

pub(super) static CONCATENATION: Row = Row {
    code: 2,
    kind: concatenation::KIND,
    read: |o| {
        Ok(Op::Concatenation {
            axis: o.int(concatenation::AXIS)?,
            activation: o.activation(concatenation::ACTIVATION)?,
        })
    },
};

pub(super) fn write_concatenation(axis: i32, activation: Activation, call: &Call<'_>) -> Stated {
    CONCATENATION.stated(
        int8_is_2(call.input(0)),
        vec![
            (concatenation::AXIS, Value::Int(axis)),
            (concatenation::ACTIVATION, fused(activation)),
        ],
    )
}

pub(super) static EXPAND_DIMS: Row = Row {
    code: 70,
    kind: expand_dims::KIND,
    read: |_| Ok(Op::ExpandDims),
};

pub(super) fn write_expand_dims() -> Stated {
    EXPAND_DIMS.stated(1, vec![])
}

pub(super) static PACK: Row = Row {
    code: 83,
    kind: pack::KIND,
    read: |o| {
        Ok(Op::Pack {
            axis: o.int(pack::AXIS)?,
        })
    },
};

pub(super) fn write_pack(axis: i32, call: &Call<'_>) -> Stated {
    PACK.stated(
        int8_is_2(call.input(0)),
        vec![
            (pack::VALUES_COUNT, int(call.node.inputs.len())),
            (pack::AXIS, Value::Int(axis)),
        ],
    )
}

pub(super) static PAD: Row = Row {
    code: 34,
    kind: pad::KIND,
    read: |_| Ok(Op::Pad),
};

pub(super) fn write_pad(call: &Call<'_>) -> Stated {
    PAD.stated(pad_version(call), vec![])
}

pub(super) static PADV2: Row = Row {
    code: 60,
    kind: pad_v2::KIND,
    read: |_| Ok(Op::PadV2),
};

pub(super) fn write_pad_v2(call: &Call<'_>) -> Stated {
    PADV2.stated(pad_version(call), vec![])
}

/// 4 brought a fifth dimension.
fn pad_version(call: &Call<'_>) -> i32 {
    if call.rank(0) > 4 {
        4
    } else {
        int8_is_2(call.input(0))
    }
}

pub(super) static RESHAPE: Row = Row {
    code: 22,
    kind: reshape::KIND,
    // The shape is that of the output, however the file says it.
    read: |_| Ok(Op::Reshape),
};

pub(super) fn write_reshape(call: &Call<'_>) -> Stated {
    let shape = call.output().map_or(&[][..], |t| &t.shape);
    let shape = shape.iter().map(|&d| d as i32).collect();
    RESHAPE.stated(1, vec![(reshape::NEW_SHAPE, Value::Ints(shape))])
}

pub(super) static RESIZE_NEAREST_NEIGHBOR: Row = Row {
    code: 97,
    kind: resize_nearest_neighbor::KIND,
    read: |o| {
        Ok(Op::ResizeNearestNeighbor {
            align_corners: o.flag(resize_nearest_neighbor::ALIGN_CORNERS)?,
            half_pixel_centers: o.flag(resize_nearest_neighbor::HALF_PIXEL_CENTERS)?,
        })
    },
};

pub(super) fn write_resize(align: bool, half: bool, call: &Call<'_>) -> Stated {
    let version = if align || half {
        3
    } else {
        int8_is_2(call.input(0))
    };
    RESIZE_NEAREST_NEIGHBOR.stated(
        version,
        vec![
            (resize_nearest_neighbor::ALIGN_CORNERS, Value::Bool(align)),
            (
                resize_nearest_neighbor::HALF_PIXEL_CENTERS,
                Value::Bool(half),
            ),
        ],
    )
}

pub(super) static SHAPE: Row = Row {
    code: 77,
    kind: shape::KIND,
    // int64 shapes are read as int32, so the type of the output doesn't matter.
    read: |_| Ok(Op::Shape),
};

pub(super) fn write_shape() -> Stated {
    let kind = super::super::schema::tensor_type::INT32;
    SHAPE.stated(1, vec![(shape::OUT_TYPE, Value::Byte(kind))])
}

pub(super) static SLICE: Row = Row {
    code: 65,
    kind: slice::KIND,
    read: |_| Ok(Op::Slice),
};

pub(super) fn write_slice(call: &Call<'_>) -> Stated {
    let version = if call.rank(0) > 4 {
        5
    } else {
        int8_is_2(call.input(0))
    };
    SLICE.stated(version, vec![])
}

pub(super) static SPLIT: Row = Row {
    code: 49,
    kind: split::KIND,
    read: |_| Ok(Op::Split),
};

pub(super) fn write_split(call: &Call<'_>) -> Stated {
    let version = match call.input(1).map(|t| t.dtype) {
        Some(DType::I32) => 3,
        Some(DType::I8) => 2,
        Some(DType::U8) | None => 1,
    };
    let parts = int(call.node.outputs.len());
    SPLIT.stated(version, vec![(split::NUM_SPLITS, parts)])
}

pub(super) static SPLIT_V: Row = Row {
    code: 102,
    kind: split_v::KIND,
    read: |_| Ok(Op::SplitV),
};

pub(super) fn write_split_v(call: &Call<'_>) -> Stated {
    let parts = int(call.node.outputs.len());
    SPLIT_V.stated(int8_is_2(call.input(0)), vec![(split_v::NUM_SPLITS, parts)])
}

pub(super) static SQUEEZE: Row = Row {
    code: 43,
    kind: squeeze::KIND,
    read: |o| {
        Ok(Op::Squeeze {
            axes: o.ints(squeeze::SQUEEZE_DIMS)?,
        })
    },
};

pub(super) fn write_squeeze(axes: &[i32]) -> Stated {
    let axes = Value::Ints(axes.to_vec());
    SQUEEZE.stated(1, vec![(squeeze::SQUEEZE_DIMS, axes)])
}

pub(super) static STRIDED_SLICE: Row = Row {
    code: 45,
    kind: strided_slice::KIND,
    read: |o| {
        let mask = |field| o.int(field).map(i32::cast_unsigned);
        Ok(Op::StridedSlice {
            begin_mask: mask(strided_slice::BEGIN_MASK)?,
            end_mask: mask(strided_slice::END_MASK)?,
            ellipsis_mask: mask(strided_slice::ELLIPSIS_MASK)?,
            new_axis_mask: mask(strided_slice::NEW_AXIS_MASK)?,
            shrink_axis_mask: mask(strided_slice::SHRINK_AXIS_MASK)?,
            offset: o.flag(strided_slice::OFFSET)?,
        })
    },
};

pub(super) fn write_strided_slice(
    [begin, end, ellipsis, new_axis]: [u32; 4],
    shrink: u32,
    offset: bool,
    call: &Call<'_>,
) -> Stated {
    let version = if offset {
        8
    } else if ellipsis != 0 || new_axis != 0 {
        6
    } else if call.rank(0) > 4 {
        4
    } else {
        int8_is_2(call.input(0))
    };
    let mask = |bits: u32| Value::Int(bits.cast_signed());
    let mut options = vec![
        (strided_slice::BEGIN_MASK, mask(begin)),
        (strided_slice::END_MASK, mask(end)),
        (strided_slice::ELLIPSIS_MASK, mask(ellipsis)),
        (strided_slice::NEW_AXIS_MASK, mask(new_axis)),
        (strided_slice::SHRINK_AXIS_MASK, mask(shrink)),
    ];
    if offset {
        options.push((strided_slice::OFFSET, Value::Bool(true)));
    }
    STRIDED_SLICE.stated(version, options)
}

pub(super) static TRANSPOSE: Row = Row {
    code: 39,
    kind: transpose::KIND,
    read: |_| Ok(Op::Transpose),
};

pub(super) fn write_transpose(call: &Call<'_>) -> Stated {
    let version = match call.rank(0) {
        0..=4 => int8_is_2(call.input(0)),
        5 => 4,
        6 => 6,
        _ => 8,
    };
    TRANSPOSE.stated(version, vec![])
}

pub(super) static UNPACK: Row = Row {
    code: 88,
    kind: unpack::KIND,
    read: |o| {
        Ok(Op::Unpack {
            axis: o.int(unpack::AXIS)?,
        })
    },
};

pub(super) fn write_unpack(axis: i32, call: &Call<'_>) -> Stated {
    let version = match call.input(0).map(|t| t.dtype) {
        Some(DType::I8 | DType::U8) => 2,
        Some(DType::I32) | None => 1,
    };
    UNPACK.stated(
        version,
        vec![
            (unpack::NUM, int(call.node.outputs.len())),
            (unpack::AXIS, Value::Int(axis)),
        ],
    )
}
