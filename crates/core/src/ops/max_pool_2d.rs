//! MAX_POOL_2D: the largest value of a window, channel by channel.
//!
//! # What
//! `y[n, r, c, k] = clamp(max of x[n, r·s + i − p, …, k])` over the taps that lie within
//! the picture.
//!
//! # Shapes
//! x `[N, H, W, C]`, y `[N, OH, OW, C]`.
//!
//! # Quantisation
//! Scale and zero point of the output are those of the input: bytes are compared.
//!
//! # Refuses
//! What AVERAGE_POOL_2D refuses.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/pooling.h`.

use super::{Operator, Overlap, Types};
use crate::kernel::pool;
use crate::node::Node;

/// See the [module's text](self).
pub static MAX_POOL_2D: Operator = Operator {
    code: 17,
    name: "MAX_POOL_2D",
    types: Types::Signed,
    overlap: Overlap::InOrder(pool::reach),
    check: pool::check,
    eval,
};

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    pool::eval(node, arena, |channel| {
        let mut largest = -128;
        channel.each(|x| largest = largest.max(x));
        largest
    });
}
