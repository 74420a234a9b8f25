//! A signal block by itself, for whoever has a window and no project: benchmarks, and
//! the test that the page's module gives a chip's bytes.

use lampyris_dsp::Signal;
use lampyris_dsp::block::by_id;

use crate::LabError;

/// The features of one window `[samples, axes]`. `settings` are all of the block's, in
/// their order in the catalog.
///
/// # Errors
/// A [`LabError`] for a block that is unknown, for settings that it refuses, and for a
/// window that is empty or holds no whole samples.
pub fn block_features(
    block: &str,
    settings: &[f32],
    rate_hz: f32,
    axes: usize,
    window: &[f32],
) -> Result<Vec<f32>, LabError> {
    let row = by_id(block).ok_or_else(|| {
        LabError::new(
            format!("there is no block {block}"),
            "block",
            "take one of the catalog",
        )
    })?;
    if axes == 0 || !window.len().is_multiple_of(axes) {
        return Err(LabError::new(
            format!("{} values are no samples of {axes} axes", window.len()),
            "window",
            "give [samples, axes]",
        ));
    }
    let signal = Signal {
        rate_hz,
        samples: window.len() / axes,
        axes,
    };
    let layout = (row.check)(&signal, settings).map_err(|error| {
        LabError::new(
            error.to_string(),
            format!("block {block}"),
            "change the settings or the window",
        )
    })?;
    let mut scratch = vec![0.0; layout.scratch];
    let mut features = vec![0.0; layout.features];
    (row.prepare)(&signal, settings, &mut scratch);
    (row.run)(&signal, settings, window, &mut scratch, &mut features);
    Ok(features)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn silence_is_the_noise_floor() {
        let rows = by_id("mfe").expect("in the table").settings;
        let settings: Vec<f32> = rows.iter().map(|row| row.default).collect();
        let features = block_features("mfe", &settings, 16_000.0, 1, &[0.0; 16_000]);
        let features = features.expect("the defaults suit a second of sound");
        let floor = rows.iter().find(|row| row.id == "noise_floor_db");
        let floor = floor.expect("a row").default;
        assert!(features.iter().all(|x| (x - floor).abs() < 1e-3));
    }

    #[test]
    fn says_what_is_wrong() {
        let what = |block, settings: &[f32], axes, window: &[f32]| {
            let error = block_features(block, settings, 50.0, axes, window);
            error.expect_err("nothing of it works").what
        };
        assert_eq!(what("smell", &[], 1, &[]), "there is no block smell");
        assert_eq!(
            what("mfe", &[], 3, &[0.0; 4]),
            "4 values are no samples of 3 axes"
        );
        assert_eq!(
            what("mfe", &[], 0, &[]),
            "0 values are no samples of 0 axes"
        );
        assert!(what("mfe", &[1.0], 1, &[0.0; 4]).starts_with("1 settings given"));
    }
}
