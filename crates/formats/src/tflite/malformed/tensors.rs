//! Tensors that make no sense.

use super::super::schema::tensor::{BUFFER, IS_VARIABLE, QUANTIZATION, SHAPE, SPARSITY, TYPE};
use super::super::schema::{buffer, quantization, tensor_type};
use super::super::tree::Value;
use super::fields::{buffers, put, tensor};
use super::{Case, spoiled};

/// CONV_2D with x (0), weights (1), bias (2) and y (3), and one field of one of them.
fn set(at: usize, field: u16, value: Value) -> Vec<u8> {
    spoiled("conv", |root| put(tensor(root, at), field, value))
}

fn shape(at: usize, dims: &[i32]) -> Vec<u8> {
    set(at, SHAPE, Value::Ints(dims.to_vec()))
}

fn element(at: usize, kind: i8) -> Vec<u8> {
    set(at, TYPE, Value::Byte(kind))
}

fn quant(at: usize, scale: &[f32], zero: &[i64]) -> Vec<u8> {
    let fields = vec![
        (quantization::SCALE, Value::Floats(scale.to_vec())),
        (quantization::ZERO_POINT, Value::Longs(zero.to_vec())),
    ];
    set(at, QUANTIZATION, Value::Table(fields))
}

pub(super) fn cases() -> Vec<Case> {
    vec![
        ("needs 2 bytes, and 135 are stored", shape(1, &[2, 1, 1, 1])),
        (
            "[-1, 7, 6, 3] is not known before the run",
            shape(0, &[-1, 7, 6, 3]),
        ),
        (
            "more values than any chip",
            shape(0, &[1, 50_000, 50_000, 2]),
        ),
        ("[1, 0, 6, 3] has no values", shape(0, &[1, 0, 6, 3])),
        ("has 9 dimensions", shape(0, &[1; 9])),
        ("takes a picture [N, H, W, C]", shape(0, &[7, 18])),
        (
            "don't take [1, 7, 6, 3] to [1, 7, 7, 5]",
            shape(3, &[1, 7, 7, 5]),
        ),
        ("4 dimensions are supported", shape(1, &[5, 27])),
        (
            "the bias [4] does not fit 5 outputs",
            spoiled("conv", |root| {
                put(tensor(root, 2), SHAPE, Value::Ints(vec![4]));
                put(
                    &mut buffers(root)[2],
                    buffer::DATA,
                    Value::Bytes(vec![0; 16]),
                );
            }),
        ),
        (
            "weights [5, 3, 3, 3] don't take [1, 7, 6, 4]",
            shape(0, &[1, 7, 6, 4]),
        ),
        ("buffers", set(1, BUFFER, Value::UInt(77))),
        (
            "is read before anything writes it",
            set(1, BUFFER, Value::UInt(0)),
        ),
        (
            "needs 210 bytes, and 135 are stored",
            set(3, BUFFER, Value::UInt(1)),
        ),
        ("stored sparsely", set(1, SPARSITY, Value::Table(vec![]))),
        ("has no handle", set(0, IS_VARIABLE, Value::Bool(true))),
        (
            "behind the flatbuffer",
            spoiled("conv", |root| {
                put(&mut buffers(root)[1], buffer::OFFSET, Value::Longs(vec![9]));
            }),
        ),
        (
            "computes in float32 with int8",
            element(3, tensor_type::FLOAT32),
        ),
        (
            "computes in float32 (tensor 0)",
            spoiled("max_pool", |root| {
                for at in 0..2 {
                    put(tensor(root, at), TYPE, Value::Byte(tensor_type::FLOAT32));
                }
            }),
        ),
        ("computes in int16", element(0, tensor_type::INT16)),
        ("works on int4", element(1, 17)),
        ("works on type 99", element(1, 99)),
        ("works on resource", element(0, tensor_type::RESOURCE)),
        (
            "is int32; activations must be",
            element(3, tensor_type::INT32),
        ),
        ("has no scale", set(3, QUANTIZATION, Value::Table(vec![]))),
        ("a scale is 0", quant(0, &[0.0], &[0])),
        ("a scale is NaN", quant(0, &[f32::NAN], &[0])),
        ("a scale is -0.5", quant(0, &[-0.5], &[0])),
        ("a scale is inf", quant(0, &[f32::INFINITY], &[0])),
        ("2 scales for axis 0", quant(1, &[0.5; 2], &[0; 2])),
        ("3 zero points for 1 scales", quant(0, &[0.5], &[0; 3])),
        (
            "zero point 200 is outside -128 to 127",
            quant(0, &[0.5], &[200]),
        ),
        (
            "zero point 2147483647 is outside",
            quant(0, &[0.5], &[i64::MAX]),
        ),
    ]
}
