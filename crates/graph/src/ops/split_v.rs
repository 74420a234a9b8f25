//! SPLIT_V: see the engine's file of the same name.

use super::View;
use super::moves::Moves;
use super::split::cut;
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>) -> Result<Moves, GraphError> {
    view.arity(3..=3, "the values, the sizes and the axis")?;
    let x = view.given(0)?;
    let axis = view.axis(view.one_constant(2, "axis")?, x.shape.len())?;
    let given = view.constant(1, "sizes")?;
    // One of them may be -1: what the others leave.
    let known = given.iter().filter(|&&size| size >= 0);
    let rest = x.shape[axis] as i64 - known.map(|&size| i64::from(size)).sum::<i64>();
    let open = given.iter().filter(|&&size| size == -1).count();
    let fits = match open {
        0 => rest == 0,
        1 => rest >= 0,
        _ => false,
    };
    if !fits || given.iter().any(|&size| size < -1) || given.len() != view.outputs()?.len() {
        return Err(view.error(format!(
            "axis {axis} of {:?} can't be cut into {given:?} for {} outputs",
            x.shape,
            view.node.outputs.len()
        )));
    }
    let size = |&size: &i32| usize::try_from(size).unwrap_or(rest as usize);
    let sizes: Vec<usize> = given.iter().map(size).collect();
    cut(view, 0, axis, &sizes)
}
