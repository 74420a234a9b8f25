//! LEAKY_RELU: what is below zero is made smaller.
//!
//! # What
//! `y = zero_y + multiplier · (x − zero_x)`, with another multiplier where x is below its zero
//! point; by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8; the factor of what is below zero is alpha, which may be negative, times the scales'.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/leaky_relu.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static LEAKY_RELU: Operator = table::operator(98, "LEAKY_RELU", Types::Signed);
