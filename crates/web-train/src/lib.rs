//! The playground's trainer in the page: `pkg/web-train`, loaded by the trainer
//! worker alone, because Burn makes it large.
//!
//! The worker gives the pieces of `Lab.job_stream` to a [`JobReader`] as they come, constructs
//! a [`Trainer`] from it, calls
//! [`Trainer::advance`] with as many batches as fit into a slice of some 50 ms,
//! and hands the bytes of [`Trainer::finish`] to `Lab.quantize`. Whatever is
//! thrown is an `Error` with `what`, `place` and `remedy`.

mod js;

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/web.rs"]
mod browser;

use lampyris_net::NetSpec;
use lampyris_train::{JobTrainer, Options};
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type { Progress } from "../../www/src/engine/types/Progress";"#;

/// What a trainer is to train on, as it comes.
#[wasm_bindgen]
#[derive(Default)]
pub struct JobReader(lampyris_lab::JobReader);

#[wasm_bindgen]
impl JobReader {
    /// A reader that has read nothing.
    #[wasm_bindgen(constructor)]
    pub fn new() -> JobReader {
        Self::default()
    }

    /// Reads the next piece of what `Lab.job_stream` gives, cut anywhere. Throws where it is
    /// damaged or more than memory holds; the reader is of no use then.
    pub fn push(&mut self, piece: &[u8]) -> Result<(), JsValue> {
        self.0.push(piece).map_err(js::error)
    }
}

/// One training.
#[wasm_bindgen]
pub struct Trainer(JobTrainer);

#[wasm_bindgen]
impl Trainer {
    /// A training of what the reader has read, which is used up. Throws where bytes are
    /// missing or damaged, or nothing can be learned from them.
    #[wasm_bindgen(constructor)]
    pub fn new(job: JobReader) -> Result<Trainer, JsValue> {
        let job = job.0.finish().map_err(js::error)?;
        JobTrainer::new(job).map(Trainer).map_err(js::error)
    }

    /// A training of plain rows, with no project around them: `spec` is
    /// `{input: {height, width, channels}, classes, hidden: [layers]}`, `options` those of
    /// `lampyris_train::Options`, `x` windows of features one after another, `y` the
    /// label index of each. Throws as the constructor does.
    pub fn of_rows(
        spec: JsValue,
        options: JsValue,
        x: Vec<f32>,
        y: Vec<u32>,
    ) -> Result<Trainer, JsValue> {
        let spec: NetSpec = serde_wasm_bindgen::from_value(spec)?;
        let options: Options = serde_wasm_bindgen::from_value(options)?;
        JobTrainer::of_rows(&spec, options, x, y)
            .map(Trainer)
            .map_err(js::error)
    }

    /// The logits of the best epoch's network for windows `x` of features, one after
    /// another. Throws where they are no whole number of windows.
    pub fn logits(&self, x: &[f32]) -> Result<Vec<f32>, JsValue> {
        let net = self.0.net();
        if !x.len().is_multiple_of(net.inputs()) {
            return Err(js_sys::Error::new("no whole number of windows").into());
        }
        Ok(x.chunks_exact(net.inputs())
            .flat_map(|x| net.forward(x))
            .collect())
    }

    /// Works through up to `batches` batches, fewer where training ends. Throws
    /// when the loss runs away before any epoch has finished.
    #[wasm_bindgen(unchecked_return_type = "Progress")]
    pub fn advance(&mut self, batches: u32) -> Result<JsValue, JsValue> {
        let progress = self.0.advance(batches as usize).map_err(js::error)?;
        js::value(&progress)
    }

    /// The best epoch's network with the history, for `Lab.quantize`. The same
    /// build, job and seed give the same bytes. Throws before the first epoch
    /// has finished.
    pub fn finish(&self) -> Result<Vec<u8>, JsValue> {
        let result = self.0.finish().map_err(js::error)?;
        Ok(result.to_bytes())
    }
}

/// A panic tells what it was on the console, before the trap that ends it.
#[wasm_bindgen(start)]
fn start() {
    console_error_panic_hook::set_once();
}
