//! A replay on its way.

use std::rc::Rc;

use lampyris_device::{Chip, Classifier, Decision, Event, Memory};
use lampyris_dsp::picture::{Pixels, View};
use lampyris_graph::AlignedBytes;

use super::judge::{Course, Cut, Said, Windows, judge, sample_bytes};
use super::reader::Reader;
use super::stream::Stream;
use super::{Replay, ReplayOptions, Timeline};
use crate::pictures::shape;
use crate::signals::Plan;
use crate::{Lab, LabError, Model, Settings};

/// Windows that may be averaged, whatever the model was made with.
const SMOOTHING: usize = 16;
/// Most readings between two questions whether to go on.
const PATIENCE: usize = 4096;

/// The bytes of a chip part, counted, so that the classifier can hold on to them.
#[derive(Clone)]
struct Shared(Rc<AlignedBytes>);

impl AsRef<[u8]> for Shared {
    fn as_ref(&self) -> &[u8] {
        self.0.as_ref().as_ref()
    }
}

type Running = Classifier<Shared, AlignedBytes, Vec<f32>>;

/// A replay on its way: [`Replaying::advance`] until it says that it is done, then
/// [`Replaying::finish`].
pub struct Replaying {
    plan: Plan,
    classifier: Running,
    stream: Stream,
    watcher: Watcher,
    gated: bool,
    labels: Vec<String>,
    /// The piece that is read, and samples of the stream so far.
    piece: usize,
    at: u64,
    /// Samples of that piece so far.
    given: u32,
    reader: Option<Reader>,
}

impl Replaying {
    pub(super) fn new(
        lab: &Lab,
        settings: &Settings,
        options: &ReplayOptions,
        plan: Plan,
        model: &Model,
    ) -> Result<Self, LabError> {
        let mut classifier = running(model)?;
        let decision = Decision::from(&settings.decision);
        classifier.set_decision(decision)?;
        let none: Vec<bool> = classifier.chip().none().collect();
        let stream = Stream::new(lab, settings, options, &plan, model, &none)?;
        let pictures = plan.is_of_pictures();
        let values = if pictures {
            plan.layout.features
        } else {
            plan.signal.axes
        };
        let cut = Cut {
            rate_hz: plan.signal.rate_hz.into(),
            window: plan.signal.samples as u64,
            // Pictures come at the model's rate, and each is a window.
            hop: if pictures { 1 } else { plan.hop.max(1).into() },
            smoothing: decision.smoothing.into(),
            sample_bytes: sample_bytes(values, pictures),
        };
        Ok(Self {
            classifier,
            watcher: Watcher::new(cut, stream.course.len),
            stream,
            plan,
            gated: decision.gate.level > 0.0,
            labels: model.report.labels.clone(),
            piece: 0,
            at: 0,
            given: 0,
            reader: None,
        })
    }

    /// Samples of the stream that were fed.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.at
    }

    /// Samples of the whole stream.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.stream.course.len
    }

    /// Feeds the stream for as long as `more` says yes: it is asked after a hop or 4096
    /// readings, whichever is less. `lab` is the one that began it. True once all is fed.
    ///
    /// # Errors
    /// A recording that was removed since, or that can't be resampled or decoded.
    pub fn advance(
        &mut self,
        lab: &mut Lab,
        mut more: impl FnMut() -> bool,
    ) -> Result<bool, LabError> {
        while self.piece < self.stream.pieces.len() {
            let ended = if self.plan.is_of_pictures() {
                self.show(lab)?;
                true
            } else {
                self.feed(lab)?
            };
            if ended {
                self.piece += 1;
                self.given = 0;
            }
            if !more() {
                break;
            }
        }
        Ok(self.piece >= self.stream.pieces.len())
    }

    /// Shows the picture that is the present piece.
    fn show(&mut self, lab: &mut Lab) -> Result<(), LabError> {
        let row = lab.seen(&self.plan, &self.stream.pieces[self.piece].recording)?;
        let [height, width, channels] = shape(&self.plan);
        let pixels = if channels == 1 {
            Pixels::Grey
        } else {
            Pixels::Rgb
        };
        self.at += 1;
        // Made smaller it was already: a picture of that very shape stays as it is.
        let view = View::new(width, height, pixels, &row);
        if let Some(event) = view.and_then(|view| self.classifier.see(&view)) {
            self.watcher.tell(event, self.at, &self.stream.course);
        }
        Ok(())
    }

    /// Feeds the next readings of the present piece; true where those were its last.
    fn feed(&mut self, lab: &Lab) -> Result<bool, LabError> {
        let piece = &self.stream.pieces[self.piece];
        let recording = lab.recording(&piece.recording)?;
        // Where the next sample lies; a reader that is beyond it can't go back.
        let next = piece.from + self.given;
        let kept = self
            .reader
            .take()
            .filter(|r| r.recording == piece.recording && r.at <= next);
        let reader = match kept {
            Some(reader) => self.reader.insert(reader),
            None => self.reader.insert(Reader::new(&self.plan, recording)?),
        };
        let most = (self.watcher.cut.hop as usize).clamp(1, PATIENCE);
        while reader.at < next {
            if reader.read(recording, next, PATIENCE).is_empty() {
                break;
            }
        }
        let readings = reader.read(recording, piece.to, most);
        let count = readings.len() / self.plan.signal.axes.max(1);
        self.given += count as u32;
        for reading in readings.chunks_exact(self.plan.signal.axes) {
            self.at += 1;
            if let Some(event) = self.classifier.push(reading) {
                self.watcher.tell(event, self.at, &self.stream.course);
            }
        }
        Ok(count == 0 || reader.at >= piece.to)
    }

    /// What the replay found in all that was fed.
    #[must_use]
    pub fn finish(self) -> Replay {
        let Self {
            watcher, stream, ..
        } = self;
        let course = Course {
            len: self.at.max(1),
            ..stream.course
        };
        Replay {
            labels: self.labels,
            made_of: stream.made_of,
            cautions: stream.cautions,
            gated: self.gated,
            timeline: watcher.timeline(),
            ..judge(&watcher.cut, &course, &watcher.said, watcher.windows)
        }
    }
}

/// The model with memory of its own; where it can, frame by frame, which gives the same
/// events and takes less time.
fn running(model: &Model) -> Result<Running, LabError> {
    let bytes = Shared(Rc::new(model.chip.clone()));
    let chip = Chip::parse(bytes.as_ref())?;
    let streaming = chip.streaming_needs();
    let needs = streaming.unwrap_or_else(|| chip.needs());
    let memory = Memory {
        arena: AlignedBytes::from(vec![0; needs.arena]),
        ring: vec![0.0; needs.ring + SMOOTHING * needs.outputs],
        scratch: vec![0.0; needs.scratch],
        features: vec![0.0; needs.features],
    };
    let make = if streaming.is_some() {
        Classifier::streaming
    } else {
        Classifier::new
    };
    Ok(make(
        bytes,
        lampyris_core::ops::ALL,
        lampyris_dsp::BLOCKS,
        memory,
    )?)
}

/// Notes what the classifier tells.
struct Watcher {
    cut: Cut,
    len: u64,
    said: Vec<Said>,
    windows: Windows,
    /// The first event that a later window may still hold.
    next_truth: usize,
    columns: Vec<Column>,
}

/// What ended in a column of the timeline.
#[derive(Clone, Copy, Default)]
struct Column {
    windows: u32,
    awake: u32,
    score: f32,
    best: usize,
}

impl Watcher {
    fn new(cut: Cut, len: u64) -> Self {
        let windows = len.saturating_sub(cut.window) / cut.hop + 1;
        let columns = windows.min(Timeline::MOST as u64) as usize;
        Self {
            cut,
            len,
            said: Vec::new(),
            windows: Windows::default(),
            next_truth: 0,
            columns: vec![Column::default(); columns],
        }
    }

    /// A window has ended, with the stream's sample `end` - 1.
    fn tell(&mut self, event: Event, end: u64, course: &Course) {
        let begin = end.saturating_sub(self.cut.window);
        let truths = &course.truths;
        while truths
            .get(self.next_truth)
            .is_some_and(|t| t.place.to <= begin)
        {
            self.next_truth += 1;
        }
        let next = truths.get(self.next_truth);
        let quiet = !next.is_some_and(|t| t.place.seen(end, self.cut.window));
        let awake = u32::from(event.awake);
        self.windows.all += 1;
        self.windows.awake += awake;
        self.windows.quiet += u32::from(quiet);
        self.windows.quiet_awake += if quiet { awake } else { 0 };
        let at = (end - 1) as u128 * self.columns.len() as u128 / u128::from(self.len.max(1));
        if let Some(column) = self.columns.get_mut(at as usize) {
            column.windows += 1;
            column.awake += awake;
            if event.awake && event.score >= column.score {
                (column.score, column.best) = (event.score, event.best);
            }
        }
        if let (true, Some(label)) = (event.fired, event.label) {
            self.said.push(Said {
                end,
                label,
                score: event.score,
            });
        }
    }

    fn timeline(&self) -> Timeline {
        let all = self.columns.iter();
        Timeline {
            awake: all
                .clone()
                .map(|c| match c.windows {
                    0 => -1.0,
                    n => c.awake as f32 / n as f32,
                })
                .collect(),
            score: all.clone().map(|c| c.score).collect(),
            best: all.map(|c| c.best as f32).collect(),
        }
    }
}
