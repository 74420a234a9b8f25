//! A signal block by itself, for whoever has a window and no project: benchmarks, and
//! the test that the page's module gives a chip's bytes.

use lampyris_dsp::block::by_id;
use lampyris_dsp::{Block, Layout, Signal, View};

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
    let row = by_name(block)?;
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
    if row.see.is_some() {
        return Err(LabError::new(
            format!("block {block} is for pictures"),
            "block",
            "give a picture instead of a window",
        ));
    }
    let layout = checked(row, &signal, settings)?;
    let mut scratch = vec![0.0; layout.scratch];
    let mut features = vec![0.0; layout.features];
    (row.prepare)(&signal, settings, &mut scratch);
    (row.run)(&signal, settings, window, &mut scratch, &mut features);
    Ok(features)
}

/// What a block for pictures makes of one: the network's input, int8
/// `[rows, columns, channels]`.
///
/// # Errors
/// As [`block_features`], and where the block is for samples.
pub fn block_sees(
    block: &str,
    settings: &[f32],
    channels: usize,
    picture: &View<'_>,
) -> Result<Vec<i8>, LabError> {
    let row = by_name(block)?;
    let signal = Signal {
        rate_hz: 1.0,
        samples: 1,
        axes: channels,
    };
    let see = row.see.ok_or_else(|| {
        LabError::new(
            format!("block {block} is for samples"),
            "block",
            "give a window instead of a picture",
        )
    })?;
    let layout = checked(row, &signal, settings)?;
    let mut seen = vec![0; layout.features];
    see(settings, picture, &mut seen);
    Ok(seen)
}

fn by_name(block: &str) -> Result<&'static Block, LabError> {
    by_id(block).ok_or_else(|| {
        LabError::new(
            format!("there is no block {block}"),
            "block",
            "take one of the catalog",
        )
    })
}

fn checked(row: &Block, signal: &Signal, settings: &[f32]) -> Result<Layout, LabError> {
    (row.check)(signal, settings).map_err(|error| {
        LabError::new(
            error.to_string(),
            format!("block {}", row.id),
            "change the settings or the window",
        )
    })
}

#[cfg(test)]
mod tests {
    use lampyris_dsp::Pixels;

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
        assert_eq!(
            what("image", &[48.0, 48.0, 0.0, 0.0], 1, &[0.0]),
            "block image is for pictures"
        );
    }

    #[test]
    fn a_picture_is_seen() {
        let bytes = [0, 100, 200, 50];
        let picture = View::new(2, 2, Pixels::Grey, &bytes).expect("whole");
        let seen = |block, settings: &[f32], channels| {
            block_sees(block, settings, channels, &picture).map_err(|error| error.what)
        };
        let seen_by = seen("image", &[8.0, 8.0, 0.0, 0.0], 1).expect("a picture");
        assert_eq!((seen_by.len(), seen_by[0], seen_by[7]), (64, -128, -28));
        assert_eq!(seen("mfe", &[], 1), Err("block mfe is for samples".into()));
        let error = seen("image", &[8.0, 8.0, 1.0, 0.0], 1).expect_err("colour");
        assert!(error.contains("give 1 sample of 3 axes"), "{error}");
    }
}
