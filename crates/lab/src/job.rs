//! What goes to the trainer.
//!
//! Trainer and pipeline run in different modules (in the page even in different
//! workers), so jobs and results are versioned bytes that refuse damage.

use lampyris_dsp::block::Layout;
use lampyris_net::{LayerSpec, NetSpec};
use serde::{Deserialize, Serialize};

use crate::envelope::Kind;
use crate::takes::{Header, Takes};
use crate::{LabError, TrainingSettings, signals};

const JOB: Kind = Kind {
    magic: *b"LYJB",
    version: 2,
    name: "training job",
};

/// The windows that a trainer sees; it never sees the test windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Weights are fitted to these.
    Train,
    /// The best epoch is chosen on these; may be empty.
    Validation,
}

/// Windows of one part: normalised features and labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// `[windows, features]`, normalised.
    pub x: Vec<f32>,
    /// One label index a window.
    pub y: Vec<u32>,
}

/// Everything that a trainer needs.
#[derive(Clone, Debug, PartialEq)]
pub struct Job {
    /// Hash of the settings and recordings that made it; see `Report::settings_hash`.
    pub settings_hash: String,
    /// In the order of the outputs.
    pub labels: Vec<String>,
    /// Features per window, `[frames, columns]`.
    pub features: usize,
    /// Steps in time that they are of; 1 where they are of the window as a whole.
    pub frames: usize,
    /// Hidden layers.
    pub network: Vec<LayerSpec>,
    /// How to fit.
    pub training: TrainingSettings,
    /// Training windows as recorded, in the order of recording id and time.
    pub train: Rows,
    /// Validation windows, likewise.
    pub validation: Rows,
    /// What the training windows are varied from; nothing where they are not varied.
    pub takes: Option<Takes>,
}

#[derive(Serialize, Deserialize)]
struct JobHeader {
    settings_hash: String,
    labels: Vec<String>,
    features: usize,
    frames: usize,
    network: Vec<LayerSpec>,
    training: TrainingSettings,
    train: usize,
    validation: usize,
    takes: Option<Header>,
}

impl Job {
    /// The network to train.
    pub fn network(&self) -> NetSpec {
        let layout = Layout {
            features: self.features,
            frames: self.frames,
            framing: None,
            scratch: 0,
            grid: None,
        };
        signals::net_spec(&layout, self.labels.len(), &self.network)
    }

    /// Windows of one part in an epoch: for training each window as recorded, and its
    /// variations.
    pub fn len(&self, part: Part) -> usize {
        match part {
            Part::Train => self.train.y.len() * (1 + self.copies() as usize),
            Part::Validation => self.validation.y.len(),
        }
    }

    fn copies(&self) -> u32 {
        match self.takes {
            Some(_) => self.training.augment.copies,
            None => 0,
        }
    }

    /// Label index of a window; see [`Job::draw`].
    pub fn label(&self, part: Part, index: usize) -> u32 {
        let rows = match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
        };
        rows.y[index % rows.y.len()]
    }

    /// Writes the normalised features of a window into `out` (`[frames, columns]`).
    /// `index` is below [`Job::len`]; `epoch` counts from 0.
    ///
    /// The first training windows are those recorded; the others are varied afresh in
    /// each epoch. The same job, epoch and index always give the same values.
    pub fn draw(&self, part: Part, epoch: u32, index: usize, out: &mut [f32]) {
        let rows = match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
        };
        let windows = rows.y.len();
        match &self.takes {
            Some(takes) if index >= windows => {
                let (window, copy) = (index % windows, index / windows - 1);
                takes.draw(&self.training, epoch, window, copy as u32, out);
            }
            _ => out.copy_from_slice(&rows.x[index * self.features..][..self.features]),
        }
    }

    /// Versioned bytes; equal jobs give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = JobHeader {
            settings_hash: self.settings_hash.clone(),
            labels: self.labels.clone(),
            features: self.features,
            frames: self.frames,
            network: self.network.clone(),
            training: self.training.clone(),
            train: self.train.y.len(),
            validation: self.validation.y.len(),
            takes: self.takes.as_ref().map(|t| t.header().clone()),
        };
        let mut body = Vec::new();
        for rows in [&self.train, &self.validation] {
            rows.x.iter().for_each(|v| body.extend(v.to_le_bytes()));
            rows.y.iter().for_each(|v| body.extend(v.to_le_bytes()));
        }
        if let Some(takes) = &self.takes {
            takes.write(&mut body);
        }
        JOB.seal(&header, &body)
    }

    /// Reads what [`Job::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are no job, of another version, cut or damaged, and jobs that
    /// make no sense (no features, labels out of range, numbers that aren't finite,
    /// windows that lie outside of their recordings).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LabError> {
        let (header, mut body): (JobHeader, _) = JOB.open(bytes)?;
        let unfit = || JOB.refuse("the windows don't fit the header", "body".into());
        let f = header.features;
        if f == 0 || header.frames == 0 || !f.is_multiple_of(header.frames) {
            return Err(unfit());
        }
        let train = Rows::take(&mut body, header.train, f).ok_or_else(unfit)?;
        let validation = Rows::take(&mut body, header.validation, f).ok_or_else(unfit)?;
        for rows in [&train, &validation] {
            if rows.y.iter().any(|&y| y as usize >= header.labels.len())
                || rows.x.iter().any(|x| !x.is_finite())
            {
                return Err(JOB.refuse("a window has an impossible value", "body".into()));
            }
        }
        let takes = match header.takes {
            None if body.is_empty() => None,
            None => return Err(unfit()),
            Some(takes) => {
                let read = Takes::read(takes, f, body);
                let fits = read.filter(|t| t.windows() == header.train);
                Some(fits.ok_or_else(|| {
                    JOB.refuse("the recordings don't fit the header", "body".into())
                })?)
            }
        };
        Ok(Self {
            settings_hash: header.settings_hash,
            labels: header.labels,
            features: f,
            frames: header.frames,
            network: header.network,
            training: header.training,
            train,
            validation,
            takes,
        })
    }
}

impl Rows {
    /// Cuts `n` rows off the front; `None` where there are fewer.
    fn take(body: &mut &[u8], n: usize, features: usize) -> Option<Self> {
        let (x, rest) = body.split_at_checked(n.checked_mul(features)?.checked_mul(4)?)?;
        let (y, rest) = rest.split_at_checked(n.checked_mul(4)?)?;
        *body = rest;
        Some(Self {
            x: words(x).map(f32::from_le_bytes).collect(),
            y: words(y).map(u32::from_le_bytes).collect(),
        })
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]])
}
