//! What emulated chips and the page's module compute, and what they must give:
//! `cargo run -p lampyris-dsp --example chip_features -- OUT [WAV…]`
//!
//! The cases are windows of made-up sound and movement, and 1 s of each WAV (16 kHz, mono,
//! 16 bits). OUT then holds
//!
//! * `cases.bin`, as the image `features` of `firmware/` reads it,
//! * `expected.bin`, the features as this machine computes them, f32, little-endian,
//! * `cases.csv`, `case,block,windows,features,scratch,rate_hz,axes,samples,settings`, one case a line.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lampyris_dsp::block::by_id;
use lampyris_dsp::{Block, Signal};

/// What a case is called, of which block, of which signal, and which settings differ from
/// their defaults.
type Case = (
    &'static str,
    &'static str,
    Kind,
    &'static [(&'static str, f32)],
);

const CASES: &[Case] = &[
    ("spectral", "spectral", Kind::Movement, &[]),
    (
        "spectral_signed",
        "spectral",
        Kind::Movement,
        &[
            ("log", 0.0),
            ("shape", 1.0),
            ("signed", 1.0),
            ("bands", 0.0),
        ],
    ),
    ("statistics", "statistics", Kind::Movement, &[]),
    (
        "spectral_filtered",
        "spectral",
        Kind::Movement,
        &[("filter", 1.0), ("cutoff_hz", 8.0)],
    ),
    ("raw", "raw", Kind::Movement, &[("decimation", 3.0)]),
    ("mfcc", "mfcc", Kind::Sound, &[]),
    (
        "mfcc_relative",
        "mfcc",
        Kind::Sound,
        &[
            ("magnitude", 1.0),
            ("peak", 1.0),
            ("energy", 1.0),
            ("cmvn_frames", 21.0),
            ("filters", 31.0),
        ],
    ),
    ("mfe", "mfe", Kind::Sound, &[]),
    (
        "mfe_emphasis",
        "mfe",
        Kind::Sound,
        &[
            ("pre_emphasis", 0.97),
            ("hann", 0.0),
            ("frame_ms", 10.0),
            ("fft_length", 256.0),
        ],
    ),
    ("spectrogram", "spectrogram", Kind::Sound, &[]),
    (
        "spectrogram_vibration",
        "spectrogram",
        Kind::Movement,
        &[
            ("frame_ms", 320.0),
            ("stride_ms", 160.0),
            ("fft_length", 32.0),
            ("low_hz", 1.0),
            ("group_bins", 1.0),
        ],
    ),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// 1 s, 16 kHz, one axis.
    Sound,
    /// 2 s, 50 Hz, three axes.
    Movement,
}

impl Kind {
    fn signal(self) -> Signal {
        let (rate_hz, samples, axes) = match self {
            Self::Sound => (16_000.0, 16_000, 1),
            Self::Movement => (50.0, 100, 3),
        };
        Signal {
            rate_hz,
            samples,
            axes,
        }
    }

    /// Windows of sums, products and remainders of whole numbers, as are readings of 16
    /// bits: a few tones that come and go over noise, and what breaks careless code.
    fn windows(self) -> Vec<Vec<f32>> {
        let n = self.signal().samples * self.signal().axes;
        let mut noise = 1u32;
        let mut noise = || {
            noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (noise >> 20) as i32 - 2048
        };
        let saw = |i: usize, period: usize| (i % period) as i32 * 4096 / period as i32 - 2048;
        let tones = (0..n).map(|i| {
            let loud = (i * 7 / n % 3) as i32;
            saw(i, 37) * loud + saw(i, 5) * (2 - loud) + noise() / 8
        });
        let tones = tones.map(|x| x as f32 / 32768.0).collect();
        let square = (0..n).map(|i| if i / 20 % 2 == 0 { 1.0 } else { -1.0 });
        let odd = [f32::NAN, f32::INFINITY, -1e30, 1e-40, 0.25, -0.0];
        let odd = (0..n).map(|i| odd[i * i % 11 % 6]);
        vec![tones, square.collect(), vec![0.0; n], odd.collect()]
    }
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let usage = "usage: chip_features OUT [WAV…]";
    let out = PathBuf::from(arguments.next().ok_or(usage)?);
    let clips: Vec<_> = arguments
        .map(|path| clip(Path::new(&path)).map_err(|error| format!("{path}: {error}")))
        .collect::<Result<_, _>>()?;
    let (mut cases, mut expected, mut table) = (Vec::new(), Vec::new(), String::new());
    table += "case,block,windows,features,scratch,rate_hz,axes,samples,settings\n";
    for (name, id, kind, differing) in CASES {
        let block = by_id(id).ok_or("a block that is not there")?;
        let settings = settings(block, differing);
        let mut windows = kind.windows();
        if *kind == Kind::Sound {
            windows.extend(clips.iter().cloned());
        }
        let signal = kind.signal();
        let layout = (block.check)(&signal, &settings)?;
        let mut scratch = vec![f32::NAN; layout.scratch];
        (block.prepare)(&signal, &settings, &mut scratch);

        let head = [
            u32::from(block.code),
            signal.axes as u32,
            signal.samples as u32,
            windows.len() as u32,
            settings.len() as u32,
            signal.rate_hz.to_bits(),
        ];
        cases.extend(head.iter().flat_map(|word| word.to_le_bytes()));
        put(&mut cases, &settings);
        for window in &windows {
            let mut features = vec![f32::NAN; layout.features];
            (block.run)(&signal, &settings, window, &mut scratch, &mut features);
            put(&mut cases, window);
            put(&mut expected, &features);
        }
        let (rate_hz, axes, samples) = (signal.rate_hz, signal.axes, signal.samples);
        let settings: Vec<String> = settings.iter().map(f32::to_string).collect();
        table += &format!(
            "{name},{id},{},{},{},{rate_hz},{axes},{samples},{}\n",
            windows.len(),
            layout.features,
            layout.scratch,
            settings.join(" "),
        );
    }
    fs::create_dir_all(&out)?;
    fs::write(out.join("cases.bin"), cases)?;
    fs::write(out.join("expected.bin"), expected)?;
    fs::write(out.join("cases.csv"), table)?;
    Ok(())
}

fn put(bytes: &mut Vec<u8>, values: &[f32]) {
    bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
}

fn settings(block: &Block, differing: &[(&str, f32)]) -> Vec<f32> {
    let value = |id| differing.iter().find(|(name, _)| *name == id);
    let rows = block.settings.iter();
    rows.map(|row| value(row.id).map_or(row.default, |(_, value)| *value))
        .collect()
}

/// The first second of a WAV file; silence behind a shorter one.
fn clip(path: &Path) -> Result<Vec<f32>, Box<dyn Error>> {
    let wav = fs::read(path)?;
    let data = wav.windows(4).position(|four| four == b"data");
    let samples = wav.get(data.ok_or("no WAV file")? + 8..).unwrap_or(&[]);
    let pairs = samples.as_chunks().0.iter();
    let mut clip: Vec<f32> = pairs
        .map(|pair| f32::from(i16::from_le_bytes(*pair)) / 32768.0)
        .collect();
    clip.resize(Kind::Sound.signal().samples, 0.0);
    Ok(clip)
}
