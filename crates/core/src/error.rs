//! Why a model is refused. Found once, by [`crate::Session::new`].

use core::fmt;

/// A part of the model blob.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// Activations.
    Tensors,
    /// Steps.
    Nodes,
    /// Tensor indices.
    List,
    /// The operators' own words.
    Params,
    /// Weights, biases, multipliers.
    Data,
}

/// What an operator finds wrong with a node.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// Not the number of inputs or outputs that the operator has.
    Arity,
    /// Not the number of parameters that the operator has, or one out of its range.
    Params,
    /// Tensors whose shapes don't fit together.
    Shape,
    /// Weights, biases or multipliers that lie outside the data.
    Constant,
    /// A multiplier or shift that can't come from two scales.
    Multiplier,
    /// A tensor of an element type that the operator doesn't take.
    Type,
}

/// What is wrong with a model. Indices count within the blob's sections.
#[non_exhaustive]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ModelError {
    /// Fewer bytes than a header has.
    TooShort {
        /// Bytes given.
        given: usize,
    },
    /// The bytes don't start on a 16-byte boundary.
    Misaligned,
    /// The bytes don't begin as a model does.
    NotAModel,
    /// A layout that this build doesn't know.
    Version {
        /// The version stated.
        found: u32,
    },
    /// The stated length is not the one given.
    Length {
        /// By the header.
        stated: usize,
        /// In fact.
        given: usize,
    },
    /// A section doesn't start on 16 bytes.
    SectionMisaligned {
        /// Which.
        section: Section,
    },
    /// A section runs over the end or into the header.
    SectionOutOfRange {
        /// Which.
        section: Section,
    },
    /// The arena has too few bytes.
    ArenaTooSmall {
        /// Bytes needed.
        needed: usize,
        /// Bytes given.
        given: usize,
    },
    /// A tensor of an unknown type or place.
    TensorType {
        /// Which.
        tensor: usize,
    },
    /// A tensor whose dimensions don't multiply to its bytes, or are none or zero.
    TensorShape {
        /// Which.
        tensor: usize,
    },
    /// A tensor that lies beyond the arena, or a constant beyond the data.
    TensorOutsideArena {
        /// Which.
        tensor: usize,
    },
    /// The graph's inputs or outputs are none, not in the list, or no activations.
    InputsOutputs,
    /// An index in the list that names no tensor.
    TensorIndex {
        /// Place in the list.
        at: usize,
    },
    /// Two inputs of the graph share bytes.
    InputsOverlap {
        /// One of them, by its place among the inputs.
        input: usize,
    },
    /// A node whose lists or params are out of range.
    NodeRange {
        /// Which.
        node: usize,
    },
    /// An operator that isn't in the table given.
    UnknownOperator {
        /// Which node.
        node: usize,
        /// TFLite's number of the operator.
        code: u32,
    },
    /// A node that the operator refuses.
    Node {
        /// Which.
        node: usize,
        /// Why.
        fault: Fault,
    },
    /// A node writes over what it reads.
    OutputOverlapsInput {
        /// Which.
        node: usize,
    },
    /// Two outputs of a node share bytes.
    OutputsOverlap {
        /// Which.
        node: usize,
    },
    /// A node among those that set the state reads or writes something else.
    ResetNode {
        /// Which.
        node: usize,
    },
    /// A state that nothing sets at the start, or that shares bytes.
    State {
        /// Which tensor.
        tensor: usize,
    },
    /// A tensor that is written twice, or is written though it is an input.
    WrittenTwice {
        /// By this node.
        node: usize,
    },
    /// A tensor is read that nothing has written.
    ReadBeforeWritten {
        /// By this node; the number of nodes stands for the graph's outputs.
        node: usize,
    },
    /// A tensor's bytes are written over while they are still needed.
    Clobbered {
        /// By this node.
        node: usize,
        /// Which tensor.
        tensor: usize,
    },
}

impl fmt::Display for ModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::TooShort { given } => write!(f, "{given} bytes are no model: the file was cut"),
            Self::Misaligned => f.write_str("the model must start on a 16-byte boundary"),
            Self::NotAModel => f.write_str("these bytes are not a model graph"),
            Self::Version { found } => write!(
                f,
                "layout version {found}; this build reads version {}: export the model again",
                crate::blob::VERSION
            ),
            Self::Length { stated, given } => {
                write!(f, "the model states {stated} bytes, {given} were given")
            }
            Self::SectionMisaligned { section } => {
                write!(f, "section {section:?} does not start on 16 bytes")
            }
            Self::SectionOutOfRange { section } => {
                write!(f, "section {section:?} runs out of the model")
            }
            Self::ArenaTooSmall { needed, given } => {
                write!(f, "the arena has {given} bytes, the model needs {needed}")
            }
            Self::TensorType { tensor } => {
                write!(f, "tensor {tensor} has an unknown type or place")
            }
            Self::TensorShape { tensor } => {
                write!(f, "the shape of tensor {tensor} does not give its size")
            }
            Self::TensorOutsideArena { tensor } => {
                write!(f, "tensor {tensor} lies beyond its memory")
            }
            Self::InputsOutputs => {
                f.write_str("the graph has no inputs or outputs, or they are no activations")
            }
            Self::TensorIndex { at } => write!(f, "entry {at} of the list names no tensor"),
            Self::InputsOverlap { input } => write!(f, "input {input} overlaps another input"),
            Self::NodeRange { node } => write!(f, "node {node} points out of its sections"),
            Self::UnknownOperator { node, code } => write!(
                f,
                "node {node} needs operator {code}, which is not in the table of this build"
            ),
            Self::Node { node, fault } => write!(f, "node {node}: wrong {fault:?}"),
            Self::OutputOverlapsInput { node } => {
                write!(f, "node {node} writes over what it reads")
            }
            Self::OutputsOverlap { node } => write!(f, "outputs of node {node} overlap"),
            Self::ResetNode { node } => write!(
                f,
                "node {node} should only set the state from constants, and does more"
            ),
            Self::State { tensor } => write!(
                f,
                "tensor {tensor} is a state that is not set at the start, or shares bytes"
            ),
            Self::WrittenTwice { node } => {
                write!(f, "node {node} writes a tensor that is already written")
            }
            Self::ReadBeforeWritten { node } => {
                write!(f, "node {node} reads a tensor that nothing has written")
            }
            Self::Clobbered { node, tensor } => write!(
                f,
                "node {node} writes over tensor {tensor}, which is still needed"
            ),
        }
    }
}

impl core::error::Error for ModelError {}
