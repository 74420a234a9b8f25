use std::vec;
use std::vec::Vec;

use super::*;

/// The rates that people meet.
const USUAL: [f64; 9] = [
    8e3, 11025.0, 16e3, 22050.0, 24e3, 32e3, 44100.0, 48e3, 192e3,
];

type Owned = Polyphase<Vec<f32>, Vec<f32>>;

fn machine(source_hz: f64, rate_hz: f64, axes: usize) -> Owned {
    let design = Design::new(source_hz, rate_hz).expect("legal rates");
    let mut table = vec![f32::NAN; design.table_len()];
    design.fill(&mut table);
    let history = vec![f32::NAN; design.history_len(axes)];
    Polyphase::new(design, axes, table, history).expect("enough memory")
}

fn whole(source_hz: f64, rate_hz: f64, values: &[f32]) -> Vec<f32> {
    let mut machine = machine(source_hz, rate_hz, 1);
    let len = machine.design.outputs(values.len() as u64) as usize;
    let mut out = vec![f32::NAN; len];
    assert_eq!(machine.whole(values, &mut out), Ok(len));
    out
}

fn sine(hz: f64, rate_hz: f64, count: usize) -> Vec<f32> {
    (0..count)
        .map(|i| libm::sin(core::f64::consts::TAU * hz * i as f64 / rate_hz) as f32)
        .collect()
}

/// Largest difference in the middle, away from the ends whose readings are cut.
fn worst(found: &[f32], expected: &[f32]) -> f32 {
    let edge = found.len() / 4;
    let pairs = found.iter().zip(expected).skip(edge).take(2 * edge);
    pairs.fold(0.0, |most, (a, b)| (a - b).abs().max(most))
}

/// Every pair of usual rates and some odd ones.
fn pairs() -> Vec<(f64, f64)> {
    let mut out = vec![
        (12345.0, 16e3),
        (16e3, 12345.0),
        (47999.75, 16e3),
        (1041.667, 1000.0),
    ];
    for source in USUAL {
        out.extend(
            USUAL
                .iter()
                .filter(|to| **to != source)
                .map(|to| (source, *to)),
        );
    }
    out
}

#[test]
fn tones_that_pass_keep_height_and_place() {
    // 0.1 dB would be 1.2 %; the difference from the true tone at k / rate also
    // holds the delay, to well below a hundredth of a sample.
    for (source, rate) in pairs() {
        for share in [0.01, 0.3, 0.9] {
            let hz = share * source.min(rate) / 2.0;
            let count = (1000.0 * source / source.min(rate)) as usize;
            let found = whole(source, rate, &sine(hz, source, count));
            let error = worst(&found, &sine(hz, rate, found.len()));
            assert!(error < 1e-4, "{source} to {rate}, {hz} Hz: {error}");
        }
    }
}

#[test]
fn tones_above_nyquist_are_80_db_down() {
    for (source, rate) in pairs().into_iter().filter(|(source, rate)| source > rate) {
        let nyquist = rate / 2.0;
        for hz in [1.0, 1.02, 1.37, 2.0, 2.9].map(|share| share * nyquist + 1.0) {
            let count = (1000.0 * source / rate) as usize;
            let hz = hz.min(source / 2.0 - 1.0);
            if hz < nyquist {
                continue;
            }
            let found = whole(source, rate, &sine(hz, source, count));
            let most = worst(&found, &vec![0.0; found.len()]);
            assert!(most < 1e-4, "{source} to {rate}, {hz} Hz: {most}");
        }
    }
}

#[test]
fn going_up_leaves_no_image() {
    // 7 kHz of 16 kHz has its image at 9 kHz: in 48 kHz only the tone itself may be
    // left, which the comparison with the true tone shows; here beyond pass-band.
    for hz in [7500.0, 7900.0] {
        let found = whole(16e3, 48e3, &sine(hz, 16e3, 4000));
        // The height of the image, by a sum over whole turns of both tones.
        let (mut re, mut im) = (0.0, 0.0);
        for (i, x) in found.iter().enumerate().skip(3000).take(4800) {
            let turn = core::f64::consts::TAU * (16e3 - hz) * i as f64 / 48e3;
            re += f64::from(*x) * libm::cos(turn) / 2400.0;
            im += f64::from(*x) * libm::sin(turn) / 2400.0;
        }
        let image = libm::sqrt(re * re + im * im);
        assert!(image < 1e-4, "{hz} Hz: {image}");
    }
}

#[test]
fn constants_stay_and_ends_hold_their_value() {
    for (source, rate) in pairs() {
        for n in [1, 50, 333, 1000] {
            for x in whole(source, rate, &vec![0.7; n]) {
                assert!((x - 0.7).abs() < 1e-6, "{source} to {rate}: {x}");
            }
        }
    }
}

#[test]
fn equal_rates_are_copied_bit_for_bit() {
    let values = [1.5, f32::NAN, -0.0, f32::INFINITY, 1e-45];
    let bits = |x: &[f32]| x.iter().map(|v| v.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&whole(16e3, 16e3, &values)), bits(&values));
    // To the precision of settings.
    let design = Design::suited(Times::Even(44_100.000_5), 44100.0).expect("sound");
    assert!(design.is_copy());
    assert_eq!((design.table_len(), design.history_len(2)), (0, 0));
}

#[test]
fn chunks_of_any_length_give_the_bytes_of_the_whole() {
    for (source, rate) in [
        (48e3, 16e3),
        (44100.0, 16e3),
        (8e3, 16e3),
        (12345.0, 16e3),
        (16e3, 16e3),
    ] {
        let values: Vec<f32> = (0..6000u32)
            .map(|i| (i * 7919 % 1009) as f32 / 504.5 - 1.0)
            .collect();
        let mut all = machine(source, rate, 2);
        let mut expected = vec![0.0; 2 * all.design.outputs(3000) as usize];
        all.whole(&values, &mut expected).expect("room");
        for step in [1, 7, 128, 2048, 3000] {
            let mut stream = machine(source, rate, 2);
            let mut found = Vec::new();
            for chunk in values.chunks(2 * step) {
                stream.push(chunk, |output| found.extend_from_slice(output));
            }
            stream.finish(|output| found.extend_from_slice(output));
            assert!(found == expected, "{source} to {rate} in {step}s");
            // A finished stream starts afresh.
            stream.push(&values, |output| found.extend_from_slice(output));
            assert!(found[expected.len()..] == expected[..found.len() - expected.len()]);
        }
    }
}

#[test]
fn axes_do_not_mix() {
    let a = sine(440.0, 44100.0, 900);
    let b = sine(1234.0, 44100.0, 900);
    let both: Vec<f32> = a.iter().zip(&b).flat_map(|(a, b)| [*a, *b]).collect();
    let mut machine = machine(44100.0, 16e3, 2);
    let mut out = vec![0.0; 2 * machine.design.outputs(900) as usize];
    machine.whole(&both, &mut out).expect("room");
    let column = |i: usize| out.iter().skip(i).step_by(2).copied().collect::<Vec<_>>();
    assert_eq!(column(0), whole(44100.0, 16e3, &a));
    assert_eq!(column(1), whole(44100.0, 16e3, &b));
}

#[test]
fn outputs_are_those_within_the_readings() {
    let count = |source, rate, readings| {
        let design = Design::new(source, rate).expect("legal");
        assert_eq!(
            whole(source, rate, &vec![0.0; readings]).len() as u64,
            design.outputs(readings as u64)
        );
        design.outputs(readings as u64)
    };
    assert_eq!(count(48e3, 16e3, 0), 0);
    assert_eq!(count(48e3, 16e3, 1), 1);
    assert_eq!(count(48e3, 16e3, 3), 1);
    assert_eq!(count(48e3, 16e3, 4), 2);
    assert_eq!(count(48e3, 16e3, 48_000), 16_000);
    assert_eq!(count(44100.0, 16e3, 44_100), 16_000);
    assert_eq!(count(8e3, 16e3, 8_000), 15_999);
    // Days of sound do not overflow.
    let design = Design::new(12345.678, 16e3).expect("legal");
    assert!(design.outputs(u64::MAX) > u64::MAX / 2);
}

#[test]
fn readings_that_are_no_numbers_count_as_0() {
    let mut values = vec![0.0; 400];
    let expected = whole(48e3, 16e3, &values);
    values[200] = f32::NAN;
    values[3] = f32::INFINITY;
    assert_eq!(whole(48e3, 16e3, &values), expected);
    values[7] = f32::MAX;
    assert!(whole(48e3, 16e3, &values).iter().all(|x| x.is_finite()));
}

#[test]
fn refuses_what_has_no_meaning() {
    for bad in [0.0, -1.0, f64::NAN, f64::INFINITY, 1e9] {
        assert!(matches!(
            Design::new(bad, 16e3),
            Err(ResampleError::Rate(_))
        ));
        assert!(matches!(
            Design::new(16e3, bad),
            Err(ResampleError::Rate(_))
        ));
    }
    assert_eq!(Design::new(1e6, 15e3), Err(ResampleError::Ratio));
    let design = Design::new(48e3, 16e3).expect("legal");
    let (table, history) = (design.table_len(), design.history_len(1));
    let new = |axes, table, history| {
        Polyphase::new(design, axes, vec![0.0; table], vec![0.0; history]).err()
    };
    assert_eq!(new(1, table, history), None);
    assert_eq!(new(0, table, history), Some(ResampleError::Axes(0)));
    assert_eq!(new(33, table, history), Some(ResampleError::Axes(33)));
    assert_eq!(
        new(1, table - 1, history),
        Some(ResampleError::Memory(table))
    );
    assert_eq!(
        new(1, table, history - 1),
        Some(ResampleError::Memory(history))
    );
    let mut machine = machine(48e3, 16e3, 2);
    assert_eq!(
        machine.whole(&[0.0; 3], &mut [0.0; 9]),
        Err(ResampleError::Length)
    );
    assert_eq!(
        machine.whole(&[0.0; 8], &mut [0.0; 3]),
        Err(ResampleError::Output(4))
    );
    // What is not for this machine.
    assert_eq!(Design::suited(Times::Even(48e3), 100.0), None);
    assert_eq!(Design::suited(Times::Even(0.0), 16e3), None);
    assert_eq!(Design::suited(Times::Stamps(&[0.0]), 16e3), None);
    assert_eq!(Design::suited(Times::Even(48e3), 16e3), Some(design));
}
