//! Blocks and resampling against NumPy and SciPy (`reference/make.py` made the tables).

use lampyris_dsp::Signal;
use lampyris_dsp::block::by_id;
use lampyris_dsp::resample::polyphase::{Design, Polyphase};

/// f32 sums over a hundred samples against f64: relative to the size of the feature,
/// or absolute below 1.
const FEATURES: f32 = 3e-5;
/// Sums of hundreds of weighted samples of at most 1; −105 dB are 5.6e-6.
const RESAMPLED: f32 = 1e-5;

/// One case: a window, and what SciPy makes of it.
struct Case {
    name: String,
    settings: Vec<f32>,
    window: Vec<f32>,
    expected: Vec<f32>,
}

impl Case {
    fn holds(&self, found: &[f32], tolerance: f32) {
        let name = &self.name;
        assert_eq!(found.len(), self.expected.len(), "{name}");
        for (i, (found, expected)) in found.iter().zip(&self.expected).enumerate() {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(
                error <= tolerance,
                "{name}, value {i}: {found} where SciPy has {expected}"
            );
        }
    }
}

fn fields<'a>(line: &'a str, kind: &str) -> Vec<&'a str> {
    let fields = line
        .strip_prefix(kind)
        .and_then(|rest| rest.strip_prefix(','));
    fields.expect("rows come in threes").split(',').collect()
}

fn parse(fields: &[&str]) -> Vec<f32> {
    let number = |field: &&str| field.parse().expect("a number");
    fields.iter().map(number).collect()
}

/// The cases of a table, each with so many numbers in its row of settings.
fn cases(table: &str, numbers: usize) -> Vec<Case> {
    let lines: Vec<&str> = table.lines().collect();
    let case = |rows: &[&str]| {
        // The name may hold a comma in quotes: numbers are counted from the end.
        let row = fields(rows[0], "settings");
        let (name, settings) = row.split_at(row.len() - numbers);
        Case {
            name: name.join(","),
            settings: parse(settings),
            window: parse(&fields(rows[1], "window")),
            expected: parse(&fields(rows[2], "features")),
        }
    };
    lines.chunks_exact(3).map(case).collect()
}

/// Runs a block on its table; the row of settings begins with rate and axes.
fn agrees(id: &str, table: &str, count: usize) {
    let block = by_id(id).expect("in the table of blocks");
    let cases = cases(table, block.settings.len() + 2);
    assert_eq!(cases.len(), count);
    for case in cases {
        let axes = case.settings[1] as usize;
        let signal = Signal {
            rate_hz: case.settings[0],
            samples: case.window.len() / axes,
            axes,
        };
        let settings = &case.settings[2..];
        let layout = (block.check)(&signal, settings).expect("the reference's settings are legal");
        let mut scratch = vec![f32::NAN; layout.scratch];
        let mut features = vec![f32::NAN; layout.features];
        (block.prepare)(&signal, settings, &mut scratch);
        (block.run)(&signal, settings, &case.window, &mut scratch, &mut features);
        case.holds(&features, FEATURES);
    }
}

#[test]
fn spectral_agrees_with_scipy() {
    agrees("spectral", include_str!("reference/spectral.csv"), 12);
}

#[test]
fn statistics_agree_with_scipy() {
    agrees("statistics", include_str!("reference/statistics.csv"), 5);
}

#[test]
fn polyphase_agrees_with_scipy() {
    let cases = cases(include_str!("reference/resample.csv"), 2);
    assert_eq!(cases.len(), 6);
    for case in cases {
        let [source, rate] = [0, 1].map(|i| f64::from(case.settings[i]));
        let design = Design::new(source, rate).expect("legal rates");
        let mut table = vec![f32::NAN; design.table_len()];
        design.fill(&mut table);
        let mut machine = Polyphase::new(design, 1, table, vec![f32::NAN; design.history_len(1)])
            .expect("enough memory");
        let mut out = vec![f32::NAN; design.outputs(case.window.len() as u64) as usize];
        machine
            .whole(&case.window, &mut out)
            .expect("whole readings");
        case.holds(&out, RESAMPLED);
    }
}
