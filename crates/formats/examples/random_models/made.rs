//! Networks of random weights, layer after layer.

use lampyris_graph::{Activation, DType, Graph, Node, Op, Padding, Pool, Quant, Tensor, Window};

/// Numbers that look random and are the same everywhere.
pub struct Random(pub u64);

impl Random {
    pub fn next(&mut self) -> u32 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) as u32
    }

    /// 0 to n − 1.
    pub fn below(&mut self, n: usize) -> usize {
        self.next() as usize % n
    }

    /// One of these.
    pub fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }

    pub fn bytes(&mut self, n: usize) -> Vec<u8> {
        (0..n).map(|_| (self.next() >> 8) as u8).collect()
    }
}

/// What makes a layer's numbers ordinary or not.
#[derive(Clone, Copy)]
pub struct Style {
    /// Weights are ± this at most, 128 for all there are.
    pub weights: i32,
    /// Biases are ± this at most.
    pub bias: i32,
    /// The factor from sums to outputs, times the one that spreads them over a byte.
    pub factor: f64,
    /// Whether each output has a factor of its own, up to so many powers of two apart.
    pub apart: Option<u32>,
    /// Zero point of the output.
    pub zero: i32,
    pub activation: Activation,
}

impl Style {
    pub const PLAIN: Self = Self {
        weights: 128,
        bias: 5000,
        factor: 1.0,
        apart: Some(1),
        zero: 0,
        activation: Activation::None,
    };
}

/// A kernel that slides: `[KH, KW]`, and how.
#[derive(Clone, Copy)]
pub struct Sliding {
    pub kernel: [usize; 2],
    pub window: Window,
}

impl Sliding {
    /// Square, without dilation, padded to `ceil(size / stride)` outputs.
    pub fn same(kernel: usize, stride: usize) -> Self {
        Self {
            kernel: [kernel; 2],
            window: Window {
                padding: Padding::Same,
                stride: [stride; 2],
                dilation: [1; 2],
            },
        }
    }

    /// Positions of the output; with [`Padding::Before`] as many windows as begin on the
    /// picture or before it.
    fn outputs(&self, size: usize, axis: usize) -> usize {
        let stride = self.window.stride[axis];
        let extent = (self.kernel[axis] - 1) * self.window.dilation[axis] + 1;
        match self.window.padding {
            Padding::Same => size.div_ceil(stride),
            Padding::Valid => (size + stride).saturating_sub(extent) / stride,
            Padding::Before(pads) => (size + pads[axis]).div_ceil(stride),
        }
    }
}

/// A graph under way.
pub struct Made {
    pub graph: Graph,
    pub random: Random,
}

impl Made {
    /// A graph with one input of this shape and zero point.
    pub fn new(name: &str, seed: u64, shape: &[usize], zero: i32) -> Self {
        let mut made = Self {
            graph: Graph {
                name: name.into(),
                ..Graph::default()
            },
            random: Random(seed),
        };
        let input = made.activation(shape.to_vec(), 0.05, zero);
        made.graph.inputs = vec![input];
        made
    }

    /// The tensor that was made last.
    pub fn last(&self) -> usize {
        self.graph.tensors.len() - 1
    }

    pub fn shape(&self, tensor: usize) -> Vec<usize> {
        self.graph.tensors[tensor].shape.clone()
    }

    /// The graph, with what was made last as its output.
    pub fn finish(mut self) -> Graph {
        self.graph.outputs = vec![self.last()];
        self.graph
    }

    fn scale(&self, tensor: usize) -> (f32, i32) {
        let quant = self.graph.tensors[tensor].quant.as_ref();
        quant.map_or((1.0, 0), |q| (q.scale[0], q.zero_point[0]))
    }

    fn tensor(&mut self, shape: Vec<usize>, dtype: DType, quant: Quant, data: Option<Vec<u8>>) {
        let name = format!("t{}", self.graph.tensors.len());
        self.graph.tensors.push(Tensor {
            name,
            shape,
            dtype,
            quant: Some(quant),
            data,
        });
    }

    fn activation(&mut self, shape: Vec<usize>, scale: f32, zero: i32) -> usize {
        let quant = Quant {
            scale: vec![scale],
            zero_point: vec![zero],
            axis: 0,
        };
        self.tensor(shape, DType::I8, quant, None);
        self.last()
    }

    fn node(&mut self, op: Op, inputs: &[usize]) {
        let output = self.last();
        self.graph.nodes.push(Node {
            op,
            inputs: inputs.iter().map(|&t| Some(t)).collect(),
            outputs: vec![output],
        });
    }

    /// Weights of this shape and a bias for the outputs along `axis`; then the output.
    fn weighted(
        &mut self,
        (x, axis): (usize, usize),
        weights: Vec<usize>,
        shape: Vec<usize>,
        style: &Style,
    ) -> [usize; 3] {
        let (x_scale, _) = self.scale(x);
        let outputs = weights[axis];
        let all: usize = weights.iter().product();
        let taps = all / outputs;
        let one = 0.01f32;
        let scales: Vec<f32> = match style.apart {
            None => vec![one],
            Some(powers) => (0..outputs)
                .map(|_| {
                    let halves = self.random.below(1 + powers as usize) as i32;
                    one * 0.5f32.powi(halves) * (1.0 + self.random.below(1000) as f32 / 1000.0)
                })
                .collect(),
        };
        // A byte times a weight is 74 · weights / √3 on average; sums grow as the root.
        let spread = (taps as f64).sqrt() * 74.0 * f64::from(style.weights) / 1.7;
        let factor = style.factor * 50.0 / spread;
        let y_scale = (f64::from(x_scale) * f64::from(one) / factor) as f32;
        let span = style.weights as usize;
        let values = (0..all).map(|_| (self.random.below(2 * span) as i32 - span as i32) as u8);
        let values = Some(values.collect());
        let bias_scales = scales.iter().map(|s| s * x_scale).collect::<Vec<_>>();
        let count = scales.len();
        let along = |scale, axis| Quant {
            scale,
            zero_point: vec![0; count],
            axis,
        };
        self.tensor(weights, DType::I8, along(scales, axis), values);
        let w = self.last();
        let bias = (0..outputs).flat_map(|_| {
            let bias = i64::from(self.random.next()) * 2 - i64::from(i32::MAX);
            ((bias * i64::from(style.bias) / i64::from(i32::MAX)) as i32).to_le_bytes()
        });
        let bias = Some(bias.collect());
        self.tensor(vec![outputs], DType::I32, along(bias_scales, 0), bias);
        self.activation(shape, y_scale, style.zero);
        [x, w, w + 1]
    }

    /// x `[N, H, W, C]` to `[N, OH, OW, outputs]`, in so many groups.
    pub fn conv(
        &mut self,
        x: usize,
        sliding: Sliding,
        (outputs, groups): (usize, usize),
        style: &Style,
    ) {
        let at = self.shape(x);
        let [kh, kw] = sliding.kernel;
        let shape = vec![
            at[0],
            sliding.outputs(at[1], 0),
            sliding.outputs(at[2], 1),
            outputs,
        ];
        let weights = vec![outputs, kh, kw, at[3] / groups];
        let inputs = self.weighted((x, 0), weights, shape, style);
        let op = Op::Conv2d {
            window: sliding.window,
            activation: style.activation,
        };
        self.node(op, &inputs);
    }

    /// x `[N, H, W, C]` to `[N, OH, OW, C · share]`.
    pub fn depthwise(&mut self, x: usize, sliding: Sliding, share: usize, style: &Style) {
        let at = self.shape(x);
        let [kh, kw] = sliding.kernel;
        let outputs = at[3] * share;
        let shape = vec![
            at[0],
            sliding.outputs(at[1], 0),
            sliding.outputs(at[2], 1),
            outputs,
        ];
        let inputs = self.weighted((x, 3), vec![1, kh, kw, outputs], shape, style);
        let op = Op::DepthwiseConv2d {
            window: sliding.window,
            activation: style.activation,
        };
        self.node(op, &inputs);
    }

    /// x `[N, …]` to `[N, outputs]`.
    pub fn dense(&mut self, x: usize, outputs: usize, style: &Style) {
        let at = self.shape(x);
        let inputs = at[1..].iter().product();
        let inputs = self.weighted((x, 0), vec![outputs, inputs], vec![at[0], outputs], style);
        let op = Op::FullyConnected {
            activation: style.activation,
        };
        self.node(op, &inputs);
    }

    /// x `[N, H, W, C]` to `[N, C]`, the mean over the pixels or their sum.
    pub fn total(&mut self, x: usize, mean: bool, zero: i32) {
        let at = self.shape(x);
        let (scale, _) = self.scale(x);
        let axes = [1u32, 2].iter().flat_map(|axis| axis.to_le_bytes());
        self.graph.tensors.push(Tensor {
            name: "axes".to_owned(),
            shape: vec![2],
            dtype: DType::I32,
            quant: None,
            data: Some(axes.collect()),
        });
        let axes = self.last();
        let wider = if mean { 0.7 } else { (at[1] * at[2]) as f32 };
        self.activation(vec![at[0], at[3]], scale * wider, zero);
        let op = if mean {
            Op::Mean { keep_dims: false }
        } else {
            Op::Sum { keep_dims: false }
        };
        self.node(op, &[x, axes]);
    }

    /// x `[N, H, W, C]` to `[N, OH, OW, C]`, the mean of a window or its largest.
    pub fn pool(&mut self, x: usize, sliding: Sliding, largest: bool, activation: Activation) {
        let at = self.shape(x);
        let (scale, zero) = self.scale(x);
        let shape = vec![
            at[0],
            sliding.outputs(at[1], 0),
            sliding.outputs(at[2], 1),
            at[3],
        ];
        self.activation(shape, scale, zero);
        let pool = Pool {
            padding: sliding.window.padding,
            stride: sliding.window.stride,
            size: sliding.kernel,
        };
        let op = if largest {
            Op::MaxPool2d { pool, activation }
        } else {
            Op::AveragePool2d { pool, activation }
        };
        self.node(op, &[x]);
    }

    /// The sum of two of the same shape; its scale is theirs times `wider`.
    pub fn add(&mut self, a: usize, b: usize, wider: f32, zero: i32, activation: Activation) {
        let scale = self.scale(a).0.max(self.scale(b).0) * wider;
        let shape = self.shape(a);
        self.activation(shape, scale, zero);
        self.node(Op::Add { activation }, &[a, b]);
    }

    /// The difference of the last sum's operands, instead of it.
    pub fn less(&mut self) {
        let last = self.graph.nodes.last_mut();
        if let Some((op, activation)) = last.and_then(|node| match node.op {
            Op::Add { activation } => Some((&mut node.op, activation)),
            _ => None,
        }) {
            *op = Op::Sub { activation };
        }
    }
}
