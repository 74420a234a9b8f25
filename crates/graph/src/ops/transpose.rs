//! TRANSPOSE: see the engine's file of the same name.

use super::View;
use super::moves::{Dim, Move, Moves, strides};
use crate::GraphError;

pub(crate) fn moves(view: &View<'_>) -> Result<Moves, GraphError> {
    view.arity(2..=2, "the values and the permutation")?;
    let x = view.given(0)?;
    let rank = x.shape.len();
    let given = view.constant(1, "permutation")?;
    let order: Vec<usize> = given
        .iter()
        .map(|&axis| view.axis(axis, rank))
        .collect::<Result<_, _>>()?;
    if order.len() != rank || (0..rank).any(|axis| !order.contains(&axis)) {
        return Err(view.error(format!(
            "{given:?} is no permutation of the {rank} dimensions of {:?}",
            x.shape
        )));
    }
    let shape: Vec<usize> = order.iter().map(|&axis| x.shape[axis]).collect();
    view.moves_to(x, view.output()?, &shape)?;
    let (from, to) = (strides(&x.shape), strides(&shape));
    let dim = |d: usize| Dim {
        size: shape[d],
        from: from[order[d]] as isize,
        to: to[d] as isize,
    };
    Ok(Moves::one(
        0,
        Move {
            from: 0,
            to: 0,
            dims: (0..rank).map(dim).collect(),
        },
    ))
}
