//! A network with weights.

use oorandom::Rand32;

use crate::layers::Seen;
use crate::spec::place;
use crate::{Layer, LayerSpec, NetError, NetSpec, Shape, softmax};

/// A network with weights: at least one layer, whose shapes fit together, the
/// last of them dense without activation, one output a label.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    input: Shape,
    layers: Vec<Layer>,
    /// What each layer gives.
    outputs: Vec<Shape>,
}

impl Net {
    /// Draws first weights. The same specification and seed give the same bytes
    /// on every machine; each layer has a stream of its own, so that changing a
    /// layer leaves the weights of those before it alone.
    pub fn init(spec: &NetSpec, seed: u64) -> Result<Self, NetError> {
        let outputs = spec.outputs()?;
        let inputs = [spec.input].into_iter().chain(outputs.iter().copied());
        let drawn = spec.named().zip(inputs).enumerate();
        let layers = drawn.map(|(i, ((_, layer), input))| {
            let mut random = Rand32::new_inc(seed, i as u64);
            Layer::init(&layer, input, &mut random)
        });
        Ok(Self {
            input: spec.input,
            layers: layers.collect(),
            outputs,
        })
    }

    /// Puts layers together, the final dense one included.
    ///
    /// # Errors
    ///
    /// Refuses layers that don't fit together and whatever [`NetSpec::check`]
    /// refuses.
    pub fn from_layers(input: impl Into<Shape>, layers: Vec<Layer>) -> Result<Self, NetError> {
        let input = input.into();
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
        let mut net = Self {
            input,
            layers,
            outputs: Vec::new(),
        };
        net.outputs = net.spec().outputs()?;
        for (i, layer) in net.layers.iter().enumerate() {
            layer.check(net.input_of(i), &place(i))?;
        }
        Ok(net)
    }

    /// The picture that one window's features are.
    pub fn input(&self) -> Shape {
        self.input
    }

    /// Features of one window.
    pub fn inputs(&self) -> usize {
        self.input.len()
    }

    /// The shape that layer `i` gives.
    pub fn output_of(&self, i: usize) -> Shape {
        self.outputs[i]
    }

    /// The shape that layer `i` takes.
    pub fn input_of(&self, i: usize) -> Shape {
        i.checked_sub(1).map_or(self.input, |i| self.outputs[i])
    }

    /// Labels told apart.
    pub fn classes(&self) -> usize {
        match self.layers.last() {
            Some(Layer::Dense(last)) => last.units,
            _ => 0,
        }
    }

    /// All layers, the final dense one included.
    pub fn layers(&self) -> &[Layer] {
        &self.layers
    }

    /// The drawing of this network.
    pub fn spec(&self) -> NetSpec {
        let hidden = &self.layers[..self.layers.len() - 1];
        NetSpec {
            input: self.input,
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
        assert_eq!(x.len(), self.inputs(), "features of one window");
        let mut outputs: Vec<Vec<f32>> = Vec::with_capacity(self.layers.len());
        for (i, layer) in self.layers.iter().enumerate() {
            let seen = Seen {
                features: x,
                outputs: &outputs,
            };
            let y = layer.forward(self.input_of(i), &seen);
            outputs.push(y);
        }
        outputs
    }

    /// The same function with every batch norm folded into the layer above it: the
    /// norms stay in their places and change nothing.
    pub fn folded(&self) -> Self {
        let mut net = self.clone();
        for i in 1..net.layers.len() {
            let (above, rest) = net.layers.split_at_mut(i);
            if let (Some(above), Some(Layer::BatchNorm(norm))) =
                (above.last_mut(), rest.first_mut())
            {
                norm.fold(above);
            }
        }
        net
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
    use crate::{Activation, Dense, fixture};

    fn spec(units: u32) -> NetSpec {
        NetSpec {
            input: Shape::flat(5),
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
    fn every_kind_of_layer_gives_the_shape_it_says() {
        let net = fixture::every_layer();
        assert_eq!(net.spec(), fixture::every_layer_spec());
        for x in fixture::windows(&net, 3) {
            for (i, y) in net.trace(&x).iter().enumerate() {
                assert_eq!(y.len(), net.output_of(i).len(), "layer {}", i + 1);
            }
        }
    }

    #[test]
    fn folding_keeps_the_function() {
        let net = fixture::every_layer();
        let folded = net.folded();
        for x in fixture::windows(&net, 3) {
            for (a, b) in net.forward(&x).iter().zip(folded.forward(&x)) {
                assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{a} is not {b}");
            }
        }
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
