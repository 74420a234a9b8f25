//! REDUCE_MAX: the largest value over some dimensions.
//!
//! # What
//! `y = max(x)` over the dimensions that go.
//!
//! # Shapes
//! x: any of up to five dimensions, some of which go; y: those that stay.
//!
//! # Quantisation
//! int8; input and output have one scale and zero point.
//!
//! # Refuses
//! Other counts than one input and one output; walks that leave the input or don't read
//! all of it; own words.
//!
//! # Source
//! TFLite Micro `kernels/reduce_common.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::reduce::{self, Fold, Reduce};
use crate::node::Node;

/// See the [module's text](self).
pub static REDUCE_MAX: Operator = Operator {
    code: 82,
    name: "REDUCE_MAX",
    types: Types::Signed,
    overlap: Overlap::InOrder(reduce::reach),
    check,
    eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    let p = Reduce::read(node).ok_or(Fault::Params)?;
    if !p.own.is_empty() {
        return Err(Fault::Params);
    }
    reduce::check(node)
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    reduce::eval(node, arena, Fold::Largest, &mut |largest| largest);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn the_largest_of_each_row_stays() {
        let sound = |params| Fixture {
            params,
            inputs: &[&[-5, 2, -128, -128, -128, -128]],
            output: (16, 2),
            ..Fixture::default()
        };
        let got = sound(&[1, 2, 3, 0, 1, 3, 1, 0]).run(&REDUCE_MAX);
        assert_eq!(got.as_deref(), Ok(&[2, -128][..]));
        for (params, want) in [
            (&[1, 2, 3, 0, 1, 3, 1, 0, 0][..], Fault::Params),
            (&[1, 2, 3, 0, 1, 4, 1, 0], Fault::Shape),
        ] {
            assert_eq!(sound(params).run(&REDUCE_MAX).err(), Some(want));
        }
    }
}
