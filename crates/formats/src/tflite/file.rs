//! A file taken apart: its graphs with their tensors and operators, as they stand.

use super::schema::{SCHEMA_VERSION, buffer, model, subgraph, tensor};
use super::step::{Step, indices, steps};
use super::table::{Source, Table};
use crate::FormatError;

/// The parts that all graphs share.
pub(super) struct File<'a> {
    pub(super) root: Table<'a>,
    pub(super) buffers: Vec<Table<'a>>,
    graphs: Vec<Table<'a>>,
}

/// One graph of a file.
pub(super) struct Subgraph<'a> {
    pub(super) name: String,
    pub(super) tensors: Vec<Table<'a>>,
    pub(super) steps: Vec<Step<'a>>,
    pub(super) inputs: Vec<usize>,
    pub(super) outputs: Vec<usize>,
}

impl<'a> File<'a> {
    pub(super) fn open(source: &'a Source<'a>) -> Result<Self, FormatError> {
        let root = source.root()?;
        let version = root.uint(model::VERSION)?;
        if version != SCHEMA_VERSION {
            return Err(FormatError::new(
                format!("the file has version {version} of the schema"),
                "its head",
                "convert the model again with a current TensorFlow; version 3 is supported",
            ));
        }
        let graphs = root.tables(model::SUBGRAPHS)?;
        if graphs.is_empty() {
            return Err(FormatError::new(
                "the file holds no graph",
                "its list of subgraphs",
                "export the model again",
            ));
        }
        let buffers = root.tables(model::BUFFERS)?;
        Ok(Self {
            root,
            buffers,
            graphs,
        })
    }

    /// How many graphs there are; the first one is the model.
    pub(super) fn graphs(&self) -> usize {
        self.graphs.len()
    }

    /// Graph `index`, if the file has it.
    pub(super) fn subgraph(&self, index: usize) -> Result<Option<Subgraph<'a>>, FormatError> {
        let Some(table) = self.graphs.get(index) else {
            return Ok(None);
        };
        let list = |field| -> Result<Vec<usize>, FormatError> {
            Ok(indices(table, field)?.into_iter().flatten().collect())
        };
        Ok(Some(Subgraph {
            name: table.string(subgraph::NAME)?,
            tensors: table.tables(subgraph::TENSORS)?,
            steps: steps(&self.root, table, index)?,
            inputs: list(subgraph::INPUTS)?,
            outputs: list(subgraph::OUTPUTS)?,
        }))
    }

    /// The bytes of buffer `number`; none where it is empty.
    pub(super) fn buffer(&self, number: u32) -> Result<Option<&'a [u8]>, FormatError> {
        let place = || format!("buffer {number}");
        let table = self.buffers.get(number as usize).ok_or_else(|| {
            FormatError::new(
                format!("the file has {} buffers", self.buffers.len()),
                place(),
                "it is damaged: download or export it again",
            )
        })?;
        if table.has(buffer::OFFSET) {
            return Err(FormatError::new(
                "values are stored behind the flatbuffer",
                place(),
                "that is for models above 2 GB: export a smaller one",
            ));
        }
        Ok(Some(table.bytes(buffer::DATA)?).filter(|b| !b.is_empty()))
    }
}

impl Subgraph<'_> {
    /// The element type of a tensor, if there is such a tensor.
    pub(super) fn element(&self, tensor: usize) -> Option<i8> {
        self.tensors.get(tensor)?.byte(tensor::TYPE).ok()
    }
}
