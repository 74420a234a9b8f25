//! A training of the pipeline's job: from what `lab` prepared to what it quantizes.

use lampyris_lab::{self as lab, Job, LabError, Progress, TrainingResult};
use lampyris_net::{Net, NetSpec};

use crate::{BatchSource, MemorySource, Options, Part, TrainError, Trainer};

/// One training of one [`Job`], for the faces: the page and the command.
pub struct JobTrainer {
    settings_hash: String,
    trainer: Trainer,
}

impl JobTrainer {
    /// A training that has not begun.
    ///
    /// # Errors
    /// A network that can't be built, or data that nothing can be learned from.
    pub fn new(job: Job) -> Result<Self, LabError> {
        let seed = u64::from(job.training.seed);
        let net = Net::init(&job.network(), seed)?;
        let options = Options {
            epochs: job.training.epochs,
            batch_size: job.training.batch_size,
            learning_rate: job.training.learning_rate,
            patience: job.training.patience,
            class_weights: job.training.class_weights,
            seed,
            ..of_kind(job.grid.is_some())
        };
        Ok(Self {
            settings_hash: job.settings_hash.clone(),
            trainer: Trainer::new(Box::new(JobSource(job)), net, options)?,
        })
    }

    /// A training on windows `x` `[windows, features]` with label indices `y`, without
    /// validation and without a project around them.
    ///
    /// # Errors
    /// As [`JobTrainer::new`].
    pub fn of_rows(
        spec: &NetSpec,
        options: Options,
        x: Vec<f32>,
        y: Vec<u32>,
    ) -> Result<Self, LabError> {
        let net = Net::init(spec, options.seed)?;
        let none = (Vec::new(), Vec::new());
        let source = MemorySource::new(spec.input.len(), spec.classes, (x, y), none)?;
        Ok(Self {
            settings_hash: String::new(),
            trainer: Trainer::new(Box::new(source), net, options)?,
        })
    }

    /// The network of the best epoch.
    pub fn net(&self) -> &Net {
        self.trainer.best()
    }

    /// Works through up to `batches` batches, fewer where training ends.
    ///
    /// # Errors
    /// A loss that runs away before any epoch has finished.
    pub fn advance(&mut self, batches: usize) -> Result<Progress, LabError> {
        Ok(self.trainer.advance(batches)?)
    }

    /// The best epoch's network with the history.
    ///
    /// # Errors
    /// No epoch has finished yet.
    pub fn finish(&self) -> Result<TrainingResult, LabError> {
        let progress = self.trainer.progress();
        if progress.best_epoch == 0 {
            return Err(LabError::new(
                "no epoch has finished yet",
                "training",
                "let the first epoch end before asking for its network",
            ));
        }
        Ok(TrainingResult {
            settings_hash: self.settings_hash.clone(),
            net: self.trainer.best().to_bytes(),
            history: progress.history,
            best_epoch: progress.best_epoch,
        })
    }
}

/// What learning pictures wants beside the settings. They are few and steps are long, so
/// weights are restless, and with few pictures to validate on, which epoch is the best is
/// luck: on signs of people never seen, the loss of averaged weights is half as large.
/// Smoothed labels keep one odd picture from deciding the loss, and a later epoch counts
/// as well as one that is hardly better.
fn of_kind(pictures: bool) -> Options {
    if !pictures {
        return Options::default();
    }
    Options {
        averaging: 0.99,
        label_smoothing: 0.1,
        tolerance: 0.15,
        ..Options::default()
    }
}

/// A job's windows: those recorded, and their variations, drawn as they are asked for.
struct JobSource(Job);

fn part(part: Part) -> lab::Part {
    match part {
        Part::Train => lab::Part::Train,
        Part::Validation => lab::Part::Validation,
    }
}

impl BatchSource for JobSource {
    fn len(&self, of: Part) -> usize {
        self.0.len(part(of))
    }

    fn features(&self) -> usize {
        self.0.features
    }

    fn classes(&self) -> usize {
        self.0.labels.len()
    }

    fn label(&self, of: Part, index: usize) -> usize {
        self.0.label(part(of), index) as usize
    }

    fn fill(&self, of: Part, epoch: u32, indices: &[usize], x: &mut Vec<f32>, y: &mut Vec<usize>) {
        for &index in indices {
            let from = x.len();
            x.resize(from + self.0.features, 0.0);
            self.0.draw(part(of), epoch, index, &mut x[from..]);
            y.push(self.label(of, index));
        }
    }
}

impl From<TrainError> for LabError {
    fn from(error: TrainError) -> Self {
        Self::new(error.what, error.place, error.remedy)
    }
}
