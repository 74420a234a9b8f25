//! Features of windows, kept by what made them.

use std::collections::BTreeMap;
use std::sync::Arc;

use lampyris_dataset::{Recording, Split, window_count};
use lampyris_dsp::normalize::{Norm, normalize};

use crate::augment::{Source, vary};
use crate::signals::Plan;
use crate::windows::{Table, Window};
use crate::{AugmentSettings, LabError};

/// A deviation below this share of the mean (or of 1) is rounding noise: such a
/// feature never changes, and is switched off.
const STILL: f64 = 1e-6;

/// Features of every window of a recording, one row a hop.
type Rows = Arc<Vec<f32>>;

/// Features by what made them: recording, axes, rate, window, hop, block.
/// What two preparations in a row have not asked for is forgotten.
#[derive(Default)]
pub(crate) struct Cache {
    turn: u64,
    kept: BTreeMap<String, (u64, Rows)>,
}

impl Cache {
    /// Begins a preparation.
    pub(crate) fn begin(&mut self) {
        self.turn += 1;
        let turn = self.turn;
        self.kept.retain(|_, (used, _)| *used + 2 >= turn);
    }

    /// Forgets everything.
    pub(crate) fn clear(&mut self) {
        self.kept.clear();
    }

    /// What was kept of this recording under these settings, else what `make` gives.
    /// `cut` tells how the windows were cut and changed.
    fn kept_or(
        &mut self,
        plan: &Plan,
        recording: &Recording,
        cut: &str,
        make: impl FnOnce() -> Result<Vec<f32>, LabError>,
    ) -> Result<Rows, LabError> {
        let bits: Vec<u32> = plan.values.iter().map(|v| v.to_bits()).collect();
        let key = format!(
            "{} {:?} {:?} {} {cut} {} {bits:?}",
            recording.meta.id, plan.axes, plan.signal.rate_hz, plan.signal.samples, plan.block.id,
        );
        if let Some((used, rows)) = self.kept.get_mut(&key) {
            *used = self.turn;
            return Ok(rows.clone());
        }
        let rows = Arc::new(make()?);
        self.kept.insert(key, (self.turn, rows.clone()));
        Ok(rows)
    }

    /// Features of all windows of a recording, one row a hop.
    fn rows(&mut self, plan: &Plan, recording: &Recording, hop: u32) -> Result<Rows, LabError> {
        self.kept_or(plan, recording, &hop.to_string(), || {
            compute(plan, recording, hop)
        })
    }

    /// Variations of a recording's training windows, copy after copy.
    fn varied(
        &mut self,
        plan: &Plan,
        recording: &Recording,
        starts: &[u32],
    ) -> Result<Rows, LabError> {
        let Some((augment, seed)) = plan.augment.filter(|(a, _)| a.copies > 0) else {
            return Ok(Rows::default());
        };
        let cut = format!("{starts:?} {augment:?} {seed}");
        self.kept_or(plan, recording, &cut, || {
            compute_varied(plan, recording, starts, &augment, seed)
        })
    }
}

fn compute_varied(
    plan: &Plan,
    recording: &Recording,
    starts: &[u32],
    augment: &AugmentSettings,
    seed: u32,
) -> Result<Vec<f32>, LabError> {
    let signal = plan.resampled(recording)?;
    let (axes, width) = (plan.signal.axes, plan.layout.features);
    let mut window = vec![0.0; plan.signal.samples * axes];
    let mut scratch = plan.scratch();
    let mut out = vec![0.0; starts.len() * augment.copies as usize * width];
    let sources = (0..augment.copies).flat_map(|copy| starts.iter().map(move |s| (copy, *s)));
    for (row, (copy, start)) in out.chunks_exact_mut(width).zip(sources) {
        let source = Source {
            recording: &recording.meta.id,
            start,
            copy,
            seed,
        };
        vary(augment, &source, &signal, axes, &mut window);
        plan.features(&window, &mut scratch, row);
    }
    Ok(out)
}

fn compute(plan: &Plan, recording: &Recording, hop: u32) -> Result<Vec<f32>, LabError> {
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

/// Normalised features of a table's windows.
pub(crate) struct Matrix {
    pub width: usize,
    /// `[windows, width]`, in the table's order.
    pub x: Vec<f32>,
    pub norms: Vec<Norm>,
    /// `[variations, width]` of the training windows.
    varied: Vec<f32>,
    /// The window that each variation is of.
    varied_of: Vec<usize>,
}

impl Matrix {
    /// Computes (or finds) all features; mean and deviation come from the
    /// training windows alone.
    pub(crate) fn new(cache: &mut Cache, plan: &Plan, table: &Table<'_>) -> Result<Self, LabError> {
        let width = plan.layout.features;
        cache.begin();
        let mut x = Vec::with_capacity(table.windows.len() * width);
        let (mut varied, mut varied_of) = (Vec::new(), Vec::new());
        let mut seen = 0;
        for (i, (recording, part)) in table.recordings.iter().zip(&table.parts).enumerate() {
            let hop = match part {
                Split::Train | Split::Auto => plan.training_hop,
                Split::Validation | Split::Test => plan.hop,
            };
            let rows = cache.rows(plan, recording, hop)?;
            // Windows lie in the order of the recordings.
            let windows = table.windows[seen..]
                .iter()
                .take_while(|w| w.recording == i);
            let starts: Vec<u32> = windows.map(|w| w.start).collect();
            for start in &starts {
                let from = (start / hop) as usize * width;
                x.extend_from_slice(&rows[from..from + width]);
            }
            if *part == Split::Train {
                let rows = cache.varied(plan, recording, &starts)?;
                let copies = rows.len() / width / starts.len().max(1);
                varied.extend_from_slice(&rows);
                varied_of.extend((0..copies).flat_map(|_| seen..seen + starts.len()));
            }
            seen += starts.len();
        }
        let training = |w: &Window| table.parts[w.recording] == Split::Train;
        let rows = x.chunks_exact(width).zip(&table.windows);
        let recorded = rows.filter(|(_, w)| training(w)).map(|(row, _)| row);
        let norms = norms(width, recorded.chain(varied.chunks_exact(width)));
        for row in x
            .chunks_exact_mut(width)
            .chain(varied.chunks_exact_mut(width))
        {
            normalize(row, &norms);
        }
        Ok(Self {
            width,
            x,
            norms,
            varied,
            varied_of,
        })
    }

    /// What is learned from: the training windows as recorded, then their
    /// variations, each with the index of its window.
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
pub(crate) fn norms<'a>(width: usize, rows: impl Iterator<Item = &'a [f32]> + Clone) -> Vec<Norm> {
    let n = rows.clone().count().max(1) as f64;
    let mut mean = vec![0.0f64; width];
    for row in rows.clone() {
        mean.iter_mut()
            .zip(row)
            .for_each(|(m, v)| *m += f64::from(*v) / n);
    }
    let mut variance = vec![0.0f64; width];
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
