//! `mfcc`: the shape of each frame's spectrum, as the ear hears it, in few numbers.
//!
//! **What.** The window is cut into frames, and each frame's spectrum summed in M mel
//! filters, as in `mfe`. Features are a picture `[frames, axes · coefficients]`:
//!
//! | feature | formula | tells |
//! |---|---|---|
//! | `mfcc` k | √(2/M) · Σₙ ln(Eₙ + floor) · cos(π k (2n + 1) / 2M), n = 0 … M − 1 | k = 0: how loud; 1: dark or bright; above: ever finer shape |
//! | `mfcc` 0 with `energy` | ln(Σₖ Pₖ + floor), over all bins | how loud the frame is |
//!
//! (k = 0 is not divided by √2, as an orthonormal transform would: a column is
//! normalised afterwards anyway.)
//!
//! With `peak` the window is divided by its largest sample first (the largest value,
//! not the largest magnitude), if that is above 10⁻⁶. With `cmvn_frames` = n > 0 each column
//! is then normalised over the frames at most n / 2 before and behind: minus their mean,
//! divided by their deviation + 10⁻⁵. At the window's ends there are fewer of them. Both
//! need the whole window, so with them frames are not independent.
//!
//! **Defined everywhere.** Silence gives the floor's logarithm in `mfcc 0` and 0 above.
//!
//! **Why these defaults.** Judged on 480 recordings of 1 s (four words, other words, noise;
//! 120 speakers) by a support vector machine on the normalised features, with copies
//! shifted by 75 ms, in four folds that share no speaker. Right, and right where the
//! recording that is judged is 12 dB quieter than those learned from:
//!
//! | changed | right | 12 dB quieter |
//! |---|---|---|
//! | nothing | 66.2 % | 62.7 % |
//! | floor at −35 dB | 65.0 % | 48.1 % |
//! | floor at −52 dB, Edge Impulse's | 67.5 % | 57.7 % |
//! | floor at −52 dB, pre-emphasis 0.97 | 66.7 % | 53.1 % |
//! | floor at −70 dB | 64.8 % | 64.4 % |
//! | floor at −90 dB | 61.5 % | 61.7 % |
//! | floor at −52 dB, up to 4 kHz only | 62.5 % | 57.1 % |
//! | floor at −70 dB, normalised over the window (`cmvn_frames`) | 55.4 % | 57.9 % |
//! | MLPerf Tiny's front end (below) | 57.1 % | 57.1 % |
//!
//! One recording is 0.2 %, and differences of two are chance. What matters is the floor:
//! high enough to hide a room's noise, low enough to keep a quiet voice.
//!
//! **The reference.** `peak`, frames of 30 ms every 20 ms, `magnitude`, 40 filters from 20
//! to 4000 Hz, a floor of −120 dB (10⁻⁶) and 10 coefficients are the front end of MLPerf
//! Tiny's keyword spotting; a test holds it against 60 of its published inputs.
//!
//! **Source.** S. Davis, P. Mermelstein, "Comparison of parametric representations for
//! monosyllabic word recognition in continuously spoken sentences", IEEE Trans. ASSP-28
//! (1980). Names of the settings follow Edge Impulse.

use core::fmt::{self, Write};

use crate::block::{Block, BlockError, Layout, Setting, Signal, Step, clean, namer, words};
use crate::mel::Mel;
use crate::mfe::{FILTERS, mel_of};
use crate::sound::{
    FFT_LENGTH, FRAME_MS, Front, HANN, HIGH_HZ, LOW_HZ, MAGNITUDE, NOISE_FLOOR_DB, PRE_EMPHASIS,
    STRIDE_MS, place,
};
use crate::text::write_whole;
use crate::turn::cosine;

/// Largest sample at or below which `peak` leaves the window as it is: a hundredth of
/// what 16 bits can hold.
const FAINT: f32 = 1e-6;
/// Added to the deviation that `cmvn_frames` divides by.
const STEADY: f32 = 1e-5;

/// The block's row.
pub static MFCC: Block = Block {
    id: "mfcc",
    code: 5,
    title: words("Mel-frequency cepstral coefficients"),
    help: words(
        "The shape of the spectrum over time in few numbers a frame. For spoken words on small chips.",
    ),
    settings: &[
        FRAME_MS,
        STRIDE_MS,
        FFT_LENGTH,
        LOW_HZ,
        HIGH_HZ,
        PRE_EMPHASIS,
        HANN,
        MAGNITUDE,
        NOISE_FLOOR_DB,
        FILTERS,
        Setting {
            id: "coefficients",
            title: words("Coefficients"),
            unit: "",
            default: 13.0,
            min: 1.0,
            max: 64.0,
            step: Step::Whole,
            help: words(
                "Features of each frame. More tell finer shapes apart; at most as many as filters.",
            ),
        },
        Setting {
            id: "energy",
            title: words("Energy as first coefficient"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "On: the first coefficient is the logarithm of the frame's whole energy instead of the sum over filters.",
            ),
        },
        Setting {
            id: "peak",
            title: words("Divide by the largest sample"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "Makes loud and quiet takes alike, silence too. Needs the whole window at once, so the device keeps its samples.",
            ),
        },
        Setting {
            id: "cmvn_frames",
            title: words("Frames of normalisation"),
            unit: "frames",
            default: 0.0,
            min: 0.0,
            max: 1001.0,
            step: Step::Whole,
            help: words(
                "Takes off each coefficient's mean and divides by its deviation over this many frames around. Evens out microphones; needs the whole window at once. 0: off.",
            ),
        },
    ],
    check,
    prepare,
    run,
    see: None,
    name: namer(name),
};

/// What settings and signal make of the block.
struct Plan {
    front: Front,
    mel: Mel,
    coefficients: usize,
    energy: bool,
    peak: bool,
    cmvn_frames: usize,
}

impl Plan {
    fn new(signal: &Signal, front: Front, own: &[f32]) -> Option<Self> {
        let [filters, coefficients, energy, peak, cmvn_frames] = *own.first_chunk()?;
        Some(Self {
            front,
            mel: mel_of(&front, signal, filters),
            coefficients: coefficients as usize,
            energy: energy != 0.0,
            peak: peak != 0.0,
            cmvn_frames: cmvn_frames as usize,
        })
    }

    fn read(signal: &Signal, settings: &[f32]) -> Option<Self> {
        let (front, own) = Front::read(signal, settings)?;
        Self::new(signal, front, own)
    }

    /// Cosines of one coefficient: half of them, for the rest is their mirror image.
    fn cosines(&self) -> usize {
        self.mel.filters.div_ceil(2)
    }

    /// The scratch, cut into its parts.
    fn parts<'s>(&self, scratch: &'s mut [f32]) -> Option<Parts<'s>> {
        let (tables, rest) = scratch.split_at_mut_checked(self.front.tables())?;
        let (mel, rest) = rest.split_at_mut_checked(self.mel.table())?;
        let (dct, rest) = rest.split_at_mut_checked(self.coefficients * self.cosines())?;
        let (filters, rest) = rest.split_at_mut_checked(self.mel.filters)?;
        let (frame, column) = rest.split_at_mut_checked(self.front.fft_length)?;
        Some(Parts {
            tables,
            mel,
            dct,
            filters,
            frame,
            column,
        })
    }
}

/// Tables: the shared ones, mel, dct. Work: the filters of a frame, a frame, a column of features.
struct Parts<'s> {
    tables: &'s mut [f32],
    mel: &'s mut [f32],
    dct: &'s mut [f32],
    filters: &'s mut [f32],
    frame: &'s mut [f32],
    column: &'s mut [f32],
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    let (front, own) = Front::check(&MFCC, signal, settings)?;
    let plan = Plan::new(signal, front, own).ok_or(BlockError::SettingCount {
        expected: MFCC.settings.len(),
        found: settings.len(),
    })?;
    if plan.coefficients > plan.mel.filters {
        return Err(BlockError::Coefficients {
            found: plan.coefficients,
            filters: plan.mel.filters,
        });
    }
    plan.mel.check()?;
    let tables = plan.mel.table() + plan.coefficients * plan.cosines();
    let column = if plan.cmvn_frames > 0 {
        front.frames(signal)
    } else {
        0
    };
    let independent = !plan.peak && plan.cmvn_frames == 0;
    front.layout(
        signal,
        plan.coefficients,
        independent,
        tables + plan.mel.filters + column,
    )
}

fn prepare(signal: &Signal, settings: &[f32], scratch: &mut [f32]) {
    let Some(plan) = Plan::read(signal, settings) else {
        return;
    };
    let Some(parts) = plan.parts(scratch) else {
        return;
    };
    plan.front.prepare(parts.tables);
    plan.mel.prepare(parts.mel);
    let filters = plan.mel.filters;
    let scale = libm::sqrtf(2.0 / filters as f32);
    for (k, row) in parts
        .dct
        .chunks_exact_mut(plan.cosines().max(1))
        .enumerate()
    {
        for (at, to) in row.iter_mut().enumerate() {
            // The order in which `transform` has the sums, and the differences.
            let n = if k % 2 == 0 {
                at
            } else {
                filters / 2 - 1 - at.min(filters / 2 - 1)
            };
            *to = scale * cosine(k * (2 * n + 1), 4 * filters);
        }
    }
}

fn run(
    signal: &Signal,
    settings: &[f32],
    window: &[f32],
    scratch: &mut [f32],
    features: &mut [f32],
) {
    let Some(plan) = Plan::read(signal, settings) else {
        return;
    };
    let Some(parts) = plan.parts(scratch) else {
        return;
    };
    let floor = parts.tables.first().copied().unwrap_or_default();
    let gain = if plan.peak { plan.gain(window) } else { 1.0 };
    let level = |energy: f32| {
        let x = energy * gain;
        libm::logf(if x < f32::MAX { x } else { f32::MAX } + floor)
    };
    let (filters, dct, mel) = (parts.filters, &*parts.dct, &*parts.mel);
    let mut rows = features.chunks_exact_mut(plan.coefficients.max(1));
    plan.front
        .spectra(signal, parts.tables, window, parts.frame, |spectrum| {
            let Some(row) = rows.next() else {
                return;
            };
            plan.mel.walk(mel, spectrum, filters);
            for x in filters.iter_mut() {
                *x = level(*x);
            }
            transform(filters, dct, row);
            if let Some(first) = row.first_mut()
                && plan.energy
            {
                *first = level(spectrum.iter().fold(0.0, |sum, p| sum + *p));
            }
        });
    if plan.cmvn_frames > 0 {
        let columns = (plan.coefficients * signal.axes).max(1);
        normalise(plan.cmvn_frames / 2, columns, parts.column, features);
    }
}

impl Plan {
    /// What dividing the samples by their largest does to a value of the spectrum.
    fn gain(&self, window: &[f32]) -> f32 {
        let mut largest = FAINT;
        for sample in window {
            let x = clean(*sample);
            largest = if x > largest { x } else { largest };
        }
        match (largest > FAINT, self.front.magnitude) {
            (false, _) => 1.0,
            (true, true) => 1.0 / largest,
            (true, false) => 1.0 / (largest * largest),
        }
    }
}

/// The cosine transform of `x`, which is used up. Cosines of even k are the same seen
/// from both ends, those of odd k change sign: so the ends are added up and taken off
/// each other first, which halves the table and the products.
fn transform(x: &mut [f32], cosines: &[f32], out: &mut [f32]) {
    let half = x.len() / 2;
    let (sums, differences) = x.split_at_mut(x.len() - half);
    for (a, b) in sums.iter_mut().zip(differences.iter_mut().rev()) {
        (*a, *b) = (*a + *b, *a - *b);
    }
    let rows = cosines.chunks_exact(sums.len().max(1));
    for (k, (to, row)) in out.iter_mut().zip(rows).enumerate() {
        let values = if k % 2 == 0 { &*sums } else { &*differences };
        let products = values.iter().zip(row).map(|(x, cosine)| *x * *cosine);
        *to = products.fold(0.0, |sum, product| sum + product);
    }
}

/// Normalises each column of `features` over the frames up to `reach` before and behind.
/// `column` holds as many values as there are frames.
fn normalise(reach: usize, columns: usize, column: &mut [f32], features: &mut [f32]) {
    for at in 0..columns {
        for (to, row) in column.iter_mut().zip(features.chunks_exact(columns)) {
            *to = row.get(at).copied().unwrap_or_default();
        }
        let mut known = (0..0, 0.0, 0.0);
        for (frame, row) in features.chunks_exact_mut(columns).enumerate() {
            let around = frame.saturating_sub(reach)..(frame + reach + 1).min(column.len());
            if around != known.0 {
                let values = column.get(around.clone()).unwrap_or_default();
                let (mean, deviation) = spread(values);
                known = (around, mean, deviation);
            }
            if let Some(x) = row.get_mut(at) {
                *x = (*x - known.1) / (known.2 + STEADY);
            }
        }
    }
}

/// Mean and deviation.
fn spread(values: &[f32]) -> (f32, f32) {
    let n = values.len() as f32;
    let mean = values.iter().fold(0.0, |sum, x| sum + *x) / n;
    let square = values.iter().fold(0.0, |sum, x| {
        let d = *x - mean;
        sum + d * d
    });
    (mean, libm::sqrtf(square / n))
}

fn name(
    signal: &Signal,
    settings: &[f32],
    index: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let (Some(plan), Ok(layout)) = (Plan::read(signal, settings), check(signal, settings)) else {
        return Ok(None);
    };
    let Some((axis, coefficient)) = place(&layout, plan.coefficients, index) else {
        return Ok(None);
    };
    out.write_str("mfcc ")?;
    write_whole(out, coefficient)?;
    Ok(Some(axis))
}
