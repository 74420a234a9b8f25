//! Strided copies: all that operators do which only move bytes.
//!
//! A *move* is a small loop nest: it takes bytes from an input at one set of strides
//! and lays them into an output at another. Move k goes from input k to output k, or
//! from or to the last one where there are fewer.
//!
//! As words: how many dimensions it has, 1 to [`MAX_RANK`], where it begins in the
//! input and in the output, then three words for each dimension, *innermost first*: how
//! many steps, and how many bytes a step is in the input and in the output. Steps may
//! be negative. The host has merged dimensions that lie side by side.

use crate::error::Fault;
use crate::node::{Node, Tensor};

/// The most dimensions that a move can have.
pub const MAX_RANK: usize = 6;

/// One loop nest: where it begins in the input and the output, and its dimensions as
/// steps, bytes in the input and bytes in the output, innermost first.
struct Move<'a> {
    from: u32,
    to: u32,
    inner: &'a [u32; 3],
    outer: &'a [[u32; 3]],
}

impl<'a> Move<'a> {
    /// The first move of `words`, which then holds the rest; `None` at the end, or
    /// where it is cut.
    fn next(words: &mut &'a [u32]) -> Option<Self> {
        let (&[rank, from, to], rest) = words.split_first_chunk()?;
        let (dims, rest) = rest.split_at_checked((rank as usize).checked_mul(3)?)?;
        *words = rest;
        let (inner, outer) = dims.as_chunks().0.split_first()?;
        Some(Self {
            from,
            to,
            inner,
            outer,
        })
    }

    /// Whether every byte that it touches lies within `from` and `to` bytes, and it does
    /// not take more steps than the output has bytes.
    fn fits(&self, from: usize, to: usize) -> bool {
        let mut steps = 1usize;
        let mut reads = Reach::new(self.from);
        let mut writes = Reach::new(self.to);
        for &[n, read, write] in core::iter::once(self.inner).chain(self.outer) {
            let so_far = steps.checked_mul(n as usize);
            // Below that, n - 1 fits an isize: no tensor is larger.
            let Some(all) = so_far.filter(|&all| 0 < all && all <= to) else {
                return false;
            };
            steps = all;
            if reads.step(n, read).is_none() || writes.step(n, write).is_none() {
                return false;
            }
        }
        self.outer.len() < MAX_RANK && reads.within(from) && writes.within(to)
    }

    fn copy(&self, from: &[i8], to: &mut [i8]) {
        let mut counts = [0u32; MAX_RANK - 1];
        let (mut read, mut write) = (self.from as usize, self.to as usize);
        loop {
            row(self.inner, (from, read), (to, write));
            let mut again = false;
            for (count, &[n, step, place]) in counts.iter_mut().zip(self.outer) {
                *count = count.wrapping_add(1);
                read = read.wrapping_add(signed(step));
                write = write.wrapping_add(signed(place));
                if *count < n {
                    again = true;
                    break;
                }
                // Back to where this dimension began; the next one goes a step on.
                read = read.wrapping_sub(signed(step).wrapping_mul(n as usize));
                write = write.wrapping_sub(signed(place).wrapping_mul(n as usize));
                *count = 0;
            }
            if !again {
                return;
            }
        }
    }
}

/// The innermost dimension, from and to these places.
fn row(&[n, step, place]: &[u32; 3], from: (&[i8], usize), to: (&mut [i8], usize)) {
    let ((from, mut read), (to, mut write)) = (from, to);
    if (step, place) == (1, 1) {
        let cut = |start: usize| start..start.wrapping_add(n as usize);
        if let (Some(from), Some(to)) = (from.get(cut(read)), to.get_mut(cut(write))) {
            to.iter_mut().zip(from).for_each(|(to, from)| *to = *from);
        }
        return;
    }
    for _ in 0..n {
        if let (Some(from), Some(to)) = (from.get(read), to.get_mut(write)) {
            *to = *from;
        }
        read = read.wrapping_add(signed(step));
        write = write.wrapping_add(signed(place));
    }
}

/// A step as it is added to a place, wrapping.
fn signed(word: u32) -> usize {
    word as i32 as isize as usize
}

/// The lowest and the highest place that a move touches.
struct Reach {
    low: isize,
    high: isize,
}

impl Reach {
    fn new(at: u32) -> Self {
        let at = at as usize as isize;
        Self { low: at, high: at }
    }

    /// `n` steps, 1 or more, of that many bytes.
    fn step(&mut self, n: u32, bytes: u32) -> Option<()> {
        let last = (n as usize as isize).checked_sub(1)?;
        let span = last.checked_mul(signed(bytes) as isize)?;
        let end = if span < 0 {
            &mut self.low
        } else {
            &mut self.high
        };
        *end = end.checked_add(span)?;
        Some(())
    }

    fn within(&self, len: usize) -> bool {
        self.low >= 0 && usize::try_from(self.high).is_ok_and(|high| high < len)
    }
}

/// The input and the output of move `k`.
fn ends<'a>(node: &Node<'a>, k: usize) -> Option<(Tensor<'a>, Tensor<'a>)> {
    let (inputs, outputs) = node.arity();
    let x = node.input(k.min(inputs.checked_sub(1)?))?;
    let y = node.output(k.min(outputs.checked_sub(1)?))?;
    Some((x, y))
}

/// Whether the words are as many moves as the node has inputs or outputs, whichever are
/// more, and each of them fits its input and its output.
pub(crate) fn check(node: &Node<'_>, mut words: &[u32]) -> Result<(), Fault> {
    let (inputs, outputs) = node.arity();
    for k in 0..inputs.max(outputs) {
        let (x, y) = ends(node, k).ok_or(Fault::Arity)?;
        let one = Move::next(&mut words).ok_or(Fault::Params)?;
        if !one.fits(x.len(), y.len()) {
            return Err(Fault::Shape);
        }
    }
    if !words.is_empty() {
        return Err(Fault::Params);
    }
    Ok(())
}

/// Makes the moves.
#[inline(never)]
pub(crate) fn run(node: &Node<'_>, mut words: &[u32], arena: &mut [u8]) {
    let mut k = 0usize;
    while let Some(one) = Move::next(&mut words) {
        let Some((x, y)) = ends(node, k) else {
            return;
        };
        if let Some((from, to)) = node.split(arena, &x, &y) {
            one.copy(from, to);
        }
        k = k.wrapping_add(1);
    }
}

/// The check of an operator whose words are moves, from `inputs` to `outputs` tensors.
pub(crate) fn check_from(
    node: &Node<'_>,
    inputs: core::ops::RangeInclusive<usize>,
    outputs: core::ops::RangeInclusive<usize>,
) -> Result<(), Fault> {
    let (found, written) = node.arity();
    if !inputs.contains(&found) || !outputs.contains(&written) {
        return Err(Fault::Arity);
    }
    check(node, node.words())
}

/// The eval of an operator whose words are moves.
pub(crate) fn eval(node: &Node<'_>, arena: &mut [u8]) {
    run(node, node.words(), arena);
}

#[cfg(test)]
mod tests {
    use super::*;

    extern crate std;

    const BACK: u32 = u32::MAX;

    fn copied(words: &[u32], from: &[i8], len: usize) -> Option<std::vec::Vec<i8>> {
        let mut rest = words;
        let one = Move::next(&mut rest)?;
        let mut to = std::vec![0; len];
        one.fits(from.len(), len)
            .then(|| one.copy(from, &mut to))
            .map(|()| to)
    }

    #[test]
    fn rows_columns_and_backwards() {
        let x = [1, 2, 3, 4, 5, 6];
        let run = |words: &[u32], len| copied(words, &x, len).expect("fits");
        assert_eq!(run(&[1, 2, 1, 3, 1, 1], 5), [0, 3, 4, 5, 0]);
        assert_eq!(run(&[1, 5, 0, 6, BACK, 1], 6), [6, 5, 4, 3, 2, 1]);
        // 2 by 3 to 3 by 2, and the other way.
        assert_eq!(run(&[2, 0, 0, 3, 1, 2, 2, 3, 1], 6), [1, 4, 2, 5, 3, 6]);
        assert_eq!(run(&[2, 0, 0, 3, 2, 1, 2, 1, 3], 6), [1, 3, 5, 2, 4, 6]);
        // A step of 0 repeats.
        assert_eq!(run(&[2, 4, 0, 2, 1, 1, 2, 0, 2], 4), [5, 6, 5, 6]);
    }

    #[test]
    fn six_dimensions_count_like_a_clock() {
        let x: std::vec::Vec<i8> = (0..64).collect();
        let mut words = std::vec![6, 0, 63];
        for bit in 0..6 {
            words.extend([2, 1 << bit, 0u32.wrapping_sub(1 << bit)]);
        }
        let reversed: std::vec::Vec<i8> = (0..64).rev().collect();
        assert_eq!(copied(&words, &x, 64), Some(reversed));
        words[0] = 7;
        words.extend([1, 0, 0]);
        assert_eq!(copied(&words, &x, 64), None);
    }

    #[test]
    fn what_reaches_out_is_refused() {
        let x = [0; 6];
        let refused = |words: &[u32]| copied(words, &x, 6).is_none();
        assert!(!refused(&[1, 0, 0, 6, 1, 1]));
        for words in [
            [1, 1, 0, 6, 1, 1],
            [1, 0, 1, 6, 1, 1],
            [1, 0, 0, 7, 0, 0],
            [1, 0, 0, 0, 1, 1],
            [1, 4, 0, 6, BACK, 1],
            [1, 5, 0, 6, 1, BACK],
            [1, 5, 0, 2, 1 << 31, 1],
            [1, u32::MAX, 0, 2, 1, 1],
            [1, 0, 0, u32::MAX, 0, 0],
            [1, 0, 0, 3, 1 << 30, 1],
            [2, 0, 0, 1, 1, 1],
            [0, 0, 0, 1, 1, 1],
            [u32::MAX, 0, 0, 1, 1, 1],
        ] {
            assert!(refused(&words), "{words:?}");
        }
        // Dimensions whose product is too large only when taken together.
        assert!(refused(&[2, 0, 0, 3, 1, 1, 3, 0, 0]));
        assert!(refused(&[2, 0, 0, 1 << 31, 0, 0, 4, 0, 0]));
    }

    #[test]
    fn any_word_may_be_anything() {
        use crate::fixture::any_word_may_be_anything as odd;
        let words = [3, 7, 0, 2, BACK, 1, 2, 2, 2, 2, 0u32.wrapping_sub(4), 4];
        odd(&crate::ops::STRIDED_SLICE, (&words, &[]), &[&[8]], &[&[8]]);
        let words = [1, 0, 0, 4, 1, 1, 2, 0, 1, 2, 2, 4, 2, 1, 1];
        odd(
            &crate::ops::CONCATENATION,
            (&words, &[]),
            &[&[4], &[4]],
            &[&[9]],
        );
    }
}
