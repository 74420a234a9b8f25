//! A tensor, from a file and to a file.

use lampyris_graph::{DType, Quant, Tensor};

use super::file::File;
use super::schema::{quantization, tensor, tensor_type};
use super::table::Table;
use super::tree::{Fields, Value};
use crate::FormatError;

/// The most dimensions; TFLite Micro takes 6.
const MAX_RANK: usize = 8;
/// The most values; larger ones no chip could hold.
const MAX_VALUES: usize = i32::MAX as usize;

/// The element type of the graph, for those that it has; int64 is read as int32.
pub(super) fn dtype(element: i8) -> Option<DType> {
    match element {
        tensor_type::INT8 => Some(DType::I8),
        tensor_type::UINT8 => Some(DType::U8),
        tensor_type::INT32 | tensor_type::INT64 => Some(DType::I32),
        _ => None,
    }
}

/// Tensor `index` of its graph.
pub(super) fn read(
    file: &File<'_>,
    index: usize,
    table: &Table<'_>,
    dtype: DType,
) -> Result<Tensor, FormatError> {
    let name = table.string(tensor::NAME)?;
    let place = format!("tensor {index} (\"{name}\")");
    let refuse = |what: String, remedy: &str| Err(FormatError::new(what, place.as_str(), remedy));
    let damaged = "the file is damaged: download or export it again";
    if table.has(tensor::SPARSITY) {
        return refuse(
            "the values are stored sparsely".into(),
            "export a dense model, without sparsity",
        );
    }
    if table.byte(tensor::IS_VARIABLE)? != 0 {
        return refuse(
            "the tensor keeps its values from run to run, but has no handle".into(),
            "supported is state that is kept by VAR_HANDLE, READ_VARIABLE and ASSIGN_VARIABLE",
        );
    }
    let dims = table.ints(tensor::SHAPE)?;
    if dims.len() > MAX_RANK {
        return refuse(
            format!("the tensor has {} dimensions", dims.len()),
            "at most 8 are supported",
        );
    }
    if dims.iter().any(|&d| d < 0) {
        return refuse(
            format!("the shape {dims:?} is not known before the run"),
            "export the model with fixed shapes",
        );
    }
    let shape: Vec<usize> = dims.iter().map(|d| d.unsigned_abs() as usize).collect();
    let count = shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
    let Some(count) = count.filter(|&n| n <= MAX_VALUES) else {
        return refuse(
            format!("the shape {dims:?} has more values than any chip can hold"),
            "export a smaller model",
        );
    };
    let stored = file.buffer(table.uint(tensor::BUFFER)?)?;
    if count == 0 && dtype != DType::I32 {
        return refuse(
            format!("the shape {dims:?} has no values"),
            "export the model with shapes of at least 1",
        );
    }
    let wide = table.byte(tensor::TYPE)? == tensor_type::INT64;
    let width = if wide { 8 } else { dtype.bytes() };
    let stored = match stored {
        Some(bytes) if bytes.len() != count * width => {
            return refuse(
                format!(
                    "the shape {dims:?} needs {} bytes, and {} are stored",
                    count * width,
                    bytes.len()
                ),
                damaged,
            );
        }
        Some(bytes) if wide => Some(narrow(bytes)),
        Some(bytes) => Some(bytes.to_vec()),
        // A constant without values, such as the shape of a scalar.
        None => (count == 0).then(Vec::new),
    };
    let quant = quant(table)?;
    if let Some(fault) = quant
        .as_ref()
        .and_then(|q| fault(q, &shape, dtype, &stored))
    {
        return refuse(fault, damaged);
    }
    Ok(Tensor {
        name,
        shape,
        dtype,
        quant,
        data: stored,
    })
}

/// int64 as int32. What is beyond its range means "to the end" and still does.
fn narrow(bytes: &[u8]) -> Vec<u8> {
    let (words, _) = bytes.as_chunks::<8>();
    let values = words.iter().map(|&w| i64::from_le_bytes(w));
    let clamped = values.map(|v| v.clamp(i32::MIN.into(), i32::MAX.into()) as i32);
    clamped.flat_map(i32::to_le_bytes).collect()
}

/// Scales and zero points, if the tensor has any.
pub(super) fn quant(table: &Table<'_>) -> Result<Option<Quant>, FormatError> {
    let Some(q) = table.table(tensor::QUANTIZATION)? else {
        return Ok(None);
    };
    let scale = q.floats(quantization::SCALE)?;
    if scale.is_empty() {
        return Ok(None);
    }
    // Zero points may be left out, and are then all 0.
    let mut zero_point: Vec<i32> = q
        .longs(quantization::ZERO_POINT)?
        .into_iter()
        .map(|z| i32::try_from(z).unwrap_or(i32::MAX))
        .collect();
    if zero_point.is_empty() {
        zero_point.resize(scale.len(), 0);
    }
    Ok(Some(Quant {
        scale,
        zero_point,
        axis: usize::try_from(q.int(quantization::AXIS)?).unwrap_or(0),
    }))
}

/// What makes no sense about scales and zero points, if anything.
///
/// A tensor of one axis may name any other: it has only the one. (`person_detect` of
/// TFLite Micro has biases that name axis 3.)
fn fault(q: &Quant, shape: &[usize], dtype: DType, stored: &Option<Vec<u8>>) -> Option<String> {
    let slices = match shape {
        [one] => Some(*one),
        _ => shape.get(q.axis).copied(),
    };
    let scales = q.scale.len();
    if scales != 1 && Some(scales) != slices {
        return Some(format!(
            "there are {scales} scales for axis {} of shape {shape:?}",
            q.axis
        ));
    }
    if q.zero_point.len() != scales {
        let zeros = q.zero_point.len();
        return Some(format!("there are {zeros} zero points for {scales} scales"));
    }
    // A channel of weights that are all 0 may have scale 0.
    let usable = |s: f32| s.is_finite() && (s > 0.0 || (s == 0.0 && stored.is_some()));
    if let Some(scale) = q.scale.iter().find(|&&s| !usable(s)) {
        return Some(format!("a scale is {scale}, which must be above 0"));
    }
    let range = match dtype {
        DType::I8 => -128..=127,
        DType::U8 => 0..=255,
        DType::I32 => return None,
    };
    let zero = q.zero_point.iter().find(|z| !range.contains(*z))?;
    Some(format!(
        "the zero point {zero} is outside {} to {}",
        range.start(),
        range.end()
    ))
}

/// The tensor as a file states it; its content lies in that buffer.
pub(super) fn write(t: &Tensor, buffer: u32) -> Fields {
    let dtype = match t.dtype {
        DType::I8 => tensor_type::INT8,
        DType::U8 => tensor_type::UINT8,
        DType::I32 => tensor_type::INT32,
    };
    let shape = t.shape.iter().map(|&d| d as i32).collect();
    let mut fields = vec![
        (tensor::SHAPE, Value::Ints(shape)),
        (tensor::TYPE, Value::Byte(dtype)),
        (tensor::BUFFER, Value::UInt(buffer)),
        (tensor::NAME, Value::Str(t.name.clone())),
    ];
    if let Some(q) = &t.quant {
        let zeros = q.zero_point.iter().map(|&z| i64::from(z)).collect();
        fields.push((
            tensor::QUANTIZATION,
            Value::Table(vec![
                (quantization::SCALE, Value::Floats(q.scale.clone())),
                (quantization::ZERO_POINT, Value::Longs(zeros)),
                (quantization::AXIS, Value::Int(q.axis as i32)),
            ]),
        ));
    }
    fields
}
