//! A model at work, for the live worker.

use std::hint::black_box;

use lampyris_device::Decision;
use lampyris_dsp::{Pixels, View};
use lampyris_formats::{bundle, picture};
use lampyris_lab::{DecisionSettings, LabError, ModelInfo, model_settings};
use serde::Deserialize;
use wasm_bindgen::prelude::*;

use crate::js;
use crate::stream::Stream;

/// What a running model needs of its report; reading all of it would cost the
/// page 15 kB of code.
#[derive(Deserialize)]
struct Told {
    params: u32,
    macs: u32,
}

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of the worker's clock, as finely as the browser lets it be read.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// What cameras give where nothing else is asked of them, in pixels.
const WIDTH: usize = 640;
const HEIGHT: usize = 480;

/// One running model.
#[wasm_bindgen]
pub struct Live {
    stream: Stream,
    info: ModelInfo,
    /// The window that [`Live::spin_features`] works on: `[samples, axes]`.
    window: Vec<f32>,
    /// The picture that it works on, in four bytes a pixel; empty of a model for readings.
    frame: Vec<u8>,
}

#[wasm_bindgen]
impl Live {
    /// A model from its bundle, `model.lampyris`. Throws where it is damaged or
    /// newer than this build.
    #[wasm_bindgen(constructor)]
    pub fn new(bundle: &[u8]) -> Result<Live, JsValue> {
        let bundle = bundle::read(bundle).map_err(js::error)?;
        let mut info = ModelInfo::of(&bundle.chip, Vec::new(), None).map_err(js::error)?;
        if let Some(host) = &bundle.host {
            // A model of another maker may carry neither; it runs all the same.
            if let Ok((_, axes)) = model_settings(&host.tflite) {
                info.axis_names = axes;
            }
            if let Ok(told) = serde_json::from_str::<Told>(&host.report_json) {
                (info.params, info.macs) = (Some(told.params), Some(told.macs));
            }
        }
        let values = (info.window * info.axes) as usize;
        let seen = info.picture.map_or(0, |_| 4 * WIDTH * HEIGHT);
        Ok(Live {
            stream: Stream::new(&bundle.chip).map_err(js::error)?,
            info,
            // Any window but an all-zero one, on which arithmetic may be faster.
            window: (0..values).map(|i| (i * 37 % 101) as f32 - 50.0).collect(),
            frame: (0..seen).map(|i| (i * 37 % 251) as u8).collect(),
        })
    }

    /// What the model says of itself.
    #[wasm_bindgen(unchecked_return_type = "ModelInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        js::value(&self.info)
    }

    /// Takes readings `[times, axes]` with their times in milliseconds, never
    /// falling, at whatever rate the sensor has; gives what is said at each window, with
    /// the time that its stages took, and how strong the signal is. Where readings are
    /// missing (a silence of more than 250 ms, of sound a single reading), the window
    /// begins afresh, and that is counted whether or not a window ends. While
    /// [`Live::refusal`] says why, nothing else is said.
    #[wasm_bindgen(unchecked_return_type = "LiveAnswer")]
    pub fn push(&mut self, values: &[f32], times_ms: &[f64]) -> Result<JsValue, JsValue> {
        let answer = self.stream.push(values, times_ms, now);
        js::value(&answer.map_err(js::error)?)
    }

    /// Takes one picture of `width` × `height` pixels in red, green, blue and a fourth byte
    /// that is not looked at, taken at `t_ms`; gives what is said of it. A pause of more than
    /// two seconds, and of more than three turns of the model, is a gap. Throws where the model is for readings, and where the bytes are
    /// not those of such a picture.
    #[wasm_bindgen(unchecked_return_type = "LiveAnswer")]
    pub fn see(
        &mut self,
        rgba: &[u8],
        width: usize,
        height: usize,
        t_ms: f64,
    ) -> Result<JsValue, JsValue> {
        let view = view(rgba, width, height).map_err(js::error)?;
        let answer = self.stream.see(&view, t_ms, now);
        js::value(&answer.map_err(js::error)?)
    }

    /// As [`Live::see`], of a stored picture: a JPEG or PNG file, which is decoded as it is for
    /// training and for the report, so that what is said of it is the same.
    #[wasm_bindgen(unchecked_return_type = "LiveAnswer")]
    pub fn see_file(&mut self, encoded: &[u8], t_ms: f64) -> Result<JsValue, JsValue> {
        let decoded = picture::decode(encoded).map_err(js::error)?;
        let (width, height) = (decoded.width as usize, decoded.height as usize);
        let view = pixels(width, height, Pixels::Rgb, &decoded.rgb).map_err(js::error)?;
        let answer = self.stream.see(&view, t_ms, now);
        js::value(&answer.map_err(js::error)?)
    }

    /// The exact input of the network that the last picture became: `[height, width,
    /// channels]`, each the byte less 128. Empty before the first.
    pub fn shown(&self) -> Vec<i8> {
        self.stream.shown().to_vec()
    }

    /// Changes smoothing (up to 16 windows), threshold, suppression and gate from the
    /// next window on; the model and its windows stay. Which labels are "none of these"
    /// stays as exported.
    pub fn set_decision(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "DecisionSettings")] decision: &JsValue,
    ) -> Result<(), JsValue> {
        let decision: DecisionSettings = js::read(decision, "decision")?;
        let decided = self.stream.set_decision(Decision::from(&decision));
        decided.map_err(js::error)
    }

    /// Readings per second over the last two seconds; 0 before that can be told.
    pub fn sensor_rate(&self) -> f64 {
        self.stream.sensor_rate()
    }

    /// Why this sensor can't feed this model; nothing while it can.
    pub fn refusal(&self) -> Option<String> {
        self.stream.refusal()
    }

    /// Int8 scores of one whole window `[samples, axes]` at the model's rate.
    pub fn classify(&mut self, window: &[f32]) -> Result<Vec<i8>, JsValue> {
        self.keep(window)?;
        Ok(self.stream.classifier().classify(window).to_vec())
    }

    /// Int8 features of one whole window: what reaches the network.
    pub fn quantized(&mut self, window: &[f32]) -> Result<Vec<i8>, JsValue> {
        self.keep(window)?;
        Ok(self.stream.classifier().quantized(window).to_vec())
    }

    /// Runs the network `n` times on the last input, for a stopwatch.
    pub fn spin(&mut self, n: u32) {
        for _ in 0..n {
            black_box(self.stream.classifier().infer());
        }
    }

    /// Computes the features of the last window `n` times, for a stopwatch; of a model for
    /// pictures, what it sees of a picture of 640 × 480 pixels.
    pub fn spin_features(&mut self, n: u32) -> Result<(), JsValue> {
        if self.info.picture.is_some() {
            let view = view(&self.frame, WIDTH, HEIGHT).map_err(js::error)?;
            for _ in 0..n {
                black_box(self.stream.classifier().show(black_box(&view)));
            }
            return Ok(());
        }
        for _ in 0..n {
            black_box(self.stream.classifier().features(black_box(&self.window)));
        }
        Ok(())
    }
}

impl Live {
    /// Takes a window of the right length as the one to work on.
    fn keep(&mut self, window: &[f32]) -> Result<(), JsValue> {
        if window.len() != self.window.len() || self.info.picture.is_some() {
            return Err(js::error(LabError::new(
                format!("a window of {} values", window.len()),
                "window",
                format!(
                    "give {} samples of {} axes",
                    self.info.window, self.info.axes
                ),
            )));
        }
        self.window.copy_from_slice(window);
        Ok(())
    }
}

fn view(rgba: &[u8], width: usize, height: usize) -> Result<View<'_>, LabError> {
    pixels(width, height, Pixels::Rgba, rgba)
}

fn pixels(width: usize, height: usize, kind: Pixels, bytes: &[u8]) -> Result<View<'_>, LabError> {
    View::new(width, height, kind, bytes).ok_or_else(|| {
        LabError::new(
            format!("{} bytes for {width} × {height} pixels", bytes.len()),
            "live pictures",
            "give all bytes of each pixel of a picture of up to 16 million pixels",
        )
    })
}
