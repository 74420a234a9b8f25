//! Takes put together by hand: what is in them is known.
#![allow(clippy::unwrap_used)]

use super::*;
use crate::{Axis, NewRecording, SOUND_AXIS};

const RATE: f64 = 8000.0;

/// Noise of an amplitude, the same each time.
fn noise(samples: usize, amplitude: f32, seed: u32) -> Vec<f32> {
    let mut state = seed;
    let step = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        ((state >> 8) as f32 / 8_388_608.0 - 1.0) * amplitude
    };
    std::iter::repeat_with(step).take(samples).collect()
}

fn recording(values: Vec<f32>, rate_hz: f64) -> Recording {
    let new = NewRecording {
        name: "long".into(),
        label: "clap".into(),
        axes: vec![Axis {
            name: SOUND_AXIS.into(),
            unit: String::new(),
        }],
        rate_hz,
        source: "import".into(),
        ..NewRecording::default()
    };
    Recording::new(new, values, None).unwrap()
}

/// A square wave of `ms` added at `at_ms`.
fn add(values: &mut [f32], at_ms: usize, ms: usize, amplitude: f32) {
    for (i, v) in values[at_ms * 8..(at_ms + ms) * 8].iter_mut().enumerate() {
        *v += if i / 10 % 2 == 0 {
            amplitude
        } else {
            -amplitude
        };
    }
}

fn sounds(values: &[f32]) -> Vec<Piece> {
    let options = TakesOptions {
        length_ms: 0.0,
        ..TakesOptions::default()
    };
    takes(&recording(values.to_vec(), RATE), &options)
}

fn piece(start_ms: u32, end_ms: u32) -> Piece {
    Piece {
        start: start_ms * 8,
        end: end_ms * 8,
    }
}

#[test]
fn each_sound_is_found_where_it_lies() {
    let mut values = noise(8 * 6000, 0.01, 1);
    add(&mut values, 1000, 300, 0.2);
    add(&mut values, 3000, 100, 0.1);
    add(&mut values, 5000, 500, 0.5);
    let want = [piece(1000, 1300), piece(3000, 3100), piece(5000, 5500)];
    assert_eq!(sounds(&values), want);
    let centred = takes(&recording(values, RATE), &TakesOptions::default());
    // The last would reach beyond the end.
    assert_eq!(
        centred,
        [piece(650, 1650), piece(2550, 3550), piece(4750, 5750)]
    );
}

#[test]
fn short_gaps_are_inside_and_clicks_are_none() {
    let mut values = noise(8 * 4000, 0.001, 2);
    add(&mut values, 1000, 100, 0.2);
    add(&mut values, 1250, 100, 0.2);
    add(&mut values, 2500, 10, 0.5);
    assert_eq!(sounds(&values), [piece(1000, 1350)]);
    let options = TakesOptions {
        length_ms: 0.0,
        gap_ms: 100.0,
        min_ms: 0.0,
        ..TakesOptions::default()
    };
    let got = takes(&recording(values, RATE), &options);
    assert_eq!(
        got,
        [piece(1000, 1100), piece(1250, 1350), piece(2500, 2510)]
    );
}

#[test]
fn of_a_long_sound_the_loudest_part_is_taken() {
    let mut values = noise(8 * 5000, 0.001, 9);
    add(&mut values, 1000, 2500, 0.05);
    add(&mut values, 2000, 1000, 0.3);
    let got = takes(&recording(values, RATE), &TakesOptions::default());
    assert_eq!(got, [piece(2000, 3000)]);
}

#[test]
fn sounds_are_joined_no_further_than_a_piece_is_long() {
    let mut values = noise(8 * 5000, 0.001, 10);
    for at in [1000, 1500, 2200] {
        add(&mut values, at, 300, 0.2);
    }
    let options = TakesOptions {
        gap_ms: 500.0,
        ..TakesOptions::default()
    };
    // 1000 to 1800 fits into a second, 1000 to 2500 does not.
    let got = takes(&recording(values, RATE), &options);
    assert_eq!(got, [piece(900, 1900), piece(1900, 2900)]);
}

#[test]
fn neighbours_make_room_for_each_other() {
    let sound = |start, end| Piece { start, end };
    // Overlap of 40: the later moves right, its sound at its start.
    let got = placed(&[sound(100, 120), sound(160, 190)], 100, 1000);
    assert_eq!(got, [sound(60, 160), sound(160, 260)]);
    // Not enough: the earlier moves left too, its sound at its end.
    let got = placed(&[sound(100, 140), sound(150, 190)], 100, 1000);
    assert_eq!(got, [sound(50, 150), sound(150, 250)]);
    // No room on the left: the later begins late.
    let got = placed(&[sound(0, 40), sound(60, 130)], 100, 1000);
    assert_eq!(got, [sound(0, 100), sound(100, 160)]);
    // Both fit into one.
    let got = placed(&[sound(0, 40), sound(60, 80)], 100, 1000);
    assert_eq!(got, [sound(0, 100)]);
    let got = placed(&[sound(980, 1000)], 100, 1000);
    assert_eq!(got, [sound(900, 1000)]);
    let got = placed(&[sound(10, 20)], 100, 50);
    assert_eq!(got, [sound(0, 50)]);
}

#[test]
fn the_background_may_change() {
    let mut values = noise(8 * 12_000, 0.002, 3);
    let fan = noise(8 * 12_000, 0.1, 4);
    values.extend(fan);
    add(&mut values, 3000, 200, 0.05);
    add(&mut values, 20_000, 200, 0.8);
    let got = sounds(&values);
    assert!(got.contains(&piece(3000, 3200)) && got.contains(&piece(20_000, 20_200)));
}

#[test]
fn silence_noise_and_an_offset_hold_no_sound() {
    assert_eq!(sounds(&vec![0.0; 16_000]), []);
    assert_eq!(sounds(&vec![0.9; 16_000]), []);
    assert_eq!(sounds(&noise(80_000, 0.3, 5)), []);
    assert_eq!(sounds(&[0.1]), []);
    assert_eq!(sounds(&noise(16_000, 1e-5, 6)), []);
}

#[test]
fn digital_silence_around_a_sound() {
    let mut values = vec![0.0; 24_000];
    add(&mut values, 1000, 200, 0.02);
    assert_eq!(sounds(&values), [piece(1000, 1200)]);
}

#[test]
fn slow_sensors_have_longer_frames() {
    let mut values = noise(1000, 0.05, 7);
    values.iter_mut().for_each(|v| *v += 9.8);
    for (i, v) in values[400..448].iter_mut().enumerate() {
        *v += if i % 4 < 2 { 5.0 } else { -5.0 };
    }
    let options = TakesOptions {
        length_ms: 2000.0,
        ..TakesOptions::default()
    };
    let got = takes(&recording(values, 50.0), &options);
    assert_eq!(
        got,
        [Piece {
            start: 374,
            end: 474
        }]
    );
}

#[test]
fn any_options_are_survived() {
    let mut values = noise(8000, 0.001, 8);
    add(&mut values, 300, 200, 0.2);
    let take = recording(values, RATE);
    for odd in [-1.0, 0.0, 1e300, f64::NAN, f64::INFINITY] {
        let options = TakesOptions {
            length_ms: odd,
            threshold_db: odd,
            min_ms: odd,
            gap_ms: odd,
        };
        for piece in takes(&take, &options) {
            assert!(piece.start < piece.end && piece.end <= 8000, "{odd}");
        }
    }
}
