//! UNPACK: see the engine's file of the same name.

use super::View;
use super::moves::{Moves, side_by_side};
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>, axis: i32) -> Result<Moves, GraphError> {
    view.arity(1..=1, "the values")?;
    let x = view.given(0)?;
    let axis = view.axis(axis, x.shape.len())?;
    let outputs = view.outputs()?;
    let mut shape = x.shape.clone();
    let count = shape.remove(axis);
    if count != outputs.len() {
        return Err(view.error(format!(
            "axis {axis} of {:?} is cut into {count}, and there are {} outputs",
            x.shape,
            outputs.len()
        )));
    }
    for y in &outputs {
        view.moves_to(x, y, &shape)?;
    }
    let outer = x.shape[..axis].iter().product();
    let inner = x.shape[axis + 1..].iter().product();
    Ok(Moves {
        inputs: 0..1,
        moves: side_by_side(outer, &vec![1; count], inner, false),
    })
}
