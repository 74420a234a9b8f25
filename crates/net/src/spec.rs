//! What a network looks like, before it has weights.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::layers::{Activation, dense, dropout};
use crate::{Layer, NetError};

/// Most features, classes or units a layer may have. An accumulator of int32
/// holds this many int8 products and a bias without overflow.
pub const MAX_UNITS: u32 = 16_384;

/// Most weights and biases a network may have: far beyond any microcontroller,
/// and small enough that a slip of the hand can't fill a browser's memory.
pub const MAX_PARAMS: u64 = 8_000_000;

/// Most hidden layers.
const MAX_LAYERS: usize = 64;

/// One hidden layer as drawn. In JSON: `{"kind":"dense","units":32,"activation":"relu"}`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
#[ts(export)]
pub enum LayerSpec {
    /// Every unit sees every input.
    Dense {
        /// Outputs, 1..=[`MAX_UNITS`].
        units: u32,
        /// Applied to each output.
        #[serde(default)]
        activation: Activation,
    },
    /// Silences units at random while training; does nothing afterwards.
    Dropout {
        /// Share of units silenced, 0.0..=0.9.
        rate: f32,
    },
}

/// A whole network as drawn. A dense layer of `classes` units without
/// activation, and a softmax, follow the hidden layers.
#[derive(Clone, Debug, PartialEq)]
pub struct NetSpec {
    /// Features of one window.
    pub input: usize,
    /// Labels to tell apart, at least 2.
    pub classes: usize,
    /// Layers between features and classes.
    pub hidden: Vec<LayerSpec>,
}

/// What one layer of the lowered network costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[ts(export)]
pub struct LayerCost {
    /// As in the drawing and in the graph, for example `dense_1`.
    pub name: String,
    /// TFLite's name of the operator; `-` for a layer that vanishes.
    pub operator: String,
    /// Shape of the output, batch first: `[1, units]`.
    pub output_shape: Vec<u32>,
    /// Weights and biases, counted one by one.
    #[ts(type = "number")]
    pub params: u64,
    /// Multiply-accumulates.
    #[ts(type = "number")]
    pub macs: u64,
    /// Bytes of int8 weights and int32 biases.
    #[ts(type = "number")]
    pub bytes: u64,
}

impl NetSpec {
    /// Refuses networks that can't be built, naming the layer.
    pub fn check(&self) -> Result<(), NetError> {
        let max = MAX_UNITS as usize;
        if self.input == 0 || self.input > max {
            return Err(NetError::new(
                format!("a network of {} input features", self.input),
                "input",
                format!("choose windows and block settings that give 1 to {max} features"),
            ));
        }
        if self.classes < 2 || self.classes > max {
            return Err(NetError::new(
                format!("a network for {} label(s)", self.classes),
                "output",
                format!("record 2 to {max} different labels"),
            ));
        }
        if self.hidden.len() > MAX_LAYERS {
            return Err(NetError::new(
                format!("{} hidden layers", self.hidden.len()),
                "network",
                format!("use at most {MAX_LAYERS}"),
            ));
        }
        for (i, layer) in self.hidden.iter().enumerate() {
            let place = format!("layer {}", i + 1);
            match layer {
                LayerSpec::Dense { units, .. } => dense::check(*units, &place)?,
                LayerSpec::Dropout { rate } => dropout::check(*rate, &place)?,
            }
        }
        let params: u64 = self.costs().iter().map(|c| c.params).sum();
        if params > MAX_PARAMS {
            return Err(NetError::new(
                format!("a network of {params} parameters"),
                "network",
                format!("use fewer units or features; at most {MAX_PARAMS} parameters fit"),
            ));
        }
        Ok(())
    }

    /// What each layer will cost once lowered, the final softmax included.
    pub fn costs(&self) -> Vec<LayerCost> {
        let mut width = self.input as u64;
        let mut rows = Vec::with_capacity(self.hidden.len() + 2);
        for (name, layer) in self.named() {
            let row = match layer {
                LayerSpec::Dense { units, .. } => {
                    let row = dense::cost(name, width, units.into());
                    width = units.into();
                    row
                }
                LayerSpec::Dropout { .. } => dropout::cost(name, width),
            };
            rows.push(row);
        }
        rows.push(LayerCost {
            name: "scores".into(),
            operator: "SOFTMAX".into(),
            output_shape: vec![1, self.classes as u32],
            params: 0,
            macs: 0,
            bytes: 0,
        });
        rows
    }

    /// All layers with their names, the final dense layer (`logits`) included.
    pub(crate) fn named(&self) -> impl Iterator<Item = (String, LayerSpec)> + '_ {
        let last = LayerSpec::Dense {
            units: self.classes as u32,
            activation: Activation::None,
        };
        self.hidden
            .iter()
            .enumerate()
            .map(|(i, layer)| (format!("{}_{}", layer.kind(), i + 1), layer.clone()))
            .chain(std::iter::once(("logits".to_string(), last)))
    }
}

impl LayerSpec {
    /// The kind as written in JSON.
    pub fn kind(&self) -> &'static str {
        match self {
            LayerSpec::Dense { .. } => dense::KIND,
            LayerSpec::Dropout { .. } => dropout::KIND,
        }
    }

    /// The drawing of a layer that has weights.
    pub(crate) fn of(layer: &Layer) -> Self {
        match layer {
            Layer::Dense(d) => LayerSpec::Dense {
                units: d.units as u32,
                activation: d.activation,
            },
            Layer::Dropout(d) => LayerSpec::Dropout { rate: d.rate },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn spec() -> NetSpec {
        NetSpec {
            input: 33,
            classes: 4,
            hidden: vec![
                LayerSpec::Dense {
                    units: 20,
                    activation: Activation::Relu,
                },
                LayerSpec::Dropout { rate: 0.25 },
                LayerSpec::Dense {
                    units: 10,
                    activation: Activation::Relu,
                },
            ],
        }
    }

    #[test]
    fn costs_are_counted_by_hand() {
        let rows = spec().costs();
        let names: Vec<_> = rows.iter().map(|r| r.name.as_str()).collect();
        assert_eq!(
            names,
            ["dense_1", "dropout_2", "dense_3", "logits", "scores"]
        );
        assert_eq!((rows[0].params, rows[0].macs), (33 * 20 + 20, 33 * 20));
        assert_eq!(rows[0].bytes, 33 * 20 + 4 * 20);
        assert_eq!((rows[1].params, rows[1].output_shape[1]), (0, 20));
        assert_eq!(rows[3].params, 10 * 4 + 4);
        assert_eq!(rows[4].operator, "SOFTMAX");
        spec().check().expect("a plain network");
    }

    #[test]
    fn json_is_what_settings_hold() {
        let json = r#"[{"kind":"dense","units":20,"activation":"relu"},{"kind":"dropout","rate":0.25},{"kind":"dense","units":10,"activation":"relu"}]"#;
        assert_eq!(serde_json::to_string(&spec().hidden).expect("plain"), json);
        let read: Vec<LayerSpec> = serde_json::from_str(json).expect("as written");
        assert_eq!(read, spec().hidden);
        serde_json::from_str::<LayerSpec>(r#"{"kind":"conv"}"#).expect_err("unknown kind");
    }

    #[test]
    fn nonsense_is_refused_with_its_place() {
        type Spoil = fn(&mut NetSpec);
        let cases: [(Spoil, &str); 8] = [
            (|s| s.input = 0, "input"),
            (|s| s.input = 16_385, "input"),
            (|s| s.classes = 1, "output"),
            (
                |s| {
                    s.hidden[0] = LayerSpec::Dense {
                        units: 0,
                        activation: Activation::None,
                    }
                },
                "layer 1",
            ),
            (
                |s| s.hidden[1] = LayerSpec::Dropout { rate: 1.0 },
                "layer 2",
            ),
            (
                |s| s.hidden[1] = LayerSpec::Dropout { rate: f32::NAN },
                "layer 2",
            ),
            (
                |s| s.hidden = vec![LayerSpec::Dropout { rate: 0.0 }; 65],
                "network",
            ),
            (
                |s| {
                    let wide = LayerSpec::Dense {
                        units: 16_384,
                        activation: Activation::None,
                    };
                    s.hidden = vec![wide.clone(), wide]
                },
                "network",
            ),
        ];
        for (i, (spoil, place)) in cases.into_iter().enumerate() {
            let mut s = spec();
            spoil(&mut s);
            let e = s.check().expect_err("nonsense");
            assert_eq!(e.place, place, "case {i}: {e}");
        }
    }
}
