//! `mfe`: the energy of each frame in bands that are spaced as the ear hears.
//!
//! **What.** The window is cut into frames (`sound.rs` says how, and what the spectrum
//! is). Features are a picture `[frames, axes · filters]`:
//!
//! | feature | formula | tells |
//! |---|---|---|
//! | filter m | 10 · log₁₀(E + floor), E = Σₖ wₘ(k) · Pₖ; 20 · log₁₀ for magnitudes | how loud that band is, in dB |
//!
//! wₘ are triangles that stand evenly on the mel scale (`mel.rs`), of the true edges:
//! nothing is rounded to bins. A filter that holds no bin always gives the floor.
//!
//! **Defined everywhere.** Silence gives `noise_floor_db`; no value is below it.
//!
//! **Source.** Edge Impulse's MFE (version 4) by its names; it rounds edges to bins, uses
//! no taper, clips to the floor instead of adding it, and maps to 0 … 1 in 8 bits.
//! S. Davis, P. Mermelstein, "Comparison of parametric representations…", IEEE Trans.
//! ASSP-28 (1980).

use core::fmt::{self, Write};

use crate::block::{Block, BlockError, Layout, Setting, Signal, Step, namer, words};
use crate::mel::Mel;
use crate::sound::{
    FFT_LENGTH, FRAME_MS, Front, HANN, HIGH_HZ, LOW_HZ, MAGNITUDE, NOISE_FLOOR_DB, PRE_EMPHASIS,
    STRIDE_MS, place, write_band,
};

/// How many triangles; shared with `mfcc`.
pub(crate) const FILTERS: Setting = Setting {
    id: "filters",
    title: words("Filters"),
    unit: "",
    default: 40.0,
    min: 1.0,
    max: 128.0,
    step: Step::Whole,
    help: words(
        "Bands between the lowest and the highest frequency, narrow below and wide above, as the ear hears.",
    ),
};

/// The block's row.
pub static MFE: Block = Block {
    id: "mfe",
    code: 4,
    title: words("Mel filterbank energies"),
    help: words(
        "A picture of sound: how loud it is over time, in bands spaced as the ear hears. For sounds of all kinds, and for voice.",
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
    ],
    check,
    prepare,
    run,
    see: None,
    name: namer(name),
};

/// The filters that settings and signal make.
pub(crate) fn mel_of(front: &Front, signal: &Signal, filters: f32) -> Mel {
    Mel {
        filters: filters as usize,
        low_hz: front.low_hz,
        high_hz: front.high_hz,
        fft_length: front.fft_length,
        rate_hz: signal.rate_hz,
    }
}

fn plan(signal: &Signal, settings: &[f32]) -> Option<(Front, Mel)> {
    let (front, own) = Front::read(signal, settings)?;
    let mel = mel_of(&front, signal, *own.first()?);
    Some((front, mel))
}

fn check(signal: &Signal, settings: &[f32]) -> Result<Layout, BlockError> {
    let (front, own) = Front::check(&MFE, signal, settings)?;
    let mel = mel_of(&front, signal, own.first().copied().unwrap_or_default());
    mel.check()?;
    front.layout(signal, mel.filters, true, mel.table())
}

fn prepare(signal: &Signal, settings: &[f32], scratch: &mut [f32]) {
    let Some((front, mel)) = plan(signal, settings) else {
        return;
    };
    if let Some((tables, rest)) = scratch.split_at_mut_checked(front.tables()) {
        front.prepare(tables);
        mel.prepare(rest.get_mut(..mel.table()).unwrap_or_default());
    }
}

fn run(
    signal: &Signal,
    settings: &[f32],
    window: &[f32],
    scratch: &mut [f32],
    features: &mut [f32],
) {
    let Some((front, mel)) = plan(signal, settings) else {
        return;
    };
    let Some((tables, rest)) = scratch.split_at_mut_checked(front.tables()) else {
        return;
    };
    let Some((table, rest)) = rest.split_at_mut_checked(mel.table()) else {
        return;
    };
    let work = rest.get_mut(..front.fft_length).unwrap_or_default();
    let floor = tables.first().copied().unwrap_or_default();
    let mut rows = features.chunks_exact_mut(mel.filters.max(1));
    front.spectra(signal, tables, window, work, |spectrum| {
        let Some(row) = rows.next() else {
            return;
        };
        mel.walk(table, spectrum, row);
        for x in row {
            *x = front.decibels() * libm::logf(*x + floor);
        }
    });
}

fn name(
    signal: &Signal,
    settings: &[f32],
    index: usize,
    out: &mut dyn Write,
) -> Result<Option<usize>, fmt::Error> {
    let (Some((_, mel)), Ok(layout)) = (plan(signal, settings), check(signal, settings)) else {
        return Ok(None);
    };
    let Some((axis, filter)) = place(&layout, mel.filters, index) else {
        return Ok(None);
    };
    let (low, high) = mel.edges(filter);
    write_band(out, low, high)?;
    Ok(Some(axis))
}
