//! What comes back from the trainer: epochs, progress, the trained network.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::LabError;
use crate::envelope::Kind;

const RESULT: Kind = Kind {
    magic: *b"LYTR",
    version: 1,
    name: "training result",
};

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
