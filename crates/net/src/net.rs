//! A network with weights.

use oorandom::Rand32;

use crate::{Layer, LayerSpec, NetError, NetSpec, softmax};

/// A network with weights: at least one layer, whose shapes fit together, the
/// last of them dense without activation, one output a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    inputs: usize,
    layers: Vec<Layer>,
}

impl Net {
    /// Draws first weights. The same specification and seed give the same bytes
    /// on every machine; each layer has a stream of its own, so that changing a
    /// layer leaves the weights of those before it alone.
    pub fn init(spec: &NetSpec, seed: u64) -> Result<Self, NetError> {
        spec.check()?;
        let mut width = spec.input;
        let mut layers = Vec::with_capacity(spec.hidden.len() + 1);
        for (i, (_, layer)) in spec.named().enumerate() {
            let mut random = Rand32::new_inc(seed, i as u64);
            let layer = Layer::init(&layer, width, &mut random);
            width = layer.outputs();
            layers.push(layer);
        }
        Ok(Self {
            inputs: spec.input,
            layers,
        })
    }

    /// Puts layers together, the final dense one included.
    ///
    /// # Errors
    ///
    /// Refuses layers that don't fit together and whatever [`NetSpec::check`]
    /// refuses.
    pub fn from_layers(inputs: usize, layers: Vec<Layer>) -> Result<Self, NetError> {
        let mut width = inputs;
        for (i, layer) in layers.iter().enumerate() {
            let place = format!("layer {}", i + 1);
            if layer.inputs() != width {
                return Err(NetError::new(
                    format!("{} inputs after {width} outputs", layer.inputs()),
                    place,
                    "make each layer as wide as the one before it gives",
                ));
            }
            layer.check(&place)?;
            width = layer.outputs();
        }
        match layers.last() {
            Some(Layer::Dense(last)) if last.activation == crate::Activation::None => {}
            _ => {
                return Err(NetError::new(
                    "the last layer is not a dense one without activation",
                    "output",
                    "end the network with one dense unit a label",
                ));
            }
        }
        let net = Self { inputs, layers };
        net.spec().check()?;
        Ok(net)
    }

    /// Features of one window.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Labels told apart.
    pub fn classes(&self) -> usize {
        self.layers.last().map_or(0, Layer::outputs)
    }

    /// All layers, the final dense one included.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The drawing of this network.
    pub fn spec(&self) -> NetSpec {
        let hidden = &self.layers[..self.layers.len() - 1];
        NetSpec {
            input: self.inputs,
            classes: self.classes(),
            hidden: hidden.iter().map(LayerSpec::of).collect(),
        }
    }

    /// Names of all layers, as in [`NetSpec::costs`] and the lowered graph.
    pub fn names(&self) -> Vec<String> {
        self.spec().named().map(|(name, _)| name).collect()
    }

    /// One window of features `[inputs]` to logits `[classes]`, in plain loops
    /// and in the order of memory: the oracle.
    ///
    /// # Panics
    ///
    /// When `x` holds another number of values than [`Net::inputs`].
    pub fn forward(&self, x: &[f32]) -> Vec<f32> {
        self.trace(x).pop().expect("a network has a layer")
    }

    /// The outputs of every layer; the last are the logits.
    ///
    /// # Panics
    ///
    /// As [`Net::forward`].
    pub fn trace(&self, x: &[f32]) -> Vec<Vec<f32>> {
        assert_eq!(x.len(), self.inputs, "features of one window");
        let mut outputs: Vec<Vec<f32>> = Vec::with_capacity(self.layers.len());
        for layer in &self.layers {
            let y = layer.forward(outputs.last().map_or(x, Vec::as_slice));
            outputs.push(y);
        }
        outputs
    }

    /// One window of features `[inputs]` to probabilities `[classes]`.
    ///
    /// # Panics
    ///
    /// As [`Net::forward`].
    pub fn probabilities(&self, x: &[f32]) -> Vec<f32> {
        softmax(&self.forward(x))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, Dense};

    fn spec(units: u32) -> NetSpec {
        NetSpec {
            input: 5,
            classes: 3,
            hidden: vec![
                LayerSpec::Dense {
                    units: 4,
                    activation: Activation::Relu,
                },
                LayerSpec::Dropout { rate: 0.5 },
                LayerSpec::Dense {
                    units,
                    activation: Activation::None,
                },
            ],
        }
    }

    #[test]
    fn seeds_decide_weights_and_streams_are_apart() {
        let a = Net::init(&spec(6), 1).expect("fine");
        assert_eq!(a, Net::init(&spec(6), 1).expect("fine"));
        assert_ne!(a, Net::init(&spec(6), 2).expect("fine"));
        let wider = Net::init(&spec(7), 1).expect("fine");
        assert_eq!(a.layers()[0], wider.layers()[0]);
        assert_eq!(a.spec(), spec(6));
        assert_eq!(a.names(), ["dense_1", "dropout_2", "dense_3", "logits"]);
    }

    #[test]
    fn probabilities_sum_to_one() {
        let net = Net::init(&spec(6), 3).expect("fine");
        let p = net.probabilities(&[0.3, -1.0, 2.0, 0.0, 5.0]);
        assert_eq!(p.len(), 3);
        assert!((p.iter().sum::<f32>() - 1.0).abs() < 1e-6);
    }

    #[test]
    fn layers_must_fit_together() {
        let dense = |inputs, units| {
            Layer::Dense(Dense {
                inputs,
                units,
                activation: Activation::None,
                weights: vec![0.0; inputs * units],
                bias: vec![0.0; units],
            })
        };
        Net::from_layers(2, vec![dense(2, 3), dense(3, 2)]).expect("they fit");
        let e = Net::from_layers(2, vec![dense(2, 3), dense(4, 2)]).expect_err("3 is not 4");
        assert_eq!(e.place, "layer 2");
        Net::from_layers(2, vec![]).expect_err("no layer at all");
        Net::from_layers(2, vec![dense(2, 1)]).expect_err("one class");
    }
}
