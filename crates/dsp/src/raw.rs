//! `raw`: the samples themselves, for networks that look at the course in time.
//!
//! **What.** `[frames, axes]`: frame f of an axis is `scale` times the mean of its samples
//! f·d … f·d + d − 1, d = `decimation`. So the picture has one column an axis, and a
//! 1-D convolution runs along its frames. A tail of fewer than d samples is left out.
//!
//! The mean is a plain low-pass with its first zero at rate / d: it keeps fast shaking
//! from posing as slow movement, though not as well as a lower rate of the whole model
//! does, to which recordings are resampled.
//!
//! **Defined everywhere.** Samples go through [`clean`]; the bounds of `scale` keep
//! what they become finite. A window of fewer than d samples has no frame: refused.
//!
//! **Source.** Edge Impulse's block "Raw data" (`scale`); its spectral block's decimation
//! here takes means.

use core::fmt::{self, Write};

use crate::block::{
    Block, BlockError, Framing, Layout, Setting, Signal, Step, clean, namer, no_tables, words,
};

/// The block's row.
pub static RAW: Block = Block {
    id: "raw",
    code: 3,
    title: words("Raw samples"),
    help: words(
        "The samples as they are, one column an axis, for networks with convolutions over time.",
    ),
    settings: &[
        Setting {
            id: "scale",
            title: words("Scale"),
            unit: "",
            default: 1.0,
            min: 1e-6,
            max: 1e6,
            step: Step::Any,
            help: words(
                "Each sample is multiplied by this. Training brings every axis to one scale anyway.",
            ),
        },
        Setting {
            id: "decimation",
            title: words("Samples to a frame"),
            unit: "samples",
            default: 1.0,
            min: 1.0,
            max: 1000.0,
            step: Step::Whole,
            help: words(
                "The mean of so many samples makes one frame: fewer features, and less of what is fast.",
            ),
        },
    ],
    check,
    prepare: no_tables,
    run,
    see: None,
    name: namer(name),
};

/// Samples to a frame, at least 1.
fn decimation(settings: &[f32]) -> usize {
    settings.get(1).map_or(1, |d| *d as usize).max(1)
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    RAW.check_settings(settings)?;
    signal.values()?;
    let needed = decimation(settings);
    let frames = signal.samples / needed;
    if frames == 0 {
        return Err(BlockError::WindowTooShort {
            needed,
            found: signal.samples,
        });
    }
    Ok(Layout {
        features: frames * signal.axes,
        frames,
        framing: Some(Framing {
            length: needed,
            stride: needed,
            independent: true,
        }),
        scratch: 0,
        grid: None,
    })
}

fn run(
    signal: &Signal,
    settings: &[f32],
    window: &[f32],
    _scratch: &mut [f32],
    features: &mut [f32],
) {
    let (axes, count) = (signal.axes.max(1), decimation(settings));
    let scale = settings.first().map_or(1.0, |s| *s);
    let frames = window.chunks_exact(axes.saturating_mul(count).max(1));
    for (out, samples) in features.chunks_exact_mut(axes).zip(frames) {
        out.fill(0.0);
        for sample in samples.chunks_exact(axes) {
            for (sum, x) in out.iter_mut().zip(sample) {
                *sum += clean(*x);
            }
        }
        for x in out {
            // The mean of one sample is that sample: no division then.
            let mean = if count == 1 { *x } else { *x / count as f32 };
            *x = mean * scale;
        }
    }
}

fn name(
    signal: &Signal,
    settings: &[f32],
    index: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let axes = signal.axes.max(1);
    if index / axes >= signal.samples / decimation(settings) {
        return Ok(None);
    }
    out.write_str("sample")?;
    Ok(Some(index % axes))
}

#[cfg(test)]
mod tests {
    use std::string::String;
    use std::vec;
    use std::vec::Vec;

    use super::*;

    fn features(axes: usize, settings: &[f32], window: &[f32]) -> Vec<f32> {
        let signal = Signal {
            rate_hz: 10.0,
            samples: window.len() / axes,
            axes,
        };
        let layout = check(&signal, settings).expect("legal");
        assert_eq!(layout.columns(), axes);
        let mut out = vec![f32::NAN; layout.features];
        run(&signal, settings, window, &mut [], &mut out);
        out
    }

    #[test]
    fn samples_come_through_and_are_scaled() {
        let window = [1.0, -0.0, f32::MIN_POSITIVE, 4.0];
        let bits = |x: &[f32]| x.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
        // 0 + −0 is 0: the only sample that changes its sign.
        let expected = [1.0, 0.0, f32::MIN_POSITIVE, 4.0];
        assert_eq!(bits(&features(2, &[1.0, 1.0], &window)), bits(&expected));
        assert_eq!(features(1, &[0.5, 1.0], &[1.0, 3.0]), [0.5, 1.5]);
    }

    #[test]
    fn decimation_takes_means_and_leaves_the_tail() {
        let window = [1.0, 10.0, 3.0, 30.0, 5.0, 50.0, 7.0, 70.0, 9.0, 90.0];
        assert_eq!(features(2, &[2.0, 2.0], &window), [4.0, 40.0, 12.0, 120.0]);
        let signal = Signal {
            rate_hz: 10.0,
            samples: 5,
            axes: 2,
        };
        assert_eq!(
            check(&signal, &[1.0, 6.0]),
            Err(BlockError::WindowTooShort {
                needed: 6,
                found: 5
            })
        );
        assert!(check(&signal, &[1.0, 1.5]).is_err());
        assert!(check(&signal, &[f32::NAN, 1.0]).is_err());
        assert!(
            check(
                &Signal {
                    samples: 0,
                    ..signal
                },
                &[1.0, 1.0]
            )
            .is_err()
        );
    }

    #[test]
    fn columns_are_named_by_their_axis() {
        let signal = Signal {
            rate_hz: 10.0,
            samples: 50,
            axes: 3,
        };
        let names = |index| {
            let mut text = String::new();
            let axis = name(&signal, &[1.0, 4.0], index, &mut text).expect("strings take all");
            (text, axis)
        };
        assert_eq!(names(1), ("sample".into(), Some(1)));
        assert_eq!(names(35), ("sample".into(), Some(2)));
        assert_eq!(names(36), (String::new(), None));
    }

    #[test]
    fn anything_that_a_sensor_may_say_is_finite() {
        let odd = [f32::NAN, f32::INFINITY, f32::MAX, f32::MIN, 1e-45, -0.0];
        for decimation in [1.0, 3.0] {
            for scale in [1e-6, 1e6] {
                let window: Vec<f32> = (0..60).map(|i| odd[i * 5 % 6]).collect();
                let found = features(1, &[scale, decimation], &window);
                assert!(found.iter().all(|x| x.is_finite()), "{found:?}");
            }
        }
    }
}
