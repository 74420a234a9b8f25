//! Weights as the kernels want them, and which kernels these are.

use alloc::vec::Vec;
use core::arch::wasm32::{i32x4, i32x4_add, i32x4_dot_i16x8, v128};

use super::relaxed::{self, OfChannels, OfWindows, Path};
use super::tile::{self, Channels, Dot, Windows};

/// Two numbers of 16 bits.
struct Pairs;

impl Dot for Pairs {
    #[inline(always)]
    fn add(sum: v128, x: v128, w: v128) -> v128 {
        i32x4_add(sum, i32x4_dot_i16x8(x, w))
    }
}

extern "C" fn four_windows(job: &Windows) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::four_windows::<Pairs>(job) }
}

extern "C" fn one_window(job: &Windows) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::one_window::<Pairs>(job) }
}

extern "C" fn channels(job: &Channels) {
    // SAFETY: as this function's own caller promises.
    unsafe { tile::channels::<Pairs>(job) }
}

/// The kernels of a path.
pub(super) fn kernels(path: Path) -> (OfWindows, OfWindows, OfChannels) {
    match path {
        Path::Pairs => (four_windows, one_window, channels),
        Path::Signed | Path::Unsigned => relaxed::functions(),
    }
}

/// Biases and weights of outputs, in blocks of `lanes` outputs: the biases, then for each step
/// as many 32-bit words of weights as the path multiplies at once.
///
/// `weight(o, step, i)` is number `i` of output `o` at that step.
pub(super) fn pack(
    path: Path,
    (bias, lanes): (&[i32], usize),
    steps: usize,
    weight: &dyn Fn(usize, usize, usize) -> i8,
) -> Vec<v128> {
    let each = path.values();
    let at = |o: usize, step: usize, i: usize| {
        if o < bias.len() {
            weight(o, step, i)
        } else {
            0
        }
    };
    let first = |o: usize| {
        let bias = bias.get(o).copied().unwrap_or(0);
        // Values are 128 more than they should be.
        let all = || (0..steps).flat_map(|step| (0..each).map(move |i| (step, i)));
        let more = || {
            all().fold(0i32, |sum, (step, i)| {
                sum.wrapping_add(at(o, step, i).into())
            })
        };
        match path {
            Path::Unsigned => bias.wrapping_sub(more().wrapping_mul(128)),
            Path::Pairs | Path::Signed => bias,
        }
    };
    let word = |o: usize, step: usize| {
        let part = |i: usize| i32::from(at(o, step, i));
        match path {
            Path::Pairs => part(0) & 0xffff | part(1) << 16,
            Path::Signed | Path::Unsigned => {
                i32::from_le_bytes([0, 1, 2, 3].map(|i| part(i) as u8))
            }
        }
    };
    let blocks = bias.len().div_ceil(lanes);
    let mut packed = Vec::with_capacity(blocks * lanes / 4 * (steps + 1));
    for block in (0..blocks).map(|block| block * lanes) {
        let fours = || (0..lanes).step_by(4).map(|o| block + o);
        packed.extend(fours().map(|o| i32x4(first(o), first(o + 1), first(o + 2), first(o + 3))));
        for step in 0..steps {
            let word = |o: usize| word(o, step);
            packed.extend(fours().map(|o| i32x4(word(o), word(o + 1), word(o + 2), word(o + 3))));
        }
    }
    packed
}
