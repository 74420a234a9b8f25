//! Whatever a block's check accepts, its run computes: defined numbers for silence, full
//! scale, constants and what is no number, for every block and at the edges of its settings.

use lampyris_dsp::block::See;
use lampyris_dsp::{BLOCKS, Block, Layout, Pixels, Setting, Signal, Step, View};

/// A small generator of our own: the same choices in every run.
struct Dice(u32);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as usize % n
    }
}

/// A legal value: an end of the range, the default, or one between.
fn value(setting: &Setting, dice: &mut Dice) -> f32 {
    match dice.below(5) {
        0 => setting.min,
        1 => setting.max,
        2 => {
            let share = dice.below(1000) as f32 / 1000.0;
            let between = setting.min + share * (setting.max - setting.min);
            match setting.step {
                Step::Any => between,
                Step::Whole | Step::Switch => between.round(),
                Step::PowerOfTwo => between.log2().round().exp2().max(setting.min),
            }
        }
        _ => setting.default,
    }
}

fn windows(values: usize) -> Vec<Vec<f32>> {
    let odd = [
        f32::NAN,
        f32::INFINITY,
        f32::NEG_INFINITY,
        f32::MAX,
        f32::MIN,
        f32::MIN_POSITIVE,
        1e-45,
        -0.0,
        0.5,
    ];
    vec![
        vec![0.0; values],
        vec![-9.81; values],
        (0..values)
            .map(|i| if i / 7 % 2 == 0 { 1.0 } else { -1.0 })
            .collect(),
        (0..values).map(|i| odd[i * i % 23 % odd.len()]).collect(),
        vec![f32::NAN; values],
        (0..values)
            .map(|i| if i % 2 == 0 { f32::MAX } else { f32::MIN })
            .collect(),
    ]
}

fn computes(block: &Block, signal: &Signal, settings: &[f32], layout: &Layout) {
    let told = || format!("{}, {signal:?}, {settings:?}", block.id);
    assert!(layout.features > 0 && layout.frames > 0, "{}", told());
    assert_eq!(layout.columns() * layout.frames, layout.features);
    match block.see {
        Some(see) => sees(see, settings, layout),
        None => runs(block, signal, settings, layout),
    }
    let mut name = String::new();
    let last = (block.name)(signal, settings, layout.features - 1, &mut name);
    let axis = last.expect("strings take all");
    assert!(!name.is_empty(), "{}", told());
    assert!(axis.is_none_or(|axis| axis < signal.axes), "{}", told());
    name.clear();
    let beyond = (block.name)(signal, settings, layout.features, &mut name);
    assert_eq!((beyond, name.as_str()), (Ok(None), ""), "{}", told());
}

/// Every value is written, from pictures of every form.
fn sees(see: See, settings: &[f32], layout: &Layout) {
    assert_eq!(layout.grid.map(|[y, x]| y * x), Some(layout.frames));
    let formats = [Pixels::Grey, Pixels::Rgb, Pixels::Rgba, Pixels::Rgb565];
    for (i, [width, height]) in [[1, 1], [640, 1], [1, 480], [37, 53], [160, 120]]
        .into_iter()
        .enumerate()
    {
        let pixels = formats[i % 4];
        let count = width * height * pixels.bytes();
        let bytes: Vec<u8> = (0..count).map(|i| (i * i % 251) as u8).collect();
        let view = View::new(width, height, pixels, &bytes).expect("legal");
        let seen = [-1, 1].map(|before| {
            let mut seen = vec![before; layout.features];
            see(settings, &view, &mut seen);
            seen
        });
        assert_eq!(seen[0], seen[1], "{settings:?}, {width}×{height}");
        // Less room than was checked is no reason to panic, nor is more.
        for room in [0, 1, layout.features / 2, layout.features + 9] {
            see(settings, &view, &mut vec![0; room]);
        }
    }
}

fn runs(block: &Block, signal: &Signal, settings: &[f32], layout: &Layout) {
    let told = || format!("{}, {signal:?}, {settings:?}", block.id);
    let mut scratch = vec![f32::NAN; layout.scratch];
    (block.prepare)(signal, settings, &mut scratch);
    let mut first = Vec::new();
    for round in 0..2 {
        for (kind, window) in windows(signal.samples * signal.axes).iter().enumerate() {
            let mut features = vec![f32::NAN; layout.features];
            (block.run)(signal, settings, window, &mut scratch, &mut features);
            let odd = features.iter().find(|x| !x.is_finite());
            assert_eq!(odd, None, "{}, window {kind}", told());
            // What was computed before must not tell.
            if round == 0 {
                first.push(features);
            } else {
                assert_eq!(first[kind], features, "{}, window {kind}", told());
            }
        }
    }
}

#[test]
fn every_block_computes_what_its_check_accepts() {
    let mut dice = Dice(1);
    for block in BLOCKS {
        let (mut accepted, mut refused) = (0, 0);
        for trial in 0..600 {
            let pick = |of: &[usize], dice: &mut Dice| of[dice.below(of.len())];
            let signal = Signal {
                rate_hz: [0.1, 8.0, 50.0, 1000.0, 16_000.0, 1e9][dice.below(6)],
                samples: pick(&[0, 1, 2, 7, 8, 100, 129, 1000], &mut dice),
                axes: pick(&[1, 1, 2, 3, 7], &mut dice),
            };
            let settings: Vec<f32> = block
                .settings
                .iter()
                .map(|s| {
                    if trial % 3 == 0 {
                        s.default
                    } else {
                        value(s, &mut dice)
                    }
                })
                .collect();
            match (block.check)(&signal, &settings) {
                Ok(layout) => {
                    computes(block, &signal, &settings, &layout);
                    accepted += 1;
                }
                Err(error) => {
                    assert!(!error.to_string().is_empty());
                    refused += 1;
                }
            }
        }
        assert!(accepted > 20 && refused > 20, "{}: {accepted}", block.id);
    }
}

#[test]
fn the_narrowest_bands_compute_or_are_refused() {
    let signal = Signal {
        rate_hz: 16_000.0,
        samples: 800,
        axes: 1,
    };
    for id in ["mfe", "mfcc", "spectrogram"] {
        let block = BLOCKS.iter().find(|b| b.id == id).expect("a block");
        let row = |id| block.settings.iter().position(|s| s.id == id);
        let (low, high) = (
            row("low_hz").expect("a row"),
            row("high_hz").expect("a row"),
        );
        let (mut accepted, mut refused) = (0, 0);
        // 1000 Hz is a bin of 512 samples; the others lie between two.
        for low_hz in [0.0f32, 30.0, 1000.0, 7990.0] {
            let mut high_hz = low_hz.max(0.01);
            for _ in 0..24 {
                let rows = block.settings.iter().map(|s| s.default);
                let mut settings: Vec<f32> = rows.collect();
                (settings[low], settings[high]) = (low_hz, high_hz);
                match (block.check)(&signal, &settings) {
                    Ok(layout) => {
                        computes(block, &signal, &settings, &layout);
                        accepted += 1;
                    }
                    Err(_) => refused += 1,
                }
                high_hz = low_hz.max(0.01) + 2.0 * (high_hz.next_up() - low_hz.max(0.01));
            }
        }
        assert!(accepted > 0 && refused > 0, "{id}: {accepted}, {refused}");
    }
}

#[test]
fn absurd_settings_and_signals_are_refused() {
    for block in BLOCKS {
        let good = Signal {
            rate_hz: 16_000.0,
            samples: if block.see.is_some() { 1 } else { 16_000 },
            axes: 1,
        };
        let defaults: Vec<f32> = block.settings.iter().map(|s| s.default).collect();
        assert!((block.check)(&good, &defaults).is_ok(), "{}", block.id);
        for bad in [
            Signal { samples: 0, ..good },
            Signal { axes: 0, ..good },
            Signal {
                axes: usize::MAX,
                ..good
            },
            Signal {
                samples: usize::MAX,
                ..good
            },
            Signal {
                rate_hz: f32::NAN,
                ..good
            },
            Signal {
                rate_hz: -1.0,
                ..good
            },
        ] {
            assert!((block.check)(&bad, &defaults).is_err(), "{}", block.id);
        }
        for index in 0..defaults.len() {
            for value in [f32::NAN, f32::INFINITY, f32::MIN, f32::MAX] {
                let mut settings = defaults.clone();
                settings[index] = value;
                assert!((block.check)(&good, &settings).is_err(), "{}", block.id);
            }
        }
        assert!((block.check)(&good, &[]).is_err());
        assert!((block.check)(&good, &[0.0; 40]).is_err());
    }
}
