//! The operators: one file each, one row each in [`ALL`].
//!
//! A file is one static [`Operator`] under TFLite's name, with docs under the
//! headings What · Shapes · Quantisation · Refuses · Source, the parameters as
//! the blob holds them, `check`, `eval` and tests. `check` runs once and proves
//! what `eval` relies on; `eval` asks again with `get` and does nothing where
//! that fails, which after the check it can't.

pub mod fully_connected;
pub mod reshape;
pub mod softmax;

use crate::error::Fault;
use crate::node::Node;

pub use fully_connected::FULLY_CONNECTED;
pub use reshape::RESHAPE;
pub use softmax::SOFTMAX;

/// What the engine knows of an operator.
pub struct Operator {
    /// TFLite's number (`BuiltinOperator` in its schema).
    pub code: u32,
    /// TFLite's name.
    pub name: &'static str,
    /// Whether the output has the first input's bytes, so that both may lie at
    /// the same place and nothing is left to do.
    pub copies: bool,
    /// Refuses every node that `eval` couldn't run.
    pub check: fn(&Node<'_>) -> Result<(), Fault>,
    /// Reads and writes the arena.
    pub eval: fn(&Node<'_>, &mut [u8]),
}

/// Every operator there is.
pub static ALL: &[&Operator] = &[&FULLY_CONNECTED, &SOFTMAX, &RESHAPE];

/// The operator with that number.
pub fn find<'t>(table: &[&'t Operator], code: u32) -> Option<&'t Operator> {
    table.iter().copied().find(|op| op.code == code)
}
