//! ABS: the distance from zero.
//!
//! # What
//! `y = zero_y + multiplier · |x − zero_x|`, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8; the output may have another scale.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/elementwise.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static ABS: Operator = table::operator(101, "ABS", Types::Signed);
