//! RELU: what is below zero becomes zero.
//!
//! # What
//! `y = clamp(zero_y + multiplier · (x − zero_x), zero_y, 127)`, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8; the output may have another scale, and is rescaled to it.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/activations.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static RELU: Operator = table::operator(19, "RELU", Types::Signed);
