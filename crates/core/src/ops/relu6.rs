//! RELU6: what is below 0 becomes 0, what is above 6 becomes 6.
//!
//! # What
//! `y = clamp(x, zero_x, zero_x + 6 / scale_x)`, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8. The input's scale and zero point alone count: values are not rescaled.
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
pub static RELU6: Operator = table::operator(21, "RELU6", Types::Signed);
