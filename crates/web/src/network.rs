//! Any `.tflite` at work, for a lab worker of its own.

use js_sys::{Array, Uint8Array};
use lampyris_lab::{Fill, LabError};
use wasm_bindgen::prelude::*;

use crate::js;

#[wasm_bindgen]
extern "C" {
    /// The worker's and the page's clock in milliseconds; steps of 5 to 100 µs.
    #[wasm_bindgen(js_namespace = performance, js_name = now)]
    fn now_ms() -> f64;
}

/// An open network.
#[wasm_bindgen]
pub struct Network(lampyris_lab::Network);

#[wasm_bindgen]
impl Network {
    /// A network from the bytes of a `.tflite` file. Throws where it is damaged or
    /// holds what isn't supported.
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Network, JsValue> {
        lampyris_lab::Network::open(file)
            .map(Network)
            .map_err(js::error)
    }

    /// Names of the operators that this build runs.
    pub fn operators() -> Vec<String> {
        let names = lampyris_lab::Network::operators().into_iter();
        names.map(String::from).collect()
    }

    /// What is known of it.
    #[wasm_bindgen(unchecked_return_type = "NetworkInfo")]
    pub fn info(&self) -> Result<JsValue, JsValue> {
        js::value(self.0.info())
    }

    /// Raw bytes for input `i`: real zeros, or with a seed any values.
    pub fn fill(&self, i: usize, seed: Option<u32>) -> Vec<u8> {
        let fill = seed.map_or(Fill::Zeros, |seed| Fill::Random(seed.into()));
        self.0.fill(i, fill)
    }

    /// Raw bytes of real values for input `i`.
    pub fn quantize(&self, i: usize, values: &[f32]) -> Vec<u8> {
        self.0.quantize(i, values)
    }

    /// Real values of output `i`'s raw bytes.
    pub fn dequantize(&self, i: usize, raw: &[u8]) -> Vec<f32> {
        self.0.dequantize(i, raw)
    }

    /// Forgets what earlier runs have left in the state, where there is any.
    pub fn reset(&mut self) {
        self.0.reset();
    }

    /// Sets all inputs (raw bytes), runs, and gives the outputs' raw bytes.
    #[wasm_bindgen(unchecked_return_type = "Uint8Array[]")]
    pub fn run(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] inputs: &Array,
    ) -> Result<Array, JsValue> {
        let inputs = lists(inputs)?;
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let outputs = self.0.run(&inputs).map_err(js::error)?;
        let outputs = outputs.iter().map(|raw| Uint8Array::from(&raw[..]));
        Ok(outputs.collect())
    }

    /// Times another block of runs on the last inputs, `block_ms` long at least;
    /// tells what all blocks since the last `fresh` one say. A state is not kept.
    #[wasm_bindgen(unchecked_return_type = "NetworkTimes")]
    pub fn measure(&mut self, block_ms: f64, fresh: bool) -> Result<JsValue, JsValue> {
        js::value(&self.0.measure(block_ms, fresh, &mut now_ms))
    }
}

/// A network with nothing fused, for a look at what every operator writes.
#[wasm_bindgen]
pub struct Trace(lampyris_lab::Trace);

#[wasm_bindgen]
impl Trace {
    /// A network from the bytes of a `.tflite` file, as for [`Network`].
    #[wasm_bindgen(constructor)]
    pub fn new(file: &[u8]) -> Result<Trace, JsValue> {
        let trace = lampyris_lab::Trace::open(file);
        trace.map(Trace).map_err(js::error)
    }

    /// Sets all inputs (raw bytes), runs, and gives for each tensor that an operator
    /// wrote the operator's number in the file, the tensor's, and the raw bytes.
    #[wasm_bindgen(unchecked_return_type = "[number, number, Uint8Array][]")]
    pub fn run(
        &mut self,
        #[wasm_bindgen(unchecked_param_type = "Uint8Array[]")] inputs: &Array,
    ) -> Result<Array, JsValue> {
        let inputs = lists(inputs)?;
        let inputs: Vec<&[u8]> = inputs.iter().map(Vec::as_slice).collect();
        let seen = Array::new();
        let mut see = |operator: usize, tensor: usize, raw: &[u8]| {
            let row: [JsValue; 3] = [
                (operator as u32).into(),
                (tensor as u32).into(),
                Uint8Array::from(raw).into(),
            ];
            seen.push(&Array::from_iter(row));
        };
        self.0.run(&inputs, &mut see).map_err(js::error)?;
        Ok(seen)
    }
}

fn lists(inputs: &Array) -> Result<Vec<Vec<u8>>, JsValue> {
    let list = |one: JsValue| one.dyn_into::<Uint8Array>().map(|bytes| bytes.to_vec());
    inputs
        .iter()
        .map(list)
        .collect::<Result<_, _>>()
        .map_err(|_| {
            js::error(LabError::new(
                "an input that is no list of bytes",
                "inputs",
                "give each input as a Uint8Array",
            ))
        })
}
