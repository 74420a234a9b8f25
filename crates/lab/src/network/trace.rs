//! What every operator of a file writes: the network once more, with nothing fused.

use lampyris_core::{Session, ops};
use lampyris_formats::tflite::{self, Numbers};
use lampyris_graph::{AlignedBytes, GraphError};

use super::{check_size, refused, set_inputs};
use crate::LabError;

/// A network whose layers can be looked at one by one.
pub struct Trace {
    session: Session<AlignedBytes, AlignedBytes>,
    numbers: Numbers,
}

impl Trace {
    /// Opens the bytes of a `.tflite` file.
    ///
    /// # Errors
    /// Those of [`super::Network::open`].
    pub fn open(file: &[u8]) -> Result<Self, LabError> {
        let (graph, _, numbers) = tflite::read_numbered(file)?;
        check_size(&graph)?;
        let refused = |e: GraphError| refused(&graph, &e);
        let arena = graph.plan().map_err(refused)?.arena_bytes;
        let blob = graph.emit().map_err(refused)?;
        let arena = AlignedBytes::from(vec![0; arena]);
        let session = Session::new(blob.into(), arena, ops::ALL).map_err(|e| {
            LabError::new(
                e.to_string(),
                "the int8 graph",
                "report this file: it passed every check but the engine's",
            )
        })?;
        Ok(Self { session, numbers })
    }

    /// Sets all inputs, runs, and shows what each operator wrote: its number and its
    /// tensor's in the file, and the raw bytes. A state is kept from run to run.
    ///
    /// # Errors
    /// Another number of inputs, or one of another length; nothing is run then.
    pub fn run(
        &mut self,
        inputs: &[&[u8]],
        see: &mut dyn FnMut(usize, usize, &[u8]),
    ) -> Result<(), LabError> {
        set_inputs(&mut self.session, inputs)?;
        let numbers = &self.numbers;
        self.session.run_with(|_, step| {
            let operator = numbers.operators[step.id() as usize];
            for (tensor, values) in step.outputs() {
                let raw: Vec<u8> = values.iter().map(|v| v.cast_unsigned()).collect();
                see(operator, numbers.tensors[tensor as usize], &raw);
            }
        });
        Ok(())
    }
}
