//! `spectrogram`: how loud each frequency is, over time.
//!
//! **What.** The window is cut into frames (`sound.rs` says how, and what the spectrum
//! is). Of the bins from `low_hz` to `high_hz` every `group_bins` neighbours become one
//! column; the last may have fewer. Features are a picture `[frames, axes · columns]`:
//!
//! | feature | formula | tells |
//! |---|---|---|
//! | column | 10 · log₁₀(P̄ + floor), P̄: mean of its bins' Pₖ; 20 · log₁₀ for magnitudes | how loud that band is, in dB |
//!
//! Bin k lies at k · rate / `fft_length` Hz.
//!
//! **Defined everywhere.** Silence gives `noise_floor_db`; no value is below it.
//!
//! **Source.** Edge Impulse's spectrogram by its names; it cuts frames to the FFT,
//! uses no taper and does not group.

use core::fmt::{self, Write};

use crate::block::{Block, BlockError, Layout, Setting, Signal, Step, namer, words};
use crate::sound::{
    FFT_LENGTH, FRAME_MS, Front, HANN, HIGH_HZ, LOW_HZ, MAGNITUDE, NOISE_FLOOR_DB, PRE_EMPHASIS,
    STRIDE_MS, place, write_band,
};

/// The block's row.
pub static SPECTROGRAM: Block = Block {
    id: "spectrogram",
    code: 6,
    title: words("Spectrogram"),
    help: words(
        "A picture of sound or vibration: how loud each frequency is over time, evenly spaced. For machines, and sounds that are not voice.",
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
        Setting {
            id: "group_bins",
            title: words("Bins in a column"),
            unit: "bins",
            default: 4.0,
            min: 1.0,
            max: 1024.0,
            step: Step::Whole,
            help: words(
                "Neighbouring frequencies that are averaged. 1 keeps every bin by itself, as machines with sharp tones need.",
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
    /// First bin and how many.
    first: usize,
    bins: usize,
    group: usize,
    hz_per_bin: f32,
}

impl Plan {
    fn new(signal: &Signal, front: Front, own: &[f32]) -> Option<Self> {
        let per_hz = front.fft_length as f32 / signal.rate_hz;
        let first = libm::ceilf(front.low_hz * per_hz) as usize;
        let last = libm::floorf(front.high_hz * per_hz) as usize;
        Some(Self {
            front,
            first,
            bins: (last.min(front.fft_length / 2) + 1).saturating_sub(first),
            group: (*own.first()? as usize).max(1),
            hz_per_bin: signal.rate_hz / front.fft_length as f32,
        })
    }

    fn read(signal: &Signal, settings: &[f32]) -> Option<Self> {
        let (front, own) = Front::read(signal, settings)?;
        Self::new(signal, front, own)
    }

    fn columns(&self) -> usize {
        self.bins.div_ceil(self.group.max(1))
    }
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    let (front, own) = Front::check(&SPECTROGRAM, signal, settings)?;
    let plan = Plan::new(signal, front, own).ok_or(BlockError::SettingCount {
        expected: SPECTROGRAM.settings.len(),
        found: settings.len(),
    })?;
    if plan.bins == 0 {
        return Err(front.band_error());
    }
    front.layout(signal, plan.columns(), true, 0)
}

fn prepare(signal: &Signal, settings: &[f32], scratch: &mut [f32]) {
    if let Some(plan) = Plan::read(signal, settings)
        && let Some(tables) = scratch.get_mut(..plan.front.tables())
    {
        plan.front.prepare(tables);
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
    let front = plan.front;
    let Some((tables, rest)) = scratch.split_at_mut_checked(front.tables()) else {
        return;
    };
    let work = rest.get_mut(..front.fft_length).unwrap_or_default();
    let floor = tables.first().copied().unwrap_or_default();
    let mut rows = features.chunks_exact_mut(plan.columns().max(1));
    front.spectra(signal, tables, window, work, |spectrum| {
        let bins = spectrum.get(plan.first..plan.first + plan.bins);
        let groups = bins.unwrap_or_default().chunks(plan.group.max(1));
        for (x, group) in rows.next().into_iter().flatten().zip(groups) {
            let sum = group.iter().fold(0.0, |sum, p| sum + *p);
            *x = front.decibels() * libm::logf(sum / group.len() as f32 + floor);
        }
    });
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
    let Some((axis, group)) = place(&layout, plan.columns(), index) else {
        return Ok(None);
    };
    let first = plan.first + group * plan.group;
    let last = (first + plan.group).min(plan.first + plan.bins) - 1;
    let hz = |bin: usize| bin as f32 * plan.hz_per_bin;
    write_band(out, hz(first), hz(last))?;
    Ok(Some(axis))
}
