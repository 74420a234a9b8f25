//! A long stream through the finished model, and what the model costs as it is used, for the
//! lab worker.

use lampyris_lab::{Replay, ReplayOptions};
use wasm_bindgen::prelude::*;

use crate::js;
use crate::lab::{Lab, settings};

#[wasm_bindgen]
extern "C" {
    /// Milliseconds of the worker's clock.
    #[wasm_bindgen(js_namespace = performance)]
    fn now() -> f64;
}

/// A replay on its way.
#[wasm_bindgen]
pub struct Replaying(lampyris_lab::Replaying);

/// What a replay found: the figures, and the columns to draw.
#[wasm_bindgen]
pub struct Replayed(Replay);

#[wasm_bindgen]
impl Lab {
    /// Begins a replay with the model that was last made. Throws where there is none or it is
    /// out of date, and where the options name no stream.
    pub fn replay(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        #[wasm_bindgen(unchecked_param_type = "ReplayOptions")] options: &JsValue,
    ) -> Result<Replaying, JsValue> {
        let settings = self::settings(settings)?;
        let options: ReplayOptions = js::read(options, "replay")?;
        let replaying = self.lab.replay(&settings, &options).map_err(js::error)?;
        Ok(Replaying(replaying))
    }

    /// What the model costs with these settings, their usage among them, and with a hop that is
    /// tried out: quick enough to follow a slider.
    #[wasm_bindgen(unchecked_return_type = "Footprint")]
    pub fn footprint(
        &self,
        #[wasm_bindgen(unchecked_param_type = "Settings")] settings: &JsValue,
        hop_ms: Option<f32>,
    ) -> Result<JsValue, JsValue> {
        let settings = self::settings(settings)?;
        let found = self.lab.footprint(&settings, hop_ms);
        js::value(&found.map_err(js::error)?)
    }
}

#[wasm_bindgen]
impl Replaying {
    /// Samples that were fed.
    pub fn done(&self) -> f64 {
        self.0.done() as f64
    }

    /// Samples in all.
    pub fn total(&self) -> f64 {
        self.0.total() as f64
    }

    /// Feeds the stream for about so many milliseconds; true once all is fed. `lab` is the
    /// one that began it. Throws where a recording was removed since.
    pub fn advance(&mut self, lab: &mut Lab, ms: f64) -> Result<bool, JsValue> {
        let until = now() + ms;
        let more = || now() < until;
        self.0.advance(&mut lab.lab, more).map_err(js::error)
    }

    /// What was found.
    pub fn finish(self) -> Replayed {
        Replayed(self.0.finish())
    }
}

#[wasm_bindgen]
impl Replayed {
    /// All figures.
    #[wasm_bindgen(unchecked_return_type = "Replay")]
    pub fn told(&self) -> Result<JsValue, JsValue> {
        js::value(&self.0)
    }

    /// Of each column the share of windows awake; -1 where none ended in it.
    pub fn awake(&self) -> Vec<f32> {
        self.0.timeline.awake.clone()
    }

    /// Of each column the highest score of the best label.
    pub fn score(&self) -> Vec<f32> {
        self.0.timeline.score.clone()
    }

    /// Of each column the index of that label.
    pub fn best(&self) -> Vec<f32> {
        self.0.timeline.best.clone()
    }
}
