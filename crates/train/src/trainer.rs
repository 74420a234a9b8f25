//! The loop, cut into slices.
//!
//! ```text
//! shuffle ─▶ train batch × n ─▶ validation batch × m ─▶ row of history ─▶ best? patience? ─▶ shuffle …
//! ```
//!
//! One batch of either kind is the unit of [`Trainer::advance`]; all that must
//! survive between two slices is in [`Trainer`].

use lampyris_net::Net;

use crate::adam::Adam;
use crate::loss::{Loss, Score};
use crate::model::{Batch, Model};
use crate::random::{Masks, Shuffle};
use crate::{BatchSource, EpochRow, Options, Part, Progress, TrainError, source};

/// Validation needs no gradients, so its batches may be larger for the same time…
const VALIDATION_FACTOR: usize = 4;
/// …but not for the same memory…
const VALIDATION_BATCH: usize = 256;
/// …which is that of their widest layer: so many values of it, 16 MiB.
const VALIDATION_VALUES: usize = 4 << 20;

/// Where in an epoch the next batch is.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Phase {
    Train { batch: usize },
    Validate { start: usize },
    Finished,
}

/// Fits a network to the windows of a source. See the head of the crate for
/// what it promises.
pub struct Trainer {
    source: Box<dyn BatchSource>,
    options: Options,
    model: Model,
    /// What the model has been of late: steadier than any step, this is validated and kept.
    average: Model,
    adam: Adam,
    loss: Loss,
    shuffle: Shuffle,
    masks: Masks,
    phase: Phase,
    train: Score,
    validation: Score,
    history: Vec<EpochRow>,
    stopped_early: bool,
    /// The network of the best epoch; its shape is that of `model`.
    best: Net,
    best_epoch: u32,
    /// The lowest so far.
    best_loss: f32,
}

impl Trainer {
    /// Prepares to fit `net` to the windows of `source`.
    ///
    /// # Errors
    ///
    /// Refuses options out of range, data that can't be learned from (no windows,
    /// one label, features that aren't finite, labels out of range), and a network
    /// of another shape than the data.
    pub fn new(
        source: Box<dyn BatchSource>,
        net: Net,
        options: Options,
    ) -> Result<Self, TrainError> {
        options.check()?;
        let counts = source::check(source.as_ref())?;
        if (source.features(), source.classes()) != (net.inputs(), net.classes()) {
            return Err(TrainError::new(
                format!(
                    "a network of {} features and {} labels for data of {} and {}",
                    net.inputs(),
                    net.classes(),
                    source.features(),
                    source.classes()
                ),
                "network",
                "build the network for this data",
            ));
        }
        let mut shuffle = Shuffle::new(options.seed, source.len(Part::Train));
        shuffle.again();
        let model = Model::of(&net);
        Ok(Self {
            adam: model.adam(),
            loss: Loss::new(&options, &counts),
            average: model.clone(),
            model,
            masks: Masks::new(options.seed),
            shuffle,
            phase: Phase::Train { batch: 0 },
            train: Score::default(),
            validation: Score::default(),
            history: Vec::new(),
            stopped_early: false,
            best: net,
            best_epoch: 0,
            best_loss: f32::INFINITY,
            source,
            options,
        })
    }

    /// Works through up to `batches` batches, fewer where training ends.
    ///
    /// # Errors
    ///
    /// Windows with features that aren't finite, and a loss that runs away before any
    /// epoch has finished; later, training ends and the best epoch stands.
    pub fn advance(&mut self, batches: usize) -> Result<Progress, TrainError> {
        for _ in 0..batches {
            match self.phase {
                Phase::Train { batch } => self.train_batch(batch)?,
                Phase::Validate { start } => self.validate_batch(start)?,
                Phase::Finished => break,
            }
        }
        Ok(self.progress())
    }

    /// The network of the best epoch: the lowest validation loss, the earlier of
    /// equals (the training loss where there are no validation windows). Before
    /// the first epoch has finished it is the network training began with.
    pub fn best(&self) -> &Net {
        &self.best
    }

    /// How far it is.
    pub fn progress(&self) -> Progress {
        let batches = self.batches();
        let finished = self.phase == Phase::Finished;
        Progress {
            epoch: self.history.len() as u32 + u32::from(!finished),
            epochs: self.options.epochs,
            batch: match self.phase {
                Phase::Train { batch } => batch,
                Phase::Validate { .. } | Phase::Finished => batches,
            } as u32,
            batches: batches as u32,
            finished,
            stopped_early: self.stopped_early,
            best_epoch: self.best_epoch,
            history: self.history.clone(),
        }
    }

    fn batches(&self) -> usize {
        let size = self.options.batch_size as usize;
        self.source.len(Part::Train).div_ceil(size)
    }

    fn take(&self, part: Part, indices: &[usize]) -> Result<Batch, TrainError> {
        let features = self.source.features();
        let mut batch = Batch {
            x: Vec::with_capacity(indices.len() * features),
            y: Vec::with_capacity(indices.len()),
        };
        let epoch = self.history.len() as u32;
        let Batch { x, y } = &mut batch;
        self.source.fill(part, epoch, indices, x, y);
        for (index, x) in indices.iter().zip(batch.x.chunks_exact(features)) {
            source::check_values(part, *index, x)?;
        }
        Ok(batch)
    }

    fn train_batch(&mut self, index: usize) -> Result<(), TrainError> {
        let size = self.options.batch_size as usize;
        let batch = self.take(Part::Train, self.shuffle.batch(index, size))?;
        let batches = self.batches();
        let step = self.history.len() * batches + index;
        let steps = self.options.epochs as usize * batches;
        let rate = self.options.rate(step as f64 / steps as f64);
        let score = self.model.fit(
            batch,
            (&self.loss, &mut self.masks),
            &mut self.adam,
            (rate, self.options.weight_decay),
        );
        if !score.loss.is_finite() {
            return self.run_away();
        }
        self.average.follow(&self.model, self.options.kept(step));
        self.train.add(score);
        self.phase = Phase::Train { batch: index + 1 };
        if index + 1 == batches {
            self.phase = Phase::Validate { start: 0 };
            if self.source.len(Part::Validation) == 0 {
                self.end_epoch();
            }
        }
        Ok(())
    }

    fn validate_batch(&mut self, start: usize) -> Result<(), TrainError> {
        let len = self.source.len(Part::Validation);
        let size = self.options.batch_size as usize;
        let most = VALIDATION_BATCH.min(VALIDATION_VALUES / self.model.widest());
        let size = size.max(most.min(size * VALIDATION_FACTOR));
        let end = (start + size).min(len);
        let indices: Vec<usize> = (start..end).collect();
        let batch = self.take(Part::Validation, &indices)?;
        let score = self.average.evaluate(batch, &self.loss);
        self.validation.add(score);
        self.phase = Phase::Validate { start: end };
        if end == len {
            self.end_epoch();
        }
        Ok(())
    }

    fn end_epoch(&mut self) {
        let (train_loss, train_accuracy) = self.train.means();
        let validated = (self.validation.windows > 0).then(|| self.validation.means());
        self.history.push(EpochRow {
            train_loss,
            train_accuracy,
            validation_loss: validated.map(|v| v.0),
            validation_accuracy: validated.map(|v| v.1),
        });
        self.train = Score::default();
        self.validation = Score::default();

        let epoch = self.history.len() as u32;
        let loss = validated.map_or(train_loss, |v| v.0);
        let about = self.best_loss * (1.0 + self.options.tolerance);
        if loss < about {
            self.best = self.average.to_net();
            self.best_epoch = epoch;
            self.best_loss = self.best_loss.min(loss);
        }
        let patience = self.options.patience;
        let impatient = patience > 0 && epoch - self.best_epoch >= patience;
        if epoch == self.options.epochs || impatient {
            self.stopped_early = epoch < self.options.epochs;
            self.phase = Phase::Finished;
            return;
        }
        self.shuffle.again();
        self.phase = Phase::Train { batch: 0 };
    }

    /// The loss is no number any more: nothing good can follow.
    fn run_away(&mut self) -> Result<(), TrainError> {
        self.phase = Phase::Finished;
        self.stopped_early = true;
        if self.best_epoch > 0 {
            return Ok(());
        }
        Err(TrainError::new(
            "the loss ran away",
            "first epoch",
            format!(
                "lower the learning rate (it is {}) or normalise the features",
                self.options.learning_rate
            ),
        ))
    }
}
