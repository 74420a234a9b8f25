//! The lowered network, run by the engine, against the float network.

mod fixture;

use lampyris_core::{Session, ops};
use lampyris_graph::AlignedBytes;
use lampyris_net::{Activation, LayerSpec, Net, NetSpec};

const INPUTS: usize = 24;
const CLASSES: usize = 5;

fn dense(units: u32, activation: Activation) -> LayerSpec {
    LayerSpec::Dense { units, activation }
}

/// Largest and mean gap between the int8 and the float probabilities.
fn gaps(net: &Net) -> (f32, f32) {
    let windows = fixture::windows(net, 100);
    let ranges = net
        .calibrate(windows.iter().map(Vec::as_slice))
        .expect("finite");
    let graph = net.lower(&ranges, "test").expect("finite weights");
    let quant = graph.tensors[graph.inputs[0]]
        .quant
        .clone()
        .expect("quantized");
    let (scale, zero_point) = (quant.scale[0], quant.zero_point[0]);
    let model = AlignedBytes::new(&graph.emit().expect("a plain graph"));
    let needed = lampyris_core::arena_bytes(model.as_ref()).expect("just emitted");
    let arena = AlignedBytes::from(vec![0; needed]);
    let mut session = Session::new(model, arena, ops::ALL).expect("just emitted");
    let (mut largest, mut sum) = (0.0_f32, 0.0);
    for x in &windows {
        for (q, v) in session.input_mut(0).iter_mut().zip(x) {
            *q = ((v / scale).round() + zero_point as f32).clamp(-128.0, 127.0) as i8;
        }
        session.run();
        for (q, p) in session.output(0).iter().zip(net.probabilities(x)) {
            let gap = ((f32::from(*q) + 128.0) / 256.0 - p).abs();
            largest = largest.max(gap);
            sum += gap;
        }
    }
    (largest, sum / (windows.len() * net.classes()) as f32)
}

#[test]
fn int8_stays_close_to_float() {
    let shapes = [
        vec![],
        vec![dense(32, Activation::Relu)],
        vec![
            dense(32, Activation::Relu),
            LayerSpec::Dropout { rate: 0.3 },
            dense(16, Activation::None),
            dense(16, Activation::Relu),
        ],
    ];
    for hidden in shapes {
        let spec = NetSpec {
            input: INPUTS.into(),
            classes: CLASSES,
            hidden,
        };
        for seed in 0..5 {
            let net = Net::init(&spec, seed).expect("a plain network");
            let (largest, mean) = gaps(&net);
            assert!(
                largest < 0.05 && mean < 0.01,
                "{spec:?}, seed {seed}: {largest}, {mean}"
            );
        }
    }
}

#[test]
fn every_kind_of_layer_stays_close_to_float() {
    let (largest, mean) = gaps(&fixture::every_layer());
    assert!(largest < 0.08 && mean < 0.02, "{largest}, {mean}");
}

#[test]
fn layers_become_the_nodes_that_their_costs_say() {
    let net = fixture::every_layer();
    let windows = fixture::windows(&net, 4);
    let ranges = net
        .calibrate(windows.iter().map(Vec::as_slice))
        .expect("finite");
    let graph = net.lower(&ranges, "test").expect("finite weights");
    for cost in net.spec().costs().iter().filter(|c| c.operator != "-") {
        let named = |n: &&lampyris_graph::Node| graph.tensors[n.outputs[0]].name == cost.name;
        let at = graph.nodes.iter().position(|n| named(&n)).expect("a node");
        let lowered = &graph.costs()[at];
        assert_eq!(lowered.operator, cost.operator);
        assert_eq!((lowered.macs, lowered.params), (cost.macs, cost.params));
        let shape: Vec<u32> = lowered.output_shape.iter().map(|d| *d as u32).collect();
        assert_eq!(shape, cost.output_shape, "{}", cost.name);
        let has_weights = lowered.operator.contains("CONV");
        if has_weights {
            let weights = graph.nodes[at].inputs[1].expect("weights");
            let quant = graph.tensors[weights].quant.as_ref().expect("scales");
            let outputs = graph.tensors[weights].shape[quant.axis];
            assert_eq!(quant.scale.len(), outputs, "a scale a filter");
        }
    }
}
