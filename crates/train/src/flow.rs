//! How the network is computed: layer by layer, each a kernel of our own and a node of
//! Burn's graph. `plain.rs` says the same in Burn's own operators.

use std::sync::Arc;

use lampyris_net::{Conv1d, Layer, Net};

use crate::kernels::{Average, Depthwise, Kernel, Max, Norm, Product, Scaled, Sum, norm};
use crate::model::{Model, Statistics, framed};
use crate::node::{Value, apply};
use crate::random::Masks;

/// The kernels of a network's layers; none where a layer changes nothing.
#[derive(Clone, Debug)]
pub(crate) struct Kernels(Vec<Option<Arc<dyn Kernel>>>);

impl Kernels {
    pub(crate) fn of(net: &Net) -> Self {
        let layers = net.layers().iter().enumerate();
        Self(layers.map(|(i, layer)| kernel(net, i, layer)).collect())
    }
}

fn kernel(net: &Net, i: usize, layer: &Layer) -> Option<Arc<dyn Kernel>> {
    let input = net.input_of(i);
    Some(match layer {
        Layer::Dense(d) => Arc::new(Product::dense(d.inputs, d.units, d.activation)),
        Layer::Conv1d(Conv1d(c)) => Arc::new(Product::conv(c, framed(input))),
        Layer::Conv2d(c) => Arc::new(Product::conv(c, input)),
        Layer::DepthwiseConv2d(c) => Arc::new(Depthwise::new(c, input)),
        Layer::MaxPool(p) => Arc::new(Max::new(&p.window, input)),
        Layer::AveragePool(p) => Arc::new(Average::new(&p.window, input)),
        Layer::GlobalAveragePool => Arc::new(Average::global(input)),
        Layer::BatchNorm(b) => Arc::new(Norm {
            channels: b.gamma.len(),
            activation: b.activation,
        }),
        Layer::Dropout(_) => Arc::new(Scaled { summed: false }),
        Layer::Add(a) => Arc::new(Sum(a.activation)),
        Layer::Flatten => return None,
    })
}

/// A pass that gradients can be asked of.
pub(crate) struct Pass {
    leaves: Vec<Value>,
    logits: Value,
    /// The batch's statistics at each norm, with its layer.
    pub(crate) seen: Vec<(usize, Statistics)>,
}

impl Pass {
    /// Takes features `x` `[windows, features]` through the network: dropout acts, and
    /// norms go by their batch.
    pub(crate) fn new(model: &Model, x: Vec<f32>, masks: &mut Masks) -> Self {
        let net = model.net();
        let mut pass = Self {
            leaves: Vec::new(),
            logits: Value::fixed(x),
            seen: Vec::new(),
        };
        let nothing = Value::fixed(Vec::new());
        let mut kept: Vec<Option<Value>> = Vec::with_capacity(net.layers().len());
        for (i, layer) in net.layers().iter().enumerate() {
            kept.push(model.is_summand(i).then(|| pass.logits.clone()));
            let Some(kernel) = &model.kernels().0[i] else {
                continue;
            };
            let other = match layer {
                Layer::Dropout(d) if d.rate == 0.0 => continue,
                Layer::Dropout(d) => Value::fixed(masks.draw(d.rate, pass.logits.values().len())),
                Layer::Add(a) => summand(&kept, i, a.back).clone(),
                _ if model.has_parameters(i) => {
                    let leaf = Value::leaf(model.parameters_of(i));
                    pass.leaves.push(leaf.clone());
                    leaf
                }
                _ => nothing.clone(),
            };
            let (y, found) = apply(kernel, &pass.logits, &other);
            pass.logits = y;
            if let Layer::BatchNorm(b) = layer {
                let (mean, rest) = found.split_at(b.gamma.len());
                let (mean, variance) = (mean.to_vec(), rest[..mean.len()].to_vec());
                pass.seen.push((i, Statistics { mean, variance }));
            }
        }
        pass
    }

    /// `[windows, classes]`.
    pub(crate) fn logits(&self) -> Vec<f32> {
        self.logits.values().to_vec()
    }

    /// The gradients of each layer's parameters, from that of the logits.
    pub(crate) fn back(self, gradient: Vec<f32>) -> Vec<Vec<f32>> {
        let sum: Arc<dyn Kernel> = Arc::new(Scaled { summed: true });
        let (root, _) = apply(&sum, &self.logits, &Value::fixed(gradient));
        root.back(&self.leaves)
    }
}

/// What layer `i` gets beside its input: what the layer so many above it gives.
fn summand<T>(kept: &[Option<T>], i: usize, back: usize) -> &T {
    // `kept[j]` is what layer j takes: what the one above it gives.
    let other = kept[i + 1 - back].as_ref();
    other.expect("the model knows which outputs are summands")
}

/// `x` `[windows, features]` to logits `[windows, classes]`, as after training.
pub(crate) fn logits(model: &Model, x: Vec<f32>) -> Vec<f32> {
    let net = model.net();
    let mut flow = x;
    let mut kept: Vec<Option<Vec<f32>>> = Vec::with_capacity(net.layers().len());
    for (i, layer) in net.layers().iter().enumerate() {
        kept.push(model.is_summand(i).then(|| flow.clone()));
        let Some(kernel) = &model.kernels().0[i] else {
            continue;
        };
        flow = match layer {
            Layer::Dropout(_) => continue,
            Layer::BatchNorm(b) => {
                let parameters = model.parameters_of(i);
                norm::finish(&mut flow, model.running(i), &parameters, b.activation);
                flow
            }
            Layer::Add(a) => {
                kernel
                    .forward(&flow, summand::<Vec<f32>>(&kept, i, a.back))
                    .0
            }
            _ => kernel.forward(&flow, &model.parameters_of(i)).0,
        };
    }
    flow
}
