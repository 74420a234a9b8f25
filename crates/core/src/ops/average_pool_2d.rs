//! AVERAGE_POOL_2D: the mean of a window, channel by channel.
//!
//! # What
//! `y[n, r, c, k] = clamp(mean of x[n, r·s + i − p, …, k])` over the taps that lie within
//! the picture, rounded half away from zero.
//!
//! # Shapes
//! x `[N, H, W, C]`, y `[N, OH, OW, C]`.
//!
//! # Quantisation
//! Scale and zero point of the output are those of the input: bytes are averaged.
//!
//! # Refuses
//! Other counts than one input and one output; tensors that are no pictures of the same
//! channels; an empty or too wide clamp; windows of more than 2^24 positions, whose sum
//! could overflow; a window that lies in the padding altogether.
//!
//! # Source
//! TFLite `kernels/internal/reference/integer_ops/pooling.h`.

use super::{Operator, Overlap, Types};

use crate::kernel::pool;
use crate::node::Node;

/// See the [module's text](self).
pub static AVERAGE_POOL_2D: Operator = Operator {
    code: 1,
    name: "AVERAGE_POOL_2D",
    types: Types::Signed,
    overlap: Overlap::InOrder(pool::reach),
    check: pool::check,
    eval,
};

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    pool::eval(node, arena, |channel| {
        let mut sum = 0i32;
        channel.each(|x| sum = sum.wrapping_add(x));
        mean(sum, channel.count() as i32)
    });
}

/// To nearest, ties away from zero.
fn mean(sum: i32, count: i32) -> i32 {
    let half = count >> 1;
    let away = if sum > 0 {
        sum.wrapping_add(half)
    } else {
        sum.wrapping_sub(half)
    };
    away.checked_div(count).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::mean;

    #[test]
    fn means_round_half_away_from_zero() {
        assert_eq!(
            [mean(5, 2), mean(-5, 2), mean(4, 3), mean(-4, 3)],
            [3, -3, 1, -1]
        );
        assert_eq!(
            [mean(-128 * 9, 9), mean(127 * 9, 9), mean(0, 4)],
            [-128, 127, 0]
        );
    }
}
