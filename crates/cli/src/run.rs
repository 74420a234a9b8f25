//! `lampyris run`: raw tensors through the int8 engine.

use std::path::{Path, PathBuf};

use lampyris_formats::tflite::{self, Numbers};
use lampyris_graph::Graph;
use lampyris_lab::{Engine, LabError};

use crate::{Outcome, output};

/// Runs every case of the inputs and writes the outputs.
pub(crate) fn run(
    model: &Path,
    inputs: &[PathBuf],
    outputs: &[PathBuf],
    layers: Option<&Path>,
) -> Outcome {
    let at_model = |mut e: LabError| {
        e.place = format!("{}, {}", model.display(), e.place);
        e
    };
    let (graph, _, numbers) =
        tflite::read_numbered(&output::read(model)?).map_err(|e| at_model(e.into()))?;
    // What is fused is not computed, so it can't be written either.
    let session_of = |graph: &Graph| lampyris_lab::session(graph).map_err(at_model);
    let mut session = match layers {
        Some(_) => session_of(&graph)?,
        // A refusal names the node as the file has it.
        None => session_of(&graph.fused()).or_else(|_| session_of(&graph))?,
    };
    apart(outputs, &[&[model.to_owned()], inputs].concat())?;
    expect("--input", inputs.len(), session.arity().0)?;
    expect("--output", outputs.len(), session.arity().1)?;
    let cases = Cases::read(&session, inputs)?;
    let mut results: Vec<Vec<u8>> = vec![Vec::new(); outputs.len()];
    for case in 0..cases.count {
        cases.load(&mut session, case);
        match layers {
            Some(folder) => run_layers(&mut session, &numbers, folder, case)?,
            None => session.run(),
        }
        for (i, result) in results.iter_mut().enumerate() {
            result.extend(session.output(i).iter().map(|v| *v as u8));
        }
    }
    let files = outputs.iter().cloned().zip(results);
    output::write_all(&files.collect::<Vec<_>>())?;
    eprintln!("lampyris: {} cases", cases.count);
    Ok(())
}

/// No result goes where something is read from.
fn apart(outputs: &[PathBuf], read: &[PathBuf]) -> Outcome {
    let place = |path: &PathBuf| path.canonicalize().ok().filter(|place| place.is_file());
    let clash = outputs.iter().find(|output| {
        place(output).is_some_and(|at| read.iter().any(|r| place(r) == Some(at.clone())))
    });
    clash.map_or(Ok(()), |output| {
        Err(LabError::new(
            "the output would replace what is read",
            output.display().to_string(),
            "name another file for --output",
        ))
    })
}

fn expect(flag: &str, found: usize, needed: usize) -> Outcome {
    if found == needed {
        return Ok(());
    }
    Err(LabError::new(
        format!("{flag} is given {found} times, the model has {needed}"),
        "command line",
        format!("give {flag} once for each, in order"),
    ))
}

/// All inputs of all cases.
struct Cases {
    count: usize,
    inputs: Vec<Vec<u8>>,
}

impl Cases {
    fn read(session: &Engine, paths: &[PathBuf]) -> Outcome<Self> {
        let mut cases = Self {
            count: 0,
            inputs: Vec::new(),
        };
        for (i, path) in paths.iter().enumerate() {
            let bytes = output::read(path)?;
            let size = session.input(i).len();
            let count = bytes.len() / size.max(1);
            if bytes.is_empty() || bytes.len() != count * size {
                return Err(LabError::new(
                    format!("{} bytes are not whole cases of {size}", bytes.len()),
                    path.display().to_string(),
                    "put the model's int8 tensors back to back, nothing between",
                ));
            }
            if i > 0 && count != cases.count {
                return Err(LabError::new(
                    format!("{count} cases, the first input has {}", cases.count),
                    path.display().to_string(),
                    "give as many cases of each input",
                ));
            }
            cases.count = count;
            cases.inputs.push(bytes);
        }
        Ok(cases)
    }

    fn load(&self, session: &mut Engine, case: usize) {
        for (i, bytes) in self.inputs.iter().enumerate() {
            let to = session.input_mut(i);
            let from = &bytes[case * to.len()..];
            to.iter_mut()
                .zip(from)
                .for_each(|(to, from)| *to = *from as i8);
        }
    }
}

/// Runs one case and writes what each operator wrote: `CCC/OOO_tTTT.bin`, with
/// the numbers of case, operator and tensor in the file.
fn run_layers(session: &mut Engine, numbers: &Numbers, folder: &Path, case: usize) -> Outcome {
    let folder = folder.join(format!("{case:03}"));
    output::folder(&folder)?;
    let mut files = Vec::new();
    session.run_with(|_, step| {
        let operator = numbers.operators[step.id() as usize];
        for (tensor, values) in step.outputs() {
            let tensor = numbers.tensors[tensor as usize];
            let path = folder.join(format!("{operator:03}_t{tensor:03}.bin"));
            files.push((path, values.iter().map(|v| *v as u8).collect()));
        }
    });
    output::write_all(&files)
}
