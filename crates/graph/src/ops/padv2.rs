//! PADV2: see the engine's file of the same name.

use super::pad::around;
use super::{Lowered, View};
use crate::{DType, GraphError};

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(3..=3, "the values, the paddings and the value around them")?;
    let (_, constant) = view.values(2)?;
    let Some(&[byte]) = constant.data.as_deref() else {
        return Err(view.error("the value around must be one constant"));
    };
    view.same_scale(constant, view.output()?)?;
    let value = match constant.dtype {
        DType::U8 => i32::from(byte),
        DType::I8 | DType::I32 => i32::from(byte as i8),
    };
    around(view, &lampyris_core::ops::PADV2, value)
}
