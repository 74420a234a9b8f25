//! VAR_HANDLE: gives the state of a streaming model its first content.
//!
//! # What
//! At the start, and when the session is reset, the output holds constants or one value.
//!
//! # Shapes
//! No input; output: any, and a state.
//!
//! # Quantisation
//! None: bytes.
//!
//! # Refuses
//! Inputs; other counts than one output; constants outside the data; a value that is no
//! byte.
//!
//! # Source
//! TFLite Micro `kernels/var_handle.cc`, `micro_resource_variable.cc`; what CALL_ONCE
//! assigns there are the constants here.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::node::{Node, Tensor};

/// See the [module's text](self).
pub static VAR_HANDLE: Operator = Operator {
    code: 142,
    name: "VAR_HANDLE",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval,
};

/// Where the constants lie in the data, `u32::MAX` for none; the value if so.
fn content<'a>(node: &Node<'a>, y: &Tensor<'_>) -> Result<(Option<&'a [i8]>, i32), Fault> {
    let &[at, fill] = node.params().ok_or(Fault::Params)?;
    if at == u32::MAX {
        return Ok((None, fill as i32));
    }
    let values = node.constant_i8(at, y.len()).ok_or(Fault::Constant)?;
    Ok((Some(values), 0))
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (0, 1) {
        return Err(Fault::Arity);
    }
    let (_, fill) = content(node, &node.output(0).ok_or(Fault::Shape)?)?;
    if !(-128..=255).contains(&fill) {
        return Err(Fault::Params);
    }
    Ok(())
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let Some(y) = node.output(0) else {
        return;
    };
    let (Ok((values, fill)), Some(to)) = (content(node, &y), y.write(arena)) else {
        return;
    };
    match values {
        Some(values) => to.iter_mut().zip(values).for_each(|(to, v)| *to = *v),
        None => to.fill(fill as i8),
    }
}
