//! The values that options are made of: how each kind is read, and how it is written.

use lampyris_graph::{Activation, Graph, Node, Padding, Tensor};

use super::super::step::Step;
use super::super::table::Table;
use super::super::tree::Value;
use crate::FormatError;

/// The options of one operator of a file. Fields that are absent have their defaults,
/// and so have all where the file gives no options.
pub(crate) struct Options<'s, 'a> {
    step: &'s Step<'a>,
    kind: u8,
}

impl<'s, 'a> Options<'s, 'a> {
    pub(super) fn new(step: &'s Step<'a>, kind: u8) -> Self {
        Self { step, kind }
    }

    pub(super) fn refuse(&self, what: &str, remedy: &str) -> FormatError {
        self.step.refuse(what, remedy)
    }

    fn field<T>(
        &self,
        default: T,
        read: impl FnOnce(&Table<'a>) -> Result<T, FormatError>,
    ) -> Result<T, FormatError> {
        match &self.step.options {
            None => Ok(default),
            Some((kind, table)) if *kind == self.kind => read(table),
            Some((kind, _)) => Err(self.step.refuse(
                format!("has options of kind {kind}; its own are {}", self.kind),
                "the file is damaged: download or export it again",
            )),
        }
    }

    pub(super) fn byte(&self, field: u16) -> Result<i8, FormatError> {
        self.field(0, |t| Ok(t.byte(field)?))
    }

    pub(super) fn flag(&self, field: u16) -> Result<bool, FormatError> {
        Ok(self.byte(field)? != 0)
    }

    pub(super) fn int(&self, field: u16) -> Result<i32, FormatError> {
        self.field(0, |t| Ok(t.int(field)?))
    }

    pub(super) fn ints(&self, field: u16) -> Result<Vec<i32>, FormatError> {
        self.field(Vec::new(), |t| Ok(t.ints(field)?))
    }

    pub(super) fn float(&self, field: u16) -> Result<f32, FormatError> {
        self.field(0.0, |t| Ok(t.float(field)?))
    }

    /// A stride, a size or a dilation in y and in x; absent fields are `default`.
    pub(super) fn pair(
        &self,
        fields: [u16; 2],
        default: i32,
        what: &str,
    ) -> Result<[usize; 2], FormatError> {
        let mut pair = [0; 2];
        for (value, field) in pair.iter_mut().zip(fields) {
            let found = self.field(default, |t| match t.has(field) {
                true => Ok(t.int(field)?),
                false => Ok(default),
            })?;
            *value = usize::try_from(found)
                .ok()
                .filter(|&v| v > 0)
                .ok_or_else(|| {
                    self.refuse(
                        &format!("has {what} {found}"),
                        "it must be 1 or more; export the model again",
                    )
                })?;
        }
        Ok(pair)
    }

    /// `ActivationFunctionType`; see [`fused`] for the other way.
    pub(super) fn activation(&self, field: u16) -> Result<Activation, FormatError> {
        match self.byte(field)? {
            0 => Ok(Activation::None),
            1 => Ok(Activation::Relu),
            2 => Ok(Activation::ReluN1To1),
            3 => Ok(Activation::Relu6),
            other => {
                let name = match other {
                    4 => "TANH".to_owned(),
                    5 => "SIGN_BIT".to_owned(),
                    _ => format!("number {other}"),
                };
                Err(self.refuse(
                    &format!("has fused activation {name}"),
                    "supported are none, RELU, RELU_N1_TO_1 and RELU6",
                ))
            }
        }
    }

    /// `Padding`; see [`padded`] for the other way.
    pub(super) fn padding(&self, field: u16) -> Result<Padding, FormatError> {
        match self.byte(field)? {
            0 => Ok(Padding::Same),
            1 => Ok(Padding::Valid),
            other => Err(self.refuse(
                &format!("has padding {other}"),
                "there are SAME (0) and VALID (1): the file is damaged",
            )),
        }
    }
}

/// `ActivationFunctionType`.
pub(super) fn fused(activation: Activation) -> Value {
    Value::Byte(match activation {
        Activation::None => 0,
        Activation::Relu => 1,
        Activation::ReluN1To1 => 2,
        Activation::Relu6 => 3,
    })
}

/// `Padding`. Where a number of positions is given, a PAD stands before the operator.
pub(super) fn padded(padding: Padding) -> Value {
    Value::Byte(match padding {
        Padding::Same => 0,
        Padding::Valid | Padding::Before(_) => 1,
    })
}

pub(super) fn int(value: usize) -> Value {
    Value::Int(value as i32)
}

/// One operator of a graph, to be written.
pub(crate) struct Call<'a> {
    pub(crate) graph: &'a Graph,
    pub(crate) node: &'a Node,
}

impl<'a> Call<'a> {
    /// The input at that place, if it is given.
    pub(super) fn input(&self, place: usize) -> Option<&'a Tensor> {
        self.graph.tensors.get((*self.node.inputs.get(place)?)?)
    }

    /// The first output.
    pub(super) fn output(&self) -> Option<&'a Tensor> {
        self.graph.tensors.get(*self.node.outputs.first()?)
    }

    /// How many dimensions the input at that place has.
    pub(super) fn rank(&self, place: usize) -> usize {
        self.input(place).map_or(0, |t| t.shape.len())
    }

    /// Whether both operands have more than four dimensions in all but are not alike.
    pub(super) fn broadcasts_beyond_4(&self) -> bool {
        let shape = |place| self.input(place).map(|t| &t.shape);
        shape(0) != shape(1) && self.rank(0).max(self.rank(1)) > 4
    }
}
