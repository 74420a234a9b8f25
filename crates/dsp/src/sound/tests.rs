//! By hand, and at the edges; `tests/sound.rs` has the whole windows.

use std::string::String;
use std::vec;
use std::vec::Vec;

use super::*;
use crate::mfcc::MFCC;
use crate::mfe::MFE;
use crate::spectrogram::SPECTROGRAM;

const SOUND: Signal = Signal {
    rate_hz: 16_000.0,
    samples: 16_000,
    axes: 1,
};

fn with(block: &Block, differing: &[(&str, f32)]) -> Vec<f32> {
    let said = |id| differing.iter().find(|(name, _)| *name == id);
    let rows = block.settings.iter();
    rows.map(|row| said(row.id).map_or(row.default, |(_, value)| *value))
        .collect()
}

fn features(block: &Block, signal: &Signal, differing: &[(&str, f32)], window: &[f32]) -> Vec<f32> {
    let settings = with(block, differing);
    let layout = (block.check)(signal, &settings).expect("legal");
    let mut scratch = vec![f32::NAN; layout.scratch];
    (block.prepare)(signal, &settings, &mut scratch);
    let mut out = vec![f32::NAN; layout.features];
    (block.run)(signal, &settings, window, &mut scratch, &mut out);
    out
}

/// 8 samples a second, so that a bin of 8 samples is a hertz.
fn slow(samples: usize, axes: usize) -> Signal {
    Signal {
        rate_hz: 8.0,
        samples,
        axes,
    }
}

#[test]
fn a_spectrogram_by_hand() {
    // Frames of 8: up and down is |X₄| = 8, so P₄ = 64 / 8; a constant 1 is P₀ = 8.
    let rows = [
        ("frame_ms", 1000.0),
        ("stride_ms", 500.0),
        ("fft_length", 8.0),
        ("hann", 0.0),
        ("low_hz", 0.0),
        ("noise_floor_db", -20.0),
        ("group_bins", 1.0),
    ];
    let window = [
        1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 1.0, 1.0,
    ];
    let found = features(&SPECTROGRAM, &slow(12, 1), &rows, &window);
    assert_eq!(found.len(), 2 * 5);
    let decibels = |power: f32| 10.0 * libm::log10f(power + 0.01);
    let close = |found: f32, expected: f32| (found - expected).abs() < 1e-4;
    for (bin, power) in [0.0, 0.0, 0.0, 0.0, 8.0].into_iter().enumerate() {
        assert!(close(found[bin], decibels(power)), "bin {bin}");
    }
    // The second frame: half of each. X₀ = 4, X₄ = 4, and what lies between.
    assert!(close(found[5], decibels(2.0)) && close(found[9], decibels(2.0)));
    let grouped = [&rows[..6], &[("group_bins", 3.0)]].concat();
    let found = features(&SPECTROGRAM, &slow(8, 1), &grouped, &window[..8]);
    assert_eq!(found.len(), 2);
    assert!(close(found[0], decibels(0.0)) && close(found[1], decibels(4.0)));
}

#[test]
fn pre_emphasis_takes_off_the_sample_before() {
    // x − x₋₁ of a constant is 0 throughout: the first sample is its own predecessor.
    let rows = [
        ("frame_ms", 1000.0),
        ("fft_length", 8.0),
        ("pre_emphasis", 1.0),
        ("low_hz", 0.0),
        ("noise_floor_db", -40.0),
    ];
    let found = features(&SPECTROGRAM, &slow(8, 1), &rows, &[5.0; 8]);
    assert!(found.iter().all(|x| (x + 40.0).abs() < 1e-3), "{found:?}");
}

#[test]
fn axes_are_columns_beside_each_other() {
    let rows = [("frame_ms", 1000.0), ("fft_length", 8.0), ("low_hz", 0.0)];
    let one: Vec<f32> = (0..24).map(|i| ((i * 7) % 5) as f32).collect();
    let two: Vec<f32> = (0..24).map(|i| ((i * 3) % 11) as f32).collect();
    let both: Vec<f32> = one.iter().zip(&two).flat_map(|(a, b)| [*a, *b]).collect();
    let (a, b) = (
        features(&SPECTROGRAM, &slow(24, 1), &rows, &one),
        features(&SPECTROGRAM, &slow(24, 1), &rows, &two),
    );
    let apart: Vec<f32> = a
        .chunks(2)
        .zip(b.chunks(2))
        .flat_map(|(a, b)| [a, b].concat())
        .collect();
    assert_eq!(features(&SPECTROGRAM, &slow(24, 2), &rows, &both), apart);
}

#[test]
fn silence_is_the_floor() {
    let floor = ("noise_floor_db", -60.0);
    for block in [&MFE, &SPECTROGRAM] {
        let found = features(block, &SOUND, &[floor], &[0.0; 16_000]);
        assert!(found.iter().all(|x| (x + 60.0).abs() < 1e-3));
    }
    // ln 10⁻⁶ of 40 filters: √(2 / 40) · 40 · ln 10⁻⁶ in the first coefficient.
    let found = features(&MFCC, &SOUND, &[floor], &[0.0; 16_000]);
    for row in found.chunks(13) {
        assert!((row[0] + 123.57).abs() < 0.01, "{}", row[0]);
        assert!(row[1..].iter().all(|x| x.abs() < 1e-4));
    }
}

#[test]
fn refuses_what_it_could_not_compute() {
    let error = |block: &Block, signal: &Signal, differing: &[(&str, f32)]| {
        (block.check)(signal, &with(block, differing)).expect_err("not possible")
    };
    let long = Signal {
        samples: 1_000_000,
        ..SOUND
    };
    for block in [&MFE, &MFCC, &SPECTROGRAM] {
        assert_eq!(
            error(block, &SOUND, &[("frame_ms", 33.0)]),
            BlockError::Frame {
                found: 528,
                most: 512
            }
        );
        assert_eq!(error(block, &long, &[]), BlockError::Frames { found: 3124 });
        assert_eq!(
            error(block, &slow(8, 1), &[]),
            BlockError::Frame {
                found: 0,
                most: 512
            }
        );
        for samples in [1, 479] {
            let short = Signal { samples, ..SOUND };
            assert_eq!(
                error(block, &short, &[]),
                BlockError::WindowTooShort {
                    needed: 480,
                    found: samples
                }
            );
        }
        let none = Signal {
            samples: 0,
            ..SOUND
        };
        assert_eq!(error(block, &none, &[]), BlockError::Signal);
        for (low_hz, high_hz) in [(4000.0, 4000.0), (20.0, 8001.0)] {
            assert_eq!(
                error(block, &SOUND, &[("low_hz", low_hz), ("high_hz", high_hz)]),
                BlockError::Band { low_hz, high_hz }
            );
        }
        assert!(matches!(
            error(block, &SOUND, &[("fft_length", 500.0)]),
            BlockError::Setting {
                id: "fft_length",
                ..
            }
        ));
    }
    assert_eq!(
        error(&MFCC, &SOUND, &[("filters", 12.0)]),
        BlockError::Coefficients {
            found: 13,
            filters: 12
        }
    );
    // A band between two bins.
    let narrow = [("low_hz", 32.0), ("high_hz", 60.0)];
    assert!(matches!(
        error(&SPECTROGRAM, &SOUND, &narrow),
        BlockError::Band { .. }
    ));
}

#[test]
fn a_second_of_sound_is_49_frames() {
    let layout = |block: &Block| (block.check)(&SOUND, &with(block, &[])).expect("legal");
    for (block, columns) in [(&MFE, 40), (&MFCC, 13), (&SPECTROGRAM, 64)] {
        let layout = layout(block);
        assert_eq!((layout.frames, layout.columns()), (49, columns));
        assert_eq!(
            layout.framing,
            Some(Framing {
                length: 480,
                stride: 320,
                independent: true
            })
        );
    }
}

#[test]
fn columns_have_names() {
    let name = |block: &Block, index| {
        let mut text = String::new();
        let two = Signal { axes: 2, ..SOUND };
        let axis = (block.name)(&two, &with(block, &[]), index, &mut text);
        (text, axis.expect("strings take all"))
    };
    assert_eq!(name(&MFCC, 3), ("mfcc 3".into(), Some(0)));
    assert_eq!(name(&MFCC, 26 + 13 + 12), ("mfcc 12".into(), Some(1)));
    assert_eq!(name(&MFCC, 49 * 26), (String::new(), None));
    assert_eq!(name(&SPECTROGRAM, 0).0, "31.3–125.0 Hz");
    assert_eq!(
        name(&SPECTROGRAM, 2 * 64 + 64),
        ("31.3–125.0 Hz".into(), Some(1))
    );
    let (first, last) = (name(&MFE, 0).0, name(&MFE, 39).0);
    assert!(
        first.starts_with("20.0–") && last.ends_with("–8000.0 Hz"),
        "{first}, {last}"
    );
}
