//! From readings to labels, in memory that is given once.

use lampyris_core::{Operator, Session};
use lampyris_dsp::block::Block;

use crate::chip::{Chip, Facts, Place, equal};
use crate::error::ChipError;
use crate::quantize::quantize;

/// Memory to run a model in, at least as [`crate::Needs`] says: slices of a chip's
/// RAM, or buffers that the page owns. What they hold at first does not matter.
#[derive(Clone, Debug)]
pub struct Memory<A, F> {
    /// Bytes for the network's activations.
    pub arena: A,
    /// For the window, the smoothing's history and the scores.
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
    /// Samples that the window holds already.
    filled: usize,
    /// Samples to let pass before the next window begins.
    skip: usize,
    /// Windows in the smoothing's history, and where the next one goes.
    past: usize,
    next: usize,
}

impl<B, A, F> Classifier<B, A, F>
where
    B: AsRef<[u8]> + Clone,
    A: AsRef<[u8]> + AsMut<[u8]>,
    F: AsRef<[f32]> + AsMut<[f32]>,
{
    /// Checks a chip part, its network and the memory, once and for all.
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
        mut memory: Memory<A, F>,
    ) -> Result<Self, ChipError> {
        let chip = Chip::parse_with(bytes.as_ref(), blocks)?;
        let (facts, needs) = (chip.facts, chip.needs());
        let room = |what, needed, found: &F| {
            let found = found.as_ref().len();
            if found < needed {
                Err(ChipError::Memory {
                    what,
                    needed,
                    found,
                })
            } else {
                Ok(())
            }
        };
        room("ring", needs.ring, &memory.ring)?;
        room("scratch", needs.scratch, &memory.scratch)?;
        room("features", needs.features, &memory.features)?;
        let found = memory.arena.as_ref().len();
        if found < needs.arena {
            return Err(ChipError::Memory {
                what: "arena",
                needed: needs.arena,
                found,
            });
        }
        let graph = Graph {
            bytes: bytes.clone(),
            place: facts.graph,
        };
        let session = Session::new(graph, memory.arena, ops)?;
        equal("inputs", 1, session.arity().0)?;
        equal("outputs", 1, session.arity().1)?;
        equal("input", needs.features, session.input(0).len())?;
        equal("labels", session.output(0).len(), needs.outputs)?;
        (facts.block.prepare)(
            &facts.signal,
            facts.settings.as_slice(),
            memory.scratch.as_mut(),
        );
        Ok(Self {
            bytes,
            facts,
            session,
            ring: memory.ring,
            scratch: memory.scratch,
            features: memory.features,
            filled: 0,
            skip: 0,
            past: 0,
            next: 0,
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
    /// normalising. Empty where the window is not of the model's length.
    pub fn features(&mut self, window: &[f32]) -> &[f32] {
        compute(
            &self.facts,
            window,
            self.scratch.as_mut(),
            self.features.as_mut(),
        )
    }

    /// Computes the features of a window `[samples, axes]`, normalises them and puts
    /// them as int8 into the network's input, which is given back; [`Classifier::infer`]
    /// then runs on it. Empty where the window is not of the model's length.
    pub fn quantized(&mut self, window: &[f32]) -> &[i8] {
        let (scratch, features) = (self.scratch.as_mut(), self.features.as_mut());
        let features = compute(&self.facts, window, scratch, features);
        if features.is_empty() {
            return &[];
        }
        let input = self.session.input_mut(0);
        fill(&self.facts, self.bytes.as_ref(), features, input);
        input
    }

    /// Runs the network on what its input holds and gives its outputs. The run may
    /// overwrite the input.
    pub fn infer(&mut self) -> &[i8] {
        self.session.run();
        self.session.output(0)
    }

    /// The outputs for one window `[samples, axes]`: features, int8, network; no
    /// smoothing. Empty where the window is not of the model's length.
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
        let end = self.facts.needs.ring;
        let start = end - self.facts.needs.outputs;
        self.ring.as_ref().get(start..end).unwrap_or(&[])
    }

    /// Takes one reading of all axes at the model's rate. At the end of each window
    /// it gives an event: first when the window is full, then at every hop. A
    /// reading with another number of axes is not taken.
    pub fn push(&mut self, reading: &[f32]) -> Option<Event> {
        let signal = self.facts.signal;
        if reading.len() != signal.axes {
            return None;
        }
        if self.skip > 0 {
            self.skip -= 1;
            return None;
        }
        let values = signal.samples * signal.axes;
        let window = self.ring.as_mut().get_mut(..values)?;
        let slot = window.chunks_exact_mut(signal.axes).nth(self.filled)?;
        for (to, from) in slot.iter_mut().zip(reading) {
            *to = *from;
        }
        self.filled += 1;
        if self.filled < signal.samples {
            return None;
        }
        self.run_on_ring(values);
        self.advance(values);
        Some(self.decide())
    }

    /// Forgets the window and the smoothing's history, for example after a gap.
    pub fn reset(&mut self) {
        (self.filled, self.skip, self.past, self.next) = (0, 0, 0, 0);
    }

    /// [`Classifier::classify`] on the ring's own window.
    fn run_on_ring(&mut self, values: usize) {
        let window = self.ring.as_ref().get(..values).unwrap_or(&[]);
        let (scratch, features) = (self.scratch.as_mut(), self.features.as_mut());
        let features = compute(&self.facts, window, scratch, features);
        fill(
            &self.facts,
            self.bytes.as_ref(),
            features,
            self.session.input_mut(0),
        );
        self.session.run();
    }

    /// Makes room for the next hop.
    fn advance(&mut self, values: usize) {
        let signal = self.facts.signal;
        let hop = self.facts.hop;
        if hop < signal.samples {
            if let Some(window) = self.ring.as_mut().get_mut(..values) {
                window.copy_within(hop * signal.axes.., 0);
            }
            self.filled = signal.samples - hop;
        } else {
            self.filled = 0;
            self.skip = hop - signal.samples;
        }
    }

    /// Adds the outputs to the history, averages it and takes the best.
    fn decide(&mut self) -> Event {
        let needs = self.facts.needs;
        let decision = self.facts.decision;
        let smoothing = usize::from(decision.smoothing);
        let start = needs.ring - (smoothing + 1) * needs.outputs;
        let history = self.ring.as_mut().get_mut(start..).unwrap_or(&mut []);
        let (history, scores) = history
            .split_at_mut_checked(smoothing * needs.outputs)
            .unwrap_or_default();
        let newest = history
            .chunks_exact_mut(needs.outputs.max(1))
            .nth(self.next);
        for (to, from) in newest.into_iter().flatten().zip(self.session.output(0)) {
            *to = f32::from(*from);
        }
        self.next = if self.next + 1 < smoothing {
            self.next + 1
        } else {
            0
        };
        self.past = (self.past + 1).min(smoothing);

        let (mut best, mut top) = (0, -1.0);
        for (index, score) in scores.iter_mut().enumerate().take(needs.outputs) {
            // Whole numbers of at most 15 bits: the sum is exact in any order.
            let outputs = history.iter().skip(index).step_by(needs.outputs.max(1));
            let sum = outputs.take(self.past).fold(0.0, |sum, q| sum + q);
            *score = (sum / self.past as f32 + 128.0) / 256.0;
            if *score > top {
                (best, top) = (index, *score);
            }
        }
        Event {
            label: (top >= decision.threshold).then_some(best),
            best,
            score: top,
        }
    }
}

/// Runs the block; empty where the window is not of the model's length.
fn compute<'f>(
    facts: &Facts,
    window: &[f32],
    scratch: &mut [f32],
    features: &'f mut [f32],
) -> &'f [f32] {
    let (signal, needs) = (facts.signal, facts.needs);
    let scratch = scratch.get_mut(..needs.scratch);
    let features = features.get_mut(..needs.features);
    match (scratch, features) {
        (Some(scratch), Some(features)) if window.len() == signal.samples * signal.axes => {
            (facts.block.run)(
                &signal,
                facts.settings.as_slice(),
                window,
                scratch,
                features,
            );
            features
        }
        _ => &[],
    }
}

/// Normalises and quantizes features into the network's input.
fn fill(facts: &Facts, bytes: &[u8], features: &[f32], input: &mut [i8]) {
    let (scale, zero_point) = (facts.input_scale, facts.input_zero_point);
    for ((to, x), norm) in input.iter_mut().zip(features).zip(facts.norms(bytes)) {
        *to = quantize(norm.apply(*x), scale, zero_point);
    }
}
