//! Networks of one or two operators, and what the plain loops of the host make of them.
//!
//! Among them: strides, dilations, groups and padding at odd sizes; 1 to 70 channels; zero
//! points at both ends; one multiplier or one each, from ones that shift to the left to ones
//! that leave nothing; biases that make sums wrap; clamps; outputs that lie over their
//! input, from the first pixel on or from the last.

use std::error::Error;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_graph::{Activation, AlignedBytes, Graph, Padding, Window};

use crate::made::{Made, Random, Sliding, Style};

const CALLS: usize = 2;
/// The header's word that says where the parameters begin; the next says how many there are.
const PARAMS: usize = 10;
/// Words that a parameter is changed to, and how often that is tried until the check lets one pass.
const ODD: [u32; 14] = [
    0,
    1,
    2,
    3,
    4,
    7,
    127,
    255,
    1 << 16,
    1 << 27,
    1 << 28,
    (1 << 29) - 1,
    1 << 29,
    u32::MAX,
];
const TRIES: u64 = 6;

/// `dir/cases.bin` and `.txt`, `dir/odd.bin` and `.txt`: see `main.rs`.
pub fn write_all(dir: &Path, cases: u64) -> Result<(), Box<dyn Error>> {
    let (mut file, mut said) = (Vec::new(), String::new());
    let (mut odd, mut odd_said) = (Vec::new(), String::new());
    for seed in 0..cases {
        let (what, graph) = network(seed);
        let blob = graph.emit()?;
        let case = run(&blob, seed).map_err(|error| format!("{what}: {error}"))?;
        file.extend(case);
        writeln!(said, "{seed}: {what}")?;
        // A word of its parameters may be anything that the engine's check lets pass.
        let found = (0..TRIES).find_map(|attempt| {
            let (blob, word) = spoiled(&blob, seed * TRIES + attempt)?;
            Some((run(&blob, seed).ok()?, word))
        });
        if let Some((case, word)) = found {
            odd.extend(case);
            writeln!(odd_said, "{seed}, {word}: {what}")?;
        }
    }
    fs::create_dir_all(dir)?;
    fs::write(dir.join("cases.bin"), file)?;
    fs::write(dir.join("cases.txt"), said)?;
    fs::write(dir.join("odd.bin"), odd)?;
    fs::write(dir.join("odd.txt"), odd_said)?;
    Ok(())
}

/// The blob with another word among its parameters, and which.
fn spoiled(blob: &[u8], seed: u64) -> Option<(Vec<u8>, String)> {
    let mut random = Random(seed ^ 0x5eed);
    random.next();
    let word = |at: usize| {
        let bytes = blob.get(4 * at..)?.first_chunk()?;
        Some(u32::from_le_bytes(*bytes) as usize)
    };
    let (first, count) = (word(PARAMS)?, word(PARAMS + 1)?);
    let at = random.below(count.max(1));
    let to = random.of(&ODD);
    let mut spoiled = blob.to_vec();
    let place = spoiled.get_mut(first + 4 * at..)?.first_chunk_mut::<4>()?;
    *place = to.to_le_bytes();
    Some((spoiled, format!("word {at} = {to}")))
}

/// The case of a graph as the engine runs it, as in the file.
fn run(blob: &[u8], seed: u64) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut blob = blob.to_vec();
    blob.resize(blob.len().next_multiple_of(16), 0);
    let aligned = AlignedBytes::new(&blob);
    let arena = vec![0; arena_bytes(aligned.as_ref())?];
    let mut session = Session::new(aligned, arena, ALL)?;
    let mut random = Random(!seed);
    let (mut inputs, mut outputs) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        let input = random.bytes(session.input(0).len());
        for (to, from) in session.input_mut(0).iter_mut().zip(&input) {
            *to = *from as i8;
        }
        session.run();
        inputs.extend(input);
        outputs.extend(session.output(0).iter().map(|&v| v as u8));
    }
    let head = [blob.len(), CALLS, inputs.len(), outputs.len()];
    let mut case: Vec<u8> = head
        .iter()
        .flat_map(|&n| (n as u32).to_le_bytes())
        .collect();
    case.extend([blob, inputs, outputs].concat());
    Ok(case)
}

/// One operator, or two, one after the other.
fn network(seed: u64) -> (String, Graph) {
    let mut random = Random(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    random.next();
    let zero = random.of(&[-128, 127, 0, -3, 17]);
    let channels = random.of(&[1, 2, 3, 4, 5, 8, 16, 31, 33, 64, 70]);
    let batches = random.of(&[1, 1, 1, 2]);
    // Now and then so large that not all of it is under way at once.
    let side = if random.below(12) == 0 { 40 } else { 8 };
    let (h, w) = (1 + random.below(side), 1 + random.below(side));
    let shape = [batches, h, w, channels];
    let mut made = Made::new("case", seed, &shape, zero);
    let mut what = format!("{shape:?} zero {zero}");
    let layers = 1 + random.below(2);
    for layer in 0..layers {
        let kinds: &[usize] = if layer + 1 < layers {
            &[0, 0, 1, 3, 4]
        } else {
            &[0, 0, 0, 1, 1, 1, 2, 2, 3, 4, 5, 6]
        };
        // A dense layer takes no more than 65,535 values, and few are like many.
        let values: usize = made.shape(made.last()).iter().product();
        let kind = random.of(kinds);
        let kind = if kind == 2 && values > 8192 { 0 } else { kind };
        operator(&mut made, &mut random, &mut what, kind);
    }
    (what, made.finish())
}

fn operator(made: &mut Made, random: &mut Random, what: &mut String, kind: usize) {
    let x = made.last();
    let shape = made.shape(x);
    let channels = shape[3];
    let style = style(random);
    let sliding = sliding(random, &shape, kind);
    // A window of a pool must meet the picture, so it is not padded before it.
    match kind {
        0 => {
            let groups = random.of(&[1, 1, 1, 1, 2, 4]);
            let groups = if channels.is_multiple_of(groups) {
                groups
            } else {
                1
            };
            let most = if sliding.kernel == [1, 1] { 70 } else { 13 };
            let outputs = groups * (1 + random.below(most.max(groups) / groups));
            made.conv(x, sliding, (outputs, groups), &style);
            *what += &format!(", conv to {outputs}, {groups} groups");
        }
        1 => {
            let share = random.of(&[1, 1, 1, 2, 3]);
            made.depthwise(x, sliding, share, &style);
            *what += &format!(", depthwise, {share} each");
        }
        2 => {
            let outputs = 1 + random.below(20);
            made.dense(x, outputs, &style);
            *what += &format!(", dense to {outputs}");
        }
        3 | 4 => {
            made.pool(x, sliding, kind == 3, style.activation);
            *what += if kind == 3 { ", largest" } else { ", mean" };
        }
        6 => {
            let mean = random.below(2) == 0;
            made.total(x, mean, style.zero);
            *what += if mean {
                ", mean of all"
            } else {
                ", sum of all"
            };
        }
        _ => {
            let wider = random.of(&[1.0, 0.3, 3.0, 0.001]);
            made.conv(x, Sliding::same(1, 1), (channels, 1), &style);
            made.add(x, made.last(), wider, style.zero, style.activation);
            *what += &format!(", added to a conv of it, scale × {wider}");
            if random.below(3) == 0 {
                made.less();
                *what += ", no: less that";
            }
        }
    }
    if (0..=1).contains(&kind) || (3..=4).contains(&kind) {
        let Window {
            padding,
            stride,
            dilation,
        } = sliding.window;
        *what += &format!(
            " {:?} stride {stride:?} dilation {dilation:?} {padding:?}",
            sliding.kernel
        );
    }
    if kind <= 2 {
        *what += &format!(
            " weights ± {} bias ± {} factor {} apart {:?} {:?}",
            style.weights, style.bias, style.factor, style.apart, style.activation
        );
    }
}

fn style(random: &mut Random) -> Style {
    let ordinary = random.below(2) == 0;
    let (factor, bias) = if ordinary {
        (1.0, 5000)
    } else {
        let factors = [0.02, 1.0, 40.0, 3e3, 1e5, 1e-6, 2e-8];
        (random.of(&factors), random.of(&[0, 100, 1 << 29, i32::MAX]))
    };
    Style {
        weights: random.of(&[128, 128, 128, 1, 9]),
        bias,
        factor,
        apart: random.of(&[None, Some(0), Some(1), Some(6), Some(20)]),
        zero: random.of(&[-128, 127, 0, -5, 40]),
        activation: random.of(&[
            Activation::None,
            Activation::None,
            Activation::Relu,
            Activation::Relu6,
            Activation::ReluN1To1,
        ]),
    }
}

/// A window that gives at least one output.
fn sliding(random: &mut Random, shape: &[usize], kind: usize) -> Sliding {
    let pool = kind == 3 || kind == 4;
    let pointwise = kind == 0 && random.below(3) == 0;
    let side = |random: &mut Random| if pointwise { 1 } else { 1 + random.below(5) };
    let kernel = [side(random), side(random)];
    let stride = random.of(&[[1, 1], [1, 1], [2, 2], [1, 2], [3, 1]]);
    let dilation = random.of(&[[1, 1], [1, 1], [1, 1], [2, 2], [1, 3], [2, 1]]);
    let dilation = if pool { [1, 1] } else { dilation };
    let room = |axis: usize| shape[axis + 1] > (kernel[axis] - 1) * dilation[axis];
    let padding = match random.below(4) {
        0 if room(0) && room(1) => Padding::Valid,
        1 if !pool => Padding::Before([random.below(4), random.below(4)]),
        _ => Padding::Same,
    };
    Sliding {
        kernel,
        window: Window {
            padding,
            stride,
            dilation,
        },
    }
}
