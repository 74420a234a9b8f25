//! Bytes of code that an export links, and of stack that it takes.
use crate::{Core, Figure};
/// Bytes of code and constants in flash, without the model.
pub fn linked(_core: Core, _operators: &[&str], _block: &str) -> Figure {
    Figure::unknown("not measured")
}
/// Bytes of stack.
pub fn stack(_core: Core, _block: &str) -> Figure {
    Figure::unknown("not measured")
}
