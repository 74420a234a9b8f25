//! Looking at sounds and movements before training: one take as the features that a
//! network would see, and all windows on one map.
//!
//! Both give plain arrays, because a page draws them while a slider is moved.

use lampyris_dataset::{PictureLook, Recording};

use crate::cache::Cache;
use crate::features::Matrix;
use crate::pca::project;
use crate::runner::{Runner, score};
use crate::signals::{Plan, covering};
use crate::windows::{Table, Window};
use crate::{LabError, Model, Settings};

/// Most points on a map.
const MOST_POINTS: usize = 5000;
/// Stretches of time that the frames of a window are averaged in for the map, so that a
/// word a little later is not another word.
const STRETCHES: usize = 4;

/// The features of a window, or of all windows of a take one after the other.
#[derive(Clone, Debug, PartialEq)]
pub struct Picture {
    /// Steps in time.
    pub frames: usize,
    /// Features of each step.
    pub columns: usize,
    /// `[frames, columns]`, as the block computes them.
    pub values: Vec<f32>,
    /// Names of the columns, with the axis first where they have one.
    pub column_names: Vec<String>,
    /// What was looked at, `[samples, axes]` at `rate_hz`.
    pub samples: Vec<f32>,
    /// Names of the axes.
    pub axes: Vec<String>,
    /// Samples per second.
    pub rate_hz: f32,
    /// Samples that one frame is of.
    pub frame_samples: usize,
    /// Samples from one frame to the next.
    pub stride_samples: usize,
    /// Label after merging; `None` where none covers more than half.
    pub label: Option<String>,
    /// The trained model's scores of a window (0 to 1, in the order of its labels);
    /// `None` of a whole take, and where no model takes such windows.
    pub label_scores: Option<Vec<f32>>,
}

impl Picture {
    /// Of the window that begins at sample `start` (at the model's rate), or of all of
    /// `signal`, which is at least a window long.
    pub(crate) fn new(
        settings: &Settings,
        plan: &Plan,
        recording: &Recording,
        signal: &[f32],
        start: Option<u32>,
        model: Option<&Model>,
    ) -> Result<Self, LabError> {
        let (axes, window) = (plan.signal.axes, plan.signal.samples);
        let all = signal.len() / axes;
        let (from, samples) = match start {
            Some(start) => (start as usize, window),
            None => (0, all),
        };
        let over = || {
            LabError::new(
                format!("the window runs over the end at sample {all}"),
                format!("recording {}, sample {from}", recording.meta.name),
                "choose an earlier start, or a shorter window",
            )
        };
        let to = from
            .checked_add(samples.max(window))
            .filter(|to| *to <= all);
        let signal = &signal[from * axes..to.ok_or_else(over)? * axes];
        let spans = plan.spans(recording, settings);
        let frames = plan.layout.frames;
        let (frame_samples, stride_samples) = match plan.layout.framing {
            Some(framing) => (framing.length, framing.stride),
            None if frames == 1 => (window, plan.hop as usize),
            None => ((window / frames).max(1), (window / frames).max(1)),
        };
        let mut picture = Self {
            frames: 0,
            columns: plan.layout.columns(),
            values: Vec::new(),
            column_names: plan.column_names(),
            samples: signal.to_vec(),
            axes: plan.axis_names(),
            rate_hz: plan.signal.rate_hz,
            frame_samples,
            stride_samples,
            label: covering(&spans, from as u32, (from + samples) as u32),
            label_scores: start.and_then(|_| scores(plan, model?, signal)),
        };
        let by_itself = plan.layout.framing.is_some_and(|f| f.independent);
        match (by_itself, frames) {
            (true, _) => picture.frame_by_frame(plan),
            (false, 1) => picture.window_by_window(plan, stride_samples),
            (false, _) => picture.window_by_window(plan, window),
        }
        picture.frames = picture.values.len() / picture.columns.max(1);
        Ok(picture)
    }

    /// All frames of the samples, each computed by itself.
    fn frame_by_frame(&mut self, plan: &Plan) {
        let axes = plan.signal.axes;
        let signal = lampyris_dsp::Signal {
            samples: self.frame_samples,
            ..plan.signal
        };
        let mut scratch = plan.scratch();
        let mut row = vec![0.0; self.columns];
        let mut rest = self.samples.as_slice();
        while let Some(frame) = rest.get(..self.frame_samples * axes) {
            (plan.block.run)(&signal, &plan.values, frame, &mut scratch, &mut row);
            self.values.extend_from_slice(&row);
            rest = rest.get(self.stride_samples * axes..).unwrap_or(&[]);
        }
    }

    /// The features of windows `step` samples apart.
    fn window_by_window(&mut self, plan: &Plan, step: usize) {
        let axes = plan.signal.axes;
        let mut scratch = plan.scratch();
        let mut row = vec![0.0; plan.layout.features];
        let mut rest = self.samples.as_slice();
        while let Some(window) = rest.get(..plan.signal.samples * axes) {
            plan.features(window, &mut scratch, &mut row);
            self.values.extend_from_slice(&row);
            rest = rest.get(step * axes..).unwrap_or(&[]);
        }
    }
}

/// A model's scores of a window, where it takes such windows.
pub(crate) fn scores(plan: &Plan, model: &Model, window: &[f32]) -> Option<Vec<f32>> {
    let fits = model.plan_fits(plan);
    let mut runner = Runner::new(&model.chip).ok().filter(|_| fits)?;
    Some(runner.run(window).1.into_iter().map(score).collect())
}

/// All labelled windows on a plane: windows that sound or move alike lie close together.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Map {
    /// Along the direction in which the windows differ most.
    pub x: Vec<f32>,
    /// Along the direction, at a right angle, in which they differ next.
    pub y: Vec<f32>,
    /// Index into `ids` of the recording of each window.
    pub recordings: Vec<u32>,
    /// First sample of each window, at the model's rate.
    pub starts: Vec<u32>,
    /// Index into `label_names` of each window.
    pub labels: Vec<u32>,
    /// Ids of the recordings.
    pub ids: Vec<String>,
    /// All labels, by bytes.
    pub label_names: Vec<String>,
    /// Share of all differences that the plane shows, 0 to 1.
    pub shown: f32,
}

impl Map {
    /// The map of a table's windows; of more than 5000, every so manieth.
    pub(crate) fn new(cache: &mut Cache, plan: &Plan, table: &Table<'_>) -> Result<Self, LabError> {
        let matrix = Matrix::recorded(cache, plan, table)?;
        let columns = plan.layout.columns();
        Ok(Self::drawn(table, |i, _, points| {
            pooled(matrix.row(i), columns, points);
        }))
    }

    /// The same of pictures, by what they look like: nothing is decoded.
    pub(crate) fn of_pictures(table: &Table<'_>) -> Self {
        Self::drawn(table, |_, window, points| {
            let picture = table.recordings[window.recording].picture.as_ref();
            match picture.map(|p| &p.look) {
                Some(look) => thumb(look, points),
                None => points.extend([0.0; POINTS]),
            }
        })
    }

    /// Of windows that `describe` says so many numbers of.
    fn drawn(table: &Table<'_>, mut describe: impl FnMut(usize, &Window, &mut Vec<f32>)) -> Self {
        let step = table.windows.len().div_ceil(MOST_POINTS).max(1);
        let mut map = Self {
            ids: table.recordings.iter().map(|r| r.meta.id.clone()).collect(),
            label_names: table.labels.clone(),
            ..Self::default()
        };
        let mut points = Vec::new();
        for (i, window) in table.windows.iter().enumerate().step_by(step) {
            describe(i, window, &mut points);
            map.recordings.push(window.recording as u32);
            map.starts.push(window.start);
            map.labels.push(window.label);
        }
        let width = points.len() / map.starts.len().max(1);
        let plane = project(&points, width);
        (map.x, map.y, map.shown) = (plane.x, plane.y, plane.shown);
        map
    }
}

/// Rows and columns that a picture is described by on the map.
const SIDE: usize = 8;
/// Numbers that a picture is described by.
const POINTS: usize = SIDE * SIDE * 3;

/// The means of a picture's thumbnail over squares, `[8, 8, 3]`.
fn thumb(look: &PictureLook, out: &mut Vec<f32>) {
    let side = (look.thumb.len() / 3).isqrt();
    let step = (side / SIDE).max(1);
    for (y, x, c) in (0..POINTS).map(|i| (i / 3 / SIDE, i / 3 % SIDE, i % 3)) {
        let pixel = |i: usize| (y * step + i / step) * side + x * step + i % step;
        let of = (0..step * step).map(|i| look.thumb.get(pixel(i) * 3 + c));
        let sum: u32 = of.map(|v| v.map_or(0, |v| u32::from(*v))).sum();
        out.push(sum as f32 / (step * step) as f32);
    }
}

/// Means of each column over up to four stretches of the frames.
fn pooled(features: &[f32], columns: usize, out: &mut Vec<f32>) {
    let frames = features.len() / columns;
    let stretches = STRETCHES.min(frames);
    for s in 0..stretches {
        let (from, to) = (s * frames / stretches, (s + 1) * frames / stretches);
        for c in 0..columns {
            let of = (from..to).map(|f| features[f * columns + c]);
            out.push(of.sum::<f32>() / (to - from) as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn frames_are_averaged_in_stretches() {
        // Five frames of two columns: stretches of 1, 1, 1 and 2 frames.
        let features = [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 4.0, 40.0, 6.0, 60.0];
        let mut out = Vec::new();
        pooled(&features, 2, &mut out);
        assert_eq!(out, [1.0, 10.0, 2.0, 20.0, 3.0, 30.0, 5.0, 50.0]);
        let mut flat = Vec::new();
        pooled(&[1.0, 2.0, 3.0], 3, &mut flat);
        assert_eq!(flat, [1.0, 2.0, 3.0]);
    }
}
