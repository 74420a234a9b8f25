//! Kernels as nodes of Burn's graph.
//!
//! Burn records what comes of what and goes back through it; each node's gradients are one
//! kernel's, on whole buffers of Burn's `flex` backend. All tensors are flat.

use std::sync::Arc;

use burn_autodiff::Autodiff;
use burn_autodiff::checkpoint::base::Checkpointer;
use burn_autodiff::checkpoint::strategy::NoCheckpointing;
use burn_autodiff::grads::Gradients;
use burn_autodiff::ops::{Backward, Ops, OpsKind};
use burn_backend::tensor::FloatTensor;
use burn_backend::{AutodiffBackend, TensorData};
use burn_flex::{Flex, FlexTensor};

use crate::kernels::{Kernel, Seen};

type Recorded = FloatTensor<Autodiff<Flex>>;

/// A buffer that Burn may know where it comes from.
#[derive(Clone)]
pub(crate) enum Value {
    /// No gradient leads there.
    Fixed(FlexTensor),
    /// Gradients do.
    Tracked(Recorded),
}

impl Value {
    /// What no gradient is wanted of.
    pub(crate) fn fixed(values: Vec<f32>) -> Self {
        Self::Fixed(tensor(values))
    }

    /// What a gradient is wanted of.
    pub(crate) fn leaf(values: Vec<f32>) -> Self {
        let leaf = <Autodiff<Flex> as AutodiffBackend>::from_inner(tensor(values));
        Self::Tracked(leaf.require_grad())
    }

    /// Its values.
    pub(crate) fn values(&self) -> &[f32] {
        self.tensor().storage()
    }

    fn tensor(&self) -> &FlexTensor {
        match self {
            Value::Fixed(tensor) => tensor,
            Value::Tracked(tensor) => tensor.primitive(),
        }
    }

    /// The gradients of `leaves` that Burn finds on its way back from this single value.
    pub(crate) fn back(self, leaves: &[Value]) -> Vec<Vec<f32>> {
        let Value::Tracked(root) = self else {
            return Vec::new();
        };
        let mut gradients = root.backward();
        let gradient = |leaf: &Value| match leaf {
            Value::Tracked(leaf) => leaf.grad_remove(&mut gradients).map(into_values),
            Value::Fixed(_) => None,
        };
        let all = leaves.iter().map(gradient);
        all.map(|g| g.expect("every parameter leads to the logits"))
            .collect()
    }
}

fn tensor(values: Vec<f32>) -> FlexTensor {
    let len = values.len();
    FlexTensor::from_data(TensorData::new(values, [len]))
}

fn into_values(tensor: FlexTensor) -> Vec<f32> {
    let values = tensor.into_data().try_into_vec();
    values.expect("tensors of this crate are of f32")
}

/// What a kernel makes of two values, and what it keeps for the way back.
pub(crate) fn apply(kernel: &Arc<dyn Kernel>, x: &Value, other: &Value) -> (Value, Arc<Vec<f32>>) {
    let (y, kept) = kernel.forward(x.values(), other.values());
    let (y, kept) = (tensor(y), Arc::new(kept));
    let step = |wanted| Step {
        kernel: Arc::clone(kernel),
        x: x.tensor().clone(),
        other: other.tensor().clone(),
        y: y.clone(),
        kept: Arc::clone(&kept),
        wanted,
    };
    let value = match (x, other) {
        (Value::Tracked(a), Value::Tracked(b)) => record([a, b], step([true, true])),
        (Value::Tracked(a), Value::Fixed(_)) => record([a], step([true, false])),
        (Value::Fixed(_), Value::Tracked(b)) => record([b], step([false, true])),
        (Value::Fixed(_), Value::Fixed(_)) => Value::Fixed(y),
    };
    (value, kept)
}

fn record<const N: usize>(parents: [&Recorded; N], step: Step) -> Value {
    let y = step.y.clone();
    let nodes = parents.map(|parent| parent.node());
    let prepared = Backward::<Flex, N>::prepare::<NoCheckpointing>(Fused, nodes);
    Value::Tracked(match prepared.compute_bound().stateful() {
        OpsKind::Tracked(prepared) => prepared.finish(step, y),
        OpsKind::UnTracked(prepared) => prepared.finish(y),
    })
}

/// A step back through a kernel. `wanted` says which of its inputs Burn's parents are.
#[derive(Clone, Debug)]
struct Step {
    kernel: Arc<dyn Kernel>,
    x: FlexTensor,
    other: FlexTensor,
    y: FlexTensor,
    kept: Arc<Vec<f32>>,
    wanted: [bool; 2],
}

/// The operation of Burn's graph that all kernels are.
#[derive(Debug)]
struct Fused;

impl<const N: usize> Backward<Flex, N> for Fused {
    type State = Step;

    fn backward(self, ops: Ops<Step, N>, gradients: &mut Gradients, _: &mut Checkpointer) {
        let gradient = gradients.consume::<Flex>(&ops.node);
        // What came together from several sides may be laid out otherwise.
        let gradient = if gradient.is_contiguous() {
            gradient
        } else {
            gradient.to_contiguous()
        };
        let step = &ops.state;
        let seen = Seen {
            x: step.x.storage(),
            other: step.other.storage(),
            y: step.y.storage(),
            kept: &step.kept,
            wanted: step.wanted,
        };
        let found = step.kernel.backward(seen, gradient.storage());
        let found = found.into_iter().flatten();
        for (parent, found) in ops.parents.into_iter().flatten().zip(found) {
            gradients.register::<Flex>(parent.id, tensor(found));
        }
    }
}
