//! A network with a layer of every kind, for tests.

use oorandom::Rand32;

use crate::{Activation, Layer, LayerSpec, Net, NetSpec, Padding, Shape};

pub(crate) fn every_layer_spec() -> NetSpec {
    let (none, relu, relu6) = (Activation::None, Activation::Relu, Activation::Relu6);
    let (same, valid) = (Padding::Same, Padding::Valid);
    NetSpec {
        input: Shape::new(12, 7, 2),
        classes: 3,
        hidden: vec![
            LayerSpec::Conv2d {
                filters: 6,
                kernel: [4, 3],
                stride: [2, 1],
                padding: same,
                activation: none,
            },
            LayerSpec::BatchNorm { activation: relu6 },
            LayerSpec::DepthwiseConv2d {
                kernel: [3, 3],
                stride: [1, 1],
                padding: same,
                activation: none,
            },
            LayerSpec::BatchNorm { activation: relu },
            LayerSpec::Conv2d {
                filters: 6,
                kernel: [1, 1],
                stride: [1, 1],
                padding: valid,
                activation: none,
            },
            LayerSpec::Add {
                back: 4,
                activation: relu,
            },
            LayerSpec::MaxPool {
                size: [2, 2],
                stride: Some([1, 2]),
            },
            LayerSpec::Dropout { rate: 0.2 },
            LayerSpec::Conv1d {
                filters: 5,
                kernel: 3,
                stride: 2,
                padding: same,
                activation: relu,
            },
            LayerSpec::AveragePool {
                size: [2, 1],
                stride: Some([1, 1]),
            },
            LayerSpec::DepthwiseConv2d {
                kernel: [2, 1],
                stride: [1, 1],
                padding: valid,
                activation: relu,
            },
            LayerSpec::Flatten,
            LayerSpec::Dense {
                units: 6,
                activation: none,
            },
            LayerSpec::BatchNorm { activation: relu },
            LayerSpec::GlobalAveragePool,
        ],
    }
}

/// Its weights, with norms that have seen something.
pub(crate) fn every_layer() -> Net {
    let net = Net::init(&every_layer_spec(), 3).expect("a plain network");
    let mut random = Rand32::new(9);
    let mut layers = net.layers().to_vec();
    for layer in &mut layers {
        if let Layer::BatchNorm(norm) = layer {
            let mut draw = |values: &mut Vec<f32>, from: f32, to: f32| {
                for v in values {
                    *v = from + random.rand_float() * (to - from);
                }
            };
            draw(&mut norm.gamma, 0.5, 2.0);
            draw(&mut norm.beta, -1.0, 1.0);
            draw(&mut norm.mean, -1.0, 1.0);
            draw(&mut norm.variance, 0.2, 2.0);
        }
    }
    Net::from_layers(net.input(), layers).expect("the same shapes")
}

/// So many windows of noise.
pub(crate) fn windows(net: &Net, count: usize) -> Vec<Vec<f32>> {
    let mut random = Rand32::new(42);
    (0..count)
        .map(|_| {
            (0..net.inputs())
                .map(|_| random.rand_float() * 4.0 - 2.0)
                .collect()
        })
        .collect()
}
