//! PACK: see the engine's file of the same name.

use super::View;
use super::moves::{Moves, side_by_side};
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>, axis: i32) -> Result<Moves, GraphError> {
    view.arity(1..=usize::MAX, "one or more tensors")?;
    let first = view.given(0)?;
    let count = view.node.inputs.len();
    for place in 1..count {
        let x = view.given(place)?;
        if (&x.shape, x.dtype) != (&first.shape, first.dtype) {
            return Err(view.error(format!(
                "packs {:?} and {:?}; they must have one shape and type",
                first.shape, x.shape
            )));
        }
    }
    let axis = view.axis(axis, first.shape.len() + 1)?;
    let mut shape = first.shape.clone();
    shape.insert(axis, count);
    view.moves_to(first, view.output()?, &shape)?;
    let outer = shape[..axis].iter().product();
    let inner = shape[axis + 1..].iter().product();
    Ok(Moves {
        inputs: 0..count,
        moves: side_by_side(outer, &vec![1; count], inner, true),
    })
}
