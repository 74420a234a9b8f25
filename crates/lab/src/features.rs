//! Normalised features of a table's windows, and of one round of their variations.

use std::cell::OnceCell;

use lampyris_dataset::{Recording, Split, window_count};
use lampyris_dsp::normalize::{Norm, normalize};

use crate::LabError;
use crate::augment::{Signal, Source, vary};
use crate::cache::{Cache, Rows};
use crate::signals::Plan;
use crate::windows::{Stretch, Table, Window};

/// A deviation below this share of the mean (or of 1) is rounding noise: such a
/// feature never changes, and is switched off.
const STILL: f64 = 1e-6;

impl Plan {
    /// The recording that a variation is cut from.
    pub(crate) fn take<'a>(&self, samples: &'a [f32]) -> Signal<'a> {
        Signal {
            samples,
            axes: self.signal.axes,
            rate_hz: self.signal.rate_hz,
            silent_ends: self.silent_ends,
        }
    }
}

/// The samples of each stretch of background; one that can't be resampled is left out
/// (where it gives windows of its own, they say what is wrong).
fn heard(plan: &Plan, stretches: &[Stretch<'_>]) -> Vec<Vec<f32>> {
    let axes = plan.signal.axes;
    let samples = stretches.iter().filter_map(|s| {
        let signal = plan.resampled(s.recording).ok()?;
        let (from, to) = (s.from as usize * axes, s.to as usize * axes);
        signal.get(from..to).map(<[f32]>::to_vec)
    });
    samples.collect()
}

/// Features of all windows of a recording, one row a hop.
fn recorded(plan: &Plan, recording: &Recording, hop: u32) -> Result<Vec<f32>, LabError> {
    let signal = plan.resampled(recording)?;
    let (axes, window) = (plan.signal.axes, plan.signal.samples);
    let n = window_count((signal.len() / axes) as u32, window as u32, hop) as usize;
    let width = plan.layout.features;
    let mut scratch = plan.scratch();
    let mut out = vec![0.0; n * width];
    for (i, row) in out.chunks_exact_mut(width).enumerate() {
        let from = i * hop as usize * axes;
        plan.features(&signal[from..from + window * axes], &mut scratch, row);
    }
    if let Some(bad) = out.iter().position(|v| !v.is_finite()) {
        let (name, axis) = plan.feature_name(bad % width);
        let axis = axis.map_or_else(String::new, |a| format!(" of {}", plan.axis_name(a)));
        return Err(LabError::new(
            format!("the feature {name}{axis} is not a finite number"),
            format!("recording {}, window {}", recording.meta.name, bad / width),
            "its values are too large for this block: rescale or remove the recording",
        ));
    }
    Ok(out)
}

/// The first round of variations of a recording's training windows, copy after copy.
fn varied(
    plan: &Plan,
    recording: &Recording,
    starts: &[u32],
    background: &[&[f32]],
) -> Result<Vec<f32>, LabError> {
    let signal = plan.resampled(recording)?;
    let copies = plan.augment.copies;
    let width = plan.layout.features;
    let mut window = vec![0.0; plan.signal.samples * plan.signal.axes];
    let mut scratch = plan.scratch();
    let mut out = vec![0.0; starts.len() * copies as usize * width];
    let sources = (0..copies).flat_map(|copy| starts.iter().map(move |s| (copy, *s)));
    for (row, (copy, start)) in out.chunks_exact_mut(width).zip(sources) {
        let source = Source {
            recording: &recording.meta.id,
            start,
            copy,
            epoch: 0,
            seed: plan.seed,
        };
        let take = plan.take(&signal);
        vary(
            &plan.augment,
            &mut source.random(),
            take,
            start,
            background,
            &mut window,
        );
        plan.features(&window, &mut scratch, row);
    }
    Ok(out)
}

/// Normalised features of a table's windows.
pub(crate) struct Matrix {
    /// Features of a window.
    pub width: usize,
    /// `[windows, width]`, in the table's order.
    pub x: Vec<f32>,
    /// One a column: of features in frames, each column is normalised alike in all.
    pub norms: Vec<Norm>,
    /// `[variations, width]` of the training windows: those of the first epoch, but
    /// without masks.
    varied: Vec<f32>,
    /// The window that each variation is of.
    varied_of: Vec<usize>,
}

impl Matrix {
    /// Computes (or finds) all features; mean and deviation come from the
    /// training windows alone.
    pub(crate) fn new(cache: &mut Cache, plan: &Plan, table: &Table<'_>) -> Result<Self, LabError> {
        Self::with_copies(cache, plan, table, plan.augment.copies)
    }

    /// The same without variations, normalised over the recorded training windows: quick,
    /// and not quite what a network gets.
    pub(crate) fn recorded(
        cache: &mut Cache,
        plan: &Plan,
        table: &Table<'_>,
    ) -> Result<Self, LabError> {
        Self::with_copies(cache, plan, table, 0)
    }

    fn with_copies(
        cache: &mut Cache,
        plan: &Plan,
        table: &Table<'_>,
        copies: u32,
    ) -> Result<Self, LabError> {
        let width = plan.layout.features;
        cache.begin();
        let mut x = Vec::with_capacity(table.windows.len() * width);
        let (mut all_varied, mut varied_of) = (Vec::new(), Vec::new());
        let background_key = table.background_key();
        let background = OnceCell::new();
        let mut seen = 0;
        for (i, (recording, part)) in table.recordings.iter().zip(&table.parts).enumerate() {
            let hop = plan.hop_of(*part);
            let rows = cache.kept_or(plan, recording, &hop.to_string(), || {
                recorded(plan, recording, hop)
            })?;
            // Windows lie in the order of the recordings.
            let windows = table.windows[seen..]
                .iter()
                .take_while(|w| w.recording == i);
            let starts: Vec<u32> = windows.map(|w| w.start).collect();
            for start in &starts {
                let from = (start / hop) as usize * width;
                x.extend_from_slice(&rows[from..from + width]);
            }
            if *part == Split::Train && copies > 0 {
                let cut = format!(
                    "{starts:?} {:?} {} {background_key}",
                    plan.augment, plan.seed
                );
                let rows: Rows = cache.kept_or(plan, recording, &cut, || {
                    let background = background.get_or_init(|| heard(plan, &table.background));
                    let background: Vec<&[f32]> = background.iter().map(Vec::as_slice).collect();
                    varied(plan, recording, &starts, &background)
                })?;
                all_varied.extend_from_slice(&rows);
                varied_of.extend((0..copies).flat_map(|_| seen..seen + starts.len()));
            }
            seen += starts.len();
        }
        let columns = plan.layout.columns();
        let training = |w: &Window| table.parts[w.recording] == Split::Train;
        let rows = x.chunks_exact(width).zip(&table.windows);
        let fitted = rows.filter(|(_, w)| training(w)).map(|(row, _)| row);
        let fitted = fitted.chain(all_varied.chunks_exact(width));
        let norms = norms(columns, fitted.flat_map(|row| row.chunks_exact(columns)));
        for row in x
            .chunks_exact_mut(columns)
            .chain(all_varied.chunks_exact_mut(columns))
        {
            normalize(row, &norms);
        }
        Ok(Self {
            width,
            x,
            norms,
            varied: all_varied,
            varied_of,
        })
    }

    /// The training windows as recorded, then their first variations, each with the
    /// index of its window.
    pub(crate) fn training<'a>(
        &'a self,
        table: &'a Table<'_>,
    ) -> impl Iterator<Item = (usize, &'a [f32])> {
        let windows = table.windows.iter().enumerate();
        let recorded = windows
            .filter(|(_, w)| table.parts[w.recording] == Split::Train)
            .map(|(i, _)| (i, self.row(i)));
        let varied = self.varied_of.iter().copied();
        recorded.chain(varied.zip(self.varied.chunks_exact(self.width)))
    }

    /// One window's features.
    pub(crate) fn row(&self, window: usize) -> &[f32] {
        &self.x[window * self.width..][..self.width]
    }
}

/// Mean and inverse standard deviation (of the population) of each column.
pub(crate) fn norms<'a>(
    columns: usize,
    rows: impl Iterator<Item = &'a [f32]> + Clone,
) -> Vec<Norm> {
    let n = rows.clone().count().max(1) as f64;
    let mut mean = vec![0.0f64; columns];
    for row in rows.clone() {
        mean.iter_mut()
            .zip(row)
            .for_each(|(m, v)| *m += f64::from(*v) / n);
    }
    let mut variance = vec![0.0f64; columns];
    for row in rows {
        for ((var, v), m) in variance.iter_mut().zip(row).zip(&mean) {
            let d = f64::from(*v) - m;
            *var += d * d / n;
        }
    }
    let columns = mean.iter().zip(&variance);
    columns
        .map(|(m, var)| {
            let deviation = var.sqrt();
            let inverse = if deviation > STILL * (1.0 + m.abs()) {
                (1.0 / deviation) as f32
            } else {
                0.0
            };
            Norm {
                mean: *m as f32,
                inverse_deviation: inverse,
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn norms_by_hand() {
        let rows: [&[f32]; 2] = [&[1.0, 5.0], &[3.0, 5.0]];
        let got = norms(2, rows.into_iter());
        assert_eq!((got[0].mean, got[0].inverse_deviation), (2.0, 1.0));
        // A feature that never changes is switched off, not divided by zero.
        assert_eq!((got[1].mean, got[1].inverse_deviation), (5.0, 0.0));
    }

    #[test]
    fn no_rows_switch_everything_off() {
        let got = norms(1, std::iter::empty());
        assert_eq!((got[0].mean, got[0].inverse_deviation), (0.0, 0.0));
    }
}
