//! By hand, and at the edges.

use std::string::String;
use std::vec;
use std::vec::Vec;

use super::*;

/// The shortest frame and every feature of each axis.
const ALL: [f32; 11] = [8.0, 1.0, 1.0, 0.01, 1.0, 0.0, 0.0, 0.0, 0.0, 3.0, 3.0];

fn unfiltered(settings: [f32; 8]) -> [f32; 11] {
    let mut all = ALL;
    all[..8].copy_from_slice(&settings);
    all
}

fn features(axes: usize, settings: &[f32], window: &[f32]) -> Vec<f32> {
    let signal = Signal {
        rate_hz: 8.0,
        samples: window.len() / axes,
        axes,
    };
    let layout = check(&signal, settings).expect("legal");
    let mut out = vec![f32::NAN; layout.features];
    let mut scratch = vec![f32::NAN; layout.scratch];
    prepare(&signal, settings, &mut scratch);
    run(&signal, settings, window, &mut scratch, &mut out);
    out
}

#[test]
fn a_square_wave_by_hand() {
    // Two samples up, two down, around −2: m = −2, s = 1, z = ±1. Its spectrum of
    // 8 samples has |X₂|² = 32, so P₂ = 32 · 2 / 64 = 1; the other bins are silent.
    let window = [-1.0, -1.0, -3.0, -3.0, -1.0, -1.0, -3.0, -3.0];
    let mut settings = ALL;
    settings[2] = 0.0;
    let found = features(1, &settings, &window);
    let expected = [2.0, 1.0, 2.0, 3.0 / 7.0, 0.0, -2.0, 0.0, 1.0, 0.0, 0.0];
    for (i, (found, expected)) in found.iter().zip(expected).enumerate() {
        assert!((found - expected).abs() < 1e-6, "feature {i}: {found}");
    }
    settings[5] = 1.0;
    assert_eq!(features(1, &settings, &window)[0], -2.0);
}

#[test]
fn the_highest_bin_is_not_doubled() {
    let window = [1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0];
    let found = features(
        1,
        &unfiltered([8.0, 0.0, 0.0, 0.01, 0.0, 0.0, 0.0, 0.0]),
        &window,
    );
    assert_eq!(found[4..], [0.0, 0.0, 0.0, 1.0]);
}

#[test]
fn silence_and_constants_give_the_floor() {
    for level in [0.0, 9.81, -1e9, 1e30] {
        let found = features(1, &ALL, &[level; 16]);
        assert_eq!(found[1..6], [0.0; 5], "{level}");
        assert!(found[6..].iter().all(|p| (p + 4.0).abs() < 1e-6));
    }
}

#[test]
fn anything_that_a_sensor_may_say_is_finite() {
    let odd = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE,
        1e-45,
        -0.0,
    ];
    for log in [0.0, 1.0] {
        for scale in [1.0, 1e-38, 1e-20, 1e20] {
            let window: Vec<f32> = (0..32).map(|i| odd[i * 5 % 8] * scale).collect();
            let mut settings = ALL;
            settings[2] = log;
            let found = features(2, &settings, &window);
            assert!(found.iter().all(|x| x.is_finite()), "{scale}: {found:?}");
        }
    }
    // What is not a number counts as 0.
    let mut window = [0.0, 1.0].repeat(8);
    let expected = features(1, &ALL, &window);
    window[4] = f32::NAN;
    window[6] = f32::INFINITY;
    assert_eq!(features(1, &ALL, &window), expected);
}

#[test]
fn axes_do_not_mix() {
    let a: Vec<f32> = (0..24).map(|i| ((i * 7) % 5) as f32).collect();
    let b: Vec<f32> = (0..24).map(|i| ((i * 3) % 11) as f32 - 4.0).collect();
    let both: Vec<f32> = a.iter().zip(&b).flat_map(|(a, b)| [*a, *b]).collect();
    let mut apart = features(1, &ALL, &a);
    apart.extend(features(1, &ALL, &b));
    assert_eq!(features(2, &ALL, &both), apart);
}

#[test]
fn bands_are_sums_of_their_bins() {
    let window: Vec<f32> = (0..96).map(|i| ((i * i * 7) % 23) as f32).collect();
    let bins = features(
        1,
        &unfiltered([64.0, 1.0, 0.0, 0.01, 0.0, 0.0, 0.0, 0.0]),
        &window,
    );
    let bands = features(
        1,
        &unfiltered([64.0, 1.0, 0.0, 0.01, 0.0, 0.0, 1.0, 0.0]),
        &window,
    );
    assert_eq!((bins.len(), bands.len()), (PLAIN + 32, PLAIN + 7));
    for (band, range) in [(0, 1..=1), (3, 4..=4), (4, 5..=6), (5, 7..=8), (6, 9..=32)] {
        let sum: f32 = range
            .map(|k| bins[PLAIN + k - 1] * bins[PLAIN + k - 1])
            .sum();
        let found = bands[PLAIN + band];
        assert!(
            (found - libm::sqrtf(sum)).abs() < 1e-4,
            "band {band}: {found}"
        );
    }
    // A short frame has no more bands than bins.
    for (length, powers) in [(8.0, 4), (16.0, 6), (32.0, 7), (128.0, 7)] {
        let window = [0.0; 128];
        let settings = unfiltered([length, 1.0, 1.0, 0.01, 0.0, 0.0, 1.0, 0.0]);
        assert_eq!(features(1, &settings, &window).len(), PLAIN + powers);
    }
}

#[test]
fn magnitude_does_not_change_when_the_sensor_is_turned() {
    let settings = unfiltered([8.0, 1.0, 1.0, 0.01, 0.0, 0.0, 1.0, 1.0]);
    // (3, 4) has length 5, and so has (−4, 3): a quarter turn.
    let held: Vec<f32> = (0..16)
        .flat_map(|i| [3.0 * (i % 3) as f32, 4.0 * (i % 3) as f32])
        .collect();
    let turned: Vec<f32> = held.chunks(2).flat_map(|p| [-p[1], p[0]]).collect();
    let (a, b) = (
        features(2, &settings, &held),
        features(2, &settings, &turned),
    );
    assert_eq!(a.len(), 3 * (PLAIN + 4));
    assert_eq!(a[16..], b[16..]);
    assert_eq!(a[18], 10.0);
    // One axis alone is its own magnitude.
    assert_eq!(features(1, &settings, &[1.0; 16]).len(), PLAIN + 4);
}

#[test]
fn a_filter_keeps_one_side_of_its_cutoff() {
    // At 8 Hz: gravity, and 3 Hz of height 1; frames of 8 have bins of 1 Hz.
    let window: Vec<f32> = (0..160)
        .map(|i| 9.81 + libm::sin(f64::from(i) * core::f64::consts::TAU * 3.0 / 8.0) as f32)
        .collect();
    let mut settings = unfiltered([8.0, 0.0, 0.0, 0.01, 0.0, 1.0, 0.0, 0.0]);
    let open = features(1, &settings, &window);
    assert!((open[1] - 0.5f32.sqrt()).abs() < 1e-4 && (open[6] - open[1]).abs() < 1e-3);
    settings[8..].copy_from_slice(&[1.0, 1.0, 4.0]);
    let low = features(1, &settings, &window);
    assert!((low[0] - 9.81).abs() < 0.01 && low[1] < 0.02, "{low:?}");
    settings[8] = 2.0;
    let high = features(1, &settings, &window);
    assert!(high[0].abs() < 0.01, "no gravity is left: {high:?}");
    assert!((high[1] - open[1]).abs() < 0.02, "{high:?}");
    // Off is off, whatever the other two say.
    settings[8] = 0.0;
    assert_eq!(features(1, &settings, &window), open);
}

#[test]
fn refuses_settings_and_signals_that_do_not_work() {
    let mut signal = Signal {
        rate_hz: 50.0,
        samples: 63,
        axes: 3,
    };
    let defaults: Vec<f32> = SPECTRAL.settings.iter().map(|s| s.default).collect();
    assert_eq!(
        check(&signal, &defaults),
        Err(BlockError::WindowTooShort {
            needed: 64,
            found: 63
        })
    );
    signal.samples = 100;
    assert_eq!(
        check(&signal, &defaults),
        Ok(Layout {
            features: (3 + 1) * 11,
            frames: 1,
            framing: None,
            scratch: 17 + 100 + 64 + 32,
            grid: None,
        })
    );
    assert!(matches!(
        check(&signal, &defaults[1..]),
        Err(BlockError::SettingCount { found: 10, .. })
    ));
    for (i, bad) in [
        (0, 24.0),
        (0, 4.0),
        (0, 256.0),
        (0, f32::NAN),
        (1, 0.5),
        (3, 0.0),
        (8, 3.0),
        (8, 0.5),
        (9, 0.0),
        (10, 5.0),
    ] {
        let mut settings = defaults.clone();
        settings[i] = bad;
        let id = SPECTRAL.settings[i].id;
        let error = check(&signal, &settings).expect_err("off its range");
        assert!(matches!(error, BlockError::Setting { id: found, .. } if found == id));
    }
    let mut settings = defaults.clone();
    settings[8..10].copy_from_slice(&[1.0, 24.6]);
    let most = 0.49 * signal.rate_hz;
    assert_eq!(
        check(&signal, &settings),
        Err(BlockError::Cutoff { found: 24.6, most })
    );
    settings[8] = 0.0;
    assert!(check(&signal, &settings).is_ok());
    for (rate_hz, axes) in [(0.0, 3), (f32::NAN, 3), (50.0, 0), (50.0, usize::MAX)] {
        let signal = Signal {
            rate_hz,
            axes,
            ..signal
        };
        assert_eq!(check(&signal, &defaults), Err(BlockError::Signal));
    }
}

#[test]
fn every_feature_has_a_name() {
    let signal = Signal {
        rate_hz: 50.0,
        samples: 100,
        axes: 2,
    };
    let names = |index| {
        let mut text = String::new();
        let axis = name(&signal, &ALL, index, &mut text).expect("strings take all");
        (text, axis)
    };
    assert_eq!(names(0), ("mean".into(), Some(0)));
    assert_eq!(names(5), ("kurtosis".into(), Some(0)));
    assert_eq!(names(6), ("power 6.3 Hz".into(), Some(0)));
    assert_eq!(names(19), ("power 25.0 Hz".into(), Some(1)));
    assert_eq!(names(20), (String::new(), None));
    let bands = unfiltered([32.0, 1.0, 1.0, 0.01, 0.0, 0.0, 1.0, 1.0]);
    let mut text = String::new();
    assert_eq!(name(&signal, &bands, 2 * 11 + 8, &mut text), Ok(None));
    assert_eq!(text, "magnitude power 7.8–9.4 Hz");
}
