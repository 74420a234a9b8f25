//! RESHAPE: the same bytes under another shape.
//!
//! # What
//! Copies the input to the output, byte by byte; where both lie at the same
//! place, which is how the host plans it, nothing is done.
//!
//! # Shapes
//! Input and output: any, with as many values in one as in the other.
//!
//! # Quantisation
//! Scale and zero point of the output are those of the input.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ. A target
//! shape that is computed at run time is refused by the host.
//!
//! # Source
//! TFLite Micro `kernels/reshape.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::node::Node;

/// See the [module's text](self).
pub static RESHAPE: Operator = Operator {
    code: 22,
    name: "RESHAPE",
    types: Types::Same,
    overlap: Overlap::Copies,
    check,
    eval,
};

pub(super) fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    node.params::<0>().ok_or(Fault::Params)?;
    match (node.input(0), node.output(0)) {
        (Some(x), Some(y)) if x.len() == y.len() => Ok(()),
        _ => Err(Fault::Shape),
    }
}

pub(super) fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Some(x), Some(y)) = (node.input(0), node.output(0)) else {
        return;
    };
    // Tensors at the same place overlap, and then there is nothing to split.
    let Some((from, to)) = node.split(arena, &x, &y) else {
        return;
    };
    for (to, from) in to.iter_mut().zip(from) {
        *to = *from;
    }
}
