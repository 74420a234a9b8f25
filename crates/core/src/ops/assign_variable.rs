//! ASSIGN_VARIABLE: what the state of a streaming model holds from now on.
//!
//! # What
//! Copies the input into the state, which keeps it until the next run.
//!
//! # Shapes
//! Input: an activation; output: a state of as many values.
//!
//! # Quantisation
//! None: bytes.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; an output that is no
//! state.
//!
//! # Source
//! TFLite Micro `kernels/assign_variable.cc`, `micro_resource_variable.cc`.

use super::{Operator, Overlap, Types, reshape};
use crate::error::Fault;
use crate::node::{Node, Place};

/// See the [module's text](self).
pub static ASSIGN_VARIABLE: Operator = Operator {
    code: 144,
    name: "ASSIGN_VARIABLE",
    types: Types::Same,
    overlap: Overlap::Never,
    check,
    eval: reshape::eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    reshape::check(node)?;
    let state = node.output(0).ok_or(Fault::Shape)?;
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
        assert_eq!(run(&ASSIGN_VARIABLE, &[], &[&[1]], &[1]), Err(Fault::Shape));
    }
}
