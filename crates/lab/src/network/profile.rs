//! How long a run and each of its layers take, by a clock that may be coarse.
//!
//! A browser's clock stands still for up to 100 µs and then jumps, while a layer
//! may take less than one. A single reading says nothing then, but jumps fall into
//! a layer as often as the layer is long: over a block of many runs each layer's
//! sum of differences is right on average, and the sum over the layers to one jump.
//!
//! Reading the clock takes time too, which each layer's difference holds once. The
//! whole run is therefore timed by itself, without readings in between: by so much
//! as the layers together take longer, a reading takes time, and each layer is told
//! without it.

use lampyris_core::Session;
use lampyris_graph::AlignedBytes;
use serde::Serialize;
use ts_rs::TS;

/// Microseconds, over blocks of runs: each block gives one mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct Timing {
    /// The median of the blocks.
    pub median_us: f64,
    /// 95 % of the blocks are below.
    pub p95_us: f64,
}

/// What was measured so far.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
#[ts(export)]
pub struct NetworkTimes {
    /// One run.
    pub run: Timing,
    /// Each layer.
    pub layers: Vec<Timing>,
    /// Blocks timed.
    pub blocks: u32,
    /// Runs in the smallest block.
    pub runs: u32,
    /// The smallest step that the clock was seen to make.
    pub resolution_us: f64,
    /// What reading the clock after a layer takes; already taken off the layers.
    pub reading_us: f64,
}

/// Times in microseconds, one a block.
pub(super) struct Stopwatch {
    runs: Vec<f64>,
    layers: Vec<Vec<f64>>,
    least: u32,
    resolution_us: f64,
}

/// Runs in a block, so that a jump of the clock is a small part of a layer's mean…
const ENOUGH_RUNS: u32 = 8;
/// … unless they take so many times the block's length.
const PATIENCE: f64 = 10.0;
/// Runs in a block at most.
const MOST_RUNS: u32 = 1 << 20;

impl Stopwatch {
    pub(super) fn new(layers: usize) -> Self {
        Self {
            runs: Vec::new(),
            layers: vec![Vec::new(); layers],
            least: u32::MAX,
            resolution_us: f64::INFINITY,
        }
    }

    /// Runs for `block_ms` without readings in between, and as long with them.
    pub(super) fn block(
        &mut self,
        session: &mut Session<AlignedBytes, AlignedBytes>,
        block_ms: f64,
        clock: &mut dyn FnMut() -> f64,
    ) {
        let (mut count, mut step) = (0u32, 1u32);
        let begun = clock();
        let took = loop {
            for _ in 0..step {
                session.run();
            }
            count = count.saturating_add(step);
            let took = clock() - begun;
            // The limits end a clock that stands still or gives no numbers.
            let enough = count >= ENOUGH_RUNS || took >= PATIENCE * block_ms;
            if took.is_nan() || (took >= block_ms && enough) || count >= MOST_RUNS {
                break took;
            }
            // Few readings where runs are short, few runs too many where they are long.
            step = if took * 4.0 < block_ms {
                step.saturating_mul(2)
            } else {
                step
            };
        };
        self.runs.push((took * 1e3 / f64::from(count)).max(0.0));
        self.least = self.least.min(count);
        let mut sums = vec![0.0; self.layers.len()];
        for _ in 0..count {
            let mut last = clock();
            session.run_with(|_, layer| {
                let now = clock();
                let step = now - last;
                if step > 0.0 {
                    self.resolution_us = self.resolution_us.min(step * 1e3);
                }
                if let Some(sum) = sums.get_mut(layer.id() as usize) {
                    *sum += step;
                }
                last = now;
            });
        }
        for (layer, sum) in self.layers.iter_mut().zip(sums) {
            layer.push((sum * 1e3 / f64::from(count)).max(0.0));
        }
    }

    pub(super) fn times(&self) -> NetworkTimes {
        let run = timing(&self.runs);
        let layers: Vec<Timing> = self.layers.iter().map(|each| timing(each)).collect();
        let sum: f64 = layers.iter().map(|layer| layer.median_us).sum();
        let reading_us = ((sum - run.median_us) / layers.len().max(1) as f64).max(0.0);
        let without = |layer: &Timing| Timing {
            median_us: (layer.median_us - reading_us).max(0.0),
            p95_us: (layer.p95_us - reading_us).max(0.0),
        };
        NetworkTimes {
            run,
            layers: layers.iter().map(without).collect(),
            blocks: self.runs.len() as u32,
            runs: self.least,
            resolution_us: if self.resolution_us.is_finite() {
                self.resolution_us
            } else {
                0.0
            },
            reading_us,
        }
    }
}

/// Median and 95th percentile (nearest rank); 0 without values.
fn timing(each: &[f64]) -> Timing {
    let mut sorted = each.to_vec();
    sorted.sort_by(f64::total_cmp);
    let n = sorted.len();
    let at = |i: usize| sorted.get(i).copied().unwrap_or(0.0);
    Timing {
        median_us: (at(n / 2) + at(n.saturating_sub(1) / 2)) / 2.0,
        p95_us: at((n * 95).div_ceil(100).saturating_sub(1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_p95_by_hand() {
        assert_eq!(timing(&[]), Timing::default());
        let each: Vec<f64> = (1..=20).rev().map(f64::from).collect();
        let Timing { median_us, p95_us } = timing(&each);
        assert_eq!((median_us, p95_us), (10.5, 19.0));
        assert_eq!(timing(&[7.0]).p95_us, 7.0);
    }
}
