//! ASSIGN_VARIABLE: see the engine's file of the same name.

use super::read_variable::{fits, variable};
use super::{Lowered, View};
use crate::GraphError;

pub(crate) fn lower(view: &View<'_>) -> Result<Lowered, GraphError> {
    view.arity(2..=2, "the variable and the value")?;
    if !view.node.outputs.is_empty() {
        return Err(view.error("has no outputs"));
    }
    let held = variable(view)?;
    let (_, value) = view.values(1)?;
    fits(view, held, value)?;
    // On the chip it writes the variable, which counts as read and written here.
    let mut lowered = view.lowered(&lampyris_core::ops::ASSIGN_VARIABLE, Vec::new(), [1])?;
    lowered.outputs.extend(view.node.inputs[0]);
    Ok(lowered)
}
