//! A `.tflite` from elsewhere as a bundle, so that whatever a model of ours can be exported
//! to, it can be too.
//!
//! The chip part has the block `raw` as an identity: a window is the network's input, one
//! value a reading, not scaled and not moved. A reading of q is the int8 q (scale 1, zero
//! point 0, mean 0, inverse deviation 1), so the features stay who made the network's.

use lampyris_core::Session;
use lampyris_device::{ChipSpec, Decision};
use lampyris_dsp::normalize::Norm;
use lampyris_dsp::raw::RAW;
use lampyris_formats::bundle::{self, Golden, Host};
use lampyris_formats::tflite;
use lampyris_graph::{AlignedBytes, DType, Graph, Tensor};

use crate::LabError;
use crate::network::{check_size, refused, session};

/// Golden vectors of random input.
const GOLDEN: usize = 5;
/// Of which seed.
const SEED: u64 = 1;

/// `model.lampyris` of a `.tflite` with one int8 input and one int8 output. The same file
/// gives the same bytes.
///
/// Labels are those of the file's metadata, or `class 0` and so on. Golden vectors are five
/// inputs of random values with the answers of this engine, each run after the other in one
/// session. There is no report: nobody knows how well the network does.
///
/// # Errors
/// What [`crate::Network::open`] refuses; inputs and outputs of another number or type; an
/// input of more values than a window may have.
pub fn wrap(file: &[u8]) -> Result<Vec<u8>, LabError> {
    let (stated, metadata) = tflite::read(file)?;
    check_size(&stated)?;
    let input = end(&stated, &stated.inputs, "input")?;
    let output = end(&stated, &stated.outputs, "output")?;
    let (inputs, outputs) = (input.elements(), output.elements());
    let named = metadata.labels.len() == outputs;
    let labels: Vec<String> = match named {
        true => metadata.labels,
        false => (0..outputs).map(|i| format!("class {i}")).collect(),
    };
    let graph = stated.fused();
    let blob = graph.emit().map_err(|e| refused(&graph, &e))?;
    let settings: Vec<f32> = RAW.settings.iter().map(|s| s.default).collect();
    let count = u32::try_from(inputs).unwrap_or(u32::MAX);
    let spec = ChipSpec {
        graph: &blob,
        block: RAW.code,
        settings: &settings,
        norms: &[Norm {
            mean: 0.0,
            inverse_deviation: 1.0,
        }],
        input_scale: 1.0,
        input_zero_point: 0,
        rate_hz: 1.0,
        window: count,
        hop: count,
        axes: 1,
        labels: &labels.iter().map(String::as_str).collect::<Vec<_>>(),
        none: &[],
        decision: Decision {
            smoothing: 1,
            ..Decision::default()
        },
    };
    let mut chip = AlignedBytes::from(vec![0; spec.encoded_len()]);
    spec.encode(chip.as_mut())?;
    let host = Host {
        tflite: file.to_vec(),
        report_json: String::new(),
        golden: golden(&graph, &labels)?,
        card: card(named),
    };
    Ok(bundle::write(chip.as_ref(), &host))
}

/// The one input or output, which must be int8.
fn end<'g>(graph: &'g Graph, ends: &[usize], what: &str) -> Result<&'g Tensor, LabError> {
    let tensor = match ends {
        [one] => graph.tensors.get(*one),
        _ => None,
    };
    let found = match tensor {
        Some(tensor) if tensor.dtype == DType::I8 => return Ok(tensor),
        Some(_) => "of another type than int8".to_owned(),
        None => format!("{} of them", ends.len()),
    };
    Err(LabError::new(
        format!(
            "the network's {what} can't be taken: there is one of int8 in what is exported, here {found}"
        ),
        format!("the network's {what}"),
        "convert the model with one int8 input and one int8 output",
    ))
}

/// Random inputs with the engine's answers.
fn golden(graph: &Graph, labels: &[String]) -> Result<Vec<Golden>, LabError> {
    let mut session: Session<_, _> = session(graph)?;
    let mut random = oorandom::Rand32::new(SEED);
    let mut made = Vec::with_capacity(GOLDEN);
    for _ in 0..GOLDEN {
        let input = session.input_mut(0);
        input.fill_with(|| ((random.rand_u32() >> 24) as u8).cast_signed());
        let features = input.to_vec();
        session.run();
        let outputs = session.output(0).to_vec();
        let best = crate::metrics::argmax(&outputs);
        made.push(Golden {
            label: labels.get(best).cloned().unwrap_or_default(),
            window: features.iter().map(|&q| f32::from(q)).collect(),
            features,
            outputs,
        });
    }
    Ok(made)
}

/// What a person should know of it.
fn card(named: bool) -> String {
    let labels = match named {
        true => "The labels are those of the file.",
        false => "The file names no labels: class 0, class 1 and so on stand for its outputs.",
    };
    format!(
        "This network was not trained with Lampyris: a .tflite file was wrapped as it is.\n{labels}\n\
         Nobody measured its accuracy here; ask who made it.\n\
         Its features must be computed as its maker did: it is given the int8 values of its own input.\n\
         The golden vectors are random values with this engine's answers: they show that a chip computes the same, not that the answers mean anything.\n"
    )
}

#[cfg(test)]
mod tests {
    use lampyris_device::{Chip, Classifier, Memory};
    use lampyris_dsp::BLOCKS;
    use lampyris_formats::tflite::Metadata;
    use lampyris_graph::{Node, Op, Quant};

    use super::*;

    fn tensor(dtype: DType) -> Tensor {
        Tensor {
            name: "t".into(),
            shape: vec![1, 4],
            dtype,
            quant: Some(Quant {
                scale: vec![1.0 / 256.0],
                zero_point: vec![if dtype == DType::U8 { 0 } else { -128 }],
                axis: 0,
            }),
            data: None,
        }
    }

    fn file(dtype: DType, labels: &[&str]) -> Vec<u8> {
        let graph = Graph {
            variables: Vec::new(),
            name: "g".into(),
            tensors: vec![tensor(dtype), tensor(DType::I8)],
            nodes: vec![Node {
                op: match dtype {
                    DType::I8 => Op::Softmax { beta: 1.0 },
                    _ => Op::Quantize,
                },
                inputs: vec![Some(0)],
                outputs: vec![1],
            }],
            inputs: vec![0],
            outputs: vec![1],
        };
        let metadata = Metadata {
            labels: labels.iter().map(|l| l.to_string()).collect(),
            ..Metadata::default()
        };
        tflite::write(&graph, &metadata).expect("a sound graph")
    }

    #[test]
    fn a_chip_gives_the_engine_s_answers() {
        let file = file(DType::I8, &["a", "b", "c", "d"]);
        let wrapped = wrap(&file).expect("one int8 input and output");
        assert_eq!(wrapped, wrap(&file).expect("again"));
        let bundle = bundle::read(&wrapped).expect("whole");
        let host = bundle.host.expect("both parts");
        assert_eq!(host.tflite, file);
        let part = AlignedBytes::new(&bundle.chip);
        let chip = Chip::parse(part.as_ref()).expect("written by us");
        assert_eq!(chip.labels().collect::<Vec<_>>(), ["a", "b", "c", "d"]);
        let needs = chip.least_needs();
        let memory = Memory {
            arena: vec![0; needs.arena],
            ring: vec![0.0; needs.ring],
            scratch: vec![0.0; needs.scratch],
            features: vec![0.0; needs.features],
        };
        let start = match chip.streaming_needs() {
            Some(_) => Classifier::streaming,
            None => Classifier::new,
        };
        let mut model =
            start(part.as_ref(), lampyris_core::ops::ALL, BLOCKS, memory).expect("runs");
        assert_eq!(host.golden.len(), GOLDEN);
        for golden in &host.golden {
            assert_eq!(model.quantized(&golden.window), golden.features);
            assert_eq!(model.infer(), golden.outputs);
        }
    }

    #[test]
    fn what_has_no_labels_gets_numbers() {
        let bundle = bundle::read(&wrap(&file(DType::I8, &[])).expect("wraps")).expect("whole");
        let part = AlignedBytes::new(&bundle.chip);
        let chip = Chip::parse(part.as_ref()).expect("written by us");
        assert_eq!(chip.labels().nth(2), Some("class 2"));
        assert!(bundle.host.expect("both").card.contains("names no labels"));
    }

    #[test]
    fn what_can_t_be_wrapped_is_told() {
        let refused = wrap(&file(DType::U8, &[])).expect_err("another type");
        assert!(refused.what.contains("int8"), "{refused}");
        assert!(wrap(b"no file").is_err());
    }
}
