//! LOGISTIC: `1 / (1 + e^−x)`.
//!
//! # What
//! `y = 256 / (1 + e^(−scale_x · (x − zero_x))) − 128`, in fixed point, by a table.
//!
//! # Shapes
//! Input and output: any, the same.
//!
//! # Quantisation
//! int8. The output's zero point is −128 and its scale counts as 1/256.
//!
//! # Refuses
//! Other counts than one input and one output; sizes that differ; a table that lies
//! outside the data.
//!
//! # Source
//! TFLite Micro `kernels/logistic_common.cc`; the host computes the table.

use super::{Operator, Types};
use crate::kernel::table;

/// See the [module's text](self).
pub static LOGISTIC: Operator = table::operator(14, "LOGISTIC", Types::Signed);
