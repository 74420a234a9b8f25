//! What goes to the trainer, and what comes back.
//!
//! Trainer and pipeline run in different modules (in the page even in different
//! workers), so both directions are versioned bytes that refuse damage.

use lampyris_net::LayerSpec;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::envelope::Kind;
use crate::{LabError, TrainingSettings};

const JOB: Kind = Kind {
    magic: *b"LYJB",
    version: 1,
    name: "training job",
};
const RESULT: Kind = Kind {
    magic: *b"LYTR",
    version: 1,
    name: "training result",
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
    /// Features per window.
    pub features: usize,
    /// Hidden layers.
    pub network: Vec<LayerSpec>,
    /// How to fit.
    pub training: TrainingSettings,
    /// Training windows, in the order of recording id and time.
    pub train: Rows,
    /// Validation windows, likewise.
    pub validation: Rows,
}

#[derive(Serialize, Deserialize)]
struct JobHeader {
    settings_hash: String,
    labels: Vec<String>,
    features: usize,
    network: Vec<LayerSpec>,
    training: TrainingSettings,
    train: usize,
    validation: usize,
}

impl Job {
    /// The windows of one part.
    pub fn rows(&self, part: Part) -> &Rows {
        match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
        }
    }

    /// Versioned bytes; equal jobs give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let header = JobHeader {
            settings_hash: self.settings_hash.clone(),
            labels: self.labels.clone(),
            features: self.features,
            network: self.network.clone(),
            training: self.training.clone(),
            train: self.train.y.len(),
            validation: self.validation.y.len(),
        };
        let mut body = Vec::new();
        for rows in [&self.train, &self.validation] {
            rows.x.iter().for_each(|v| body.extend(v.to_le_bytes()));
            rows.y.iter().for_each(|v| body.extend(v.to_le_bytes()));
        }
        JOB.seal(&header, &body)
    }

    /// Reads what [`Job::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are no job, of another version, cut or damaged, and jobs that
    /// make no sense (no features, labels out of range, numbers that aren't finite).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LabError> {
        let (header, mut body): (JobHeader, _) = JOB.open(bytes)?;
        let f = header.features;
        let expected = [header.train, header.validation]
            .iter()
            .try_fold(0usize, |sum, n| {
                let row = f.checked_add(1)?.checked_mul(4)?;
                sum.checked_add(n.checked_mul(row)?)
            });
        if f == 0 || expected != Some(body.len()) {
            return Err(JOB.refuse("the windows don't fit the header", "body".into()));
        }
        let train = Rows::take(&mut body, header.train, f);
        let validation = Rows::take(&mut body, header.validation, f);
        for rows in [&train, &validation] {
            if rows.y.iter().any(|&y| y as usize >= header.labels.len())
                || rows.x.iter().any(|x| !x.is_finite())
            {
                return Err(JOB.refuse("a window has an impossible value", "body".into()));
            }
        }
        Ok(Self {
            settings_hash: header.settings_hash,
            labels: header.labels,
            features: f,
            network: header.network,
            training: header.training,
            train,
            validation,
        })
    }
}

impl Rows {
    /// Cuts `n` rows off the front; the caller has checked the length.
    fn take(body: &mut &[u8], n: usize, features: usize) -> Self {
        let (x, rest) = body.split_at(n * features * 4);
        let (y, rest) = rest.split_at(n * 4);
        *body = rest;
        Self {
            x: words(x).map(f32::from_le_bytes).collect(),
            y: words(y).map(u32::from_le_bytes).collect(),
        }
    }
}

fn words(bytes: &[u8]) -> impl Iterator<Item = [u8; 4]> {
    bytes.chunks_exact(4).map(|c| [c[0], c[1], c[2], c[3]])
}

/// One finished epoch.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct EpochRow {
    /// Mean cross-entropy over the training windows as they were fitted (with
    /// dropout, weights changing from batch to batch), in nats.
    pub train_loss: f32,
    /// Share of the training windows that were right, 0 to 1.
    pub train_accuracy: f32,
    /// Mean cross-entropy over the validation windows with the epoch's final
    /// weights; `None` where there are none.
    pub validation_loss: Option<f32>,
    /// Share of them that was right, 0 to 1.
    pub validation_accuracy: Option<f32>,
}

/// How far a training is.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct Progress {
    /// Epoch under way (after the end: the last that ran), counted from 1.
    pub epoch: u32,
    /// Epochs at most.
    pub epochs: u32,
    /// Batches done in this epoch.
    pub batch: u32,
    /// Batches per epoch.
    pub batches: u32,
    /// Nothing more will happen.
    pub finished: bool,
    /// Finished before the last epoch, for lack of improvement or because the
    /// loss ran away.
    pub stopped_early: bool,
    /// The best epoch so far, counted from 1; 0 before the first has finished.
    pub best_epoch: u32,
    /// All finished epochs.
    pub history: Vec<EpochRow>,
}

/// What a training gives back.
#[derive(Clone, Debug, PartialEq)]
pub struct TrainingResult {
    /// The job's hash, so that a result meets only the data it came from.
    pub settings_hash: String,
    /// The best epoch's network, as `Net::to_bytes` wrote it.
    pub net: Vec<u8>,
    /// All epochs that ran.
    pub history: Vec<EpochRow>,
    /// The epoch whose weights `net` holds, counted from 1.
    pub best_epoch: u32,
}

#[derive(Serialize, Deserialize)]
struct ResultHeader {
    settings_hash: String,
    history: Vec<EpochRow>,
    best_epoch: u32,
}

impl TrainingResult {
    /// Versioned bytes; equal results give equal bytes. A loss that isn't
    /// finite (a training that ran away) is written as the largest number.
    pub fn to_bytes(&self) -> Vec<u8> {
        let tame = |v: f32| if v.is_finite() { v } else { f32::MAX };
        let history = self.history.iter().map(|row| EpochRow {
            train_loss: tame(row.train_loss),
            validation_loss: row.validation_loss.map(tame),
            ..*row
        });
        let header = ResultHeader {
            settings_hash: self.settings_hash.clone(),
            history: history.collect(),
            best_epoch: self.best_epoch,
        };
        RESULT.seal(&header, &self.net)
    }

    /// Reads what [`TrainingResult::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are no result, of another version, cut or damaged.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LabError> {
        let (header, net): (ResultHeader, _) = RESULT.open(bytes)?;
        Ok(Self {
            settings_hash: header.settings_hash,
            net: net.to_vec(),
            history: header.history,
            best_epoch: header.best_epoch,
        })
    }
}
