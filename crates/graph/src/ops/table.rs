//! Functions of one value, computed here for all 256 of them: see `kernel/table.rs` of
//! the engine.

use lampyris_core::Operator;

use super::{Data, Effort, Lowered, View};
use crate::{DType, GraphError, Tensor};

/// Bytes of a table.
const VALUES: u64 = 256;

/// Scale and zero point.
pub(crate) type Scale = (f32, i32);

/// Input and output of a node that maps value to value.
pub(crate) fn ends<'a>(view: &View<'a>) -> Result<(&'a Tensor, &'a Tensor), GraphError> {
    view.arity(1..=1, "the values")?;
    let (_, x) = view.activation(0)?;
    let y = view.output()?;
    if x.elements() == y.elements() {
        return Ok((x, y));
    }
    Err(view.error(format!(
        "input {:?} and output {:?} must have as many values",
        x.shape, y.shape
    )))
}

/// Scales and zero points of both ends, which must be int8.
pub(crate) fn scales(view: &View<'_>) -> Result<(Scale, Scale), GraphError> {
    let (x, y) = ends(view)?;
    view.signed(&[x, y])?;
    Ok((view.scale(x)?, view.scale(y)?))
}

/// The node with the table of `f`, which takes and gives values of the tensors' types;
/// what lies beyond the output's range is clamped.
pub(crate) fn lower(
    view: &View<'_>,
    data: &mut Data,
    operator: &Operator,
    f: impl Fn(i32) -> i32,
) -> Result<Lowered, GraphError> {
    let (x, y) = ends(view)?;
    let (low, high) = match y.dtype {
        DType::U8 => (0, 255),
        DType::I8 | DType::I32 => (-128, 127),
    };
    let value = |byte: u8| match x.dtype {
        DType::U8 => i32::from(byte),
        DType::I8 | DType::I32 => i32::from(byte as i8),
    };
    let at = data.push_once((0..=u8::MAX).map(|byte| f(value(byte)).clamp(low, high) as u8));
    view.lowered(operator, vec![at], [0])
}

pub(crate) fn effort() -> Effort {
    Effort {
        bytes: VALUES,
        ..Effort::default()
    }
}
