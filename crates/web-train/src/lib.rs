//! The playground's trainer in the page: `pkg/web-train`, loaded by the trainer
//! worker alone, because Burn makes it large.
//!
//! The worker constructs a [`Trainer`] from the bytes of `Lab.job`, calls
//! [`Trainer::advance`] with as many batches as fit into a slice of some 50 ms,
//! and hands the bytes of [`Trainer::finish`] to `Lab.quantize`. Whatever is
//! thrown is an `Error` with `what`, `place` and `remedy`.

mod js;

#[cfg(all(test, target_arch = "wasm32"))]
#[path = "../tests/web.rs"]
mod browser;

use lampyris_lab::Job;
use lampyris_train::JobTrainer;
use wasm_bindgen::prelude::*;

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"import type { Progress } from "../../www/src/engine/types/Progress";"#;

/// One training.
#[wasm_bindgen]
pub struct Trainer(JobTrainer);

#[wasm_bindgen]
impl Trainer {
    /// A training of what `Lab.job` gave. Throws where the bytes are damaged or
    /// nothing can be learned from them.
    #[wasm_bindgen(constructor)]
    pub fn new(job: &[u8]) -> Result<Trainer, JsValue> {
        let job = Job::from_bytes(job).map_err(js::error)?;
        JobTrainer::new(job).map(Trainer).map_err(js::error)
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
