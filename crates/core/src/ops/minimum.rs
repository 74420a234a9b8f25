//! MINIMUM: the smaller of each two values.
//!
//! # What
//! `y = min(a, b)`
//!
//! # Shapes
//! a, b: any of up to six dimensions that broadcast against each other, aligned at the
//! right; y: what that gives.
//!
//! # Quantisation
//! int8, of one scale and zero point: the bytes are compared.
//!
//! # Refuses
//! Other counts than two inputs and one output; a walk through the shapes that leaves an
//! operand or doesn't fill the output; own words.
//!
//! # Source
//! TFLite Micro `kernels/maximum_minimum.cc`.

use super::{Operator, Overlap, Types};
use crate::error::Fault;
use crate::kernel::pairs;
use crate::node::Node;

/// See the [module's text](self).
pub static MINIMUM: Operator = Operator {
    code: 57,
    name: "MINIMUM",
    types: Types::Signed,
    overlap: Overlap::InOrder(pairs::reach),
    check,
    eval,
};

fn check(node: &Node<'_>) -> Result<(), Fault> {
    pairs::params::<0>(node).ok_or(Fault::Params)?;
    pairs::check(node)
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    pairs::rows(node, arena, &mut |row| row.map(|a, b| a.min(b)));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;

    #[test]
    fn the_smaller_of_two_stays() {
        let sound = |params| Fixture {
            params,
            inputs: &[&[-5, -128, 6], &[1, -128, 1]],
            output: (16, 3),
            ..Fixture::default()
        };
        let got = sound(&[1, 3, 1, 1]).run(&MINIMUM);
        assert_eq!(got.as_deref(), Ok(&[-5, -128, 1][..]));
        for (params, want) in [
            (&[1, 3, 1, 1, 0][..], Fault::Params),
            (&[1, 3, 2, 1], Fault::Shape),
        ] {
            assert_eq!(sound(params).run(&MINIMUM).err(), Some(want));
        }
    }
}
