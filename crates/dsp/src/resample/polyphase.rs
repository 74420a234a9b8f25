//! From one even rate to another, for sound: a polyphase filter with linear phase.
//!
//! Output k lies at k / `rate_hz` after the first reading and is a weighted sum of the
//! readings around it. The weights are those of an ideal low-pass, cut off at 0.95 of
//! the lower of both Nyquist frequencies, under a Kaiser window: flat to 0.9 of the lower
//! Nyquist frequency, and at least 80 dB down from that frequency on (designed for 90),
//! so that nothing folds back. The delay is made up for: the stream gives an output
//! when the readings around it are there, about 57 samples of the lower rate later.
//!
//! The rates are held as whole thousandths of a hertz, so that the place of output k is
//! exact however large k is. Their ratio, reduced, says how many different sets of
//! weights there are. Up to [`MOST_PHASES`] of them stand in a table; of odd pairs
//! (12345 to 16000 Hz) every 512th of a reading does, with straight lines between, which
//! is within −105 dB of the true weights. The weights of each set add up to 1.
//!
//! Before the first reading and after the last their values are taken to go on, so that
//! a constant stays that constant. Readings that are not finite count as 0. Equal rates
//! are copied bit for bit. A stream gives the bytes of the whole, in chunks of any length:
//! each output is the same `f32` sum in the same order.
//!
//! **Source.** J. F. Kaiser, "Nonrecursive digital filter design using the I₀-sinh window
//! function", Proc. IEEE ISCAS (1974), with his estimates of β and of the length.

use super::{MAX_AXES, ResampleError, Times, same};
use crate::block::clean;

/// Rates from which on even sources are resampled this way; slower ones are motion.
pub const FROM_HZ: f32 = 1000.0;
/// How many times faster than the target a source may be.
pub const MOST_DOWN: u64 = 64;
/// Most sets of weights that are all held in the table.
pub const MOST_PHASES: u64 = 1024;

/// Sets of weights where there would be more than [`MOST_PHASES`].
const PHASES: u64 = 512;
/// Slowest and fastest rate, in thousandths of a hertz.
const RATES: core::ops::RangeInclusive<f64> = 1e3..=1e10;
/// Where the low-pass is halfway down, as a share of the lower Nyquist frequency.
const CUTOFF: f64 = 0.95;
/// Kaiser's β for 90 dB: 0.1102 · (90 − 8.7).
const BETA: f64 = 8.959_26;
/// Half the length of the filter, in samples of the lower rate: (90 − 7.95) /
/// (2.285 · 0.1 π) / 2, for a transition 0.1 of the Nyquist frequency wide.
const HALF: f64 = 57.15;
/// Values that one step of a sum takes.
const LANES: usize = 8;

/// How to get from one even rate to another: made once for a pair of rates.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Design {
    /// The rates, divided by what they have in common.
    source: u64,
    rate: u64,
    /// Places between two readings that have weights of their own.
    phases: u64,
    /// Readings on each side of an output; 0 where the rates are equal.
    half: usize,
}

impl Design {
    /// A design from readings at `source_hz` to outputs at `rate_hz`.
    ///
    /// # Errors
    /// [`ResampleError::Rate`] for anything but 1 Hz to 10 MHz; [`ResampleError::Ratio`].
    pub fn new(source_hz: f64, rate_hz: f64) -> Result<Self, ResampleError> {
        let whole = |hz: f64| {
            let thousandths = libm::round(hz * 1000.0);
            let legal = RATES.contains(&thousandths);
            legal
                .then_some(thousandths as u64)
                .ok_or(ResampleError::Rate(hz))
        };
        let (source, rate) = (whole(source_hz)?, whole(rate_hz)?);
        let common = common_divisor(source, rate);
        let (source, rate) = (source / common, rate / common);
        if source > rate * MOST_DOWN {
            return Err(ResampleError::Ratio);
        }
        let reach = HALF * (source as f64 / rate as f64).max(1.0);
        // One more, for an output between two readings; whole steps of a sum.
        let half = (libm::ceil(reach) as usize + 1).next_multiple_of(LANES / 2);
        Ok(Self {
            source,
            rate,
            phases: if rate <= MOST_PHASES { rate } else { PHASES },
            half: if source == rate { 0 } else { half },
        })
    }

    /// The design for a source, where it is one for this machine: evenly timed, towards
    /// [`FROM_HZ`] or more. `None` leaves it to [`super::Resampler`], which also says
    /// what is wrong with rates that have no meaning.
    #[must_use]
    pub fn suited(times: Times<'_>, rate_hz: f32) -> Option<Self> {
        match times {
            // Equal to the precision of settings is equal.
            Times::Even(hz) if rate_hz >= FROM_HZ && same(hz, rate_hz) => {
                Self::new(rate_hz.into(), rate_hz.into()).ok()
            }
            Times::Even(hz) if rate_hz >= FROM_HZ => Self::new(hz, rate_hz.into()).ok(),
            _ => None,
        }
    }

    /// Whether the rates are equal, so that readings come through as they are.
    #[must_use]
    pub fn is_copy(&self) -> bool {
        self.half == 0
    }

    /// Outputs that a recording of so many readings gives: those that lie within it.
    #[must_use]
    pub fn outputs(&self, readings: u64) -> u64 {
        let Some(last) = readings.checked_sub(1) else {
            return 0;
        };
        let steps = u128::from(last) * u128::from(self.rate) / u128::from(self.source);
        u64::try_from(steps).map_or(u64::MAX, |n| n.saturating_add(1))
    }

    /// Values in the table of weights.
    #[must_use]
    pub fn table_len(&self) -> usize {
        // Between the last set and the next reading lies one more line.
        let sets = self.phases + u64::from(self.phases != self.rate);
        sets as usize * self.taps()
    }

    /// Values in the memory of past readings.
    #[must_use]
    pub fn history_len(&self, axes: usize) -> usize {
        axes.saturating_mul(2 * self.taps())
    }

    /// Computes the table of weights, of [`Design::table_len`] values; a shorter one, which
    /// no machine would take, stays as it is.
    pub fn fill(&self, table: &mut [f32]) {
        if self.is_copy() || table.len() < self.table_len() {
            return;
        }
        let taps = self.taps();
        let phases = self.phases as usize;
        let rows = table.chunks_exact_mut(taps).take(phases / 2 + 1);
        for (set, weights) in rows.enumerate() {
            self.weigh(set as f64 / phases as f64, weights);
        }
        // An output as far before a reading as another lies behind one sees the same
        // weights the other way round.
        for set in phases / 2 + 1..self.table_len() / taps {
            let (done, rest) = table.split_at_mut(set * taps);
            let mirrored = done.chunks_exact(taps).nth(phases - set);
            let mirrored = mirrored.unwrap_or_default().iter().rev();
            for (to, from) in rest.iter_mut().zip(mirrored) {
                *to = *from;
            }
        }
    }

    /// The weights of an output that lies `behind` a reading, as a share of the way to
    /// the next.
    fn weigh(&self, behind: f64, weights: &mut [f32]) {
        let shrink = (self.rate as f64 / self.source as f64).min(1.0);
        let (cutoff, reach) = (CUTOFF * shrink, HALF / shrink);
        let place = behind + (self.half - 1) as f64;
        let mut sum = 0.0;
        for (tap, weight) in weights.iter_mut().enumerate() {
            let t = tap as f64 - place;
            let value = sinc(cutoff * t) * kaiser(t / reach);
            sum += value;
            *weight = value as f32;
        }
        for weight in weights {
            *weight = (f64::from(*weight) / sum) as f32;
        }
    }

    fn taps(&self) -> usize {
        2 * self.half
    }
}

/// Resamples even readings as they come, with a table and a memory of its owner's.
#[derive(Clone, Debug)]
pub struct Polyphase<T, H> {
    design: Design,
    axes: usize,
    table: T,
    /// `[axes, 2 · taps]`, of which the first `held` of each axis are readings.
    history: H,
    held: usize,
    /// Where in it the reading at or before the next output lies…
    next: usize,
    /// …and how far behind that the output is, in 1/`rate` of a reading.
    behind: u64,
    /// Readings taken and outputs given since the start.
    readings: u64,
    count: u64,
}

impl<T: AsRef<[f32]>, H: AsMut<[f32]>> Polyphase<T, H> {
    /// A resampler of readings with so many axes; `table` as [`Design::fill`] has
    /// written it, `history` of [`Design::history_len`] values.
    ///
    /// # Errors
    /// [`ResampleError::Axes`]; [`ResampleError::Memory`] where one of both is too small.
    pub fn new(
        design: Design,
        axes: usize,
        table: T,
        mut history: H,
    ) -> Result<Self, ResampleError> {
        if axes == 0 || axes > MAX_AXES {
            return Err(ResampleError::Axes(axes));
        }
        let memories = [
            (table.as_ref().len(), design.table_len()),
            (history.as_mut().len(), design.history_len(axes)),
        ];
        match memories.into_iter().find(|(given, needed)| given < needed) {
            Some((_, needed)) => Err(ResampleError::Memory(needed)),
            None => Ok(Self {
                design,
                axes,
                table,
                history,
                held: 0,
                next: 0,
                behind: 0,
                readings: 0,
                count: 0,
            }),
        }
    }

    /// Forgets all readings, for example after a gap: the next one is the first.
    pub fn reset(&mut self) {
        (self.held, self.next, self.behind) = (0, 0, 0);
        (self.readings, self.count) = (0, 0);
    }

    /// Takes readings `[readings, axes]` and gives the outputs that are now complete, in
    /// order, as slices of all axes. Values that are no whole reading are left out.
    pub fn push(&mut self, values: &[f32], mut emit: impl FnMut(&[f32])) {
        if self.design.is_copy() {
            for reading in values.chunks_exact(self.axes) {
                self.readings += 1;
                emit(reading);
            }
            return;
        }
        let capacity = 2 * self.design.taps();
        let mut rest = values;
        while let Some(first) = rest.get(..self.axes) {
            if self.readings == 0 {
                self.begin(first);
            }
            let take = (capacity - self.held).min(rest.len() / self.axes);
            let (now, later) = rest.split_at(take * self.axes);
            self.append(now, take);
            self.readings += take as u64;
            self.emit_up_to(u64::MAX, &mut emit);
            if self.held == capacity {
                self.forget();
            }
            rest = later;
        }
    }

    /// Gives the outputs that lie within the readings but waited for more of them, and
    /// starts afresh.
    pub fn finish(&mut self, mut emit: impl FnMut(&[f32])) {
        if !self.design.is_copy() && self.readings > 0 {
            let due = self.design.outputs(self.readings);
            // Leaves less than the filter is long, so there is room for the last value.
            self.forget();
            let capacity = 2 * self.design.taps();
            let (held, half) = (self.held, self.design.half);
            for axis in self.history.as_mut().chunks_exact_mut(capacity) {
                if let Some(last) = held.checked_sub(1).and_then(|at| axis.get(at)).copied()
                    && let Some(behind) = axis.get_mut(held..held + half)
                {
                    behind.fill(last);
                }
            }
            self.held += half;
            self.emit_up_to(due, &mut emit);
        }
        self.reset();
    }

    /// A whole recording `[readings, axes]` into `out`, `[outputs, axes]`; gives how many
    /// outputs an axis (see [`Design::outputs`]). What was pushed before is forgotten.
    ///
    /// # Errors
    /// [`ResampleError::Length`], [`ResampleError::Output`].
    pub fn whole(&mut self, values: &[f32], out: &mut [f32]) -> Result<usize, ResampleError> {
        if !values.len().is_multiple_of(self.axes) {
            return Err(ResampleError::Length);
        }
        let readings = (values.len() / self.axes) as u64;
        let wanted = usize::try_from(self.design.outputs(readings)).ok();
        let needed = wanted.and_then(|n| n.checked_mul(self.axes));
        let (wanted, needed) = wanted.zip(needed).ok_or(ResampleError::Length)?;
        let out = out.get_mut(..needed).ok_or(ResampleError::Output(needed))?;
        let mut slots = out.chunks_exact_mut(self.axes);
        let mut emit = |output: &[f32]| {
            if let Some(slot) = slots.next() {
                slot.copy_from_slice(output);
            }
        };
        self.reset();
        self.push(values, &mut emit);
        self.finish(&mut emit);
        Ok(wanted)
    }

    /// The first reading's values are those of the time before it, too.
    fn begin(&mut self, first: &[f32]) {
        let before = self.design.half - 1;
        let axes = self
            .history
            .as_mut()
            .chunks_exact_mut(2 * self.design.taps());
        for (axis, &value) in axes.zip(first) {
            axis.iter_mut().take(before).for_each(|x| *x = clean(value));
        }
        (self.held, self.next, self.behind) = (before, before, 0);
    }

    /// Puts `count` readings behind those that are held.
    fn append(&mut self, values: &[f32], count: usize) {
        let (held, axes) = (self.held, self.axes);
        let history = self
            .history
            .as_mut()
            .chunks_exact_mut(2 * self.design.taps());
        for (index, axis) in history.enumerate().take(axes) {
            let values = values.iter().skip(index).step_by(axes);
            for (to, &value) in axis.iter_mut().skip(held).zip(values) {
                *to = clean(value);
            }
        }
        self.held += count;
    }

    /// Gives outputs while their readings are there, at most until there are `due`.
    fn emit_up_to(&mut self, due: u64, emit: &mut impl FnMut(&[f32])) {
        let Design {
            source,
            rate,
            phases,
            half,
        } = self.design;
        let taps = 2 * half;
        while self.count < due && self.next + half < self.held {
            let at = self.behind * phases;
            let (set, between) = ((at / rate) as usize, at % rate);
            let mut sets = self.table.as_ref().chunks_exact(taps).skip(set);
            let (weights, following) = (sets.next(), sets.next());
            let from = self.next + 1 - half;
            let mut out = [0.0; MAX_AXES];
            let history = self.history.as_mut().chunks_exact(2 * taps);
            for (out, axis) in out.iter_mut().zip(history).take(self.axes) {
                let (Some(x), Some(weights)) = (axis.get(from..from + taps), weights) else {
                    continue;
                };
                *out = dot(weights, x);
                if between > 0
                    && let Some(following) = following
                {
                    let share = between as f32 / rate as f32;
                    *out += (dot(following, x) - *out) * share;
                }
            }
            emit(out.get(..self.axes).unwrap_or(&[]));
            self.count += 1;
            self.next += (source / rate) as usize;
            self.behind += source % rate;
            if self.behind >= rate {
                self.behind -= rate;
                self.next += 1;
            }
        }
    }

    /// Drops the readings that no further output needs.
    fn forget(&mut self) {
        let capacity = 2 * self.design.taps();
        let from = (self.next + 1 - self.design.half).min(self.held);
        for axis in self.history.as_mut().chunks_exact_mut(capacity) {
            axis.copy_within(from.., 0);
        }
        self.held -= from;
        self.next -= from;
    }
}

/// Σ a·b in eight sums side by side, so that machines with vectors can use them; the
/// order is part of the result. Lengths are multiples of [`LANES`].
fn dot(a: &[f32], b: &[f32]) -> f32 {
    let mut sums = [0.0; LANES];
    let (a, b) = (a.as_chunks::<LANES>().0, b.as_chunks::<LANES>().0);
    for (a, b) in a.iter().zip(b) {
        for (sum, (a, b)) in sums.iter_mut().zip(a.iter().zip(b)) {
            *sum += a * b;
        }
    }
    let [a, b, c, d, e, f, g, h] = sums;
    ((a + e) + (c + g)) + ((b + f) + (d + h))
}

/// sin(πx) / πx.
fn sinc(x: f64) -> f64 {
    let x = core::f64::consts::PI * x;
    if x == 0.0 { 1.0 } else { libm::sin(x) / x }
}

/// Kaiser's window at `x`, −1 … 1; 0 outside. Its height does not matter.
fn kaiser(x: f64) -> f64 {
    let inside = 1.0 - x * x;
    if inside < 0.0 {
        return 0.0;
    }
    // I₀ by its power series, Σ (y/2)²ᵏ / k!².
    let quarter = 0.25 * BETA * BETA * inside;
    let (mut term, mut sum, mut k) = (1.0, 1.0, 1.0);
    while term > 1e-12 * sum {
        term *= quarter / (k * k);
        sum += term;
        k += 1.0;
    }
    sum
}

fn common_divisor(a: u64, b: u64) -> u64 {
    let (mut a, mut b) = (a, b);
    while b > 0 {
        (a, b) = (b, a % b);
    }
    a.max(1)
}

#[cfg(test)]
mod tests;
