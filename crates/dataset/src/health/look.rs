//! One pass over the samples of a recording.

use super::picture::Seen;
use super::sound::{Sound, listen};
use crate::Recording;

/// How many samples are kept to recognise near-equal recordings.
pub(super) const POINTS: usize = 64;

/// Stretches of equal samples shorter than this are no sign of clipping: a
/// slow signal on a coarse grid stays on one value for a while.
const CLIP_RUN: usize = 3;

/// What the samples of one axis look like.
#[derive(Clone, Debug, PartialEq)]
pub struct AxisLook {
    /// Smallest value.
    pub min: f32,
    /// Largest value.
    pub max: f32,
    /// Samples that stay at the smallest value for three or more in a row.
    pub held_at_min: u32,
    /// Samples that stay at the largest value for three or more in a row.
    pub held_at_max: u32,
}

/// What the samples of a recording look like; small, made once.
#[derive(Clone, Debug, PartialEq)]
pub struct Look {
    /// By axis, in the order of the recording; none of a picture.
    pub axes: Vec<AxisLook>,
    /// Mean over the samples of the length of the vector of the first three
    /// axes, 0 where there are fewer than three.
    pub mean_length: f64,
    /// Longest time between two samples in ms; 0 where evenly spaced.
    pub longest_gap_ms: f64,
    /// What a sound is like; `None` of anything else.
    pub(super) sound: Option<Sound>,
    /// What is compared of a picture; `None` of anything else.
    pub(super) picture: Option<Seen>,
    /// 64 samples, evenly spread, all axes: `[points, axes]`.
    points: Vec<f32>,
}

impl Look {
    /// Root of the mean squared difference from another recording's points,
    /// as a share of this one's standard deviation; `None` where they can't be
    /// compared or this one does not move.
    pub(super) fn difference(&self, other: &Self) -> Option<f64> {
        if self.points.len() != other.points.len() {
            return None;
        }
        let n = self.points.len() as f64;
        let axes = self.axes.len();
        let rows = n / axes as f64;
        let mut variance = 0.0;
        for axis in 0..axes {
            let column = || {
                self.points
                    .iter()
                    .skip(axis)
                    .step_by(axes)
                    .map(|v| f64::from(*v))
            };
            let mean = column().sum::<f64>() / rows;
            variance += column().map(|v| (v - mean) * (v - mean)).sum::<f64>();
        }
        let squares: f64 = self
            .points
            .iter()
            .zip(&other.points)
            .map(|(a, b)| f64::from(a - b) * f64::from(a - b))
            .sum();
        (variance > 0.0).then(|| (squares / variance).sqrt())
    }
}

/// Looks at every sample once; of a picture, which has none, what it looks like is known.
pub fn look(recording: &Recording) -> Look {
    if let Some(picture) = &recording.picture {
        return Look {
            axes: Vec::new(),
            mean_length: 0.0,
            longest_gap_ms: 0.0,
            sound: None,
            picture: Some(Seen::of(&picture.look)),
            points: Vec::new(),
        };
    }
    let width = recording.meta.axes.len();
    let values = &recording.values;
    let samples = values.len() / width.max(1);
    let axes = (0..width)
        .map(|axis| look_at_axis(values.iter().skip(axis).step_by(width).copied()))
        .collect();
    let mean_length = if width < 3 {
        0.0
    } else {
        let length = |row: &[f32]| {
            let squares: f64 = row[..3].iter().map(|v| f64::from(*v) * f64::from(*v)).sum();
            squares.sqrt()
        };
        values.chunks_exact(width).map(length).sum::<f64>() / samples.max(1) as f64
    };
    let longest_gap_ms = recording.times_ms.as_deref().map_or(0.0, |times| {
        times.windows(2).map(|w| w[1] - w[0]).fold(0.0, f64::max)
    });
    let points = (0..if samples == 0 { 0 } else { POINTS })
        .flat_map(|i| {
            let row = i * samples.saturating_sub(1) / (POINTS - 1);
            values[row * width..(row + 1) * width].iter().copied()
        })
        .collect();
    Look {
        axes,
        mean_length,
        longest_gap_ms,
        sound: listen(&recording.meta, values),
        picture: None,
        points,
    }
}

fn look_at_axis(values: impl Iterator<Item = f32> + Clone) -> AxisLook {
    let (mut min, mut max) = (f32::INFINITY, f32::NEG_INFINITY);
    for v in values.clone() {
        min = min.min(v);
        max = max.max(v);
    }
    let held = |at: f32| {
        let (mut total, mut run) = (0, 0);
        for v in values.clone() {
            if v == at {
                run += 1;
                continue;
            }
            total += if run >= CLIP_RUN { run } else { 0 };
            run = 0;
        }
        total += if run >= CLIP_RUN { run } else { 0 };
        u32::try_from(total).unwrap_or(u32::MAX)
    };
    AxisLook {
        min,
        max,
        held_at_min: held(min),
        held_at_max: held(max),
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::super::testing::{take, wave};
    use super::*;

    #[test]
    fn extremes_and_held_samples() {
        let r = take(
            "a",
            "t",
            50.0,
            vec![0.0, 2.0, 2.0, 2.0, 1.0, 2.0, -1.0, -1.0],
        );
        let axis = &look(&r).axes[0];
        assert_eq!((axis.min, axis.max), (-1.0, 2.0));
        // Three in a row count, a lone one and a pair don't.
        assert_eq!((axis.held_at_max, axis.held_at_min), (3, 0));
    }

    #[test]
    fn points_tell_likeness() {
        let a = look(&take("a", "t", 50.0, wave(1, 500)));
        let same = look(&take(
            "b",
            "u",
            50.0,
            wave(1, 500).iter().map(|v| v + 0.01).collect(),
        ));
        let other = look(&take("a", "v", 50.0, wave(2, 500)));
        assert!(a.difference(&same).unwrap() < 0.01);
        assert!(a.difference(&other).unwrap() > 0.3);
        let flat = look(&take("a", "w", 50.0, vec![1.0; 500]));
        assert_eq!(flat.difference(&flat), None);
    }

    #[test]
    fn one_sample_is_enough() {
        assert_eq!(look(&take("a", "t", 50.0, vec![3.0])).axes[0].max, 3.0);
    }
}
