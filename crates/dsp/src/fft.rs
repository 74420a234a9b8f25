//! The power spectrum of a frame of real samples.
//!
//! A frame of N samples is taken as N/2 complex numbers z, whose transform Z is taken in
//! place, two stages at a time (radix 4, after one stage of radix 2 where N/2 is no power
//! of 4), and then told apart into the spectrum of the samples:
//!
//! ```text
//! E = (Zₖ + Z*ₘ₋ₖ) / 2    O = −i (Zₖ − Z*ₘ₋ₖ) / 2    Xₖ = E + Wₖ O    X*ₘ₋ₖ = E − Wₖ O
//! ```
//!
//! with m = N/2 and Wₖ = exp(−2πi k / N). One loop serves every length, so an image
//! pays for no size but the table of its own: a quarter of a cosine, N/4 + 1 numbers.
//! Additions and multiplications are in a fixed order, so the same bits everywhere.
//!
//! **Source.** J. Cooley, J. Tukey, "An algorithm for the machine calculation of complex
//! Fourier series", Math. Comp. 19 (1965); the packing of real samples is H. Sorensen
//! et al., "Real-valued fast Fourier transform algorithms", IEEE Trans. ASSP-35 (1987).

use core::cell::Cell;

use crate::turn::cosine;

/// Longest frame that blocks may ask for.
pub(crate) const MAX_LENGTH: f32 = 2048.0;

/// Numbers in the table for frames of `length` samples.
pub(crate) const fn table(length: usize) -> usize {
    length / 4 + 1
}

/// Fills the table: the cosines of a quarter turn.
pub(crate) fn prepare(length: usize, table: &mut [f32]) {
    for (index, to) in table.iter_mut().enumerate() {
        *to = cosine(index, length);
    }
}

/// Turns a frame of N samples into `scale` · |Xₖ|², k = 0 … N/2, which are given back; they
/// lie at the frame's front. N is a power of two and at least 8, and `table` the one for
/// it; anything else gives nothing.
pub(crate) fn power<'f>(table: &[f32], frame: &'f mut [f32], scale: f32) -> &'f mut [f32] {
    let length = frame.len();
    if length < 8 || !length.is_power_of_two() || table.len() != self::table(length) {
        return &mut [];
    }
    // Cells, because places are read and written through several names at once.
    let cells = Cell::from_mut(&mut *frame).as_slice_of_cells();
    let z = cells.as_chunks().0;
    reverse(z);
    transform(table, z);
    squares(table, z);
    gather(cells, 0.25 * scale);
    frame.get_mut(..=length / 2).unwrap_or_default()
}

/// Where a number lies, and what it is: real and imaginary part.
type Complex = [Cell<f32>; 2];
type Number = (f32, f32);

fn get([re, im]: &Complex) -> Number {
    (re.get(), im.get())
}

fn set([re, im]: &Complex, to: Number) {
    re.set(to.0);
    im.set(to.1);
}

fn product(a: Number, b: Number) -> Number {
    (a.0 * b.0 - a.1 * b.1, a.0 * b.1 + a.1 * b.0)
}

/// Puts every number where its index with the bits reversed says.
fn reverse(z: &[Complex]) {
    let shift = usize::BITS - z.len().trailing_zeros();
    for (i, a) in z.iter().enumerate() {
        let j = i.reverse_bits() >> shift;
        if let (true, Some(b)) = (j > i, z.get(j)) {
            let (x, y) = (get(a), get(b));
            set(a, y);
            set(b, x);
        }
    }
}

/// The transform of numbers in reversed order.
fn transform(table: &[f32], z: &[Complex]) {
    let mut quarter = 1;
    if z.len().trailing_zeros() % 2 == 1 {
        for [a, b] in z.as_chunks().0 {
            let (x, y) = (get(a), get(b));
            set(a, (x.0 + y.0, x.1 + y.1));
            set(b, (x.0 - y.0, x.1 - y.1));
        }
        quarter = 2;
    }
    while quarter < z.len() {
        let mut at = 0;
        while butterfly(z, at, quarter, |x, y, w| (x, y, w)) {
            at += 4 * quarter;
        }
        // Each factor serves all groups, so it is worked out once.
        let step = z.len() / (2 * quarter);
        for k in 1..quarter {
            let (cosine, sine) = (table.get(k * step), table.get(z.len() / 2 - k * step));
            let (Some(cosine), Some(sine)) = (cosine, sine) else {
                break;
            };
            let first = (*cosine, -*sine);
            let second = product(first, first);
            let third = product(first, second);
            let mut at = k;
            while butterfly(z, at, quarter, |x, y, w| {
                (product(x, first), product(y, second), product(w, third))
            }) {
                at += 4 * quarter;
            }
        }
        quarter *= 4;
    }
}

/// Joins four numbers that are a quarter of a group apart; `factors` turns the last
/// three, in the order of their frequencies. In reversed order the second quarter is the
/// third. False behind the last group.
#[inline(always)]
fn butterfly(
    z: &[Complex],
    at: usize,
    quarter: usize,
    factors: impl Fn(Number, Number, Number) -> (Number, Number, Number),
) -> bool {
    let place = |index: usize| z.get(at + index * quarter);
    // The last one first: where it is there, so are the others.
    let Some(p3) = place(3) else {
        return false;
    };
    let (Some(p0), Some(p1), Some(p2)) = (place(0), place(1), place(2)) else {
        return false;
    };
    let a = get(p0);
    let (b, c, d) = factors(get(p2), get(p1), get(p3));
    let (even, odd) = ((a.0 + c.0, a.1 + c.1), (a.0 - c.0, a.1 - c.1));
    let (sum, difference) = ((b.0 + d.0, b.1 + d.1), (b.0 - d.0, b.1 - d.1));
    set(p0, (even.0 + sum.0, even.1 + sum.1));
    set(p1, (odd.0 + difference.1, odd.1 - difference.0));
    set(p2, (even.0 - sum.0, even.1 - sum.1));
    set(p3, (odd.0 - difference.1, odd.1 + difference.0));
    true
}

/// Puts 4 |Xₖ|² where the real part of Zₖ is, and the one of the highest bin beside that
/// of bin 0.
fn squares(table: &[f32], z: &[Complex]) {
    let Some((first, rest)) = z.split_first() else {
        return;
    };
    let (re, im) = get(first);
    let (lowest, highest) = (2.0 * (re + im), 2.0 * (re - im));
    set(first, (lowest * lowest, highest * highest));
    let cosines = table.get(1..).unwrap_or_default();
    let sines = table.get(..table.len() - 1).unwrap_or_default();
    let factors = cosines.iter().zip(sines.iter().rev());
    for ((p, q), (cosine, sine)) in rest.iter().zip(rest.iter().rev()).zip(factors) {
        let (a, b) = (get(p), get(q));
        let (even, odd) = ((a.0 + b.0, a.1 - b.1), (a.1 + b.1, b.0 - a.0));
        let turned = (
            *cosine * odd.0 + *sine * odd.1,
            *cosine * odd.1 - *sine * odd.0,
        );
        let (x, y) = (
            (even.0 + turned.0, even.1 + turned.1),
            (even.0 - turned.0, even.1 - turned.1),
        );
        q[0].set(y.0 * y.0 + y.1 * y.1);
        p[0].set(x.0 * x.0 + x.1 * x.1);
    }
}

/// Brings every second number, and the second one, to the front, scaled. A number lands
/// ahead of all that are still to be read.
fn gather(cells: &[Cell<f32>], scale: f32) {
    let highest = cells.get(1).map_or(0.0, Cell::get);
    for (to, [from, _]) in cells.iter().zip(cells.as_chunks().0) {
        to.set(from.get() * scale);
    }
    if let Some(to) = cells.get(cells.len() / 2) {
        to.set(highest * scale);
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn agrees_with_the_sum_that_defines_it() {
        for length in [8usize, 16, 32, 64, 128, 256, 512, 1024, 2048] {
            let mut table = vec![0.0; table(length)];
            prepare(length, &mut table);
            let mut frame = vec![0.0f32; length];
            for (i, x) in frame.iter_mut().enumerate() {
                *x = ((i * i * 7 + 3 * i) % 23) as f32 / 11.5 - 1.0;
            }
            let samples: Vec<f64> = frame.iter().map(|x| f64::from(*x)).collect();
            let power = power(&table, &mut frame, 2.0);
            assert_eq!(power.len(), length / 2 + 1);
            for (bin, found) in power.iter().enumerate() {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, x) in samples.iter().enumerate() {
                    let turn = core::f64::consts::TAU * (bin * i % length) as f64 / length as f64;
                    re += x * libm::cos(turn);
                    im += x * libm::sin(turn);
                }
                let expected = (2.0 * (re * re + im * im)) as f32;
                let error = (found - expected).abs();
                assert!(error < 1e-4 * (1.0 + expected), "{length}, {bin}: {error}");
            }
        }
    }

    #[test]
    fn other_lengths_and_tables_give_nothing() {
        for length in [0, 1, 2, 4, 12] {
            assert!(power(&vec![1.0; table(length)], &mut vec![1.0; length], 1.0).is_empty());
        }
        assert!(power(&[1.0; 4], &mut [1.0; 16], 1.0).is_empty());
    }
}
