//! Float edges: QUANTIZE behind a float input and DEQUANTIZE before a float output are
//! left out, so that inputs and outputs are the quantized values.

use std::collections::HashMap;

use super::file::Subgraph;
use super::schema::{builtin, tensor_type};
use super::step::Step;
use super::tensor;

/// Takes the float edges off.
pub(super) fn strip(main: &mut Subgraph<'_>) {
    let mut gone = vec![false; main.steps.len()];
    strip_inputs(main, &mut gone);
    strip_outputs(main, &mut gone);
    let mut gone = gone.into_iter();
    main.steps.retain(|_| !gone.next().unwrap_or(false));
}

fn is_float(main: &Subgraph<'_>, tensor: usize) -> bool {
    main.element(tensor) == Some(tensor_type::FLOAT32)
}

/// The one tensor that a step writes, if it is a QUANTIZE to int8 or uint8.
fn quantized(main: &Subgraph<'_>, step: &Step<'_>) -> Option<usize> {
    match step.outputs[..] {
        [to] if step.code == builtin::QUANTIZE => {
            let kind = main.element(to)?;
            matches!(kind, tensor_type::INT8 | tensor_type::UINT8).then_some(to)
        }
        _ => None,
    }
}

/// A float input that is read by QUANTIZE only, and always with the same scale, becomes
/// what they write.
fn strip_inputs(main: &mut Subgraph<'_>, gone: &mut [bool]) {
    let mut readers: HashMap<usize, Vec<usize>> = HashMap::new();
    for &input in main.inputs.iter().filter(|&&t| is_float(main, t)) {
        readers.insert(input, Vec::new());
    }
    for (place, step) in main.steps.iter().enumerate() {
        for tensor in step.inputs.iter().flatten() {
            if let Some(list) = readers.get_mut(tensor) {
                list.push(place);
            }
        }
    }
    for output in &main.outputs {
        readers.remove(output);
    }
    // What stands for what: the input for the first one's output, as do the others'.
    let mut stands_for: HashMap<usize, usize> = HashMap::new();
    for (input, places) in readers {
        let outputs: Option<Vec<usize>> = places
            .iter()
            .map(|&place| quantized(main, &main.steps[place]))
            .collect();
        let Some((first, rest)) = outputs.as_deref().and_then(|o| o.split_first()) else {
            continue;
        };
        let scale = |t: usize| (main.element(t), tensor::quant(&main.tensors[t]).ok());
        if rest.iter().any(|&t| scale(t) != scale(*first)) {
            continue;
        }
        places.iter().for_each(|&place| gone[place] = true);
        stands_for.insert(input, *first);
        stands_for.extend(rest.iter().map(|&t| (t, *first)));
    }
    let rename = |tensor: &mut usize| {
        if let Some(&other) = stands_for.get(tensor) {
            *tensor = other;
        }
    };
    main.inputs.iter_mut().for_each(rename);
    main.outputs.iter_mut().for_each(rename);
    let steps = main.steps.iter_mut();
    steps.for_each(|s| s.inputs.iter_mut().flatten().for_each(rename));
}

/// A float output that DEQUANTIZE writes becomes what that reads, unless another
/// operator reads it too.
fn strip_outputs(main: &mut Subgraph<'_>, gone: &mut [bool]) {
    let mut writers: HashMap<usize, usize> = HashMap::new();
    for (place, step) in main.steps.iter().enumerate() {
        if let (builtin::DEQUANTIZE, &[to]) = (step.code, &step.outputs[..]) {
            writers.insert(to, place);
        }
    }
    for step in &main.steps {
        for tensor in step.inputs.iter().flatten() {
            writers.remove(tensor);
        }
    }
    for at in 0..main.outputs.len() {
        let output = main.outputs[at];
        let Some(&place) = writers.get(&output).filter(|_| is_float(main, output)) else {
            continue;
        };
        if let &[Some(from)] = &main.steps[place].inputs[..] {
            main.outputs[at] = from;
            gone[place] = true;
        }
    }
}
