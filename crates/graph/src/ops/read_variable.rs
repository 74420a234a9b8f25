//! READ_VARIABLE: see the engine's file of the same name.

use super::{Lowered, View};
use crate::{GraphError, Tensor};

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(1..=1, "the variable")?;
    let held = variable(view)?;
    fits(view, held, view.output()?)?;
    view.lowered(&lampyris_core::ops::READ_VARIABLE, Vec::new(), [0])
}

/// The variable that the node reads or writes.
pub(super) fn variable<'a>(view: &View<'a>) -> Result<&'a Tensor, GraphError> {
    view.input(0)
        .filter(|&(tensor, _)| view.graph.is_variable(tensor))
        .map(|(_, tensor)| tensor)
        .ok_or_else(|| view.error("input 0 must be a variable"))
}

/// Bytes are copied from one to the other; TFLite Micro looks at no more than their count.
pub(super) fn fits(view: &View<'_>, variable: &Tensor, other: &Tensor) -> Result<(), GraphError> {
    if (variable.elements(), variable.dtype) == (other.elements(), other.dtype) {
        return Ok(());
    }
    Err(view.error(format!(
        "the variable \"{}\" holds {:?} of {:?}, and \"{}\" is {:?} of {:?}; they must be as many of one type",
        variable.name, variable.shape, variable.dtype, other.name, other.shape, other.dtype
    )))
}
