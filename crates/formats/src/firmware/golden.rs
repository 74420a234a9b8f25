//! Golden vectors as files: what goes in, and the bytes that must come out.

use serde_json::json;

use super::{File, Source};

/// `golden/`: all inputs, features and outputs back to back, and what they are.
pub(super) fn files(source: &Source<'_>) -> Vec<File> {
    let chip = &source.chip;
    let golden = source.golden();
    let labels: Vec<&str> = chip.labels().collect();
    let bytes = |values: &[i8]| {
        values
            .iter()
            .map(|v| v.cast_unsigned())
            .collect::<Vec<u8>>()
    };
    let all = |of: fn(&crate::bundle::Golden) -> &[i8]| -> Vec<u8> {
        golden.iter().flat_map(|g| bytes(of(g))).collect()
    };
    let features = all(|g| &g.features);
    let outputs = all(|g| &g.outputs);
    let count = golden.len();
    let (name, kind, shape, inputs) = match chip.grid() {
        // A picture of the very size that the model sees reaches it as it is, each byte less 128.
        Some([rows, columns]) => (
            "inputs.u8",
            "uint8, a picture row by row from the top",
            vec![count, rows, columns, chip.axes()],
            features.iter().map(|byte| byte ^ 128).collect::<Vec<u8>>(),
        ),
        None => (
            "inputs.f32",
            "float32, little-endian",
            vec![count, chip.window(), chip.axes()],
            golden
                .iter()
                .flat_map(|g| &g.window)
                .flat_map(|v| v.to_le_bytes())
                .collect(),
        ),
    };
    let vectors: Vec<_> = golden
        .iter()
        .map(|g| json!({ "shows": g.label, "says": labels.get(best(&g.outputs)) }))
        .collect();
    let manifest = json!({
        "model_sha256": source.sha256,
        "labels": labels,
        "inputs": { "file": name, "values": kind, "shape": shape },
        "features": { "file": "features.i8", "values": "int8", "shape": [count, chip.features()] },
        "outputs": { "file": "outputs.i8", "values": "int8", "shape": [count, labels.len()] },
        "vectors": vectors,
    });
    let text = format!("{manifest:#}\n");
    vec![
        File::new("golden/golden.json", text),
        File::new(format!("golden/{name}"), inputs),
        File::new("golden/features.i8", features),
        File::new("golden/outputs.i8", outputs),
    ]
}

/// Index of the largest output, the first of equals.
pub(super) fn best(outputs: &[i8]) -> usize {
    let mut best = 0;
    for (index, output) in outputs.iter().enumerate() {
        if *output > outputs[best] {
            best = index;
        }
    }
    best
}
