//! From a sensor's own clock to an even rate.
//!
//! Readings are joined by straight lines; each output is the mean of that line over
//! its own interval, from half a period before to half a period after its time.
//! Going down in rate this is the low-pass that keeps fast shaking from posing as
//! slow movement; going up it is linear interpolation with rounded corners. Output
//! `k` lies `k / rate_hz` seconds after the first reading; at both ends the interval
//! is cut where the readings end.
//!
//! One machine serves both uses: [`Resampler`] takes readings as they come from a
//! sensor, and [`resample`] runs a whole recording through it. Even input that
//! already has the wanted rate is copied bit for bit.
//!
//! That is for slow, uneven sensors. Sound comes evenly, and its high tones must not be
//! bent: [`mod@polyphase`] has the machine for it, and says when it is to be used.
//!
//! Times are `f64` milliseconds; sums are `f64` and rounded to `f32` once.

pub mod polyphase;

use core::fmt;

/// Most axes that can be resampled together.
pub const MAX_AXES: usize = 32;

/// Slack when counting outputs, in periods: a clock's rounding must not cost the
/// last sample.
const SLACK: f64 = 1e-6;

/// When the readings of a recording were taken.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Times<'a> {
    /// Evenly, at this rate in Hz.
    Even(f64),
    /// At these times in milliseconds, one a reading, never falling.
    Stamps(&'a [f64]),
}

/// Why nothing can be resampled.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum ResampleError {
    /// A rate is not a finite number above 0; the rate in Hz.
    Rate(f64),
    /// No axes, or more than [`MAX_AXES`]; how many.
    Axes(usize),
    /// Values are not whole readings of all axes, or there are not as many times as readings.
    Length,
    /// A time is not finite or lies before the one ahead of it; which reading.
    Time(usize),
    /// The output holds fewer values than needed; how many are.
    Output(usize),
    /// The source is more than [`polyphase::MOST_DOWN`] times as fast as what is wanted.
    Ratio,
    /// The memory given holds fewer values than needed; how many are.
    Memory(usize),
}

impl fmt::Display for ResampleError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Rate(hz) => write!(f, "rate of {hz} Hz: give a number above 0"),
            Self::Axes(n) => write!(f, "{n} axes: give 1 to {MAX_AXES}"),
            Self::Length => f.write_str(
                "values and times do not fit together: give every axis of every reading, and one time a reading",
            ),
            Self::Time(i) => write!(
                f,
                "time of reading {i}: give finite milliseconds that never fall"
            ),
            Self::Output(n) => write!(f, "output too small: {n} values are needed"),
            Self::Ratio => f.write_str("rates too far apart: take a slower source"),
            Self::Memory(n) => write!(f, "memory too small: {n} values are needed"),
        }
    }
}

impl core::error::Error for ResampleError {}

/// Resamples readings as they come.
#[derive(Clone, Debug)]
pub struct Resampler {
    axes: usize,
    /// Milliseconds between outputs.
    period: f64,
    /// Outputs given so far.
    count: u64,
    /// Time of the first and of the last reading.
    span: Option<(f64, f64)>,
    /// Where the interval of the next output begins.
    begin: f64,
    /// Values of the last reading.
    last: [f64; MAX_AXES],
    /// The line's area since `begin`, in value · ms.
    area: [f64; MAX_AXES],
}

impl Resampler {
    /// A resampler of readings with so many axes, towards `rate_hz`.
    ///
    /// # Errors
    /// [`ResampleError::Rate`], [`ResampleError::Axes`].
    pub fn new(axes: usize, rate_hz: f64) -> Result<Self, ResampleError> {
        if !(rate_hz.is_finite() && rate_hz > 0.0) {
            return Err(ResampleError::Rate(rate_hz));
        }
        if axes == 0 || axes > MAX_AXES {
            return Err(ResampleError::Axes(axes));
        }
        Ok(Self {
            axes,
            period: 1000.0 / rate_hz,
            count: 0,
            span: None,
            begin: 0.0,
            last: [0.0; MAX_AXES],
            area: [0.0; MAX_AXES],
        })
    }

    /// Forgets all readings, for example after a gap: the next one is the first.
    pub fn reset(&mut self) {
        self.count = 0;
        self.span = None;
    }

    /// Takes one reading of all axes at `time_ms` and gives the outputs that are now
    /// complete, in order, as slices of all axes. A time before the last reading's,
    /// or one that is not finite, counts as the last reading's; axes that are
    /// missing count as unchanged.
    pub fn push(&mut self, time_ms: f64, reading: &[f32], mut emit: impl FnMut(&[f32])) {
        let Some((first, then)) = self.span else {
            if time_ms.is_finite() {
                self.begin = time_ms;
                self.span = Some((time_ms, time_ms));
                self.area = [0.0; MAX_AXES];
                self.take(reading);
            }
            return;
        };
        let now = if time_ms > then && time_ms.is_finite() {
            time_ms
        } else {
            then
        };
        // From `at` on, the line runs from `value` to the reading.
        let mut at = then;
        loop {
            let end = first + (self.count as f64 + 0.5) * self.period;
            if end > now {
                break;
            }
            let mut out = [0.0; MAX_AXES];
            let width = end - self.begin;
            for (axis, out) in out.iter_mut().enumerate().take(self.axes) {
                let value = line(self.last[axis], reading.get(axis), then, now, end);
                let area = self.area[axis]
                    + trapezium(self.last[axis], reading.get(axis), then, now, at, end);
                *out = (if width > 0.0 { area / width } else { value }) as f32;
                self.area[axis] = 0.0;
            }
            emit(&out[..self.axes]);
            self.count += 1;
            self.begin = end;
            at = end;
        }
        for axis in 0..self.axes {
            self.area[axis] += trapezium(self.last[axis], reading.get(axis), then, now, at, now);
        }
        self.span = Some((first, now));
        self.take(reading);
    }

    /// Gives the last output where the readings end within the first half of its
    /// interval, and starts afresh.
    pub fn finish(&mut self, mut emit: impl FnMut(&[f32])) {
        if let Some((first, then)) = self.span
            && self.count < outputs(first, then, self.period)
        {
            let mut out = [0.0; MAX_AXES];
            let width = then - self.begin;
            for (axis, out) in out.iter_mut().enumerate().take(self.axes) {
                let mean = self.area[axis] / width;
                *out = (if width > 0.0 { mean } else { self.last[axis] }) as f32;
            }
            emit(&out[..self.axes]);
        }
        self.reset();
    }

    fn take(&mut self, reading: &[f32]) {
        for (last, &value) in self.last.iter_mut().zip(reading).take(self.axes) {
            *last = f64::from(value);
        }
    }
}

/// Outputs whose time lies within readings from `first` to `last`, all in milliseconds.
fn outputs(first: f64, last: f64, period: f64) -> u64 {
    (((last - first) / period + SLACK) as u64).saturating_add(1)
}

/// The line from `(t0, v0)` to `(t1, v1)` at `t`.
fn line(v0: f64, v1: Option<&f32>, t0: f64, t1: f64, t: f64) -> f64 {
    let v1 = v1.map_or(v0, |v| f64::from(*v));
    if t1 > t0 {
        v0 + (v1 - v0) * ((t - t0) / (t1 - t0))
    } else {
        v1
    }
}

/// Area below that line between `from` and `to`.
fn trapezium(v0: f64, v1: Option<&f32>, t0: f64, t1: f64, from: f64, to: f64) -> f64 {
    0.5 * (line(v0, v1, t0, t1, from) + line(v0, v1, t0, t1, to)) * (to - from)
}

/// Outputs an axis that [`resample`] gives for so many readings.
///
/// # Errors
/// As [`resample`], but for the output.
pub fn len(times: Times<'_>, readings: usize, rate_hz: f32) -> Result<usize, ResampleError> {
    let rate = f64::from(rate_hz);
    if !(rate.is_finite() && rate > 0.0) {
        return Err(ResampleError::Rate(rate));
    }
    if readings == 0 {
        return Ok(0);
    }
    let (first, last) = match times {
        Times::Even(hz) if !(hz.is_finite() && hz > 0.0) => return Err(ResampleError::Rate(hz)),
        Times::Even(hz) if same(hz, rate_hz) => return Ok(readings),
        Times::Even(hz) => (0.0, (readings - 1) as f64 * 1000.0 / hz),
        Times::Stamps(t) => {
            if t.len() != readings {
                return Err(ResampleError::Length);
            }
            let mut before = t[0];
            for (i, &time) in t.iter().enumerate() {
                if !(time.is_finite() && time >= before) {
                    return Err(ResampleError::Time(i));
                }
                before = time;
            }
            (t[0], before)
        }
    };
    Ok(outputs(first, last, 1000.0 / rate) as usize)
}

/// Resamples a recording `[readings, axes]` to `rate_hz` into `out`, `[len, axes]`,
/// and gives `len`, the outputs an axis (see [`len`]).
///
/// # Errors
/// A [`ResampleError`]; nothing useful is then in `out`.
pub fn resample(
    times: Times<'_>,
    axes: usize,
    values: &[f32],
    rate_hz: f32,
    out: &mut [f32],
) -> Result<usize, ResampleError> {
    let mut machine = Resampler::new(axes, f64::from(rate_hz))?;
    if !values.len().is_multiple_of(axes) {
        return Err(ResampleError::Length);
    }
    let readings = values.len() / axes;
    let wanted = len(times, readings, rate_hz)?;
    let needed = wanted.checked_mul(axes).ok_or(ResampleError::Length)?;
    let out = out.get_mut(..needed).ok_or(ResampleError::Output(needed))?;
    if let Times::Even(hz) = times
        && same(hz, rate_hz)
    {
        out.copy_from_slice(values);
        return Ok(wanted);
    }
    let mut slots = out.chunks_exact_mut(axes);
    let mut emit = |output: &[f32]| {
        if let Some(slot) = slots.next() {
            slot.copy_from_slice(output);
        }
    };
    for (i, reading) in values.chunks_exact(axes).enumerate() {
        let time = match times {
            Times::Even(hz) => i as f64 * 1000.0 / hz,
            Times::Stamps(t) => t[i],
        };
        machine.push(time, reading, &mut emit);
    }
    machine.finish(&mut emit);
    Ok(wanted)
}

/// Whether an even source already has the wanted rate, to the precision of settings.
fn same(source_hz: f64, rate_hz: f32) -> bool {
    source_hz as f32 == rate_hz
}

#[cfg(test)]
mod tests {
    use std::vec;
    use std::vec::Vec;

    use super::*;

    fn run(times: Times<'_>, axes: usize, values: &[f32], rate_hz: f32) -> Vec<f32> {
        let len = len(times, values.len() / axes, rate_hz).expect("legal");
        let mut out = vec![f32::NAN; len * axes];
        assert_eq!(resample(times, axes, values, rate_hz, &mut out), Ok(len));
        out
    }

    #[test]
    fn the_same_rate_is_a_copy() {
        let values = [1.5, f32::MIN_POSITIVE, -0.0, 3.0];
        let out = run(Times::Even(50.0), 2, &values, 50.0);
        assert_eq!(out.map_bits(), values.to_vec().map_bits());
    }

    trait Bits {
        fn map_bits(&self) -> Vec<u32>;
    }

    impl Bits for Vec<f32> {
        fn map_bits(&self) -> Vec<u32> {
            self.iter().map(|x| x.to_bits()).collect()
        }
    }

    #[test]
    fn going_down_averages_the_line() {
        // Readings at 0, 10 … 60 ms to 25 Hz: intervals 0–20, 20–60 ms and no more.
        let values = [0.0, 4.0, 0.0, 8.0, 0.0, 0.0, 12.0];
        let out = run(Times::Even(100.0), 1, &values, 25.0);
        // 0–20: one triangle of height 4 and base 20: 40 / 20. 20–60: 80 + 60 = 140 / 40.
        assert_eq!(out, [2.0, 3.5]);
    }

    #[test]
    fn going_up_follows_the_line() {
        // 10 Hz to 40 Hz on a straight line: the line itself but at its cut ends,
        // where the interval is half as wide.
        let out = run(Times::Even(10.0), 2, &[0.0, 8.0, 1.0, 4.0], 40.0);
        assert_eq!(
            out,
            [0.0625, 7.75, 0.25, 7.0, 0.5, 6.0, 0.75, 5.0, 0.9375, 4.25]
        );
    }

    #[test]
    fn uneven_times_weigh_by_their_length() {
        // A step at 30 ms, held long: the mean counts time, not readings.
        let times = [5.0, 5.0, 35.0, 35.0, 45.0];
        let out = run(Times::Stamps(&times), 1, &[9.0, 1.0, 1.0, 3.0, 3.0], 50.0);
        // Output 0: 5–15 ms; 1: 15–35 ms; 2: 35–45 ms, cut at the end.
        assert_eq!(out, [1.0, 1.0, 3.0]);
    }

    #[test]
    fn a_stream_gives_what_the_whole_gives() {
        let (mut times, mut values, mut t) = (Vec::new(), Vec::new(), 0.0);
        for i in 0..200u32 {
            t += f64::from(i * 7919 % 31) * 0.7;
            times.push(t);
            values.extend([(i * 31 % 17) as f32, (i * 13 % 7) as f32]);
        }
        let whole = run(Times::Stamps(&times), 2, &values, 62.5);
        let mut stream = Resampler::new(2, 62.5).expect("legal");
        let mut out = Vec::new();
        for (time, reading) in times.iter().zip(values.chunks(2)) {
            stream.push(*time, reading, |output| out.extend_from_slice(output));
        }
        stream.finish(|output| out.extend_from_slice(output));
        assert_eq!(out, whole);
    }

    #[test]
    fn every_length_and_rate_fills_its_output() {
        for readings in 1..40 {
            let values: Vec<f32> = (0..readings).map(|i| i as f32).collect();
            for source in [7.3, 50.0, 99.99, 104.0, 1000.0 / 9.615_384_615_384_615] {
                for rate in [5.0, 33.3, 50.0, 100.0, 104.0, 400.0] {
                    let out = run(Times::Even(source), 1, &values, rate);
                    assert!(out.iter().all(|x| x.is_finite()), "{source} to {rate}");
                }
            }
        }
    }

    #[test]
    fn a_late_or_odd_time_does_no_harm() {
        let mut stream = Resampler::new(1, 100.0).expect("legal");
        let mut out = Vec::new();
        let readings = [
            (f64::NAN, 7.0),
            (0.0, 1.0),
            (-50.0, 1.0),
            (f64::INFINITY, 1.0),
            (20.0, 1.0),
        ];
        for (time, value) in readings {
            stream.push(time, &[value], |output| out.extend_from_slice(output));
        }
        assert_eq!(out, [1.0, 1.0]);
        stream.reset();
        stream.push(-5.0, &[2.0], |_| {
            unreachable!("one reading completes nothing")
        });
        stream.finish(|output| out.extend_from_slice(output));
        assert_eq!(out, [1.0, 1.0, 2.0]);
    }

    #[test]
    fn refuses_what_has_no_meaning() {
        let mut out = [0.0; 4];
        let mut go = |times, axes, values: &[f32], rate| {
            resample(times, axes, values, rate, &mut out).expect_err("illegal")
        };
        let even = Times::Even(50.0);
        assert_eq!(go(even, 1, &[0.0], 0.0), ResampleError::Rate(0.0));
        assert_eq!(
            go(Times::Even(-1.0), 1, &[0.0], 50.0),
            ResampleError::Rate(-1.0)
        );
        assert!(matches!(
            go(even, 1, &[0.0], f32::NAN),
            ResampleError::Rate(_)
        ));
        assert_eq!(go(even, 0, &[0.0], 50.0), ResampleError::Axes(0));
        assert_eq!(go(even, 33, &[0.0; 33], 50.0), ResampleError::Axes(33));
        assert_eq!(go(even, 2, &[0.0; 3], 50.0), ResampleError::Length);
        assert_eq!(go(even, 1, &[0.0; 5], 50.0), ResampleError::Output(5));
        let falling = Times::Stamps(&[0.0, 2.0, 1.0]);
        assert_eq!(go(falling, 1, &[0.0; 3], 50.0), ResampleError::Time(2));
        assert_eq!(go(falling, 1, &[0.0; 2], 50.0), ResampleError::Length);
        let endless = Times::Stamps(&[0.0, f64::INFINITY]);
        assert_eq!(go(endless, 1, &[0.0; 2], 50.0), ResampleError::Time(1));
        assert_eq!(resample(even, 3, &[], 50.0, &mut out), Ok(0));
    }
}
