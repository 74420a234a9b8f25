//! `statistics`: a window in a few numbers an axis, without regard to order in time.
//!
//! **What.** Per axis of a window `[samples, axes]`, those that are switched on, in this
//! order (x: samples of the axis, n: how many, m: their mean, s: their deviation):
//!
//! | feature | formula | tells |
//! |---|---|---|
//! | `mean` | m = Σx / n, with its sign | the level, or how the sensor is held |
//! | `min`, `max` | smallest and largest x | its reach |
//! | `rms` | √(Σx² / n) | strength, level and movement together |
//! | `stdev` | s = √(Σ(x−m)² / n) | strength of the movement alone |
//! | `skewness` | Σz³ / n, z = (x−m)/s | jerks to one side |
//! | `kurtosis` | Σz⁴ / n − 3, at most 20 | rare hard knocks against steady swing |
//!
//! All in the unit of the samples but the last two, which have none. Good for slow
//! signals (temperature, pressure, a position), and cheap: no transform, one root each
//! for `rms` and `stdev`.
//!
//! **Defined everywhere.** An axis whose s is at most 10⁻⁶ counts as still: skewness and
//! kurtosis are 0. With every switch off there would be no feature: refused.
//!
//! **Source.** Edge Impulse's block "Flatten" and its seven numbers: moments of the
//! population (SciPy's `skew` and `kurtosis` with `bias=True`), kurtosis after Fisher.
//! The bound of 20 is ours.

use core::fmt::{self, Write};

use crate::block::{
    Block, BlockError, Layout, Setting, Signal, Step, clean, namer, no_tables, words,
};
use crate::moments::{centre, shape};

/// How many features an axis has with every switch on.
const ALL: usize = 7;

/// A switch, on unless said otherwise.
const fn switch(id: &'static str, title: &'static str, help: &'static str) -> Setting {
    Setting {
        id,
        title: words(title),
        unit: "",
        default: 1.0,
        min: 0.0,
        max: 1.0,
        step: Step::Switch,
        help: words(help),
    }
}

/// The block's row; feature and switch have the same name.
pub static STATISTICS: Block = Block {
    id: "statistics",
    code: 2,
    title: words("Statistics"),
    help: words(
        "A few numbers for each axis: level, reach, strength and shape. Cheap, and enough for slow signals.",
    ),
    settings: &[
        switch(
            "mean",
            "Mean",
            "The level of each axis, or how the sensor is held.",
        ),
        switch("min", "Smallest", "The lowest sample."),
        switch("max", "Largest", "The highest sample."),
        switch(
            "rms",
            "RMS",
            "Root of the mean square: strength, with the level in it.",
        ),
        switch(
            "stdev",
            "Standard deviation",
            "How strongly each axis moves around its mean.",
        ),
        switch(
            "skewness",
            "Skewness",
            "Above 0 with jerks upwards, below 0 with jerks downwards.",
        ),
        switch(
            "kurtosis",
            "Kurtosis",
            "High for rare hard knocks, below 0 for steady swing; at most 20.",
        ),
    ],
    check,
    prepare: no_tables,
    run,
    see: None,
    name: namer(name),
};

/// Features an axis has: as many as switches are on.
fn per_axis(settings: &[f32]) -> usize {
    settings.iter().take(ALL).filter(|s| **s != 0.0).count()
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    STATISTICS.check_settings(settings)?;
    signal.values()?;
    let features = signal.axes.checked_mul(per_axis(settings));
    match features.ok_or(BlockError::Signal)? {
        0 => Err(BlockError::NoFeatures),
        features => Ok(Layout {
            features,
            frames: 1,
            framing: None,
            scratch: signal.samples,
            grid: None,
        }),
    }
}

fn run(
    signal: &Signal,
    settings: &[f32],
    window: &[f32],
    scratch: &mut [f32],
    features: &mut [f32],
) {
    let Some(x) = scratch.get_mut(..signal.samples) else {
        return;
    };
    let axes = signal.axes.max(1);
    for (axis, out) in features
        .chunks_exact_mut(per_axis(settings).max(1))
        .enumerate()
    {
        let mut square = 0.0;
        for (x, &sample) in x.iter_mut().zip(window.iter().skip(axis).step_by(axes)) {
            *x = clean(sample);
            square += *x * *x;
        }
        let rms = libm::sqrtf(square / signal.samples as f32);
        let moments = centre(x);
        let (skewness, kurtosis) = match settings {
            [.., 0.0, 0.0] => (0.0, 0.0),
            _ => shape(x, moments.deviation),
        };
        let all: [f32; ALL] = [
            moments.mean,
            moments.low,
            moments.high,
            rms,
            moments.deviation,
            skewness,
            kurtosis,
        ];
        let chosen = all.iter().zip(settings).filter(|(_, on)| **on != 0.0);
        for (to, (from, _)) in out.iter_mut().zip(chosen) {
            *to = *from;
        }
    }
}

fn name(
    signal: &Signal,
    settings: &[f32],
    index: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let (axis, feature) = match per_axis(settings) {
        0 => return Ok(None),
        n => (index / n, index % n),
    };
    if axis >= signal.axes {
        return Ok(None);
    }
    let rows = STATISTICS.settings.iter().zip(settings);
    if let Some((row, _)) = rows.filter(|(_, on)| **on != 0.0).nth(feature) {
        out.write_str(row.id)?;
    }
    Ok(Some(axis))
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
        let mut out = vec![f32::NAN; layout.features];
        let mut scratch = vec![f32::NAN; layout.scratch];
        run(&signal, settings, window, &mut scratch, &mut out);
        out
    }

    #[test]
    fn two_axes_by_hand() {
        // x = 0 0 0 4: m = 1, s² = (3·1 + 9)/4 = 3, Σx²/4 = 4. Σz³/4 = (−3 + 27)/(4·3√3),
        // Σz⁴/4 = (3 + 81)/(4·9) = 7/3. y = ±1: the flattest there is.
        let found = features(2, &[1.0; 7], &[0.0, 1.0, 0.0, -1.0, 0.0, 1.0, 4.0, -1.0]);
        let root = 3f32.sqrt();
        let expected = [
            [1.0, 0.0, 4.0, 2.0, root, 2.0 / root, 7.0 / 3.0 - 3.0],
            [0.0, -1.0, 1.0, 1.0, 1.0, 0.0, -2.0],
        ];
        for (found, expected) in found.iter().zip(expected.as_flattened()) {
            assert!((found - expected).abs() < 1e-6, "{found} {expected}");
        }
    }

    #[test]
    fn switches_choose_and_names_follow() {
        let settings = [1.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
        let window = [0.0, 0.0, 0.0, 4.0];
        let all = features(1, &[1.0; 7], &window);
        assert_eq!(
            features(1, &settings, &window),
            [all[0], all[2], all[6]].as_slice()
        );
        let signal = Signal {
            rate_hz: 10.0,
            samples: 4,
            axes: 2,
        };
        let names = |index| {
            let mut text = String::new();
            let axis = name(&signal, &settings, index, &mut text).expect("strings take all");
            (text, axis)
        };
        assert_eq!(names(1), ("max".into(), Some(0)));
        assert_eq!(names(5), ("kurtosis".into(), Some(1)));
        assert_eq!(names(6), (String::new(), None));
        assert_eq!(check(&signal, &[0.0; 7]), Err(BlockError::NoFeatures));
        assert!(matches!(
            check(&signal, &[0.5; 7]),
            Err(BlockError::Setting { id: "mean", .. })
        ));
    }

    #[test]
    fn silence_constants_and_one_sample_have_no_shape() {
        for level in [0.0, -9.81, 1e9] {
            for n in [1, 7, 300] {
                let found = features(1, &[1.0; 7], &vec![level; n]);
                assert_eq!(found[..3], [level; 3]);
                assert!((found[3] / level.abs().max(1e-9) - 1.0).abs() < 1e-5 || level == 0.0);
                assert_eq!(found[4..], [0.0; 3]);
            }
        }
    }

    #[test]
    fn anything_that_a_sensor_may_say_is_finite() {
        let odd = [
            f32::NAN,
            f32::INFINITY,
            f32::NEG_INFINITY,
            f32::MAX,
            1e-45,
            -0.0,
            3.0,
        ];
        for scale in [1.0, 1e-38, 1e20] {
            let window: Vec<f32> = (0..70).map(|i| odd[i * 5 % 7] * scale).collect();
            let found = features(2, &[1.0; 7], &window);
            assert!(found.iter().all(|x| x.is_finite()), "{scale}: {found:?}");
        }
        // A full-scale square wave.
        let square: Vec<f32> = (0..64)
            .map(|i| if i & 8 == 0 { 1.0 } else { -1.0 })
            .collect();
        assert_eq!(
            features(1, &[1.0; 7], &square),
            [0.0, -1.0, 1.0, 1.0, 1.0, 0.0, -2.0]
        );
    }
}
