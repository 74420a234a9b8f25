//! Sums and differences of two values of different scales.
//!
//! Both are brought to a common scale with 20 bits to spare, added, and brought to the
//! output's.

use super::pairs::{self, Finish};
use crate::error::Fault;
use crate::fixed::Multiplier;
use crate::node::Node;

/// Bits that values gain before they are scaled.
pub(crate) const SPARE_BITS: u32 = 20;

/// As eleven words: each operand's zero point and multiplier, the output's multiplier,
/// its zero point and the ends of the clamp. A multiplier is two words.
pub(crate) struct Params {
    a: Operand,
    b: Operand,
    y: Multiplier,
    finish: Finish,
}

struct Operand {
    zero: i32,
    multiplier: Multiplier,
}

impl Operand {
    #[inline]
    fn scaled(&self, value: i32) -> i32 {
        let value = value.wrapping_sub(self.zero).wrapping_shl(SPARE_BITS);
        self.multiplier.apply(value)
    }
}

impl Params {
    /// What becomes of two values: `a + b`, or `a − b` where the sign is −1.
    #[inline]
    pub(crate) fn of(&self, a: i32, b: i32, sign: i32) -> i32 {
        let b = self.b.scaled(b).wrapping_mul(sign);
        let sum = self.a.scaled(a).wrapping_add(b);
        self.finish.apply(self.y.apply(sum))
    }

    /// Of the operands and of the output.
    pub(crate) fn multipliers(&self) -> [Multiplier; 3] {
        [self.a.multiplier, self.b.multiplier, self.y]
    }

    /// The operands' zero points.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn zeros(&self) -> [i32; 2] {
        [self.a.zero, self.b.zero]
    }

    /// The output's zero point, and both ends of the clamp.
    #[cfg(target_arch = "wasm32")]
    pub(crate) fn range(&self) -> (i32, i32, i32) {
        self.finish.range()
    }
}

pub(crate) fn read(node: &Node<'_>) -> Option<Params> {
    let (_, &[a0, a1, a2, b0, b1, b2, y0, y1, zero, low, high]) = pairs::params(node)?;
    let operand = |zero: u32, significand, shift| Operand {
        zero: zero as i32,
        multiplier: pairs::multiplier(significand, shift),
    };
    Some(Params {
        a: operand(a0, a1, a2),
        b: operand(b0, b1, b2),
        y: pairs::multiplier(y0, y1),
        finish: Finish::read([zero, low, high]),
    })
}

pub(crate) fn check(node: &Node<'_>) -> Result<(), Fault> {
    pairs::check(node)?;
    let p = read(node).ok_or(Fault::Params)?;
    let fits = |o: &Operand| pairs::is_zero_point(o.zero as u32);
    if !p.finish.is_sound() || !fits(&p.a) || !fits(&p.b) {
        return Err(Fault::Params);
    }
    if p.multipliers().iter().all(|m| m.is_valid()) {
        return Ok(());
    }
    Err(Fault::Multiplier)
}

/// `a + b`, or `a − b` where the sign is −1.
pub(crate) fn eval(node: &Node<'_>, arena: &mut [u8], sign: i32) {
    let Some(p) = read(node) else {
        return;
    };
    pairs::rows(node, arena, &mut |row| {
        row.map(|a, b| p.of(a, b, sign));
    });
}
