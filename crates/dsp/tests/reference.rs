//! The spectral block against NumPy and SciPy (`reference/make.py` made the table).

use lampyris_dsp::block::by_id;
use lampyris_dsp::{Block, Signal};

/// f32 sums over a hundred samples against f64: relative to the size of the feature,
/// or absolute below 1.
const TOLERANCE: f32 = 2e-5;

fn features(block: &Block, signal: &Signal, settings: &[f32], window: &[f32]) -> Vec<f32> {
    let layout = (block.check)(signal, settings).expect("the reference's settings are legal");
    let mut scratch = vec![f32::NAN; layout.scratch];
    (block.prepare)(signal, settings, &mut scratch);
    let mut features = vec![f32::NAN; layout.features];
    (block.run)(signal, settings, window, &mut scratch, &mut features);
    features
}

fn numbers<'a>(line: &'a str, kind: &str) -> Vec<&'a str> {
    let fields = line
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix(','));
    fields.expect("rows come in threes").split(',').collect()
}

fn parse(fields: &[&str]) -> Vec<f32> {
    let number = |field: &&str| field.parse().expect("a number");
    fields.iter().map(number).collect()
}

#[test]
fn spectral_agrees_with_scipy() {
    let block = by_id("spectral").expect("in the table");
    let table: Vec<&str> = include_str!("reference/spectral.csv").lines().collect();
    let mut cases = 0;
    for rows in table.chunks_exact(3) {
        // The name may hold a comma in quotes: numbers are counted from the end.
        let row = numbers(rows[0], "settings");
        let (name, numbers_of_case) = row.split_at(row.len() - 10);
        let values = parse(numbers_of_case);
        let window = parse(&numbers(rows[1], "window"));
        let expected = parse(&numbers(rows[2], "features"));
        let axes = values[1] as usize;
        let signal = Signal {
            rate_hz: values[0],
            samples: window.len() / axes,
            axes,
        };
        let found = features(block, &signal, &values[2..], &window);
        assert_eq!(found.len(), expected.len(), "{name:?}");
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(
                error <= TOLERANCE,
                "{name:?}, feature {i}: {found} where SciPy has {expected}"
            );
        }
        cases += 1;
    }
    assert_eq!(cases, 8);
}
