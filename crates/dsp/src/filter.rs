//! Butterworth filters of even order, as second-order sections.
//!
//! Each section is a state-variable filter: two integrators by the trapezoidal rule, with
//! g = tan(π · cutoff / rate) and the damping k = 2 · sin(π(2i+1) / 2n) of pair i of the n
//! poles. As a transfer function this is the bilinear transform with the cut-off in its
//! place, so the sections together are what `scipy.signal.butter` designs. Unlike the direct
//! forms it keeps its accuracy in `f32` where the cut-off is far below the rate.
//!
//! It starts as if the first sample had been there for ever: a constant comes out of a
//! low-pass bit for bit and out of a high-pass as 0, so gravity makes no step.
//!
//! **Source.** V. Zavalishin, "The Art of VA Filter Design" (2012), chapter 4.

use core::f32::consts::SQRT_2;

/// The highest cut-off, as a share of the rate: tan grows without bound towards 1/2.
pub(crate) const MOST_CUTOFF: f32 = 0.49;
/// Most sections in a row.
const MOST_SECTIONS: usize = 4;

/// Which side of the cut-off passes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Pass {
    Low,
    High,
}

/// A filter for one rate.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Filter {
    pass: Pass,
    g: f32,
    /// k of each section, the flattest first.
    dampings: &'static [f32],
}

/// 2 · sin(π(2i+1) / 2n) for n = 2, 4, 6, 8, falling.
const DAMPINGS: [&[f32]; MOST_SECTIONS] = [
    &[SQRT_2],
    &[1.847_759, 0.765_366_85],
    &[1.931_851_6, SQRT_2, 0.517_638_1],
    &[1.961_570_5, 1.662_939_2, 1.111_140_5, 0.390_180_65],
];

impl Filter {
    /// A filter of order 2 · `sections` (1 to 4), `cutoff_hz` above 0 and at most
    /// [`MOST_CUTOFF`] of the rate.
    pub(crate) fn new(pass: Pass, cutoff_hz: f32, rate_hz: f32, sections: usize) -> Self {
        let index = sections.clamp(1, MOST_SECTIONS) - 1;
        Self {
            pass,
            g: tan_of_half_turns((cutoff_hz / rate_hz).min(MOST_CUTOFF)),
            dampings: DAMPINGS.get(index).copied().unwrap_or_default(),
        }
    }

    /// Filters an axis in place.
    pub(crate) fn apply(&self, x: &mut [f32]) {
        for &k in self.dampings {
            // A loop for each: in one, the high-pass would be computed either way.
            match self.pass {
                Pass::Low => section(x, self.g, k, |_, level, _| level),
                Pass::High => section(x, self.g, k, |v, level, flow| v - level - k * flow),
            }
        }
    }
}

/// One section in place. `out` makes its output of the input, of the level that a
/// low-pass gives, and of the flow towards it.
fn section(x: &mut [f32], g: f32, k: f32, out: impl Fn(f32, f32, f32) -> f32) {
    let a = 1.0 / (1.0 + g * (g + k));
    // The states of a constant: nothing flows, and the second holds it.
    let (mut band, mut low) = (0.0, x.first().copied().unwrap_or_default());
    for v in x.iter_mut() {
        let flow = a * (band + g * (*v - low));
        let step = g * flow;
        let level = low + step;
        band = flow + flow - band;
        low = level + step;
        *v = out(*v, level, flow);
    }
}

/// tan(π · x) for 0 ≤ x < 1/2, by Lambert's continued fraction; nearer to the truth
/// than `f32` can tell, without the `f64` arithmetic that `libm` would link.
fn tan_of_half_turns(x: f32) -> f32 {
    let near = |x: f32| {
        let x = core::f32::consts::PI * x;
        let square = x * x;
        x / (1.0 - square / (3.0 - square / (5.0 - square / (7.0 - square / 9.0))))
    };
    if x <= 0.25 {
        near(x)
    } else {
        1.0 / near(0.5 - x)
    }
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    #[test]
    fn the_tangent_is_right_to_the_last_digits() {
        for i in 1..4900 {
            let x = i as f32 / 10_000.0;
            let true_value = libm::tan(core::f64::consts::PI * f64::from(x));
            let error = (f64::from(tan_of_half_turns(x)) / true_value - 1.0).abs();
            // Near 1/2 the rounding of π(1/2 − x) tells.
            assert!(error < 5e-7, "{x}: {error}");
        }
    }

    #[test]
    fn dampings_are_those_of_butterworth() {
        for (sections, row) in (1..).zip(DAMPINGS) {
            let order = 2.0 * f64::from(sections);
            for (i, k) in row.iter().rev().enumerate() {
                let angle = core::f64::consts::PI * (2.0 * i as f64 + 1.0) / (2.0 * order);
                assert_eq!(*k, (2.0 * libm::sin(angle)) as f32);
            }
        }
    }

    #[test]
    fn constants_pass_a_low_pass_bit_for_bit_and_a_high_pass_not_at_all() {
        for level in [9.81f32, -1e9, 1e-30, 0.0] {
            for cutoff in [0.01, 3.0, 49.0] {
                for sections in 1..=4 {
                    let mut x = [level; 300];
                    Filter::new(Pass::Low, cutoff, 100.0, sections).apply(&mut x);
                    assert_eq!(x, [level; 300]);
                    Filter::new(Pass::High, cutoff, 100.0, sections).apply(&mut x);
                    assert_eq!(x, [0.0; 300]);
                }
            }
        }
    }

    #[test]
    fn the_cutoff_is_3_db_down_and_each_section_adds_12_db_an_octave() {
        // 200 Hz, cut-off 5 Hz; whole turns in the second half of 8 s.
        let height = |pass, hz: f64, sections| {
            let turn = core::f64::consts::TAU * hz / 200.0;
            let mut x: Vec<f32> = (0..1600)
                .map(|i| libm::sin(turn * f64::from(i)) as f32)
                .collect();
            Filter::new(pass, 5.0, 200.0, sections).apply(&mut x);
            let square: f32 = x[800..].iter().map(|v| v * v).sum();
            20.0 * libm::log10f(libm::sqrtf(square / 400.0))
        };
        for sections in 1..=4 {
            for pass in [Pass::Low, Pass::High] {
                let found = height(pass, 5.0, sections);
                assert!(
                    (found + 3.0103).abs() < 0.01,
                    "{pass:?} {sections}: {found}"
                );
            }
            // −10 · log₁₀(1 + 2²ⁿ), and a little for what the bilinear transform bends.
            let octave = -10.0 * libm::log10f(1.0 + 16f32.powi(sections as i32));
            let found = height(Pass::Low, 10.0, sections);
            assert!((found - octave).abs() < 0.5, "{sections}: {found}");
            let found = height(Pass::High, 2.5, sections);
            assert!((found - octave).abs() < 0.5, "{sections}: {found}");
            assert!(height(Pass::Low, 1.0, sections).abs() < 0.01);
            assert!(height(Pass::High, 40.0, sections).abs() < 0.01);
        }
    }

    #[test]
    fn the_wildest_input_stays_finite() {
        for pass in [Pass::Low, Pass::High] {
            for cutoff in [1e-7, 0.01, 0.3, 0.49, 0.5, 7.0] {
                let mut x: Vec<f32> = (0..4000u32)
                    .map(|i| if i * 7919 % 31 < 15 { 1e9 } else { -1e9 })
                    .collect();
                Filter::new(pass, cutoff, 1.0, 4).apply(&mut x);
                assert!(x.iter().all(|v| v.abs() < 2e10), "{pass:?} {cutoff}");
            }
        }
        Filter::new(Pass::Low, 1.0, 10.0, 1).apply(&mut []);
        let mut one = vec![3.0];
        Filter::new(Pass::Low, 1.0, 10.0, 9).apply(&mut one);
        assert_eq!(one, [3.0]);
    }
}
