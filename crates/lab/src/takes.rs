//! What training windows are varied from while training: the recordings at the model's
//! rate, and all that makes normalised features of them.

use lampyris_dataset::Split;
use lampyris_dataset::pcm::exact_step;
use lampyris_dsp::block::{self, Block, Signal};
use lampyris_dsp::normalize::{Norm, normalize};
use serde::{Deserialize, Serialize};

use crate::augment::{self, Source, mask, vary};
use crate::features::Matrix;
use crate::signals::Plan;
use crate::windows::Table;
use crate::{LabError, TrainingSettings};

/// Recordings to draw variations from; part of a [`crate::Job`].
#[derive(Clone, Debug, PartialEq)]
pub struct Takes {
    header: Header,
    /// `[samples, axes]` of each recording.
    samples: Vec<Vec<f32>>,
    /// The block's memory with its tables in it.
    prepared: Vec<f32>,
    norms: Vec<Norm>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Header {
    block: String,
    values: Vec<f32>,
    rate_hz: f32,
    window: usize,
    axes: usize,
    silent_ends: bool,
    /// Mean and inverse deviation of each column.
    norms: Vec<(f32, f32)>,
    takes: Vec<TakeHeader>,
    /// Take and first sample of each training window, in the order of the job's rows.
    windows: Vec<(usize, u32)>,
    /// Take, first sample and end of each stretch of background.
    background: Vec<(usize, u32, u32)>,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct TakeHeader {
    id: String,
    samples: usize,
    /// Whether all samples are whole steps of 16 bits, and written so.
    short: bool,
}

impl Takes {
    /// What the training windows of a table are cut from.
    pub(crate) fn new(plan: &Plan, table: &Table<'_>, matrix: &Matrix) -> Result<Self, LabError> {
        let mut takes = Self {
            header: Header {
                block: plan.block.id.into(),
                values: plan.values.clone(),
                rate_hz: plan.signal.rate_hz,
                window: plan.signal.samples,
                axes: plan.signal.axes,
                silent_ends: plan.silent_ends,
                norms: matrix
                    .norms
                    .iter()
                    .map(|n| (n.mean, n.inverse_deviation))
                    .collect(),
                takes: Vec::new(),
                windows: Vec::new(),
                background: Vec::new(),
            },
            samples: Vec::new(),
            prepared: plan.scratch(),
            norms: matrix.norms.clone(),
        };
        for window in table.of(Split::Train) {
            let take = takes.index(plan, table.recordings[window.recording])?;
            takes.header.windows.push((take, window.start));
        }
        for stretch in &table.background {
            // As in the first round: what can't be resampled is not heard.
            if let Ok(take) = takes.index(plan, stretch.recording) {
                let row = (take, stretch.from, stretch.to);
                takes.header.background.push(row);
            }
        }
        Ok(takes)
    }

    /// The place of a recording, which is taken in where it is not there yet.
    fn index(
        &mut self,
        plan: &Plan,
        recording: &lampyris_dataset::Recording,
    ) -> Result<usize, LabError> {
        let known = self.header.takes.iter();
        // Windows come recording by recording: the last is the likeliest.
        if let Some(i) = known.rev().position(|t| t.id == recording.meta.id) {
            return Ok(self.samples.len() - 1 - i);
        }
        let samples = plan.resampled(recording)?;
        self.header.takes.push(TakeHeader {
            id: recording.meta.id.clone(),
            samples: samples.len() / plan.signal.axes,
            short: samples.iter().all(|v| exact_step(*v).is_some()),
        });
        self.samples.push(samples);
        Ok(self.samples.len() - 1)
    }

    /// Normalised, masked features of a variation of one training window.
    pub(crate) fn draw(
        &self,
        training: &TrainingSettings,
        epoch: u32,
        window: usize,
        copy: u32,
        out: &mut [f32],
    ) {
        let h = &self.header;
        let (take, start) = h.windows[window];
        let source = Source {
            recording: &h.takes[take].id,
            start,
            copy,
            epoch,
            seed: training.seed,
        };
        let mut random = source.random();
        let background: Vec<&[f32]> = h
            .background
            .iter()
            .map(|&(take, from, to)| {
                &self.samples[take][from as usize * h.axes..to as usize * h.axes]
            })
            .collect();
        let signal = augment::Signal {
            samples: &self.samples[take],
            axes: h.axes,
            rate_hz: h.rate_hz,
            silent_ends: h.silent_ends,
        };
        let mut samples = vec![0.0; h.window * h.axes];
        vary(
            &training.augment,
            &mut random,
            signal,
            start,
            &background,
            &mut samples,
        );
        let mut scratch = self.prepared.clone();
        (h.block().run)(&h.signal(), &h.values, &samples, &mut scratch, out);
        for row in out.chunks_exact_mut(self.norms.len()) {
            normalize(row, &self.norms);
        }
        mask(&training.augment, &mut random, self.norms.len(), out);
    }

    pub(crate) fn header(&self) -> &Header {
        &self.header
    }

    /// The samples of each recording, and whether they are whole steps of 16 bits.
    pub(crate) fn samples(&self) -> impl Iterator<Item = (bool, &[f32])> {
        let samples = self.samples.iter().map(Vec::as_slice);
        self.header.takes.iter().map(|t| t.short).zip(samples)
    }

    /// Gives header and samples away.
    pub(crate) fn into_parts(self) -> (Header, Vec<Vec<f32>>) {
        (self.header, self.samples)
    }

    /// Puts what was read together, with as many samples as [`Header::samples`] said;
    /// `None` where it makes no sense.
    pub(crate) fn of_parts(
        header: Header,
        features: usize,
        samples: Vec<Vec<f32>>,
    ) -> Option<Self> {
        let block = block::by_id(&header.block)?;
        block.check_settings(&header.values).ok()?;
        let layout = (block.check)(&header.signal(), &header.values).ok()?;
        if layout.features != features || layout.columns() != header.norms.len() {
            return None;
        }
        if samples.iter().flatten().any(|v| !v.is_finite()) {
            return None;
        }
        let len = |take: &usize| header.takes.get(*take).map(|t| t.samples);
        let windows = header
            .windows
            .iter()
            .all(|(take, start)| len(take).is_some_and(|n| *start as usize + header.window <= n));
        let background = header
            .background
            .iter()
            .all(|(take, from, to)| len(take).is_some_and(|n| from <= to && *to as usize <= n));
        if !(windows && background) {
            return None;
        }
        let mut prepared = vec![0.0; layout.scratch];
        (block.prepare)(&header.signal(), &header.values, &mut prepared);
        let norms = header.norms.iter().map(|&(mean, inverse_deviation)| Norm {
            mean,
            inverse_deviation,
        });
        Some(Self {
            norms: norms.collect(),
            header,
            samples,
            prepared,
        })
    }
}

impl Header {
    /// Of each recording whether it is written in whole steps of 16 bits, and how many
    /// values it has; `None` where they are too many to count.
    pub(crate) fn samples(&self) -> Option<Vec<(bool, usize)>> {
        let values = |t: &TakeHeader| Some((t.short, t.samples.checked_mul(self.axes)?));
        self.takes.iter().map(values).collect()
    }

    /// Windows that can be varied.
    pub(crate) fn windows(&self) -> usize {
        self.windows.len()
    }

    fn block(&self) -> &'static Block {
        block::by_id(&self.block).expect("checked when these takes were made or read")
    }

    fn signal(&self) -> Signal {
        Signal {
            rate_hz: self.rate_hz,
            samples: self.window,
            axes: self.axes,
        }
    }
}
