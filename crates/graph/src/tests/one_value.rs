//! Every operator of one value, over all 256 of them.

use super::{requantize, run};
use crate::fixture::{Random, activation};
use crate::{DType, Graph, Node, Op, quantize_multiplier};

/// Scale and zero point.
type Scale = (f32, i32);

/// An operator, the scale of its output, and the real function.
type Curve = (Op, Scale, fn(f64) -> f64);

fn graph(op: Op, x: Scale, y: Scale) -> Graph {
    Graph {
        tensors: vec![
            activation("x", &[256], x.0, x.1),
            activation("y", &[256], y.0, y.1),
        ],
        nodes: vec![Node {
            op,
            inputs: vec![Some(0)],
            outputs: vec![1],
        }],
        inputs: vec![0],
        outputs: vec![1],
        ..Graph::default()
    }
}

/// All int8 values, as bytes from 0 on.
fn all() -> Vec<i8> {
    (0..=255u8).map(|b| b as i8).collect()
}

fn random_scale(r: &mut Random) -> Scale {
    let mantissa = 1.0 + r.below(1 << 20) as f32 / (1 << 20) as f32;
    (2f32.powi(-(r.below(10) as i32)) * mantissa, r.byte().into())
}

/// `zero_y + real · (x − zero_x)`, in 64 bits.
fn scaled(x: i64, real: f64, y: Scale) -> i64 {
    let m = quantize_multiplier(real).expect("a small factor");
    requantize(x, m.significand, m.shift) + i64::from(y.1)
}

/// The definition of an operator in 64 bits, with whole numbers.
fn definition(op: &Op, (sx, zx): Scale, y: Scale, x: i8) -> i64 {
    let x = i64::from(x) - i64::from(zx);
    let (sx, sy) = (f64::from(sx), f64::from(y.0));
    match op {
        Op::Relu => scaled(x, sx / sy, y).max(y.1.into()),
        Op::Relu6 => x.clamp(0, (6.0 / sx).round() as i64) + i64::from(zx),
        Op::LeakyRelu { .. } if x >= 0 => scaled(x, sx / sy, y),
        Op::LeakyRelu { alpha } => scaled(x, sx * f64::from(*alpha) / sy, y),
        Op::Abs => scaled(x.abs(), sx / sy, y),
        _ => scaled(x, sx / sy, y),
    }
}

#[test]
fn whole_number_operators_equal_their_definitions() {
    let mut r = Random(11);
    for _ in 0..300 {
        let (x, y) = (random_scale(&mut r), random_scale(&mut r));
        let alpha = r.below(2000) as f32 / 1000.0;
        for op in [
            Op::Relu,
            Op::Relu6,
            Op::LeakyRelu { alpha },
            Op::Abs,
            Op::Quantize,
        ] {
            let want: Vec<i8> = all()
                .iter()
                .map(|&v| definition(&op, x, y, v).clamp(-128, 127) as i8)
                .collect();
            let got = run(&graph(op.clone(), x, y), &all());
            assert_eq!(got, [want], "{op:?} {x:?} {y:?}");
        }
    }
}

#[test]
fn curves_are_within_one_step_of_the_real_function() {
    let mut r = Random(12);
    for _ in 0..300 {
        let x = random_scale(&mut r);
        let cases: [Curve; 3] = [
            (Op::Logistic, (1.0 / 256.0, -128), |x| {
                1.0 / (1.0 + (-x).exp())
            }),
            (Op::Tanh, (1.0 / 128.0, 0), f64::tanh),
            (Op::HardSwish, (x.0, x.1), |x| {
                x * (x + 3.0).clamp(0.0, 6.0) / 6.0
            }),
        ];
        for (op, y, real) in cases {
            let got = &run(&graph(op.clone(), x, y), &all())[0];
            for (&value, &got) in all().iter().zip(got) {
                let at = f64::from(i32::from(value) - x.1) * f64::from(x.0);
                let want = (real(at) / f64::from(y.0)).round() + f64::from(y.1);
                let off = (want.clamp(-128.0, 127.0) - f64::from(got)).abs();
                assert!(off <= 1.0, "{op:?} {x:?} of {value}: {got} for {want}");
            }
        }
    }
}

#[test]
fn bytes_of_either_type_are_quantized() {
    let (x, y) = ((0.5, 128), (0.5, 0));
    let bytes = all();
    let mut unsigned = graph(Op::Quantize, x, y);
    unsigned.tensors[0].dtype = DType::U8;
    let want: Vec<i8> = (0..=255).map(|v| (v - 128) as i8).collect();
    assert_eq!(run(&unsigned, &bytes), [want]);
    // And back; what would be below 0 is 0.
    let mut signed = graph(Op::Quantize, y, (0.5, 100));
    signed.tensors[1].dtype = DType::U8;
    let want: Vec<u8> = (0..=255u8)
        .map(|b| (i32::from(b as i8) + 100).clamp(0, 255) as u8)
        .collect();
    let got: Vec<u8> = run(&signed, &bytes)[0].iter().map(|&v| v as u8).collect();
    assert_eq!(got, want);
}

#[test]
fn outputs_lie_over_their_inputs_and_layers_share_tables() {
    let scale = (0.1, 3);
    let mut chain = graph(Op::HardSwish, scale, scale);
    chain
        .tensors
        .push(activation("z", &[256], scale.0, scale.1));
    chain.nodes.push(Node {
        op: Op::HardSwish,
        inputs: vec![Some(1)],
        outputs: vec![2],
    });
    chain.outputs = vec![2];
    assert_eq!(chain.plan().map(|p| p.arena_bytes), Ok(256));
    let once = graph(Op::HardSwish, scale, scale);
    let [first] = &run(&once, &all())[..] else {
        panic!("one output");
    };
    assert_eq!(run(&chain, &all()), run(&once, first));
    let bytes = |g: &Graph| g.emit().expect("a sound graph").len();
    assert!(bytes(&chain) < bytes(&once) + 200);
}

#[test]
fn refusals_say_what_is_supported() {
    let scale = (0.1, 3);
    let refusal = |op, x, y, spoil: fn(&mut Graph)| {
        let mut graph = graph(op, x, y);
        spoil(&mut graph);
        graph.emit().expect_err("spoiled").to_string()
    };
    let unsigned = |g: &mut Graph| {
        for t in &mut g.tensors {
            t.dtype = DType::U8;
        }
    };
    let none = |_: &mut Graph| {};
    for (needle, found) in [
        (
            "zero point 3; it must be -128",
            refusal(Op::Logistic, scale, scale, none),
        ),
        ("2^-28", refusal(Op::Tanh, (1e-9, 0), scale, none)),
        (
            "128 or more times",
            refusal(Op::HardSwish, (13.0, 0), scale, none),
        ),
        (
            "uint8 to uint8; int8 to int8",
            refusal(Op::Quantize, scale, scale, unsigned),
        ),
        (
            "\"x\" must be int8",
            refusal(Op::Relu, scale, scale, unsigned),
        ),
        (
            "0 to less than 2^30",
            refusal(Op::LeakyRelu { alpha: f32::NAN }, scale, scale, none),
        ),
        (
            "as many values",
            refusal(Op::Abs, scale, scale, |g| g.tensors[1].shape = vec![255]),
        ),
        (
            "has 2 inputs; they are the values",
            refusal(Op::Relu6, scale, scale, |g| {
                g.nodes[0].inputs.push(Some(0));
            }),
        ),
    ] {
        assert!(found.contains(needle), "{found:?} lacks {needle:?}");
    }
}
