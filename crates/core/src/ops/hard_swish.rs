//! HARD_SWISH: `x · min(max(x + 3, 0), 6) / 6`.
//!
//! # What
//! `y = zero_y + multiplier · x' · clamp(x' + 3, 0, 6) / 6` with `x' = x − zero_x`, in 16 bits, by a
//! table.
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
//! TFLite Micro `kernels/hard_swish_common.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static HARD_SWISH: Operator = table::operator(117, "HARD_SWISH", Types::Signed);
