//! Files there and back, and damage.

mod edges;
mod state;

use lampyris_graph::{Activation, DType, Graph, Node, Op, Quant, Tensor};

use super::schema::{model, operator, operator_code, subgraph, tensor};
use super::tree::{Fields, Value, flatten};
use super::{Metadata, read, write};

fn quant(scale: &[f32], zero: i32) -> Option<Quant> {
    Some(Quant {
        scale: scale.to_vec(),
        zero_point: vec![zero; scale.len()],
        axis: 0,
    })
}

fn activation(name: &str, shape: &[usize], scale: f32, zero: i32) -> Tensor {
    Tensor {
        name: name.into(),
        shape: shape.to_vec(),
        dtype: DType::I8,
        quant: quant(&[scale], zero),
        data: None,
    }
}

/// x `[1, 4]` → RESHAPE `[4, 1]` … → FULLY_CONNECTED → SOFTMAX, three labels.
fn sample() -> (Graph, Metadata) {
    let words = |v: &[i32]| v.iter().flat_map(|v| v.to_le_bytes()).collect();
    let graph = Graph {
        variables: Vec::new(),
        name: "fireflies".into(),
        tensors: vec![
            activation("x", &[1, 2, 2], 0.05, 3),
            Tensor {
                name: "shape".into(),
                shape: vec![2],
                dtype: DType::I32,
                quant: None,
                data: Some(words(&[1, 4])),
            },
            activation("flat", &[1, 4], 0.05, 3),
            Tensor {
                name: "w".into(),
                shape: vec![3, 4],
                dtype: DType::I8,
                quant: quant(&[0.01, 0.02, 0.03], 0),
                data: Some((1..13).collect()),
            },
            Tensor {
                name: "b".into(),
                shape: vec![3],
                dtype: DType::I32,
                quant: quant(&[0.0005, 0.001, 0.0015], 0),
                data: Some(words(&[1, -2, 70_000])),
            },
            activation("y", &[1, 3], 0.1, -5),
            activation("p", &[1, 3], 1.0 / 256.0, -128),
        ],
        nodes: vec![
            Node {
                op: Op::Reshape,
                inputs: vec![Some(0), Some(1)],
                outputs: vec![2],
            },
            Node {
                op: Op::FullyConnected {
                    activation: Activation::Relu6,
                },
                inputs: vec![Some(2), Some(3), Some(4)],
                outputs: vec![5],
            },
            Node {
                op: Op::Softmax { beta: 1.0 },
                inputs: vec![Some(5)],
                outputs: vec![6],
            },
        ],
        inputs: vec![0],
        outputs: vec![6],
    };
    let metadata = Metadata {
        labels: ["idle", "wave", "höher"].map(String::from).to_vec(),
        settings_json: r#"{"block":"spectral"}"#.into(),
        description: "A test".into(),
        entries: vec![("min_runtime_version".into(), b"1.5.0".to_vec())],
    };
    (graph, metadata)
}

#[test]
fn there_and_back_is_the_same() {
    let (graph, metadata) = sample();
    let bytes = write(&graph, &metadata).expect("a sound graph");
    assert_eq!(read(&bytes), Ok((graph.clone(), metadata)));
    // Without anything beside the network nothing is appended.
    let bare = write(&graph, &Metadata::default()).expect("a sound graph");
    assert_eq!(read(&bare), Ok((graph, Metadata::default())));
    assert!(!bare.windows(2).any(|w| w == b"PK"));
}

#[test]
fn the_same_graph_gives_the_same_bytes() {
    let (graph, metadata) = sample();
    let once = write(&graph, &metadata).expect("a sound graph");
    assert_eq!(Ok(once), write(&graph, &metadata));
}

#[test]
fn the_zip_can_be_found_from_the_end_with_offsets_from_the_start() {
    let (graph, metadata) = sample();
    let bytes = write(&graph, &metadata).expect("a sound graph");
    let end = bytes
        .windows(4)
        .rposition(|w| w == b"PK\x05\x06")
        .expect("an end record");
    let word = |at: usize| u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"));
    let directory = word(end + 16) as usize;
    assert_eq!(&bytes[directory..directory + 4], b"PK\x01\x02");
    let entry = word(directory + 42) as usize;
    assert_eq!(&bytes[entry..entry + 4], b"PK\x03\x04");
    let text = "idle\nwave\nhöher\n".as_bytes();
    assert!(bytes[entry..].windows(text.len()).any(|w| w == text));
}

#[test]
fn labels_that_dont_fit_are_refused() {
    let (graph, mut metadata) = sample();
    metadata.labels.pop();
    let error = write(&graph, &metadata).expect_err("two labels");
    assert!(error.what.contains("2 labels for 3 outputs"), "{error}");
    metadata.labels.push("two\nlines".into());
    let error = write(&graph, &metadata).expect_err("a line break");
    assert!(error.what.contains("line break"), "{error}");
}

#[test]
fn every_cut_and_every_flipped_byte_is_read_or_refused() {
    let (graph, metadata) = sample();
    let bytes = write(&graph, &metadata).expect("a sound graph");
    for cut in 0..bytes.len() {
        assert!(read(&bytes[..cut]).is_err(), "cut to {cut} bytes");
    }
    for at in 0..bytes.len() {
        for flip in [0x01, 0x80, 0xff] {
            let mut damaged = bytes.clone();
            damaged[at] ^= flip;
            // No panic; what is still read may be emitted or refused, too.
            if let Ok((graph, _)) = read(&damaged) {
                let _ = graph.emit();
            }
        }
    }
}

#[test]
fn strangers_are_refused_by_name() {
    let refusal = |bytes: &[u8]| read(bytes).expect_err("no model").what;
    assert!(refusal(b"").contains("is empty"));
    assert!(refusal(b"\x08\x08\x12\x07pytorch").contains("ONNX"));
    assert!(refusal(b"\xff\0\0\0TFL3____").contains("damaged"));
    assert!(refusal(b"some other bytes").contains("not a TensorFlow Lite file"));
}

/// A file with one operator of that number on int8 or float tensors.
fn stranger(code: i32, element: i8, version: u32, graphs: usize) -> Vec<u8> {
    let tensor = |name: &str| -> Fields {
        vec![
            (tensor::SHAPE, Value::Ints(vec![1, 2])),
            (tensor::TYPE, Value::Byte(element)),
            (tensor::NAME, Value::Str(name.into())),
        ]
    };
    let graph = || -> Fields {
        vec![
            (
                subgraph::TENSORS,
                Value::Tables(vec![tensor("x"), tensor("y")]),
            ),
            (subgraph::INPUTS, Value::Ints(vec![0])),
            (subgraph::OUTPUTS, Value::Ints(vec![1])),
            (
                subgraph::OPERATORS,
                Value::Tables(vec![vec![
                    (operator::INPUTS, Value::Ints(vec![0])),
                    (operator::OUTPUTS, Value::Ints(vec![1])),
                ]]),
            ),
        ]
    };
    let code = vec![
        (operator_code::BUILTIN, Value::Int(code)),
        (operator_code::CUSTOM, Value::Str("SignalRfft".into())),
    ];
    let root = vec![
        (model::VERSION, Value::UInt(version)),
        (model::OPERATOR_CODES, Value::Tables(vec![code])),
        (
            model::SUBGRAPHS,
            Value::Tables((0..graphs).map(|_| graph()).collect()),
        ),
        (model::BUFFERS, Value::Tables(vec![vec![]])),
    ];
    flatten(&root, *b"TFL3")
}

#[test]
fn what_is_not_supported_is_named_with_its_place() {
    let refusal = |bytes: &[u8]| read(bytes).expect_err("not supported").to_string();
    let lstm = refusal(&stranger(16, 9, 3, 1));
    assert!(
        lstm.contains("LSTM is not supported (operator 0)"),
        "{lstm}"
    );
    assert!(
        lstm.contains("supported on int8 are ABS, ADD, ASSIGN_VARIABLE, AVERAGE_POOL_2D"),
        "{lstm}"
    );
    let custom = refusal(&stranger(32, 7, 3, 1));
    assert!(
        custom.contains("custom SignalRfft is not supported"),
        "{custom}"
    );
    let float = refusal(&stranger(25, 0, 3, 1));
    assert!(
        float.contains("SOFTMAX computes in float32 (tensor 0) (operator 0)"),
        "{float}"
    );
    let wide = refusal(&stranger(25, 7, 3, 1));
    assert!(wide.contains("computes in int16"), "{wide}");
    assert!(refusal(&stranger(25, 9, 2, 1)).contains("version 2"));
    assert!(refusal(&stranger(25, 9, 3, 2)).contains("2 graphs"));
    assert!(refusal(&stranger(119, 9, 3, 2)).contains("WHILE is not supported"));
    assert!(refusal(&stranger(25, 9, 3, 0)).contains("no graph"));
}
