//! Features of a recording's windows, for whoever wants to compute on by themselves.

use lampyris_dataset::{Recording, window_count};
use lampyris_device::Chip;
use lampyris_graph::AlignedBytes;

use crate::pictures::{see, shape};
use crate::runner::Runner;
use crate::signals::{Plan, choose_axes};
use crate::{LabError, Settings};

/// Features `[windows, frames, columns]`, of windows in order of time.
#[derive(Clone, Debug, PartialEq)]
pub struct Extract<T> {
    /// How many windows the recording has.
    pub windows: usize,
    /// Steps in time of one window's features.
    pub frames: usize,
    /// Features of one frame.
    pub columns: usize,
    /// Names of the columns.
    pub column_names: Vec<String>,
    /// All of them.
    pub values: Vec<T>,
}

/// What the settings' block computes of each window of a recording, not normalised.
///
/// # Errors
/// Settings or a window that are refused, a recording that can't be resampled or is
/// shorter than a window.
pub fn extract(settings: &Settings, recording: &Recording) -> Result<Extract<f32>, LabError> {
    let axes = choose_axes(settings, std::iter::once(recording));
    let plan = Plan::new(settings, axes)?;
    if plan.is_of_pictures() {
        let row = see(&plan, recording)?.into_iter().map(f32::from);
        return Ok(whole(&plan, row.collect()));
    }
    let mut scratch = plan.scratch();
    let mut row = vec![0.0; plan.layout.features];
    windows(&plan, recording, |window| {
        plan.features(window, &mut scratch, &mut row);
        row.clone()
    })
}

/// The int8 features that reach a model's network, window by window. `settings` and
/// `axes` are as the model carries them.
///
/// # Errors
/// A chip part that is refused, and a recording that lacks an axis, can't be resampled
/// or is shorter than a window.
pub fn extract_int8(
    chip: &[u8],
    settings: &Settings,
    axes: &[String],
    recording: &Recording,
) -> Result<Extract<i8>, LabError> {
    let chip = AlignedBytes::new(chip);
    let parsed = Chip::parse(chip.as_ref())?;
    let plan = Plan::of_chip(&parsed, settings.task, axes, recording)?;
    let mut runner = Runner::new(&chip)?;
    if plan.is_of_pictures() {
        let row = see(&plan, recording)?;
        return Ok(whole(&plan, runner.see(&row, shape(&plan)).0));
    }
    windows(&plan, recording, |window| runner.run(window).0)
}

/// The features of a picture, which is one window.
fn whole<T>(plan: &Plan, values: Vec<T>) -> Extract<T> {
    Extract {
        windows: 1,
        frames: plan.layout.frames,
        columns: plan.layout.columns(),
        column_names: plan.column_names(),
        values,
    }
}

fn windows<T>(
    plan: &Plan,
    recording: &Recording,
    mut features: impl FnMut(&[f32]) -> Vec<T>,
) -> Result<Extract<T>, LabError> {
    let signal = plan.resampled(recording)?;
    let (samples, axes) = (plan.signal.samples, plan.signal.axes);
    let len = plan.resampled_len(recording);
    let windows = window_count(len, samples as u32, plan.hop);
    if windows == 0 {
        return Err(LabError::new(
            format!(
                "{len} samples at {} Hz are no window, which has {samples}",
                plan.signal.rate_hz
            ),
            format!("recording {}", recording.meta.name),
            "give a longer recording, or set a shorter window_ms",
        ));
    }
    let starts = (0..windows as usize).map(|i| i * plan.hop as usize * axes);
    Ok(Extract {
        windows: windows as usize,
        frames: plan.layout.frames,
        columns: plan.layout.columns(),
        column_names: plan.column_names(),
        values: starts
            .flat_map(|at| features(&signal[at..at + samples * axes]))
            .collect(),
    })
}
