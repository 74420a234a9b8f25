//! What emulated chips and the page's module compute, and what they must give:
//! `cargo run -p lampyris-dsp --example chip_features -- OUT [WAV…]`
//!
//! The cases are windows of made-up sound and movement, made-up pictures, and 1 s of each
//! WAV (16 kHz, mono, 16 bits). OUT then holds
//!
//! * `cases.bin`, as the image `features` of `firmware/` reads it,
//! * `expected.bin`, the features as this machine computes them: f32, little-endian, and
//!   int8 of pictures,
//! * `cases.csv`, one case a line: `case,block,windows,features,bytes` (of one feature)
//!   `,scratch,rate_hz,axes,samples,settings,picture` (how it lies in memory, width, height).

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use lampyris_dsp::block::by_id;
use lampyris_dsp::{Block, Layout, Pixels, Signal, View};

/// What a case is called, of which block, of which signal, and which settings differ from
/// their defaults.
type Row = (
    &'static str,
    &'static str,
    Kind,
    &'static [(&'static str, f32)],
);

/// Samples in a second of sound.
const SOUND_HZ: usize = 16_000;

const CASES: &[Row] = &[
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
    (
        "image",
        "image",
        Kind::Picture(Pixels::Rgb565, 160, 120),
        &[],
    ),
    (
        "image_colour",
        "image",
        Kind::Picture(Pixels::Rgb565, 320, 240),
        &[("width", 64.0), ("height", 64.0), ("colour", 1.0)],
    ),
    (
        "image_same",
        "image",
        Kind::Picture(Pixels::Grey, 96, 96),
        &[("width", 96.0), ("height", 96.0)],
    ),
    (
        "image_larger",
        "image",
        Kind::Picture(Pixels::Rgb, 37, 53),
        &[("width", 64.0), ("colour", 1.0)],
    ),
    (
        "image_whole",
        "image",
        Kind::Picture(Pixels::Rgba, 128, 96),
        &[("whole", 1.0), ("colour", 1.0)],
    ),
];

#[derive(Clone, Copy, PartialEq)]
enum Kind {
    /// 1 s, 16 kHz, one axis.
    Sound,
    /// 2 s, 50 Hz, three axes.
    Movement,
    /// How it lies in memory, width, height.
    Picture(Pixels, usize, usize),
}

/// The ways in which pixels lie in memory: names, in the order of the numbers in `cases.bin`.
const FORMS: [(&str, Pixels); 4] = [
    ("grey", Pixels::Grey),
    ("rgb", Pixels::Rgb),
    ("rgba", Pixels::Rgba),
    ("rgb565", Pixels::Rgb565),
];

impl Kind {
    /// Pictures have an axis a channel, which the settings say.
    fn signal(self, settings: &[f32]) -> Signal {
        let colour = settings.get(2).is_some_and(|colour| *colour > 0.0);
        let (rate_hz, samples, axes) = match self {
            Self::Sound => (SOUND_HZ as f32, SOUND_HZ, 1),
            Self::Movement => (50.0, 100, 3),
            Self::Picture(..) => (10.0, 1, if colour { 3 } else { 1 }),
        };
        Signal {
            rate_hz,
            samples,
            axes,
        }
    }
}

/// Windows of sums, products and remainders of whole numbers, as are readings of 16
/// bits: a few tones that come and go over noise, and what breaks careless code.
fn windows(n: usize) -> Vec<Vec<f32>> {
    let mut noise = noise();
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

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let usage = "usage: chip_features OUT [WAV…]";
    let out = PathBuf::from(arguments.next().ok_or(usage)?);
    let clips: Vec<_> = arguments
        .map(|path| clip(Path::new(&path)).map_err(|error| format!("{path}: {error}")))
        .collect::<Result<_, _>>()?;
    let mut files = Files::default();
    for (name, id, kind, differing) in CASES {
        let block = by_id(id).ok_or("a block that is not there")?;
        let settings = settings(block, differing);
        let signal = kind.signal(&settings);
        let case = Case {
            name,
            block,
            settings: &settings,
            signal,
            layout: (block.check)(&signal, &settings)?,
        };
        match *kind {
            Kind::Picture(pixels, width, height) => files.pictures(&case, pixels, width, height)?,
            Kind::Sound => {
                let mut windows = windows(signal.samples * signal.axes);
                windows.extend(clips.iter().cloned());
                files.windows(&case, &windows);
            }
            Kind::Movement => files.windows(&case, &windows(signal.samples * signal.axes)),
        }
    }
    fs::create_dir_all(&out)?;
    fs::write(out.join("cases.bin"), files.cases)?;
    fs::write(out.join("expected.bin"), files.expected)?;
    let head = "case,block,windows,features,bytes,scratch,rate_hz,axes,samples,settings,picture\n";
    fs::write(out.join("cases.csv"), head.to_string() + &files.table)?;
    Ok(())
}

struct Case<'a> {
    name: &'a str,
    block: &'static Block,
    settings: &'a [f32],
    signal: Signal,
    layout: Layout,
}

/// What the three files hold.
#[derive(Default)]
struct Files {
    cases: Vec<u8>,
    expected: Vec<u8>,
    table: String,
}

impl Files {
    fn begin(&mut self, case: &Case<'_>, windows: usize, bytes: usize, picture: &str) {
        let Signal {
            rate_hz,
            samples,
            axes,
        } = case.signal;
        let head = [
            u32::from(case.block.code),
            axes as u32,
            samples as u32,
            windows as u32,
            case.settings.len() as u32,
            rate_hz.to_bits(),
        ];
        words(&mut self.cases, &head);
        put(&mut self.cases, case.settings);
        let settings: Vec<String> = case.settings.iter().map(f32::to_string).collect();
        self.table += &format!(
            "{},{},{windows},{},{bytes},{},{rate_hz},{axes},{samples},{},{picture}\n",
            case.name,
            case.block.id,
            case.layout.features,
            case.layout.scratch,
            settings.join(" "),
        );
    }

    fn windows(&mut self, case: &Case<'_>, windows: &[Vec<f32>]) {
        self.begin(case, windows.len(), 4, "");
        let mut scratch = vec![f32::NAN; case.layout.scratch];
        (case.block.prepare)(&case.signal, case.settings, &mut scratch);
        for window in windows {
            let mut features = vec![f32::NAN; case.layout.features];
            (case.block.run)(
                &case.signal,
                case.settings,
                window,
                &mut scratch,
                &mut features,
            );
            put(&mut self.cases, window);
            put(&mut self.expected, &features);
        }
    }

    /// A slope under noise, and full black and white in stripes.
    fn pictures(
        &mut self,
        case: &Case<'_>,
        pixels: Pixels,
        width: usize,
        height: usize,
    ) -> Result<(), Box<dyn Error>> {
        let form = FORMS.iter().position(|(_, form)| *form == pixels);
        let form = form.ok_or("a form without a number")?;
        let picture = format!("{} {width} {height}", FORMS[form].0);
        self.begin(case, 2, 1, &picture);
        words(&mut self.cases, &[form as u32, width as u32, height as u32]);
        let count = width * height * pixels.bytes();
        let mut noise = noise();
        let slope = (0..count).map(|i| (i * 200 / count) as u8 + (noise() & 31) as u8);
        let stripes = (0..count).map(|i| if i / 5 % 2 == 0 { 0 } else { 255 });
        let see = case.block.see.ok_or("no block for pictures")?;
        for bytes in [slope.collect::<Vec<u8>>(), stripes.collect()] {
            let view = View::new(width, height, pixels, &bytes).ok_or("no picture")?;
            let mut features = vec![0; case.layout.features];
            see(case.settings, &view, &mut features);
            self.cases.extend(&bytes);
            self.expected.extend(features.iter().map(|q| *q as u8));
        }
        Ok(())
    }
}

fn words(bytes: &mut Vec<u8>, words: &[u32]) {
    bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
}

/// Whole numbers from −2048 to 2047, the same in every run.
fn noise() -> impl FnMut() -> i32 {
    let mut noise = 1u32;
    move || {
        noise = noise.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (noise >> 20) as i32 - 2048
    }
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
    clip.resize(SOUND_HZ, 0.0);
    Ok(clip)
}
