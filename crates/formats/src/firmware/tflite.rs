//! The `.tflite` file, and the same as an array for projects with TFLite Micro.

use lampyris_graph::Tensor;

use super::c_source::string;
use super::{Facts, File, Kit, Source, Target};
use crate::{FormatError, tflite};

/// The exporter.
pub static TARGET: Target = Target {
    id: "tflite",
    title: "TensorFlow Lite",
    help: "The network alone, for a project that has TensorFlow Lite (Micro) already and computes the features itself.",
    kits: &["tflite"],
    make,
};

fn make(source: &Source<'_>, kit: &Kit) -> Result<Vec<File>, FormatError> {
    let file = &source.host.tflite;
    let (graph, _) = tflite::read(file)?;
    let mut facts = Facts::of(source)?;
    let end = |tensors: &[usize]| graph.tensors.get(*tensors.first()?).map(quant);
    for (tensors, [scale, zero]) in [
        (&graph.inputs, ["INPUT_SCALE", "INPUT_ZERO"]),
        (&graph.outputs, ["OUTPUT_SCALE", "OUTPUT_ZERO"]),
    ] {
        let (s, z) = end(tensors).unwrap_or((1.0, 0));
        // A literal of C: `{:?}` gives every digit that tells the number from its neighbours.
        facts.set(scale, format!("{s:?}f"));
        facts.set(zero, z.to_string());
    }
    let operators = tflite::operators(file)?;
    let add = |name: &String| format!("resolver.{}() == 0", resolver(name));
    let adds: Vec<String> = operators.iter().map(add).collect();
    facts.set("ADD_OPERATORS", adds.join(" &&\n         "));
    facts.set("OPERATOR_COUNT", operators.len().to_string());
    facts.set("MODEL_BYTES", file.len().to_string());
    facts.set("UPPER", source.name.to_uppercase());
    let labels = source
        .chip
        .labels()
        .map(string)
        .collect::<Result<Vec<_>, _>>()?;
    facts.set("LABEL_ROWS", format!("    {},", labels.join(",\n    ")));
    facts.set("ARRAY", array(file));
    let values = facts.values();
    let name = &source.name;
    Ok(vec![
        File::new(format!("{name}.tflite"), file.as_slice()),
        File::new(
            format!("{name}_tflite.h"),
            kit.filled("tflite/model.h", &values)?,
        ),
        File::new(
            format!("{name}_tflite.cc"),
            kit.filled("tflite/model.cc", &values)?,
        ),
    ])
}

/// Scale and zero point; those of int8 itself where there are none.
fn quant(tensor: &Tensor) -> (f32, i32) {
    let quant = tensor.quant.as_ref();
    let pair = quant.and_then(|q| Some((*q.scale.first()?, *q.zero_point.first()?)));
    pair.unwrap_or((1.0, 0))
}

/// What TFLite Micro's `MicroMutableOpResolver` calls the function for an operator.
fn resolver(name: &str) -> String {
    if name == "PADV2" {
        return "AddPadV2".into();
    }
    let mut out = String::from("Add");
    for word in name.split('_') {
        let (first, rest) = word.split_at(word.len().min(1));
        out.push_str(first);
        // "2D" stays as it is, "CONV" becomes "Conv".
        let digit = first.starts_with(|c: char| c.is_ascii_digit());
        out.push_str(&if digit {
            rest.into()
        } else {
            rest.to_lowercase()
        });
    }
    out
}

/// Bytes as rows of numbers for C.
fn array(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |nibble: u8| char::from(DIGITS[usize::from(nibble)]);
    let mut out = String::with_capacity(bytes.len() * 5 + bytes.len() / 4);
    for row in bytes.chunks(16) {
        out.push_str("    ");
        for byte in row {
            out.push_str("0x");
            out.push(digit(byte >> 4));
            out.push(digit(byte & 15));
            out.push(',');
        }
        out.push('\n');
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn operators_are_called_as_tflite_micro_calls_them() {
        for (name, call) in [
            ("CONV_2D", "AddConv2D"),
            ("DEPTHWISE_CONV_2D", "AddDepthwiseConv2D"),
            ("FULLY_CONNECTED", "AddFullyConnected"),
            ("PADV2", "AddPadV2"),
            ("RELU6", "AddRelu6"),
            ("SPLIT_V", "AddSplitV"),
            ("CALL_ONCE", "AddCallOnce"),
        ] {
            assert_eq!(resolver(name), call);
        }
    }

    #[test]
    fn an_array_holds_the_bytes() {
        assert_eq!(array(&[0, 255, 16]), "    0x00,0xff,0x10,\n");
        assert_eq!(array(&[7; 17]).lines().count(), 2);
    }
}
