//! QUANTIZE: the same numbers under another scale, or as another type.
//!
//! # What
//! `y = zero_y + multiplier · (x − zero_x)`, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8 to int8, uint8 to int8, int8 to uint8.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/quantize_common.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static QUANTIZE: Operator = table::operator(114, "QUANTIZE", Types::Any);
