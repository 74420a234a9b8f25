//! From readings to labels, in memory that is given once.

use lampyris_core::{Operator, Session};
use lampyris_dsp::block::{Block, Signal};

use crate::chip::{Chip, Facts, Needs, Place, equal};
use crate::decision::{Decision, Firing, readings};
use crate::error::ChipError;
use crate::frames::{Frames, shift};
use crate::gate::{self, Watch};
use crate::picture::check_decision;
use crate::quantize::quantize;

mod picture;

/// Memory to run a model in, at least as [`crate::Needs`] says: slices of a chip's
/// RAM, or buffers that the page owns. What they hold at first does not matter.
#[derive(Clone, Debug)]
pub struct Memory<A, F> {
    /// Bytes for the network's activations.
    pub arena: A,
    /// For the samples, the gate, the scores and the smoothing's history. Where it is
    /// longer than needed, [`Classifier::set_decision`] may smooth over more windows.
    pub ring: F,
    /// For the block to work in.
    pub scratch: F,
    /// For the features.
    pub features: F,
}

/// What the model says at the end of a window.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Event {
    /// Index of the label, where its score reaches the threshold.
    pub label: Option<usize>,
    /// Index of the best output, the first of equals, whatever its score.
    pub best: usize,
    /// Its averaged score, 0 … 1. The others are in [`Classifier::scores`].
    pub score: f32,
    /// Whether the label is new: what a product acts on. Never for a label that means
    /// "none of these", within the suppression time, or on fewer windows than the
    /// smoothing asks for.
    pub fired: bool,
    /// Whether the window was computed. If not, nothing happened in it: the smoothing
    /// counts each of its scores as 0, and no label is given.
    pub awake: bool,
}

/// Windows since the start or the last [`Classifier::reset`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Duty {
    /// Those that were computed.
    pub awake: u32,
    /// Those that the gate let sleep.
    pub asleep: u32,
}

/// How far a computation has come: for whoever takes the time of each stage.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The block is about to run on a window or a picture; when streaming, on one frame
    /// of it, or its features are about to be put together at the window's end.
    Begin,
    /// That is done.
    Features,
    /// The network has run.
    Network,
}

/// The network's bytes within a chip part that someone else holds.
struct Graph<B> {
    bytes: B,
    place: Place,
}

impl<B: AsRef<[u8]>> AsRef<[u8]> for Graph<B> {
    fn as_ref(&self) -> &[u8] {
        self.place.of(self.bytes.as_ref())
    }
}

/// A model at work.
///
/// Generic over how bytes and memory are held: `&'static [u8]` and `&mut [_]` on a
/// chip, owned buffers in the page (`B` is cloned once, so make it a reference or a
/// counted pointer). The bytes must not change while the classifier lives.
pub struct Classifier<B, A, F>
where
    B: AsRef<[u8]> + Clone,
    A: AsRef<[u8]> + AsMut<[u8]>,
    F: AsRef<[f32]> + AsMut<[f32]>,
{
    bytes: B,
    facts: Facts,
    session: Session<Graph<B>, A>,
    ring: F,
    scratch: F,
    features: F,
    /// What the memory holds: for windows of samples, or for a stream of frames.
    needs: Needs,
    frames: Option<Frames>,
    /// Where the parts of the ring begin.
    parts: Parts,
    /// Samples of the window that have come.
    filled: usize,
    /// Samples to let pass before the next window begins.
    skip: usize,
    /// Whether the network's input holds a picture that it has not run on.
    shown: bool,
    /// Windows that the smoothing's history has room for, those in it, and where the
    /// next one goes.
    room: usize,
    past: usize,
    next: usize,
    decision: Decision,
    watch: Watch,
    firing: Firing,
    duty: Duty,
}

impl<B, A, F> Classifier<B, A, F>
where
    B: AsRef<[u8]> + Clone,
    A: AsRef<[u8]> + AsMut<[u8]>,
    F: AsRef<[f32]> + AsMut<[f32]>,
{
    /// Checks a chip part, its network and the memory, once and for all. The memory is
    /// that of [`Chip::needs`].
    ///
    /// `ops` are the operators and `blocks` the blocks that may be linked:
    /// `lampyris_core::ops::ALL` and [`lampyris_dsp::BLOCKS`], or on a chip only
    /// those that the model names.
    ///
    /// # Errors
    /// All of [`Chip::parse`]'s; [`ChipError::Model`] where the network is refused;
    /// [`ChipError::Mismatch`] where its input is not as long as the features or its
    /// output not as long as the labels; [`ChipError::Memory`] for too little.
    pub fn new(
        bytes: B,
        ops: &'static [&'static Operator],
        blocks: &'static [&'static Block],
        memory: Memory<A, F>,
    ) -> Result<Self, ChipError> {
        let facts = Chip::parse_with(bytes.as_ref(), blocks)?.facts;
        Self::build(bytes, ops, memory, facts, facts.needs, None)
    }

    /// [`Classifier::new`] with the memory of [`Chip::streaming_needs`]: features are
    /// computed frame by frame as samples come, each frame once. All events and scores
    /// are those of [`Classifier::new`], byte for byte.
    ///
    /// While the gate lets windows sleep, their frames are computed all the same, since
    /// the past that they are of is not kept as samples: the gate saves the network.
    ///
    /// # Errors
    /// As [`Classifier::new`]; [`ChipError::NotStreaming`] where there are no
    /// streaming needs.
    pub fn streaming(
        bytes: B,
        ops: &'static [&'static Operator],
        blocks: &'static [&'static Block],
        memory: Memory<A, F>,
    ) -> Result<Self, ChipError> {
        let facts = Chip::parse_with(bytes.as_ref(), blocks)?.facts;
        let (framing, needs) = facts.framed.ok_or(ChipError::NotStreaming)?;
        let frames = Frames::new(framing, facts.signal.axes, facts.columns, facts.hop);
        Self::build(bytes, ops, memory, facts, needs, Some(frames))
    }

    fn build(
        bytes: B,
        ops: &'static [&'static Operator],
        mut memory: Memory<A, F>,
        facts: Facts,
        needs: Needs,
        frames: Option<Frames>,
    ) -> Result<Self, ChipError> {
        room("ring", needs.ring, memory.ring.as_ref().len())?;
        room("scratch", needs.scratch, memory.scratch.as_ref().len())?;
        room("features", needs.features, memory.features.as_ref().len())?;
        room("arena", needs.arena, memory.arena.as_ref().len())?;
        let graph = Graph {
            bytes: bytes.clone(),
            place: facts.graph,
        };
        let session = Session::new(graph, memory.arena, ops)?;
        equal("inputs", 1, session.arity().0)?;
        equal("outputs", 1, session.arity().1)?;
        equal("input", facts.features, session.input(0).len())?;
        equal("labels", session.output(0).len(), needs.outputs)?;
        let signal = facts.signal;
        if let Some(scratch) = memory.scratch.as_mut().get_mut(..needs.scratch) {
            (facts.block.prepare)(&signal, facts.settings.as_slice(), scratch);
        }
        let parts = Parts::of(&facts, frames.as_ref());
        let history = memory.ring.as_ref().len() - parts.history;
        Ok(Self {
            bytes,
            facts,
            session,
            ring: memory.ring,
            scratch: memory.scratch,
            features: memory.features,
            needs,
            frames,
            parts,
            filled: 0,
            skip: 0,
            shown: false,
            room: (history / needs.outputs.max(1)).min(u8::MAX.into()),
            past: 0,
            next: 0,
            decision: facts.decision,
            watch: Watch::new(facts.decision.gate, signal.samples, signal.rate_hz),
            firing: Firing::START,
            duty: Duty::default(),
        })
    }

    /// The model.
    #[must_use]
    pub fn chip(&self) -> Chip<'_> {
        Chip {
            bytes: self.bytes.as_ref(),
            facts: self.facts,
        }
    }

    /// The block's features of a window `[samples, axes]`, as they are before
    /// normalising. Empty where the window is not of the model's length, and where the
    /// model is for pictures. When streaming, the next reading begins a window.
    pub fn features(&mut self, window: &[f32]) -> &[f32] {
        let signal = self.facts.signal;
        let picture = self.facts.block.see.is_some();
        if picture || window.len() != signal.samples * signal.axes {
            return &[];
        }
        let run = Run::of(&self.facts, &self.needs);
        let (scratch, features) = (self.scratch.as_mut(), self.features.as_mut());
        match &mut self.frames {
            None => run.on(&signal, window, scratch, features),
            Some(frames) => {
                frames.begin();
                (self.filled, self.skip) = (0, 0);
                let frame = signal.frame(frames.framing());
                frames.cut(window, features, |samples, row| {
                    run.on(&frame, samples, scratch, row);
                });
            }
        }
        self.kept()
    }

    /// Computes the features of a window `[samples, axes]`, normalises them and puts
    /// them as int8 into the network's input, which is given back; [`Classifier::infer`]
    /// then runs on it. Empty where [`Classifier::features`] is.
    pub fn quantized(&mut self, window: &[f32]) -> &[i8] {
        if self.features(window).is_empty() {
            return &[];
        }
        self.fill();
        self.session.input(0)
    }

    /// Runs the network on what its input holds and gives its outputs. The run may
    /// overwrite the input.
    pub fn infer(&mut self) -> &[i8] {
        self.shown = false;
        self.session.run();
        self.session.output(0)
    }

    /// The outputs for one window `[samples, axes]`: features, int8, network; no
    /// smoothing. Empty where [`Classifier::features`] is.
    pub fn classify(&mut self, window: &[f32]) -> &[i8] {
        if self.quantized(window).is_empty() {
            return &[];
        }
        self.infer()
    }

    /// The network's outputs as the last run left them.
    #[must_use]
    pub fn outputs(&self) -> &[i8] {
        self.session.output(0)
    }

    /// Averaged scores as of the last [`Event`], 0 … 1, one a label.
    #[must_use]
    pub fn scores(&self) -> &[f32] {
        let Parts {
            scores, history, ..
        } = self.parts;
        let scores = self.ring.as_ref().get(scores..history);
        scores.unwrap_or(&[])
    }

    /// When a label is given, and when it is an event.
    #[must_use]
    pub fn decision(&self) -> Decision {
        self.decision
    }

    /// Changes the decision from the next reading on; what is known of the signal and
    /// of the last windows stays.
    ///
    /// # Errors
    /// [`Decision::check`]'s; [`ChipError::Picture`] for a gate where the model is for
    /// pictures; [`ChipError::Memory`] for more smoothing than the ring has room for.
    /// Nothing is changed then.
    pub fn set_decision(&mut self, decision: Decision) -> Result<(), ChipError> {
        decision.check()?;
        if self.facts.block.see.is_some() {
            check_decision(&decision)?;
        }
        if usize::from(decision.smoothing) > self.room {
            let rows = usize::from(decision.smoothing) * self.needs.outputs;
            let found = self.ring.as_ref().len();
            room("ring", self.parts.history + rows, found)?;
        }
        self.decision = decision;
        let signal = self.facts.signal;
        self.watch
            .change(decision.gate, signal.samples, signal.rate_hz);
        Ok(())
    }

    /// How many windows were computed, and how many the gate let sleep.
    #[must_use]
    pub fn duty(&self) -> Duty {
        self.duty
    }

    /// Lets the gate follow the signal even while it is off, so that
    /// [`Classifier::power`] tells what a gate would see.
    pub fn follow_signal(&mut self) {
        self.watch.follow();
    }

    /// How strong the signal is as the gate sees it at the last reading: the mean square
    /// around the signal's mean, all axes together, of the stretch so far. The gate opens
    /// where it reaches the level squared. 0 before the first reading, and while the gate
    /// is off unless [`Classifier::follow_signal`] was called.
    #[must_use]
    pub fn power(&self) -> f32 {
        self.watch.power()
    }

    /// Takes one reading of all axes at the model's rate. At the end of each window
    /// it gives an event: first when the window is full, then at every hop. A
    /// reading with another number of axes is not taken, and none is where the model is
    /// for pictures.
    pub fn push(&mut self, reading: &[f32]) -> Option<Event> {
        self.push_with(reading, |_| ())
    }

    /// [`Classifier::push`] that says where the computation is.
    pub fn push_with(&mut self, reading: &[f32], mut at: impl FnMut(Stage)) -> Option<Event> {
        let signal = self.facts.signal;
        if reading.len() != signal.axes || self.facts.block.see.is_some() {
            return None;
        }
        let ring = self.ring.as_mut().get_mut(..self.parts.scores)?;
        let (samples, state) = ring.split_at_mut_checked(self.parts.gate)?;
        self.watch.take(reading, state);
        self.firing.pass();
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        if let Some(frames) = &mut self.frames {
            let frame = signal.frame(frames.framing());
            let run = Run::of(&self.facts, &self.needs);
            let (scratch, features) = (self.scratch.as_mut(), self.features.as_mut());
            frames.take(reading, samples, features, |samples, row| {
                at(Stage::Begin);
                run.on(&frame, samples, scratch, row);
                at(Stage::Features);
            });
        } else {
            let slot = samples
                .chunks_exact_mut(signal.axes.max(1))
                .nth(self.filled)?;
            for (to, from) in slot.iter_mut().zip(reading) {
                *to = *from;
            }
        }
        self.filled += 1;
        if self.filled < signal.samples {
            return None;
        }
        let awake = self.watch.awake();
        if awake {
            self.run_on_kept(at);
        }
        self.advance();
        Some(self.decide(awake))
    }

    /// Forgets the window, the smoothing's history, the last event and what the gate
    /// knows of the signal, for example after a gap.
    pub fn reset(&mut self) {
        (self.filled, self.skip, self.past, self.next) = (0, 0, 0, 0);
        self.shown = false;
        if let Some(frames) = &mut self.frames {
            frames.begin();
        }
        self.watch.reset();
        self.firing = Firing::START;
        self.duty = Duty::default();
    }

    /// [`Classifier::classify`] on the window, or on the frames, that were kept.
    fn run_on_kept(&mut self, mut at: impl FnMut(Stage)) {
        at(Stage::Begin);
        if self.frames.is_none() {
            let window = self.ring.as_ref().get(..self.parts.gate).unwrap_or(&[]);
            let (scratch, features) = (self.scratch.as_mut(), self.features.as_mut());
            let run = Run::of(&self.facts, &self.needs);
            run.on(&self.facts.signal, window, scratch, features);
        }
        self.fill();
        at(Stage::Features);
        self.session.run();
        at(Stage::Network);
    }

    /// Makes room for the next hop.
    fn advance(&mut self) {
        let (signal, hop) = (self.facts.signal, self.facts.hop);
        if hop < signal.samples {
            self.filled = signal.samples - hop;
            if let Some(frames) = &mut self.frames {
                let features = self.features.as_mut().get_mut(..self.needs.features);
                frames.advance(features.unwrap_or_default());
            } else if let Some(window) = self.ring.as_mut().get_mut(..self.parts.gate) {
                shift(window, hop * signal.axes);
            }
        } else {
            self.filled = 0;
            self.skip = hop - signal.samples;
            if let Some(frames) = &mut self.frames {
                frames.begin();
            }
        }
    }

    /// The features that were computed last.
    fn kept(&self) -> &[f32] {
        let features = self.features.as_ref().get(..self.needs.features);
        features.unwrap_or(&[])
    }

    /// Normalises and quantizes features `[frames, columns]` into the network's input.
    fn fill(&mut self) {
        let facts = &self.facts;
        let (scale, zero_point) = (facts.input_scale, facts.input_zero_point);
        let columns = facts.columns.max(1);
        let features = self.features.as_ref().chunks(columns);
        let input = self.session.input_mut(0).chunks_mut(columns);
        for (to, from) in input.zip(features) {
            let norms = facts.norms(self.bytes.as_ref());
            for ((to, x), norm) in to.iter_mut().zip(from).zip(norms) {
                *to = quantize(norm.apply(*x), scale, zero_point);
            }
        }
    }

    /// Adds the outputs to the history, averages it and takes the best.
    fn decide(&mut self, awake: bool) -> Event {
        let (outputs, decision) = (self.needs.outputs, self.decision);
        let (room, newest) = (self.room, self.next);
        let ring = self.ring.as_mut().get_mut(self.parts.scores..);
        let (scores, history) = ring
            .and_then(|ring| ring.split_at_mut_checked(outputs))
            .unwrap_or_default();
        let row = history.get_mut(newest * outputs..).unwrap_or_default();
        for (to, from) in row.iter_mut().zip(self.session.output(0)) {
            *to = f32::from(if awake { *from } else { i8::MIN });
        }
        self.next = if newest + 1 < room { newest + 1 } else { 0 };
        self.past = (self.past + 1).min(room);
        let averaged = self.past.min(decision.smoothing.into());

        let (mut best, mut top) = (0, -1.0);
        for (index, score) in scores.iter_mut().enumerate() {
            // Whole numbers of at most 15 bits: the sum is exact in any order.
            let mut sum = 0.0;
            for age in 0..averaged {
                let row = if newest >= age { newest } else { newest + room } - age;
                sum += history.get(row * outputs + index).unwrap_or(&0.0);
            }
            *score = (sum / averaged as f32 + 128.0) / 256.0;
            if *score > top {
                (best, top) = (index, *score);
            }
        }
        let label = (awake && top >= decision.threshold).then_some(best);
        let enough = self.past >= decision.smoothing.into();
        let none = self.facts.none(self.bytes.as_ref()).nth(best) == Some(true);
        let suppress = readings(decision.suppress_ms, self.facts.signal.rate_hz);
        let counter = if awake {
            &mut self.duty.awake
        } else {
            &mut self.duty.asleep
        };
        *counter = counter.saturating_add(1);
        Event {
            label,
            best,
            score: top,
            fired: self
                .firing
                .decide(label.filter(|_| enough && !none), suppress),
            awake,
        }
    }
}

/// Where the parts of the ring begin; samples are first, the history is last.
#[derive(Clone, Copy)]
struct Parts {
    gate: usize,
    scores: usize,
    history: usize,
}

impl Parts {
    fn of(facts: &Facts, frames: Option<&Frames>) -> Self {
        let Signal { samples, axes, .. } = facts.signal;
        let gate = axes * frames.map_or(samples, |frames| frames.framing().length);
        let scores = gate + gate::VALUES * axes;
        // Neither samples nor a gate where pictures come.
        let (gate, scores) = match facts.block.see {
            Some(_) => (0, 0),
            None => (gate, scores),
        };
        Self {
            gate,
            scores,
            history: scores + facts.needs.outputs,
        }
    }
}

/// The block with what it needs beside samples.
struct Run<'a> {
    facts: &'a Facts,
    scratch: usize,
}

impl<'a> Run<'a> {
    fn of(facts: &'a Facts, needs: &Needs) -> Self {
        Self {
            facts,
            scratch: needs.scratch,
        }
    }

    /// Computes features of a window or a frame into the first values of `features`;
    /// the memory is at least as large as is needed.
    fn on(&self, signal: &Signal, samples: &[f32], scratch: &mut [f32], features: &mut [f32]) {
        let Facts {
            block, settings, ..
        } = self.facts;
        let scratch = scratch.get_mut(..self.scratch).unwrap_or_default();
        let count = features.len().min(self.facts.needs.features);
        let features = features.get_mut(..count).unwrap_or_default();
        (block.run)(signal, settings.as_slice(), samples, scratch, features);
    }
}

fn room(what: &'static str, needed: usize, found: usize) -> Result<(), ChipError> {
    if found < needed {
        return Err(ChipError::Memory {
            what,
            needed,
            found,
        });
    }
    Ok(())
}
