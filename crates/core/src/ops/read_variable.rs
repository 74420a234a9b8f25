//! READ_VARIABLE: what the state of a streaming model holds.
//!
//! # What
//! Copies the state: what is assigned later in the same run doesn't change what was read.
//!
//! # Shapes
//! Input: a state; output: an activation of as many values.
//!
//! # Quantisation
//! None: bytes.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; an input that is no
//! state.
//!
//! # Source
//! TFLite Micro `kernels/read_variable.cc`, `micro_resource_variable.cc`.

use super::{Operator, Overlap, Types, reshape};
use crate::error::Fault;
use crate::node::{Node, Place};

/// See the [module's text](self).
pub static READ_VARIABLE: Operator = Operator {
    code: 143,
    name: "READ_VARIABLE",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval: reshape::eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    reshape::check(node)?;
    let state = node.input(0).ok_or(Fault::Shape)?;
    if state.place() != Place::State {
        return Err(Fault::Shape);
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::run;

    #[test]
    fn what_is_no_state_is_refused() {
        assert_eq!(run(&READ_VARIABLE, &[], &[&[1]], &[1]), Err(Fault::Shape));
    }
}
