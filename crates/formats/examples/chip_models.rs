//! What emulated chips run, and what they must give:
//! `cargo run -p lampyris-formats --example chip_models -- OUT [CALLS DIR]…`
//!
//! DIR holds `model.tflite` and inputs: `in.bin` or `inputs.bin`, or `in0.bin`, `in1.bin`
//! and so on where the model has several, all calls one after another. Of each, the first
//! calls are taken, at most CALLS, and how many is printed as `<name of DIR>,<calls>`.
//! `OUT/<name of DIR>/` then holds
//!
//! * `graph.bin`, the emitted graph,
//! * `inputs.bin`, for each call all inputs one after another,
//! * `expected.bin`, what this engine gives on the host, likewise; where DIR has outputs
//!   (`out.bin`, `outputs.bin`, `out0.bin`…) these must be the same,
//! * `layers.csv`, for each node that runs its operator, multiply-accumulates, the values that
//!   it writes and reads (constants left out), and of a CONV_2D the rows of its kernel.

use std::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use lampyris_core::{Session, arena_bytes, ops::ALL};
use lampyris_formats::tflite;
use lampyris_graph::{AlignedBytes, Graph};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = std::env::args().skip(1);
    let usage = "usage: chip_models OUT [CALLS DIR]…";
    let out = PathBuf::from(arguments.next().ok_or(usage)?);
    while let Some(calls) = arguments.next() {
        let folder = PathBuf::from(arguments.next().ok_or(usage)?);
        let name = folder.file_name().ok_or(usage)?;
        let calls = prepare(&folder, calls.parse()?, &out.join(name))
            .map_err(|error| format!("{}: {error}", folder.display()))?;
        println!("{},{calls}", name.display());
    }
    Ok(())
}

fn prepare(folder: &Path, most: usize, out: &Path) -> Result<usize, Box<dyn Error>> {
    let (graph, _) = tflite::read(&fs::read(folder.join("model.tflite"))?)?;
    let blob = graph.emit()?;
    let aligned = AlignedBytes::new(&blob);
    let arena = vec![0; arena_bytes(aligned.as_ref())?];
    let mut session = Session::new(aligned, arena, ALL)?;
    let arity = session.arity();
    let files = files(folder, ["in.bin", "inputs.bin"], "in", arity.0)?;
    let golden = self::files(folder, ["out.bin", "outputs.bin"], "out", arity.1).ok();

    let per_call = session.input(0).len();
    let calls = most.min(files[0].len().checked_div(per_call).unwrap_or(0));
    let (mut inputs, mut expected, mut layers) = (Vec::new(), Vec::new(), Vec::new());
    for call in 0..calls {
        for (input, file) in files.iter().enumerate() {
            let values = session.input_mut(input);
            let Some(bytes) = file.chunks_exact(values.len()).nth(call) else {
                return Err(format!("input {input} ends before call {call}").into());
            };
            for (to, from) in values.iter_mut().zip(bytes) {
                *to = *from as i8;
            }
            inputs.extend_from_slice(bytes);
        }
        layers.clear();
        session.run_with(|_, step| layers.push(step.id() as usize));
        for output in 0..arity.1 {
            let values: Vec<u8> = session.output(output).iter().map(|&v| v as u8).collect();
            let want = golden.as_ref().map(|files| &files[output]);
            if want.is_some_and(|w| w.chunks_exact(values.len()).nth(call) != Some(&values)) {
                return Err(format!("call {call}: output {output} is not the golden one").into());
            }
            expected.extend(values);
        }
    }
    fs::create_dir_all(out)?;
    fs::write(out.join("graph.bin"), blob)?;
    fs::write(out.join("inputs.bin"), inputs)?;
    fs::write(out.join("expected.bin"), expected)?;
    fs::write(out.join("layers.csv"), table(&graph, &layers))?;
    Ok(calls)
}

/// The first of the two names for a single value, or one numbered file each.
fn files(
    folder: &Path,
    single: [&str; 2],
    numbered: &str,
    count: usize,
) -> Result<Vec<Vec<u8>>, Box<dyn Error>> {
    if count == 1
        && let Some(path) = single
            .map(|n| folder.join(n))
            .into_iter()
            .find(|p| p.exists())
    {
        return Ok(vec![fs::read(path)?]);
    }
    let file = |i| {
        let name = format!("{numbered}{i}.bin");
        fs::read(folder.join(&name)).map_err(|error| format!("{name}: {error}").into())
    };
    (0..count).map(file).collect()
}

/// The nodes with these numbers, in the order that they ran.
fn table(graph: &Graph, nodes: &[usize]) -> String {
    let costs = graph.costs();
    let row = |&index: &usize| {
        let (cost, node) = (&costs[index], &graph.nodes[index]);
        let tensor = |t: &usize| &graph.tensors[*t];
        let outputs: usize = node.outputs.iter().map(|t| tensor(t).elements()).sum();
        let read = node.inputs.iter().flatten().map(tensor);
        let reads: usize = read
            .filter(|t| t.data.is_none())
            .map(|t| t.elements())
            .sum();
        let weights = node.inputs.get(1).and_then(|t| t.as_ref()).map(tensor);
        let rows = weights.filter(|_| cost.operator == "CONV_2D");
        let rows = rows.and_then(|w| w.shape.get(1)).map(usize::to_string);
        let rows = rows.unwrap_or_default();
        format!("{},{},{outputs},{reads},{rows}\n", cost.operator, cost.macs)
    };
    let rows: String = nodes.iter().map(row).collect();
    format!("operator,macs,outputs,reads,rows\n{rows}")
}
