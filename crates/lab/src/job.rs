//! What goes to the trainer.
//!
//! Trainer and pipeline run in different modules (in the page even in different
//! workers), so jobs and results are versioned bytes that refuse damage. A job's travel in
//! pieces, see `stream`.

use lampyris_dsp::block::Layout;
use lampyris_net::{LayerSpec, NetSpec};

use crate::augment::{Source, picture};
use crate::takes::Takes;
use crate::{LabError, TrainingSettings, pictures, signals, stream};

/// The windows that a trainer sees; it never sees the test windows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Weights are fitted to these.
    Train,
    /// The best epoch is chosen on these; may be empty.
    Validation,
}

/// Windows of one part: features and labels.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Rows {
    /// `[windows, features]`.
    pub x: Values,
    /// One label index a window.
    pub y: Vec<u32>,
}

/// The features of windows, one after another.
#[derive(Clone, Debug, PartialEq)]
pub enum Values {
    /// Normalised, of signals.
    Floats(Vec<f32>),
    /// Of pictures: bytes as the model sees them, a quarter of the memory. They are
    /// normalised where they are drawn.
    Bytes(Vec<u8>),
}

impl Default for Values {
    fn default() -> Self {
        Self::Floats(Vec::new())
    }
}

impl Values {
    /// How many there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Floats(x) => x.len(),
            Self::Bytes(x) => x.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
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
    /// Rows and columns, where the features are a picture; each pixel is a frame then.
    pub grid: Option<[usize; 2]>,
    /// Hidden layers.
    pub network: Vec<LayerSpec>,
    /// How to fit.
    pub training: TrainingSettings,
    /// Training windows as recorded, in the order of recording id and time.
    pub train: Rows,
    /// Validation windows, likewise.
    pub validation: Rows,
    /// What the training windows are varied from; nothing where they are not varied.
    pub varied: Option<Varied>,
}

/// What training windows are varied from.
#[derive(Clone, Debug, PartialEq)]
pub enum Varied {
    /// The recordings that they were cut from.
    Takes(Box<Takes>),
    /// The windows themselves, which are pictures: the recording's id of each, which its
    /// variations are drawn by.
    Pictures(Vec<String>),
}

impl Job {
    /// The network to train.
    pub fn network(&self) -> NetSpec {
        let layout = Layout {
            features: self.features,
            frames: self.frames,
            framing: None,
            scratch: 0,
            grid: self.grid,
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
        match self.varied {
            Some(_) => self.training.augment.copies,
            None => 0,
        }
    }

    fn rows(&self, part: Part) -> &Rows {
        match part {
            Part::Train => &self.train,
            Part::Validation => &self.validation,
        }
    }

    /// Label index of a window; see [`Job::draw`].
    pub fn label(&self, part: Part, index: usize) -> u32 {
        let rows = self.rows(part);
        rows.y[index % rows.y.len()]
    }

    /// Writes the normalised features of a window into `out` (`[frames, columns]`).
    /// `index` is below [`Job::len`]; `epoch` counts from 0.
    ///
    /// The first training windows are those recorded; the others are varied afresh in
    /// each epoch. The same job, epoch and index always give the same values.
    pub fn draw(&self, part: Part, epoch: u32, index: usize, out: &mut [f32]) {
        let rows = self.rows(part);
        let windows = rows.y.len();
        if index >= windows {
            let (window, copy) = (index % windows, index / windows - 1);
            return self.vary(epoch, window, copy as u32, out);
        }
        let place = index * self.features..(index + 1) * self.features;
        match &rows.x {
            Values::Floats(x) => out.copy_from_slice(&x[place]),
            Values::Bytes(x) => pictures::normalized(&x[place], out),
        }
    }

    /// A variation of a training window.
    fn vary(&self, epoch: u32, window: usize, copy: u32, out: &mut [f32]) {
        match (&self.varied, &self.train.x) {
            (Some(Varied::Takes(takes)), _) => {
                takes.draw(&self.training, epoch, window, copy, out);
            }
            (Some(Varied::Pictures(ids)), Values::Bytes(x)) => {
                let source = Source {
                    recording: &ids[window],
                    start: 0,
                    copy,
                    epoch,
                    seed: self.training.seed,
                };
                let [rows, columns] = self.grid.unwrap_or([1, 1]);
                picture::vary(
                    &self.training.augment,
                    &mut source.random(),
                    [rows, columns, self.features / (rows * columns)],
                    &x[window * self.features..][..self.features],
                    out,
                );
            }
            _ => unreachable!("windows that are not varied have no variations"),
        }
    }

    /// Versioned bytes; equal jobs give equal bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        stream::whole(self)
    }

    /// Reads what [`Job::to_bytes`] wrote.
    ///
    /// # Errors
    /// Bytes that are no job, of another version, cut or damaged, and jobs that
    /// make no sense (no features, labels out of range, numbers that aren't finite,
    /// windows that lie outside of their recordings).
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, LabError> {
        let mut reader = crate::JobReader::new();
        reader.push(bytes)?;
        reader.finish()
    }
}
