use super::*;
use lampyris_net::{Activation, LayerSpec, NetSpec, Padding, Shape};

use crate::{Options, flow, plain};

const WINDOWS: usize = 4;

/// A layer of every kind, most of them where gradients flow through.
fn net() -> Net {
    let json = |text: &str| -> Vec<LayerSpec> {
        serde_json::from_str(text).expect("layers as settings hold them")
    };
    let hidden = json(
        r#"[
        {"kind":"conv2d","filters":3,"kernel":[4,3],"stride":[2,1],"activation":"none"},
        {"kind":"batch_norm","activation":"relu6"},
        {"kind":"depthwise_conv2d","kernel":[3,2],"activation":"none"},
        {"kind":"batch_norm","activation":"none"},
        {"kind":"conv2d","filters":3,"kernel":[1,1],"padding":"valid","activation":"none"},
        {"kind":"add","back":4,"activation":"relu"},
        {"kind":"max_pool","size":[2,1],"stride":[1,1]},
        {"kind":"dropout","rate":0.0},
        {"kind":"conv1d","filters":4,"kernel":3,"stride":2,"activation":"relu"},
        {"kind":"average_pool","size":[2,1],"stride":[1,1]},
        {"kind":"depthwise_conv2d","kernel":[1,1],"stride":[1,1],"activation":"none"},
        {"kind":"flatten"},
        {"kind":"dense","units":5,"activation":"none"},
        {"kind":"batch_norm","activation":"none"},
        {"kind":"dense","units":5,"activation":"relu"},
        {"kind":"add","back":2,"activation":"none"}
    ]"#,
    );
    let spec = NetSpec {
        input: Shape::new(9, 4, 2),
        classes: 3,
        hidden,
    };
    Net::init(&spec, 5).expect("a plain network")
}

/// The same with norms that have seen something and biases other than 0.
fn lived_in() -> Net {
    let mut random = oorandom::Rand32::new(8);
    let mut layers = net().layers().to_vec();
    for layer in &mut layers {
        for role in [Role::Bias, Role::Gamma, Role::Beta] {
            let old = drawn(layer).into_iter().find(|d| d.0 == role);
            if let Some((_, values)) = old {
                let new = values.iter().map(|v| v + random.rand_float() - 0.3);
                put_back(layer, role, &new.collect::<Vec<_>>());
            }
        }
        if let Layer::BatchNorm(b) = layer {
            b.mean
                .iter_mut()
                .for_each(|m| *m = random.rand_float() - 0.5);
            b.variance
                .iter_mut()
                .for_each(|v| *v = random.rand_float() + 0.2);
        }
    }
    Net::from_layers(net().input(), layers).expect("the same shapes")
}

fn batch(net: &Net) -> Batch {
    let mut random = oorandom::Rand32::new(3);
    Batch {
        x: (0..WINDOWS * net.inputs())
            .map(|_| random.rand_float() * 4.0 - 2.0)
            .collect(),
        y: vec![0, 1, 2, 1],
    }
}

fn loss() -> Loss {
    Loss::new(&Options::default(), &[1, 2, 1])
}

#[test]
fn weights_go_in_and_come_out() {
    assert_eq!(Model::of(&net()).to_net(), net());
    assert_eq!(Model::of(&lived_in()).to_net(), lived_in());
    assert_eq!(
        turn(&[1.0, 2.0, 3.0, 4.0, 5.0, 6.0], 2, 3),
        [1.0, 4.0, 2.0, 5.0, 3.0, 6.0]
    );
}

#[test]
fn logits_are_those_of_the_oracle() {
    // A bias before a norm is not trained, so it must be 0, as it is at first.
    let mut layers = lived_in().layers().to_vec();
    let model = Model::of(&lived_in());
    for (i, layer) in layers.iter_mut().enumerate() {
        if let Some((_, values)) = drawn(layer).into_iter().find(|d| d.0 == Role::Bias)
            && !model.is_biased(i)
        {
            put_back(layer, Role::Bias, &vec![0.0; values.len()]);
        }
    }
    let net = Net::from_layers(net().input(), layers).expect("the same shapes");
    let logits = logits(&Model::of(&net), batch(&net).x);
    let windows = batch(&net).x;
    for (x, row) in windows
        .chunks_exact(net.inputs())
        .zip(logits.chunks_exact(3))
    {
        for (a, b) in net.forward(x).iter().zip(row) {
            assert!((a - b).abs() < 1e-4, "{a} is not {b}");
        }
    }
}

#[test]
fn padding_with_strides_is_tflites() {
    for (padding, size) in [(Padding::Same, 5), (Padding::Same, 6), (Padding::Valid, 7)] {
        let conv = |kernel, stride| LayerSpec::Conv2d {
            filters: 2,
            kernel,
            stride,
            padding,
            activation: Activation::None,
        };
        for layer in [
            conv([4, 3], [2, 2]),
            conv([2, 5], [3, 1]),
            conv([1, 1], [2, 3]),
        ] {
            // First of all it is a matrix product, behind something Burn's own.
            let behind = vec![LayerSpec::Dropout { rate: 0.0 }, layer.clone()];
            for hidden in [vec![layer], behind] {
                let spec = NetSpec {
                    input: Shape::new(size, 6, 2),
                    classes: 2,
                    hidden,
                };
                let net = Net::init(&spec, 1).expect("a plain network");
                let x: Vec<f32> = (0..net.inputs()).map(|i| (i as f32 * 0.7).sin()).collect();
                let logits = logits(&Model::of(&net), x.clone());
                for (a, b) in net.forward(&x).iter().zip(&logits) {
                    assert!((a - b).abs() < 1e-4, "{a} is not {b} for {spec:?}");
                }
            }
        }
    }
}

#[test]
fn sums_with_the_features_see_them_as_they_are() {
    let conv = LayerSpec::Conv2d {
        filters: 2,
        kernel: [3, 3],
        stride: [1, 1],
        padding: Padding::Same,
        activation: Activation::Relu,
    };
    let add = LayerSpec::Add {
        back: 2,
        activation: Activation::None,
    };
    let spec = NetSpec {
        input: Shape::new(4, 3, 2),
        classes: 2,
        hidden: vec![conv, add],
    };
    let net = Net::init(&spec, 1).expect("a plain network");
    let x: Vec<f32> = (0..net.inputs()).map(|i| (i as f32 * 0.7).sin()).collect();
    let logits = logits(&Model::of(&net), x.clone());
    for (a, b) in net.forward(&x).iter().zip(&logits) {
        assert!((a - b).abs() < 1e-4, "{a} is not {b}");
    }
}

/// The mean cross-entropy with the norms going by the batch, in Burn's own forward.
fn trained_loss(model: &Model, net: &Net) -> f64 {
    let pass = plain::Pass::new(model, batch(net).x, &mut Masks::new(1));
    loss().scores(&mut pass.logits(), &batch(net).y).loss / WINDOWS as f64
}

#[test]
fn gradients_agree_with_finite_differences() {
    let net = lived_in();
    let mut model = Model::of(&net);
    let (score, step) = model.gradients(batch(&net), &loss(), &mut Masks::new(1));
    assert!((score.loss / WINDOWS as f64 - trained_loss(&model, &net)).abs() < 1e-5);
    let Step { gradients, seen } = step.expect("a finite loss");
    assert_eq!(seen.len(), 3);
    let step = 1.0 / 512.0;
    let (mut compared, mut kinks) = (0, 0);
    // Those of a layer lie one behind the other, as its parameters do.
    let gradients = gradients.concat();
    let mut rest = &gradients[..];
    for p in 0..model.parameters.len() {
        let (gradient, others) = rest.split_at(model.parameters[p].values.len());
        rest = others;
        for (i, a) in gradient.iter().enumerate() {
            let old = model.parameters[p].values[i];
            let mut shifted = |by: f32| {
                model.parameters[p].values[i] = old + by;
                trained_loss(&model, &net)
            };
            let slope = |ends: [f64; 2], by: f32| (ends[0] - ends[1]) / (2.0 * f64::from(by));
            let wide = slope([shifted(step), shifted(-step)], step);
            let near = slope([shifted(step / 2.0), shifted(-step / 2.0)], step / 2.0);
            model.parameters[p].values[i] = old;
            // Where the two differ, a relu or a maximum turns over in between.
            if (wide - near).abs() > 2e-3 {
                kinks += 1;
                continue;
            }
            let gap = (near - f64::from(*a)).abs();
            let role = (model.parameters[p].layer, model.parameters[p].role);
            assert!(gap < 4e-3, "{role:?}, {i}: {near} is not {a}");
            compared += 1;
        }
    }
    assert!(
        rest.is_empty() && compared > 250 && kinks < compared / 8,
        "{compared}, {kinks}"
    );
}

#[test]
fn running_statistics_follow_the_batches() {
    let net = net();
    let mut model = Model::of(&net);
    let (_, step) = model.gradients(batch(&net), &loss(), &mut Masks::new(1));
    let Step { seen, .. } = step.expect("a finite loss");
    // By hand: the first convolution's values, a channel's mean over windows and pixels.
    let outputs = batch(&net).x;
    let first: Vec<f32> = outputs
        .chunks_exact(net.inputs())
        .flat_map(|x| net.trace(x)[0].clone())
        .collect();
    let channel: Vec<f64> = first.iter().step_by(3).map(|v| f64::from(*v)).collect();
    let mean = channel.iter().sum::<f64>() / channel.len() as f64;
    let squares = channel.iter().map(|v| (v - mean) * (v - mean));
    let variance = squares.sum::<f64>() / channel.len() as f64;
    assert!((f64::from(seen[0].1.mean[0]) - mean).abs() < 1e-4);
    assert!((f64::from(seen[0].1.variance[0]) - variance).abs() < 1e-3);
    model.see(seen);
    let net = model.to_net();
    let Layer::BatchNorm(norm) = &net.layers()[1] else {
        unreachable!("the second layer is a norm")
    };
    let blend = |old: f64, new: f64| old * 0.9 + new * 0.1;
    assert!((f64::from(norm.mean[0]) - blend(0.0, mean)).abs() < 1e-4);
    assert!((f64::from(norm.variance[0]) - blend(1.0, variance)).abs() < 1e-3);
}

#[test]
fn an_average_follows_weights_and_statistics() {
    let (mut average, model) = (Model::of(&net()), Model::of(&lived_in()));
    let before = average.clone();
    average.follow(&model, 0.75);
    let of = |m: &Model| {
        let weights = m.parameters.iter().flat_map(|p| p.values.clone());
        let seen = m
            .running
            .iter()
            .flat_map(|r| [&r.mean[..], &r.variance].concat());
        weights.chain(seen).collect::<Vec<f32>>()
    };
    let (old, new) = (of(&before), of(&model));
    for (i, got) in of(&average).into_iter().enumerate() {
        let expected = 0.75 * old[i] + 0.25 * new[i];
        assert!((got - expected).abs() < 1e-6, "{i}: {got}, {expected}");
    }
    assert_ne!(old, new);
    average.follow(&model, 0.0);
    assert_eq!(of(&average), new);
}

/// Both ways through networks of one layer or a few, and back.
fn both_ways_agree(input: Shape, layers: &str, windows: usize) {
    let hidden = serde_json::from_str(layers).expect("layers as settings hold them");
    let spec = NetSpec {
        input,
        classes: 3,
        hidden,
    };
    let net = Net::init(&spec, 4).expect("a plain network");
    let model = Model::of(&net);
    let mut random = oorandom::Rand32::new(windows as u64);
    let mut draw = |len: usize| -> Vec<f32> {
        let all = (0..len).map(|_| random.rand_float() * 2.0 - 1.0);
        all.collect()
    };
    let (x, gradient) = (draw(windows * net.inputs()), draw(windows * 3));
    let own = flow::Pass::new(&model, x.clone(), &mut Masks::new(2));
    let burns = plain::Pass::new(&model, x.clone(), &mut Masks::new(2));
    let near = |own: &[f32], burns: &[f32], what: &str| {
        assert_eq!(own.len(), burns.len(), "{what} of {layers}");
        let most = burns.iter().fold(1.0, |most: f32, v| most.max(v.abs()));
        for (i, (a, b)) in own.iter().zip(burns).enumerate() {
            assert!(
                (a - b).abs() < 2e-5 * most,
                "{what} {i} of {layers}: {a} is not {b}"
            );
        }
    };
    near(&own.logits(), &burns.logits(), "logit");
    near(
        &flow::logits(&model, x.clone()),
        &plain::logits(&model, x),
        "later logit",
    );
    for ((_, a), (_, b)) in own.seen.iter().zip(&burns.seen) {
        near(&a.mean, &b.mean, "mean");
        near(&a.variance, &b.variance, "variance");
    }
    assert_eq!(own.seen.len(), burns.seen.len());
    let (own, burns) = (own.back(gradient.clone()), burns.back(gradient));
    assert_eq!(own.len(), burns.len());
    for (layer, (a, b)) in own.iter().zip(&burns).enumerate() {
        near(a, b, &format!("gradient of layer {layer},"));
    }
}

#[test]
fn kernels_do_what_burns_operators_do() {
    let before = r#"{"kind":"dense","units":30,"activation":"none"}"#;
    let dense: Vec<String> = [1, 3, 4, 5, 8, 9, 12, 17]
        .map(|units| {
            format!(r#"[{before},{{"kind":"dense","units":{units},"activation":"relu6"}}]"#)
        })
        .to_vec();
    for (i, layers) in dense.iter().enumerate() {
        both_ways_agree(Shape::from(7), layers, [1, 5, 64, 67][i % 4]);
    }
    // A layer that gradients flow through below, and one above, of every size.
    let below = r#"{"kind":"conv2d","filters":C,"kernel":[1,1],"activation":"none"}"#;
    let mut cases = Vec::new();
    for (kernel, stride) in [
        ([3, 3], [1, 1]),
        ([1, 1], [1, 1]),
        ([2, 5], [1, 1]),
        ([1, 1], [2, 2]),
        ([3, 2], [2, 1]),
        ([4, 3], [1, 2]),
        ([5, 4], [3, 2]),
    ] {
        for padding in ["same", "valid"] {
            let window = format!(
                r#""kernel":{kernel:?},"stride":{stride:?},"padding":"{padding}","activation":"relu""#
            );
            cases.push(format!(r#"{{"kind":"depthwise_conv2d",{window}}}"#));
            for filters in [2, 5, 8, 13] {
                cases.push(format!(
                    r#"{{"kind":"conv2d","filters":{filters},{window}}}"#
                ));
            }
        }
    }
    for size in [[2, 2], [3, 2], [1, 3]] {
        for kind in ["max_pool", "average_pool"] {
            cases.push(format!(r#"{{"kind":"{kind}","size":{size:?}}}"#));
            cases.push(format!(
                r#"{{"kind":"{kind}","size":{size:?},"stride":[1,2]}}"#
            ));
        }
    }
    cases.push(r#"{"kind":"global_average_pool"}"#.into());
    cases.push(r#"{"kind":"batch_norm","activation":"relu6"}"#.into());
    cases.push(r#"{"kind":"dropout","rate":0.4}"#.into());
    let add = r#"{"kind":"add","back":2,"activation":"relu"}"#;
    cases.push(format!("{},{add}", below.replace("[1,1]", "[3,3]")));
    cases.push(r#"{"kind":"flatten"}"#.into());
    for (i, case) in cases.iter().enumerate() {
        let channels = [3, 4, 1, 6, 8][i % 5];
        let [below, case] = [below, case].map(|l| l.replace('C', &channels.to_string()));
        let input = Shape::new([7, 6][i % 2], [6, 9][i / 2 % 2], 2);
        both_ways_agree(input, &format!("[{below},{case}]"), 1 + i % 3);
        // First of all: nothing below wants a gradient, and nothing to fold or to add.
        if !case.contains("batch_norm") && !case.contains("add") {
            both_ways_agree(input, &format!("[{case}]"), 2);
        }
    }
}

#[test]
fn convolutions_over_time_do_what_burns_do() {
    for stride in [1, 2] {
        for padding in ["same", "valid"] {
            for (filters, kernel) in [(8, 3), (3, 4), (5, 1)] {
                let conv = format!(
                    r#"{{"kind":"conv1d","filters":{filters},"kernel":{kernel},"stride":{stride},"padding":"{padding}","activation":"relu"}}"#
                );
                both_ways_agree(Shape::new(11, 5, 1), &format!("[{conv},{conv}]"), 3);
            }
        }
    }
}
