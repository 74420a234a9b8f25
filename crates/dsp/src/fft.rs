//! The power spectrum of a frame, as blocks use it.
//!
//! The transform is `microfft`'s: no allocation, sines from a table, additions and
//! multiplications in a fixed order, so the same bits everywhere. The sizes here are
//! those that Cargo.toml switches on; the table grows with the largest.

use core::cell::Cell;

/// Longest frame that can be transformed.
pub(crate) const MAX_LENGTH: f32 = 2048.0;

/// Turns a frame of N samples into |Xₖ|², k = 0 … N/2, which are given back; they lie
/// at the frame's front. N is the frame's length, a power of two from 8 to
/// [`MAX_LENGTH`]; any other gives nothing.
pub(crate) fn power(frame: &mut [f32]) -> &mut [f32] {
    use microfft::real::{
        rfft_8, rfft_16, rfft_32, rfft_64, rfft_128, rfft_256, rfft_512, rfft_1024, rfft_2048,
    };
    macro_rules! transform {
        ($($length:literal $transform:ident),*) => {
            match frame.len() {
                $($length => match frame.first_chunk_mut() {
                    Some(frame) => $transform(frame).len(),
                    None => return &mut [],
                },)*
                _ => return &mut [],
            }
        };
    }
    let half = transform!(
        8 rfft_8, 16 rfft_16, 32 rfft_32, 64 rfft_64, 128 rfft_128,
        256 rfft_256, 512 rfft_512, 1024 rfft_1024, 2048 rfft_2048
    );
    // A value lands ahead of all the pairs that are still to be read.
    let cells = Cell::from_mut(&mut *frame).as_slice_of_cells();
    let pairs = cells.chunks_exact(2);
    if let [first, highest, ..] = cells {
        // The real value of the highest bin comes packed beside that of bin 0.
        let (re, nyquist) = (first.get(), highest.get());
        for (to, pair) in cells.iter().zip(pairs).skip(1) {
            if let [re, im] = pair {
                to.set(re.get() * re.get() + im.get() * im.get());
            }
        }
        first.set(re * re);
        if let Some(last) = cells.get(half) {
            last.set(nyquist * nyquist);
        }
    }
    frame.get_mut(..=half).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_that_defines_it() {
        for length in [8usize, 16, 32, 64, 128, 256, 512, 1024, 2048] {
            let mut frame = std::vec![0.0f32; length];
            for (i, x) in frame.iter_mut().enumerate() {
                *x = ((i * i * 7 + 3 * i) % 23) as f32 / 11.5 - 1.0;
            }
            let samples: std::vec::Vec<f64> = frame.iter().map(|x| f64::from(*x)).collect();
            let power = power(&mut frame);
            assert_eq!(power.len(), length / 2 + 1);
            for (bin, found) in power.iter().enumerate() {
                let (mut re, mut im) = (0.0, 0.0);
                for (i, x) in samples.iter().enumerate() {
                    let turn = core::f64::consts::TAU * (bin * i % length) as f64 / length as f64;
                    re += x * libm::cos(turn);
                    im += x * libm::sin(turn);
                }
                let expected = (re * re + im * im) as f32;
                let error = (found - expected).abs();
                assert!(error < 1e-4 * (1.0 + expected), "{length}, {bin}: {error}");
            }
        }
    }

    #[test]
    fn other_lengths_give_nothing() {
        for length in [0, 1, 2, 4, 12, 4096] {
            assert!(power(&mut std::vec![1.0; length]).is_empty());
        }
    }
}
