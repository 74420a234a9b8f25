//! What every operator of a file writes: the network once more, with nothing fused.

use lampyris_formats::tflite::{self, Numbers};

use super::{Engine, check_size, session, set_inputs};
use crate::LabError;

/// A network whose layers can be looked at one by one.
pub struct Trace {
    session: Engine,
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
        let session = session(&graph)?;
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
