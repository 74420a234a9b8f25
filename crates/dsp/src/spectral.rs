//! `spectral`: how strong, how uneven and how fast each axis moves.
//!
//! **What.** Per axis of a window `[samples, axes]`, in this order:
//!
//! | feature | formula | tells |
//! |---|---|---|
//! | `mean` | \|m\|, m = Σx / n; m itself if `signed` | how the sensor is held: the part of gravity on this axis |
//! | `rms` | s = √(Σ(x−m)² / n) | how strong the movement is |
//! | `peak_to_peak` | max x − min x | reach of the movement |
//! | `crossings` | share of neighbours on different sides of m | how fast it goes to and fro |
//! | `skewness` (if `shape`) | Σz³ / n, z = (x−m)/s | jerks to one side |
//! | `kurtosis` (if `shape`) | Σz⁴ / n − 3, at most 20 | rare hard knocks against steady swing |
//! | `power` × bands | log10(P + noise²) | strength in a band of frequency |
//!
//! Pₖ is Welch's estimate: the axis without its mean is cut into frames of N =
//! `fft_length` samples which overlap by half (or not at all), without a taper; the
//! spectra |Xₖ|² · 2 / N² (no 2 at k = N/2) are averaged over the frames. So Pₖ is
//! the mean square that bin k, at k · rate / N Hz, contributes, in the unit of the
//! samples, squared. With `bands` the bins are added up as a hand's or a body's
//! movement spreads: 1, 2, 3, 4, 5–6, 7–8, and all above; without, P is each bin.
//! A tail shorter than a frame is left out of the power, not of the statistics.
//!
//! With `magnitude`, the length √Σx² of the samples of all axes is treated as one more
//! axis, the last: it is the same whichever way the sensor is held.
//!
//! With `filter` each axis, and the magnitude of what was before it, goes through a
//! Butterworth low-pass or high-pass first (`filter.rs`), and all features are of what
//! comes out: behind a high-pass the mean says nothing. Powers beyond the cut-off stay
//! in place, though they say little.
//!
//! **Why these.** Chosen on the training part of a set of four hand gestures (72 takes
//! of 10 s, three axes, windows of 2 s at 50 Hz; dense network 32-16) by learning from
//! one half or two thirds of the recording time and judging on the rest, in which the
//! sensor was held differently; training windows turned at random in space. Windows
//! that were right:
//!
//! | features | of each | right |
//! |---|---|---|
//! | RMS, skewness, kurtosis, power of 16 bins; not turned | 13 | 90.8 % |
//! | \|m\|, RMS, reach, crossings, power of 16 bins; not turned | 20 | 94.6 % |
//! | the same, turned | 20 | 97.1 % |
//! | bands of N = 32 instead of bins, turned | 11 | 97.7 % |
//! | bands of N = 64 and magnitude, turned: the defaults | 11 | 99.0 % |
//!
//! A signed mean lets the network learn the position of the sensor by heart, so it is
//! a switch.
//!
//! **Defined everywhere.** An axis whose s is at most 10⁻⁶ counts as still: skewness
//! and kurtosis are 0. Without the logarithm the power is given as √Pₖ.
//!
//! **Source.** The choice follows Edge Impulse's spectral analysis (version 4): RMS,
//! skewness, kurtosis, log of Welch power. It keeps the largest of the frames' powers where
//! here is their mean, which is steadier, and leaves out bins beyond the cut-off. P. D. Welch, "The use of fast Fourier
//! transform for the estimation of power spectra", IEEE Trans. AU-15 (1967).

use core::fmt::{self, Write};

use crate::block::{Block, BlockError, Layout, Setting, Signal, Step, clean, namer, words};
use crate::fft;
use crate::filter::{Filter, MOST_CUTOFF, Pass};
use crate::moments::{centre, shape};
use crate::text::write_tenths;

/// Features of each axis, ahead of its power bins.
const STATISTICS: [&str; 6] = [
    "mean",
    "rms",
    "peak_to_peak",
    "crossings",
    "skewness",
    "kurtosis",
];
/// How many of them there are without `shape`.
const PLAIN: usize = 4;

/// The block's row.
pub static SPECTRAL: Block = Block {
    id: "spectral",
    code: 1,
    title: words("Spectral features"),
    help: words(
        "How strong, how uneven and how fast each axis moves: statistics and the power in bands of frequency.",
    ),
    settings: &[
        Setting {
            id: "fft_length",
            title: words("FFT length"),
            unit: "samples",
            default: 64.0,
            min: 8.0,
            max: 128.0,
            step: Step::PowerOfTwo,
            help: words(
                "Longer frames tell close frequencies apart and give more features; a window holds at least one frame.",
            ),
        },
        Setting {
            id: "overlap",
            title: words("Overlap frames by half"),
            unit: "",
            default: 1.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words("Steadier power from the same window, for nearly twice the time."),
        },
        Setting {
            id: "log",
            title: words("Logarithm of power"),
            unit: "",
            default: 1.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "On: weak and strong bands count alike, as in decibels. Off: the square root of the power, in the samples' unit.",
            ),
        },
        Setting {
            id: "noise",
            title: words("Noise floor"),
            unit: "RMS",
            default: 0.01,
            min: 1e-6,
            max: 1e6,
            step: Step::Any,
            help: words(
                "Movement weaker than this in a band counts as none when the logarithm is taken; in the samples' own unit.",
            ),
        },
        Setting {
            id: "shape",
            title: words("Skewness and kurtosis"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "Two more features an axis: jerks to one side, and rare hard knocks. Useful where single knocks matter, as in machines; noisy for gestures.",
            ),
        },
        Setting {
            id: "signed",
            title: words("Tell up from down"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "On: the mean of each axis keeps its sign, so the model learns which way up the sensor is held. Off: upside down counts the same.",
            ),
        },
        Setting {
            id: "bands",
            title: words("Add up bins in bands"),
            unit: "",
            default: 1.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "On: at most seven bands, narrow where hands and bodies move and wide above: fewer features that carry over to new takes. Off: every bin by itself, as machines with sharp tones need.",
            ),
        },
        Setting {
            id: "magnitude",
            title: words("Magnitude as one more axis"),
            unit: "",
            default: 1.0,
            min: 0.0,
            max: 1.0,
            step: Step::Switch,
            help: words(
                "On: the length of the vector of all axes counts as an axis too; it stays the same however the sensor is held.",
            ),
        },
        Setting {
            id: "filter",
            title: words("Filter"),
            unit: "",
            default: 0.0,
            min: 0.0,
            max: 2.0,
            step: Step::Whole,
            help: words(
                "Ahead of all features. 0: none. 1: low-pass, keeps what is slower than the cut-off. 2: high-pass, keeps what is faster and takes gravity away.",
            ),
        },
        Setting {
            id: "cutoff_hz",
            title: words("Cut-off of the filter"),
            unit: "Hz",
            default: 3.0,
            min: 0.01,
            max: 1e5,
            step: Step::Any,
            help: words("Where the filter has taken 3 dB; at most 0.49 of the rate."),
        },
        Setting {
            id: "filter_sections",
            title: words("Steepness of the filter"),
            unit: "sections",
            default: 3.0,
            min: 1.0,
            max: 4.0,
            step: Step::Whole,
            help: words(
                "Each adds 12 dB an octave: 1 to 4 sections are a filter of order 2, 4, 6 or 8.",
            ),
        },
    ],
    check,
    prepare,
    run,
    see: None,
    name: namer(name),
};

/// The settings as they are used.
#[derive(Clone, Copy)]
struct Plan {
    fft_length: usize,
    overlap: bool,
    log: bool,
    /// Power below which a band is silent, in the samples' unit, squared.
    floor: f32,
    shape: bool,
    signed: bool,
    bands: bool,
    magnitude: bool,
    pass: Option<Pass>,
    cutoff_hz: f32,
    sections: usize,
}

/// The last bin of each band; the last band takes all that remain.
const BAND_ENDS: [usize; 7] = [1, 2, 3, 4, 6, 8, usize::MAX];

impl Plan {
    fn new(settings: &[f32]) -> Option<Self> {
        match settings {
            [
                fft_length,
                overlap,
                log,
                noise,
                shape,
                signed,
                bands,
                magnitude,
                filter,
                cutoff_hz,
                sections,
            ] => Some(Self {
                fft_length: *fft_length as usize,
                overlap: *overlap != 0.0,
                log: *log != 0.0,
                floor: *noise * *noise,
                shape: *shape != 0.0,
                signed: *signed != 0.0,
                bands: *bands != 0.0,
                magnitude: *magnitude != 0.0,
                pass: match *filter as u32 {
                    1 => Some(Pass::Low),
                    2 => Some(Pass::High),
                    _ => None,
                },
                cutoff_hz: *cutoff_hz,
                sections: *sections as usize,
            }),
            _ => None,
        }
    }

    fn bins(self) -> usize {
        self.fft_length / 2
    }

    fn statistics(self) -> usize {
        if self.shape { STATISTICS.len() } else { PLAIN }
    }

    /// Values of power that an axis gives: bands or bins.
    fn powers(self) -> usize {
        let needed = BAND_ENDS.iter().position(|end| *end >= self.bins());
        match needed {
            Some(last) if self.bands => last + 1,
            _ => self.bins(),
        }
    }

    /// First and last bin, from 1, of a value of power.
    fn band(self, index: usize) -> (usize, usize) {
        if !self.bands {
            return (index + 1, index + 1);
        }
        let end = |i: usize| {
            BAND_ENDS
                .get(i)
                .map_or(self.bins(), |e| *e.min(&self.bins()))
        };
        (index.checked_sub(1).map_or(1, |i| end(i) + 1), end(index))
    }

    fn per_axis(self) -> usize {
        self.statistics() + self.powers()
    }

    /// The filter of every channel.
    fn filter(self, rate_hz: f32) -> Option<Filter> {
        let pass = self.pass?;
        Some(Filter::new(pass, self.cutoff_hz, rate_hz, self.sections))
    }

    /// The signal's axes and, where there are several and it is wanted, their magnitude.
    fn channels(self, axes: usize) -> usize {
        axes.saturating_add(usize::from(self.magnitude && axes > 1))
    }
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    SPECTRAL.check_settings(settings)?;
    signal.values()?;
    let plan = Plan::new(settings).ok_or(BlockError::SettingCount {
        expected: SPECTRAL.settings.len(),
        found: settings.len(),
    })?;
    if signal.samples < plan.fft_length {
        return Err(BlockError::WindowTooShort {
            needed: plan.fft_length,
            found: signal.samples,
        });
    }
    let most = MOST_CUTOFF * signal.rate_hz;
    if plan.pass.is_some() && plan.cutoff_hz > most {
        return Err(BlockError::Cutoff {
            found: plan.cutoff_hz,
            most,
        });
    }
    let features = plan.channels(signal.axes).checked_mul(plan.per_axis());
    Ok(Layout {
        features: features.ok_or(BlockError::Signal)?,
        frames: 1,
        framing: None,
        scratch: fft::table(plan.fft_length) + signal.samples + plan.fft_length + plan.bins(),
        grid: None,
    })
}

fn prepare(_: &Signal, settings: &[f32], scratch: &mut [f32]) {
    if let Some(plan) = Plan::new(settings)
        && let Some(table) = scratch.get_mut(..fft::table(plan.fft_length))
    {
        fft::prepare(plan.fft_length, table);
    }
}

fn run(
    signal: &Signal,
    settings: &[f32],
    window: &[f32],
    scratch: &mut [f32],
    features: &mut [f32],
) {
    let Some(plan) = Plan::new(settings) else {
        return;
    };
    let Some((table, rest)) = scratch.split_at_mut_checked(fft::table(plan.fft_length)) else {
        return;
    };
    let Some((centred, rest)) = rest.split_at_mut_checked(signal.samples) else {
        return;
    };
    let Some((frame, bins)) = rest.split_at_mut_checked(plan.fft_length) else {
        return;
    };
    let filter = plan.filter(signal.rate_hz);
    for (axis, out) in features.chunks_exact_mut(plan.per_axis()).enumerate() {
        if axis < signal.axes {
            let samples = window.iter().skip(axis).step_by(signal.axes.max(1));
            for (x, &sample) in centred.iter_mut().zip(samples) {
                *x = clean(sample);
            }
        } else {
            for (x, sample) in centred
                .iter_mut()
                .zip(window.chunks_exact(signal.axes.max(1)))
            {
                *x = length_of(sample);
            }
        }
        if let Some(filter) = &filter {
            filter.apply(centred);
        }
        let (statistics, power) = out.split_at_mut(plan.statistics());
        statistics_of(plan, centred, statistics);
        power_of(plan, table, centred, frame, bins, power);
    }
}

/// Takes the mean off `x` in place and writes the [`STATISTICS`] of what it was.
fn statistics_of(plan: Plan, x: &mut [f32], out: &mut [f32]) {
    let n = x.len() as f32;
    let moments = centre(x);
    // What is below 0 is told by its bits: a comparison of whole numbers is cheaper.
    let below = |v: &f32| v.to_bits() > (-0.0f32).to_bits();
    let mut crossings = 0;
    for pair in x.windows(2) {
        if let [a, b] = pair
            && below(a) != below(b)
        {
            crossings += 1;
        }
    }
    let mean = if plan.signed || moments.mean > 0.0 {
        moments.mean
    } else {
        0.0 - moments.mean
    };
    let (skewness, kurtosis) = if plan.shape {
        shape(x, moments.deviation)
    } else {
        (0.0, 0.0)
    };
    let all = [
        mean,
        moments.deviation,
        moments.high - moments.low,
        crossings as f32 / (n - 1.0),
        skewness,
        kurtosis,
    ];
    for (to, from) in out.iter_mut().zip(all) {
        *to = from;
    }
}

/// √Σx² of one sample of all axes.
fn length_of(sample: &[f32]) -> f32 {
    let mut sum = 0.0;
    for &x in sample {
        let x = clean(x);
        sum += x * x;
    }
    libm::sqrtf(sum)
}

/// Welch's power of the centred axis in bins or bands, as the log or the root of it.
/// `frame` holds N values, `bins` N/2.
fn power_of(
    plan: Plan,
    table: &[f32],
    x: &[f32],
    frame: &mut [f32],
    bins: &mut [f32],
    power: &mut [f32],
) {
    bins.fill(0.0);
    let length = plan.fft_length;
    let step = if plan.overlap { length / 2 } else { length };
    let (mut start, mut frames) = (0, 0.0);
    while let Some(source) = x.get(start..start + length) {
        for (to, from) in frame.iter_mut().zip(source) {
            *to = *from;
        }
        for (sum, p) in bins
            .iter_mut()
            .zip(fft::power(table, frame, 1.0).iter().skip(1))
        {
            *sum += *p;
        }
        start += step;
        frames += 1.0;
    }
    // One-sided, so doubled; the highest bin has no twin.
    let n = length as f32;
    let scale = 2.0 / (n * n * frames);
    if let Some(highest) = bins.last_mut() {
        *highest *= 0.5;
    }
    for (index, p) in power.iter_mut().enumerate() {
        let (first, last) = plan.band(index);
        let mut mean_square = 0.0;
        for bin in bins.iter().take(last).skip(first - 1) {
            mean_square += *bin * scale;
        }
        *p = if plan.log {
            libm::log10f(mean_square + plan.floor)
        } else {
            libm::sqrtf(mean_square)
        };
    }
}

fn name(
    signal: &Signal,
    settings: &[f32],
    index: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let Some(plan) = Plan::new(settings) else {
        return Ok(None);
    };
    let (axis, feature) = (index / plan.per_axis(), index % plan.per_axis());
    if axis >= plan.channels(signal.axes) {
        return Ok(None);
    }
    let axis = (axis < signal.axes).then_some(axis);
    if axis.is_none() {
        out.write_str("magnitude ")?;
    }
    if let Some(name) = STATISTICS.iter().take(plan.statistics()).nth(feature) {
        out.write_str(name)?;
    } else {
        let (first, last) = plan.band(feature - plan.statistics());
        let hz = |bin: usize| bin as f32 * signal.rate_hz / plan.fft_length as f32;
        out.write_str("power ")?;
        write_tenths(out, hz(first))?;
        if last > first {
            out.write_str("–")?;
            write_tenths(out, hz(last))?;
        }
        out.write_str(" Hz")?;
    }
    Ok(axis)
}

#[cfg(test)]
mod tests;
