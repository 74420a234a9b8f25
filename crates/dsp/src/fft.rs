//! The Fourier transform of a frame, as blocks use it.
//!
//! The transform is `microfft`'s: no allocation, sines from a table, additions and
//! multiplications in a fixed order, so the same bits everywhere. The sizes here are
//! those that Cargo.toml switches on; the table grows with the largest.

/// Adds |Xₖ|² of the frame, k = 1 … N/2, to `power`; the frame is used up. N is the
/// frame's length, 8, 16, 32, 64 or 128; any other leaves `power` as it is.
pub(crate) fn add_spectrum(frame: &mut [f32], power: &mut [f32]) {
    use microfft::real::{rfft_8, rfft_16, rfft_32, rfft_64, rfft_128};
    macro_rules! spectrum {
        ($transform:ident) => {
            match frame.try_into() {
                Ok(frame) => &$transform(frame)[..],
                Err(_) => return,
            }
        };
    }
    let bins = match frame.len() {
        8 => spectrum!(rfft_8),
        16 => spectrum!(rfft_16),
        32 => spectrum!(rfft_32),
        64 => spectrum!(rfft_64),
        128 => spectrum!(rfft_128),
        _ => return,
    };
    let Some((first, rest)) = bins.split_first() else {
        return;
    };
    let Some((highest, power)) = power.split_last_mut() else {
        return;
    };
    // The real value of the highest bin comes packed beside that of bin 0.
    *highest += first.im * first.im;
    for (p, x) in power.iter_mut().zip(rest) {
        *p += x.re * x.re + x.im * x.im;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agrees_with_the_sum_that_defines_it() {
        for length in [8usize, 16, 32, 64, 128] {
            let mut frame = [0.0f32; 128];
            let mut power = [0.0f32; 64];
            let (frame, power) = (&mut frame[..length], &mut power[..length / 2]);
            for (i, x) in frame.iter_mut().enumerate() {
                *x = ((i * i * 7 + 3 * i) % 23) as f32 / 11.5 - 1.0;
            }
            let samples: std::vec::Vec<f64> = frame.iter().map(|x| f64::from(*x)).collect();
            add_spectrum(frame, power);
            for (bin, found) in power.iter().enumerate() {
                let turn = core::f64::consts::TAU * (bin + 1) as f64 / length as f64;
                let (mut re, mut im) = (0.0, 0.0);
                for (i, x) in samples.iter().enumerate() {
                    re += x * libm::cos(turn * i as f64);
                    im += x * libm::sin(turn * i as f64);
                }
                let expected = (re * re + im * im) as f32;
                let error = (found - expected).abs();
                assert!(error < 1e-4 * (1.0 + expected), "{length}, {bin}: {error}");
            }
        }
    }
}
