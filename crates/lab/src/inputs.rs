//! The windows as a network gets them: of signals features that are computed already, of
//! pictures one picture at a time.

use lampyris_dataset::Split;
use lampyris_device::picture::NORM;
use lampyris_dsp::normalize::Norm;
use lampyris_graph::AlignedBytes;
use lampyris_net::{Net, Ranges};

use crate::augment::{Source, picture};
use crate::cache::Cache;
use crate::features::Matrix;
use crate::metrics::argmax;
use crate::pictures::{self, Pictures, shape, spread};
use crate::quantize::evaluated_part;
use crate::runner::Runner;
use crate::runs::Runs;
use crate::signals::Plan;
use crate::windows::{Table, Window};
use crate::{ClassCoverage, LabError};

/// Most pictures that set the int8 ranges, of all classes together…
const CALIBRATED: usize = 240;
/// …and least of each, however many classes there are.
const CALIBRATED_EACH: usize = 8;

/// The windows as the network gets them.
pub(crate) enum Inputs<'a> {
    /// Of signals: all features, computed already.
    Matrix(Box<Matrix>),
    /// Made one by one.
    Pictures(&'a mut Pictures),
}

impl<'a> Inputs<'a> {
    pub(crate) fn new(
        cache: &'a mut Cache,
        plan: &Plan,
        table: &Table<'_>,
    ) -> Result<Self, LabError> {
        if plan.is_of_pictures() {
            return Ok(Self::Pictures(&mut cache.pictures));
        }
        let matrix = Matrix::new(cache, plan, table)?;
        Ok(Self::Matrix(Box::new(matrix)))
    }

    pub(crate) fn norms(&self, plan: &Plan) -> Vec<Norm> {
        match self {
            Self::Matrix(matrix) => matrix.norms.clone(),
            Self::Pictures(_) => vec![NORM; plan.layout.columns()],
        }
    }

    /// The ranges of all layers over training windows and their variations, and how many
    /// windows of each class that were: all of signals; of pictures the same number of each
    /// class, for each takes as long as an answer.
    pub(crate) fn calibrate(
        &mut self,
        net: &Net,
        plan: &Plan,
        table: &Table<'_>,
    ) -> Result<(Ranges, Vec<ClassCoverage>), LabError> {
        let coverage = |windows: &dyn Fn(u32) -> usize| {
            let labels = table.labels.iter().zip(0..);
            let row = |(label, i): (&String, u32)| ClassCoverage {
                label: label.clone(),
                windows: windows(i) as u32,
            };
            labels.map(row).collect()
        };
        let pictures = match self {
            Self::Matrix(matrix) => {
                let rows = matrix.training(table).map(|(_, row)| row);
                let seen = coverage(&|label| table.count(Split::Train, label) as usize);
                return Ok((net.calibrate(rows)?, seen));
            }
            Self::Pictures(pictures) => pictures,
        };
        let most = (CALIBRATED / table.labels.len().max(1)).max(CALIBRATED_EACH);
        let (mut rows, mut counts) = (Vec::new(), Vec::new());
        for label in 0..table.labels.len() as u32 {
            let of_label = table.of(Split::Train).filter(|w| w.label == label);
            let of_label: Vec<&Window> = of_label.collect();
            counts.push(of_label.len().min(most));
            for i in spread(of_label.len(), most) {
                let recording = table.recordings[of_label[i].recording];
                rows.push((&recording.meta.id, pictures.seen(plan, recording)?));
            }
        }
        let copies = [false, true].into_iter();
        let copies = copies.filter(|varied| !varied || plan.augment.copies > 0);
        let windows = rows.iter().flat_map(|(id, row)| {
            let copies = copies.clone();
            copies.map(move |varied| calibrating(plan, id, row, varied))
        });
        let mut ranges = net.calibrate(windows)?;
        ranges.input = pictures::RANGE;
        Ok((ranges, coverage(&|label| counts[label as usize])))
    }

    /// Runs the chip part on every window that is reported on, and the float network beside
    /// it.
    pub(crate) fn run_all(
        &mut self,
        net: &Net,
        plan: &Plan,
        table: &Table<'_>,
        chip: &AlignedBytes,
    ) -> Result<Runs, LabError> {
        let part = evaluated_part(table);
        let mut runner = Runner::new(chip)?;
        let mut runs = Runs::new(plan, table);
        for (r, recording) in table.recordings.iter().enumerate() {
            if table.parts[r] != part {
                continue;
            }
            let windows = table.windows.iter().enumerate();
            let windows = windows.filter(|(_, w)| w.recording == r);
            match self {
                Self::Matrix(matrix) => {
                    let signal = plan.resampled(recording)?;
                    for (index, window) in windows {
                        let values = plan.signal.samples * plan.signal.axes;
                        let from = window.start as usize * plan.signal.axes;
                        let samples = &signal[from..from + values];
                        let float = argmax(&net.forward(matrix.row(index)));
                        runs.add(table, *window, runner.run(samples), float, samples);
                    }
                }
                Self::Pictures(pictures) => {
                    let row = pictures.seen(plan, recording)?;
                    let mut x = vec![0.0; row.len()];
                    pictures::normalized(&row, &mut x);
                    let float = argmax(&net.forward(&x));
                    for (_, window) in windows {
                        runs.add(table, *window, runner.see(&row, shape(plan)), float, &[]);
                    }
                }
            }
        }
        Ok(runs)
    }
}

/// A training picture as the calibration sees it, or its first variation.
fn calibrating(plan: &Plan, id: &str, row: &[u8], varied: bool) -> Vec<f32> {
    let mut out = vec![0.0; row.len()];
    if varied {
        let source = Source {
            recording: id,
            start: 0,
            copy: 0,
            epoch: 0,
            seed: plan.seed,
        };
        let mut random = source.random();
        picture::vary(&plan.augment, &mut random, shape(plan), row, &mut out);
    } else {
        pictures::normalized(row, &mut out);
    }
    out
}
