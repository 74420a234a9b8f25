//! The playground's engine in the page: `pkg/web`, everything but training.
//!
//! - [`catalog`] tells what there is to choose: blocks, boards, defaults.
//! - `Lab` holds a project's recordings and makes everything of them,
//!   in the lab worker.
//! - `ImportResult` and `ProjectResult`
//!   hold what was read of files until the page has taken it.
//! - `Network` looks into any `.tflite` and runs it, in a lab worker of its own.
//! - `BundleFile` opens a `model.lampyris` without a project, and `Export` makes of one what
//!   builds and runs on a chip.
//! - `SoundTake` brings a microphone's sound to the rate that recordings keep.
//! - `Replaying` runs a long stream through the model that the lab made last.
//! - `Live` runs a finished model at the rate of a sensor, in the
//!   live worker, as a chip would run it.
//!
//! - `useKernels` takes faster kernels for the network's sums, where this processor has what they
//!   need.
//!
//! This is a skin over `lab`, `formats` and `device`: it turns values, and holds no
//! logic but `feed` and `stream`, the part of a live model that a chip gets from its
//! driver.
//! Whatever is thrown is an `Error` with `what`, `place` and `remedy`. A panic is
//! told on the console, and the trap that follows ends the worker.

mod explore;
mod eye;
mod feed;
mod files;
mod firmware;
mod js;
#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod kernels;
mod lab;
mod live;
mod network;
mod pictures;
mod replay;
#[cfg(test)]
mod sample;
mod sound;
mod stream;

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/web.rs"]
mod browser;

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/pictures.rs"]
mod browser_pictures;

use lampyris_dsp::{Pixels, View};
use lampyris_lab::LabError;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
import type { BundleInfo } from "../../www/src/engine/types/BundleInfo";
import type { Catalog } from "../../www/src/engine/types/Catalog";
import type { DecisionSettings } from "../../www/src/engine/types/DecisionSettings";
import type { Footprint } from "../../www/src/engine/types/Footprint";
import type { GoldenCheck } from "../../www/src/engine/types/GoldenCheck";
import type { ImportOptions } from "../../www/src/engine/types/ImportOptions";
import type { LiveAnswer } from "../../www/src/engine/types/LiveAnswer";
import type { ModelInfo } from "../../www/src/engine/types/ModelInfo";
import type { NetworkInfo } from "../../www/src/engine/types/NetworkInfo";
import type { NetworkTimes } from "../../www/src/engine/types/NetworkTimes";
import type { NewRecording } from "../../www/src/engine/types/NewRecording";
import type { Overview } from "../../www/src/engine/types/Overview";
import type { Piece } from "../../www/src/engine/types/Piece";
import type { Problem } from "../../www/src/engine/types/Problem";
import type { RecordingMeta } from "../../www/src/engine/types/RecordingMeta";
import type { Replay } from "../../www/src/engine/types/Replay";
import type { ReplayOptions } from "../../www/src/engine/types/ReplayOptions";
import type { Report } from "../../www/src/engine/types/Report";
import type { Settings } from "../../www/src/engine/types/Settings";
import type { TakesOptions } from "../../www/src/engine/types/TakesOptions";
import type { WindowView } from "../../www/src/engine/types/WindowView";
"#;

/// What this build offers.
#[wasm_bindgen(unchecked_return_type = "Catalog")]
pub fn catalog() -> Result<JsValue, JsValue> {
    js::value(&lampyris_lab::catalog())
}

/// The features of one window `[samples, axes]`; `settings` are all of the block's, in
/// their order in the catalog. Throws where the block refuses them.
#[wasm_bindgen]
pub fn features(
    block: &str,
    settings: &[f32],
    rate_hz: f32,
    axes: usize,
    window: &[f32],
) -> Result<Vec<f32>, JsValue> {
    lampyris_lab::block_features(block, settings, rate_hz, axes, window).map_err(js::error)
}

/// What a block for pictures makes of one: the network's input. `pixels` says how it lies in
/// memory: `grey`, `rgb`, `rgba` or `rgb565`. Throws where that is not one of these, where
/// `bytes` are not all of the picture, or where the block refuses its settings.
#[wasm_bindgen]
pub fn sees(
    block: &str,
    settings: &[f32],
    channels: usize,
    pixels: &str,
    width: usize,
    height: usize,
    bytes: &[u8],
) -> Result<Vec<i8>, JsValue> {
    let pixels = match pixels {
        "grey" => Some(Pixels::Grey),
        "rgb" => Some(Pixels::Rgb),
        "rgba" => Some(Pixels::Rgba),
        "rgb565" => Some(Pixels::Rgb565),
        _ => None,
    };
    let picture = pixels.and_then(|pixels| View::new(width, height, pixels, bytes));
    let picture = picture.ok_or_else(|| {
        js::error(LabError::new(
            format!("{} bytes are no picture of {width} × {height}", bytes.len()),
            "picture",
            "give all its bytes, and how they lie in memory",
        ))
    })?;
    lampyris_lab::block_sees(block, settings, channels, &picture).map_err(js::error)
}

#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}
