//! The blocks for sound against NumPy and SciPy (`reference/sound.py` made the table), and
//! what must hold of every block that works frame by frame.

use lampyris_dsp::block::by_id;
use lampyris_dsp::{BLOCKS, Block, Layout, Signal};

/// Farthest that a feature may be from f64, in its own unit: decibels, or the logarithm's
/// cosine transform. The noise floor keeps f32's rounding from being magnified.
const TOLERANCE: f32 = 5e-4;

/// Tones that come and go over noise, made of whole numbers only; `reference/sound.py` has
/// the same.
fn window(axes: usize, samples: usize) -> Vec<f32> {
    let mut state = 1u32;
    let mut out = Vec::new();
    for i in 0..samples {
        for axis in 0..axes {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let loud = (i * 7 / samples % 3) as i32;
            let low = (i % 37 * 4096 / 37) as i32 - 2048;
            let high = ((i + axis) % 5 * 4096 / 5) as i32 - 2048;
            let noise = ((state >> 20) as i32 - 2048).div_euclid(8);
            out.push((low * loud + high * (2 - loud) + noise + 300) as f32 / 32768.0);
        }
    }
    out
}

/// A block with its tables ready.
struct Ready {
    block: &'static Block,
    signal: Signal,
    settings: Vec<f32>,
    layout: Layout,
    scratch: Vec<f32>,
}

impl Ready {
    fn new(block: &'static Block, signal: Signal, settings: Vec<f32>) -> Self {
        let layout = (block.check)(&signal, &settings).expect("legal");
        let mut scratch = vec![f32::NAN; layout.scratch];
        (block.prepare)(&signal, &settings, &mut scratch);
        Self {
            block,
            signal,
            settings,
            layout,
            scratch,
        }
    }

    fn run(&mut self, signal: &Signal, window: &[f32], features: usize) -> Vec<f32> {
        let mut out = vec![f32::NAN; features];
        (self.block.run)(signal, &self.settings, window, &mut self.scratch, &mut out);
        out
    }

    fn features(&mut self, window: &[f32]) -> Vec<f32> {
        self.run(&self.signal.clone(), window, self.layout.features)
    }
}

fn with(block: &Block, differing: &[(&str, f32)]) -> Vec<f32> {
    let said = |id| differing.iter().find(|(name, _)| *name == id);
    let rows = block.settings.iter();
    rows.map(|row| said(row.id).map_or(row.default, |(_, value)| *value))
        .collect()
}

const SOUND: Signal = Signal {
    rate_hz: 16_000.0,
    samples: 16_000,
    axes: 1,
};

#[test]
fn agrees_with_scipy() {
    let mut cases = 0;
    let mut farthest = 0.0f32;
    for line in include_str!("reference/sound.csv").lines() {
        let [name, id, rate, axes, samples, settings, expected] =
            line.split(',').collect::<Vec<_>>()[..]
        else {
            panic!("seven fields");
        };
        let number = |text: &str| text.parse::<f32>().expect("a number");
        let settings: Vec<(&str, f32)> = settings
            .split(' ')
            .map(|one| one.split_once('=').expect("name=value"))
            .map(|(name, value)| (name, number(value)))
            .collect();
        let block = by_id(id).expect("in the table");
        let signal = Signal {
            rate_hz: number(rate),
            samples: samples.parse().expect("a number"),
            axes: axes.parse().expect("a number"),
        };
        assert!(
            settings
                .iter()
                .all(|(id, _)| block.settings.iter().any(|s| s.id == *id))
        );
        let mut ready = Ready::new(block, signal, with(block, &settings));
        let found = ready.features(&window(signal.axes, signal.samples));
        let expected: Vec<f32> = expected.split(' ').map(number).collect();
        assert_eq!(found.len(), expected.len(), "{name}");
        for (i, (found, expected)) in found.iter().zip(&expected).enumerate() {
            let error = (found - expected).abs();
            farthest = farthest.max(error);
            assert!(
                error <= TOLERANCE,
                "{name}, feature {i}: {found} where SciPy has {expected}"
            );
        }
        cases += 1;
    }
    println!("{cases} cases, off by at most {farthest:e}");
    assert_eq!(cases, 10);
}

#[test]
fn a_frame_alone_has_the_features_it_has_in_the_window() {
    let mut seen = 0;
    for block in BLOCKS.iter().filter(|block| block.see.is_none()) {
        for axes in [1, 2] {
            let signal = Signal { axes, ..SOUND };
            let emphasis = with(block, &[("pre_emphasis", 0.9), ("hann", 0.0)]);
            for settings in [with(block, &[]), emphasis] {
                let mut ready = Ready::new(block, signal, settings);
                let Some(framing) = ready.layout.framing.filter(|f| f.independent) else {
                    continue;
                };
                let frame = signal.frame(&framing);
                let alone = (block.check)(&frame, &ready.settings).expect("one frame");
                assert_eq!((alone.frames, alone.framing), (1, Some(framing)));
                assert_eq!(alone.features, ready.layout.columns());
                assert!(alone.scratch <= ready.layout.scratch);
                let window = window(axes, signal.samples);
                let whole = ready.features(&window);
                for (i, row) in whole.chunks(alone.features).enumerate() {
                    let from = i * framing.stride * axes;
                    let samples = &window[from..from + framing.length * axes];
                    let found = ready.run(&frame, samples, alone.features);
                    assert_eq!(found, row, "{block:?}, frame {i}");
                    seen += 1;
                }
            }
        }
    }
    assert!(seen >= 3 * 2 * 2 * 49, "{seen} frames");
}

#[test]
fn what_looks_at_the_whole_window_says_so() {
    let block = by_id("mfcc").expect("in the table");
    for differing in [("peak", 1.0), ("cmvn_frames", 3.0)] {
        let layout = (block.check)(&SOUND, &with(block, &[differing])).expect("legal");
        assert!(!layout.framing.expect("frames").independent);
    }
}

#[test]
fn any_window_gives_finite_features() {
    let odd = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE,
        1e-45,
        -0.0,
        1e9,
    ];
    let windows: [Vec<f32>; 7] = [
        vec![0.0; 16_000],
        vec![1.0; 16_000],
        vec![-1e9; 16_000],
        (0..16_000)
            .map(|i| if i / 20 % 2 == 0 { 1.0 } else { -1.0 })
            .collect(),
        (0..16_000).map(|i| odd[i * i % 13 % 9]).collect(),
        (0..16_000)
            .map(|i| if i == 7 { 2e-6 } else { -1e9 })
            .collect(),
        (0..16_000).map(|i| odd[i % 3]).collect(),
    ];
    for (id, differing) in [
        ("mfe", &[][..]),
        ("mfe", &[("magnitude", 1.0), ("pre_emphasis", 1.0)]),
        ("mfcc", &[]),
        (
            "mfcc",
            &[("noise_floor_db", -200.0), ("cmvn_frames", 101.0)],
        ),
        ("mfcc", &[("peak", 1.0), ("energy", 1.0)]),
        ("mfcc", &[("peak", 1.0), ("magnitude", 1.0)]),
        ("spectrogram", &[("noise_floor_db", -200.0)]),
        ("spectrogram", &[("noise_floor_db", 60.0), ("hann", 0.0)]),
    ] {
        let block = by_id(id).expect("in the table");
        let mut ready = Ready::new(block, SOUND, with(block, differing));
        for (i, window) in windows.iter().enumerate() {
            let found = ready.features(window);
            let bad = found.iter().position(|x| !x.is_finite());
            assert_eq!(bad, None, "{id} {differing:?}, window {i}");
        }
        // What is no number counts as 0: silence.
        assert_eq!(ready.features(&windows[6]), ready.features(&windows[0]));
    }
}
