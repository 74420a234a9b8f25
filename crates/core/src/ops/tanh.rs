//! TANH: the hyperbolic tangent.
//!
//! # What
//! `y = 128 · tanh(scale_x · (x − zero_x))`, in fixed point, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8. The output's scale counts as 1/128 and its zero point as 0.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/tanh.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static TANH: Operator = table::operator(28, "TANH", Types::Signed);
