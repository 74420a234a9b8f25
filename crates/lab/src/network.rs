//! Any `.tflite` at work, without a project: what it holds, what it costs, how
//! it answers and how long each layer takes.
//!
//! [`Network::open`] reads, checks and plans; what it gives can't fail but for
//! inputs that are not as long as they must be. A file comes from anywhere, so
//! nothing of it is believed: what is too large for a page is refused before
//! memory is asked for.

mod info;
mod profile;
mod trace;

use lampyris_core::{ModelError, Session, arena_bytes, ops};
use lampyris_device::quantize;
use lampyris_formats::tflite;
use lampyris_graph::{AlignedBytes, DType, Graph, GraphError, Tensor};

use crate::LabError;
pub use info::{ArenaPlace, NetworkInfo, NetworkLayer, TensorInfo};
use profile::Stopwatch;
pub use profile::{NetworkTimes, Timing};
pub use trace::Trace;

/// Activations together, in bytes: far above what any chip holds, and below what
/// a page can't give.
const MOST_ACTIVATIONS: u64 = 1 << 28;

/// An open network with its arena.
pub struct Network {
    info: NetworkInfo,
    graph: Graph,
    session: Engine,
    stopwatch: Stopwatch,
}

/// Values to try a network with when there are none at hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fill {
    /// Real 0 everywhere.
    Zeros,
    /// Every raw value equally often; the same for the same seed.
    Random(u64),
}

impl Network {
    /// Opens the bytes of a `.tflite` file.
    ///
    /// # Errors
    /// What is wrong with the file or not supported, at which operator or tensor,
    /// and what would be accepted.
    pub fn open(file: &[u8]) -> Result<Self, LabError> {
        let (graph, metadata) = tflite::read(file)?;
        check_size(&graph)?;
        let stated = graph;
        let graph = stated.fused();
        let plan = graph.plan().map_err(|e| refused(&graph, &e))?;
        let blob = graph.emit().map_err(|e| refused(&graph, &e))?;
        let sizes = [file.len(), blob.len()];
        let info = NetworkInfo::of([&stated, &graph], &metadata, &plan, sizes);
        let session = start(blob)?;
        Ok(Self {
            stopwatch: Stopwatch::new(info.layers.len()),
            info,
            graph,
            session,
        })
    }

    /// What is known of it.
    pub fn info(&self) -> &NetworkInfo {
        &self.info
    }

    /// The operators that this build runs, by TFLite's names.
    pub fn operators() -> Vec<&'static str> {
        ops::ALL.iter().map(|op| op.name).collect()
    }

    /// Sets all inputs (raw bytes, one slice an input, in the order of
    /// [`NetworkInfo::inputs`]), runs, and gives the outputs' raw bytes.
    ///
    /// # Errors
    /// Another number of inputs, or one of another length; nothing is run then.
    pub fn run(&mut self, inputs: &[&[u8]]) -> Result<Vec<Vec<u8>>, LabError> {
        set_inputs(&mut self.session, inputs)?;
        self.session.run();
        let raw = |i| self.session.output(i).iter().map(|v| v.cast_unsigned());
        Ok((0..self.session.arity().1)
            .map(|i| raw(i).collect())
            .collect())
    }

    /// Forgets what earlier runs have left in the state, where there is any.
    pub fn reset(&mut self) {
        self.session.reset();
    }

    /// Raw bytes for input `i`; empty where there is no such input.
    pub fn fill(&self, i: usize, fill: Fill) -> Vec<u8> {
        let Some(tensor) = self.tensor(&self.graph.inputs, i) else {
            return Vec::new();
        };
        match fill {
            Fill::Zeros => vec![info::zero(tensor); tensor.elements()],
            Fill::Random(seed) => {
                // Inputs of one seed differ from each other.
                let mut random = oorandom::Rand32::new(seed.wrapping_add((i as u64) << 32));
                (0..tensor.elements())
                    .map(|_| (random.rand_u32() >> 24) as u8)
                    .collect()
            }
        }
    }

    /// Raw bytes of real values for input `i`, as TFLite quantizes them.
    pub fn quantize(&self, i: usize, values: &[f32]) -> Vec<u8> {
        let Some(tensor) = self.tensor(&self.graph.inputs, i) else {
            return Vec::new();
        };
        let (scale, zero) = info::scale(tensor);
        // A uint8 is the int8 128 below it, with every bit alike but the first.
        let flip = if tensor.dtype == DType::U8 { 128 } else { 0 };
        let zero = (zero - i32::from(flip)) as i8;
        let raw = |&x| quantize(x, scale, zero).cast_unsigned() ^ flip;
        values.iter().map(raw).collect()
    }

    /// Real values of output `i`'s raw bytes.
    pub fn dequantize(&self, i: usize, raw: &[u8]) -> Vec<f32> {
        let Some(tensor) = self.tensor(&self.graph.outputs, i) else {
            return Vec::new();
        };
        let (scale, zero) = info::scale(tensor);
        let number = |q: u8| match tensor.dtype {
            DType::U8 => i32::from(q),
            DType::I8 | DType::I32 => i32::from(q.cast_signed()),
        };
        let real = |&q: &u8| (number(q) - zero) as f32 * scale;
        raw.iter().map(real).collect()
    }

    /// Times another block of runs on what the inputs hold, `block_ms` long at
    /// least, and gives what all blocks since the last `fresh` one tell.
    ///
    /// `clock` gives milliseconds from any beginning; it may be coarse.
    pub fn measure(
        &mut self,
        block_ms: f64,
        fresh: bool,
        clock: &mut dyn FnMut() -> f64,
    ) -> NetworkTimes {
        if fresh {
            self.stopwatch = Stopwatch::new(self.info.layers.len());
        }
        self.stopwatch.block(&mut self.session, block_ms, clock);
        self.stopwatch.times()
    }

    fn tensor(&self, ends: &[usize], i: usize) -> Option<&Tensor> {
        self.graph.tensors.get(*ends.get(i)?)
    }
}

/// A model with its arena, both on the heap.
pub type Engine = Session<AlignedBytes, AlignedBytes>;

/// The engine for a file's graph.
///
/// # Errors
/// What is wrong with the graph, at which operator.
pub fn session(graph: &Graph) -> Result<Engine, LabError> {
    start(graph.emit().map_err(|e| refused(graph, &e))?)
}

/// The engine for what a graph emits.
fn start(blob: Vec<u8>) -> Result<Engine, LabError> {
    let failed = |e: ModelError| {
        LabError::new(
            e.to_string(),
            "the int8 graph",
            "report this file: it passed every check but the engine's",
        )
    };
    let blob = AlignedBytes::from(blob);
    let arena = arena_bytes(blob.as_ref()).map_err(failed)?;
    let arena = AlignedBytes::from(vec![0; arena]);
    Session::new(blob, arena, ops::ALL).map_err(failed)
}

/// Sets all inputs, raw bytes, one slice an input.
fn set_inputs(session: &mut Engine, inputs: &[&[u8]]) -> Result<(), LabError> {
    let wanted = session.arity().0;
    if inputs.len() != wanted {
        return Err(LabError::new(
            format!("{} inputs were given", inputs.len()),
            "inputs",
            format!("the network has {wanted}"),
        ));
    }
    for (i, input) in inputs.iter().enumerate() {
        let room = session.input(i).len();
        if input.len() != room {
            return Err(LabError::new(
                format!("{} values were given", input.len()),
                format!("input {i}"),
                format!("it takes {room}"),
            ));
        }
    }
    for (i, input) in inputs.iter().enumerate() {
        let to = session.input_mut(i);
        for (to, &from) in to.iter_mut().zip(*input) {
            *to = from.cast_signed();
        }
    }
    Ok(())
}

/// Refuses what would ask for more memory than a page has, before it is asked for.
pub(crate) fn check_size(graph: &Graph) -> Result<(), LabError> {
    let activations = graph.tensors.iter().filter(|t| t.data.is_none());
    let bytes = activations.fold(0u64, |sum, t| sum.saturating_add(t.elements() as u64));
    if bytes <= MOST_ACTIVATIONS {
        return Ok(());
    }
    Err(LabError::new(
        format!("its activations take {} MB", bytes / 1_000_000),
        "the tensors between the layers",
        format!(
            "use a smaller input: up to {} MB together are supported",
            MOST_ACTIVATIONS / 1_000_000
        ),
    ))
}

/// Why a file's graph can't be run: the person has the file, not the training.
pub(crate) fn refused(graph: &Graph, error: &GraphError) -> LabError {
    let node = error.node.and_then(|n| Some((n, graph.nodes.get(n)?)));
    let place = node.map_or_else(
        || "the graph".to_owned(),
        |(n, node)| format!("operator {n} ({})", node.op.name()),
    );
    LabError::new(
        error.message.clone(),
        place,
        "convert the model again, fully quantized to int8 with TFLite's own converter",
    )
}

#[cfg(test)]
mod tests;
