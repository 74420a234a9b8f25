//! What must hold of a graph before anything is computed from it: indices name
//! tensors, activations are int8 with one scale, everything read was written.

use crate::{DType, Graph, GraphError, Node, Op, Tensor};

impl Graph {
    /// Checks the graph's structure; what an operator asks of its tensors is
    /// checked by [`Graph::emit`].
    pub(crate) fn check(&self) -> Result<(), GraphError> {
        if self.inputs.is_empty() || self.outputs.is_empty() {
            return Err(GraphError {
                node: None,
                message: "the graph needs at least one input and one output".into(),
            });
        }
        let mut written = vec![false; self.tensors.len()];
        for &input in &self.inputs {
            self.activation(None, input)?;
            if std::mem::replace(&mut written[input], true) {
                return Err(self.error(None, input, "is listed twice among the inputs"));
            }
        }
        for variable in &self.variables {
            self.activation(None, variable.tensor)?;
            let size = self.tensors[variable.tensor].elements();
            if variable.initial.as_ref().is_some_and(|v| v.len() != size) {
                return Err(self.error(None, variable.tensor, "starts with other values than fit"));
            }
            if std::mem::replace(&mut written[variable.tensor], true) {
                return Err(self.error(None, variable.tensor, "holds two variables or an input"));
            }
        }
        for (index, node) in self.nodes.iter().enumerate() {
            let at = Some(index);
            for (place, input) in node.inputs.iter().enumerate() {
                let &Some(tensor) = input else {
                    continue;
                };
                let takes_variable = matches!(node.op, Op::ReadVariable | Op::AssignVariable);
                if self.is_variable(tensor) && (place, takes_variable) != (0, true) {
                    let what = "is a variable; only READ_VARIABLE and ASSIGN_VARIABLE take it";
                    return Err(self.error(at, tensor, what));
                }
                if self.tensor(at, tensor)?.data.is_none() {
                    self.activation(at, tensor)?;
                    if !written[tensor] {
                        return Err(self.error(at, tensor, "is read before anything writes it"));
                    }
                }
            }
            for &tensor in &node.outputs {
                self.activation(at, tensor)?;
                if std::mem::replace(&mut written[tensor], true) {
                    return Err(self.error(at, tensor, "is written a second time"));
                }
            }
        }
        for variable in &self.variables {
            let some = |op: Op| {
                let takes = |n: &Node| n.inputs.first() == Some(&Some(variable.tensor));
                self.nodes.iter().any(|n| n.op == op && takes(n))
            };
            let set = variable.initial.is_some() || some(Op::AssignVariable);
            if some(Op::ReadVariable) && !set {
                let what = "is a variable that nothing assigns; what it holds is undefined";
                return Err(self.error(None, variable.tensor, what));
            }
        }
        for &output in &self.outputs {
            self.activation(None, output)?;
            if !written[output] || self.is_variable(output) {
                return Err(self.error(None, output, "is an output that no node writes"));
            }
        }
        Ok(())
    }

    fn tensor(&self, node: Option<usize>, tensor: usize) -> Result<&Tensor, GraphError> {
        self.tensors.get(tensor).ok_or_else(|| GraphError {
            node,
            message: format!(
                "there is no tensor {tensor}; the graph has {}",
                self.tensors.len()
            ),
        })
    }

    /// The tensor, if it is an activation that the engine can hold.
    fn activation(&self, node: Option<usize>, tensor: usize) -> Result<(), GraphError> {
        let t = self.tensor(node, tensor)?;
        if t.data.is_some() {
            return Err(self.error(
                node,
                tensor,
                "is a constant where an activation is expected",
            ));
        }
        let zeros = match t.dtype {
            DType::I8 => -128..=127,
            DType::U8 => 0..=255,
            DType::I32 => {
                let what = "is int32; activations must be int8 or uint8, and int32 is supported \
                            only where it can be computed from shapes and constants";
                return Err(self.error(node, tensor, what));
            }
        };
        let size = t.shape.iter().try_fold(1usize, |n, &d| n.checked_mul(d));
        if size.is_none_or(|n| n == 0 || n > i32::MAX as usize) {
            return Err(self.error(node, tensor, "has an empty or an impossibly large shape"));
        }
        let Some(q) = &t.quant else {
            return Err(self.error(node, tensor, "has no scale; every activation needs one"));
        };
        match (&q.scale[..], &q.zero_point[..]) {
            (&[scale], &[zero]) if scale.is_finite() && scale > 0.0 => {
                if zeros.contains(&zero) {
                    return Ok(());
                }
                Err(self.error(node, tensor, "has a zero point outside its type's range"))
            }
            _ => Err(self.error(
                node,
                tensor,
                "needs exactly one scale above 0 and one zero point",
            )),
        }
    }

    pub(crate) fn error(&self, node: Option<usize>, tensor: usize, what: &str) -> GraphError {
        let name = self.tensors.get(tensor).map_or("", |t| &t.name);
        GraphError {
            node,
            message: format!(
                "tensor {tensor} (\"{name}\", {}) {what}",
                self.shape_of(tensor)
            ),
        }
    }

    fn shape_of(&self, tensor: usize) -> String {
        self.tensors
            .get(tensor)
            .map_or_else(String::new, |t| format!("{:?}", t.shape))
    }
}

#[cfg(test)]
mod tests {
    use crate::fixture::chain;
    use crate::{DType, Graph};

    fn refusal(spoil: impl FnOnce(&mut Graph)) -> String {
        let mut graph = chain(&[4, 3]);
        spoil(&mut graph);
        graph.check().expect_err("spoiled").to_string()
    }

    #[test]
    fn a_sound_graph_passes() {
        assert_eq!(chain(&[4, 3]).check(), Ok(()));
    }

    #[test]
    fn what_is_wrong_is_named() {
        let cases: [(&str, String); 9] = [
            ("at least one input", refusal(|g| g.inputs.clear())),
            ("no tensor 99", refusal(|g| g.nodes[0].inputs[0] = Some(99))),
            ("twice", refusal(|g| g.inputs.push(g.inputs[0]))),
            (
                "is int32",
                refusal(|g| {
                    let x = g.inputs[0];
                    g.tensors[x].dtype = DType::I32;
                }),
            ),
            (
                "empty",
                refusal(|g| {
                    let x = g.inputs[0];
                    g.tensors[x].shape = vec![1, 0];
                }),
            ),
            (
                "no scale",
                refusal(|g| {
                    let x = g.inputs[0];
                    g.tensors[x].quant = None;
                }),
            ),
            ("before anything writes it", refusal(|g| g.nodes.swap(0, 1))),
            (
                "no node writes",
                refusal(|g| {
                    g.nodes.pop();
                }),
            ),
            (
                "zero point",
                refusal(|g| {
                    let x = g.inputs[0];
                    if let Some(q) = &mut g.tensors[x].quant {
                        q.zero_point = vec![200];
                    }
                }),
            ),
        ];
        for (needle, message) in cases {
            assert!(message.contains(needle), "{message:?} lacks {needle:?}");
        }
    }
}
