//! Operators with weights, and those that take pictures `[N, H, W, C]`.

use lampyris_graph::{Activation, Op, Padding, Pool, Quant, Window};

use super::{Draft, Maker};

pub(super) const MAKERS: &[Maker] = &[
    conv_2d,
    depthwise_conv_2d,
    transpose_conv,
    fully_connected,
    average_pool_2d,
    max_pool_2d,
    resize,
];

impl Draft<'_> {
    fn picture(&self, x: usize) -> Option<[usize; 4]> {
        self.shape(x).try_into().ok()
    }

    pub(super) fn activation(&mut self) -> Activation {
        let some = [Activation::Relu, Activation::Relu6, Activation::ReluN1To1];
        if self.random.once_in(2) {
            return Activation::None;
        }
        self.random.of(&some)
    }

    fn pair(&mut self, low: usize, high: usize) -> [usize; 2] {
        [self.near(low, high), self.near(low, high)]
    }

    fn padding(&mut self) -> Padding {
        self.random.of(&[Padding::Same, Padding::Valid])
    }

    /// Weights with one scale, or one an output along `axis`.
    fn weights(&mut self, shape: &[usize], axis: usize) -> Option<usize> {
        let outputs = shape[axis];
        let n = self.random.of(&[1, outputs]);
        let scales = [0.01, 0.003, 0.2, 0.0, 1e-6];
        let quant = Quant {
            scale: (0..n).map(|_| self.random.of(&scales)).collect(),
            zero_point: vec![0; n],
            axis,
        };
        self.constant(shape, quant)
    }

    /// The bias, or none; `weights` tells its scale.
    fn with_bias(&mut self, inputs: &[usize], outputs: usize, x: usize) -> Vec<Option<usize>> {
        let mut all: Vec<Option<usize>> = inputs.iter().copied().map(Some).collect();
        if !self.random.once_in(4) {
            let values = (0..outputs).map(|_| self.random.word() as i32 >> 16);
            let values = values.collect();
            let bias = self.list(values);
            let quant = |t: usize| self.graph.tensors[t].quant.clone();
            if let (Some(x), Some(mut w)) = (quant(x), quant(inputs[1])) {
                w.scale.iter_mut().for_each(|s| *s *= x.scale[0]);
                w.axis = 0;
                self.graph.tensors[bias].quant = Some(w);
            }
            all.push(Some(bias));
        }
        all
    }

    fn weighted(&mut self, op: Op, inputs: &[usize], y: &[usize], x: usize) -> Option<()> {
        let y = self.fresh(y)?;
        let outputs = self.graph.tensors[y].depth();
        let all = self.with_bias(inputs, outputs, x);
        self.node(op, &[], &[y])?;
        self.graph.nodes.last_mut()?.inputs = all;
        Some(())
    }
}

/// Outputs along one direction, as TensorFlow counts them.
fn outputs(size: usize, kernel: usize, stride: usize, padding: Padding) -> Option<usize> {
    let room = match padding {
        Padding::Same => size + stride - 1,
        _ => (size + stride).checked_sub(kernel)?,
    };
    room.checked_div(stride)
}

fn window(
    d: &mut Draft<'_>,
    [h, w]: [usize; 2],
    kernel: [usize; 2],
) -> Option<(Window, [usize; 2])> {
    let window = Window {
        padding: d.padding(),
        stride: d.pair(1, 3),
        dilation: d.random.of(&[[1, 1], [1, 1], [2, 1], [2, 3]]),
    };
    let along = |size, i: usize| {
        let extent = kernel[i].checked_sub(1)?.checked_mul(window.dilation[i])? + 1;
        outputs(size, extent, window.stride[i], window.padding)
    };
    Some((window, [along(h, 0)?, along(w, 1)?]))
}

fn conv_2d(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let [n, h, w, c] = d.picture(x)?;
    let kernel = d.pair(1, 4);
    let (window, [oh, ow]) = window(d, [h, w], kernel)?;
    let groups = if d.random.once_in(3) && c.is_multiple_of(2) {
        2
    } else {
        1
    };
    let o = d.near(1, 4) * groups;
    let weights = d.weights(&[o, kernel[0], kernel[1], c / groups], 0)?;
    let activation = d.activation();
    let op = Op::Conv2d { window, activation };
    d.weighted(op, &[x, weights], &[n, oh, ow, o], x)
}

fn depthwise_conv_2d(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let [n, h, w, c] = d.picture(x)?;
    let kernel = d.pair(1, 4);
    let (window, [oh, ow]) = window(d, [h, w], kernel)?;
    let o = c * d.near(1, 3);
    let weights = d.weights(&[1, kernel[0], kernel[1], o], 3)?;
    let activation = d.activation();
    let op = Op::DepthwiseConv2d { window, activation };
    d.weighted(op, &[x, weights], &[n, oh, ow, o], x)
}

fn transpose_conv(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let [n, h, w, c] = d.picture(x)?;
    let (kernel, stride, padding) = (d.pair(1, 4), d.pair(1, 3), d.padding());
    let along = |size: usize, i: usize| match padding {
        Padding::Same => size.checked_mul(stride[i]),
        _ => (size - 1).checked_mul(stride[i])?.checked_add(kernel[i]),
    };
    let o = d.near(1, 4);
    let y = [n, along(h, 0)?, along(w, 1)?, o];
    let shape = d.list(y.map(|v| v as i32).to_vec());
    let weights = d.weights(&[o, kernel[0], kernel[1], c], 0)?;
    let op = Op::TransposeConv {
        padding,
        stride,
        activation: d.activation(),
    };
    d.weighted(op, &[shape, weights, x], &y, x)
}

fn fully_connected(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let shape = d.shape(x);
    let (&depth, outer) = shape.split_last()?;
    let o = d.near(1, 8);
    let y = if d.random.once_in(2) {
        vec![outer.iter().product(), o]
    } else {
        [outer, &[o]].concat()
    };
    let weights = d.weights(&[o, depth], 0)?;
    let activation = d.activation();
    d.weighted(Op::FullyConnected { activation }, &[x, weights], &y, x)
}

fn pool(d: &mut Draft<'_>, x: usize) -> Option<(Pool, usize)> {
    let [n, h, w, c] = d.picture(x)?;
    let pool = Pool {
        padding: d.padding(),
        stride: d.pair(1, 3),
        size: d.pair(1, 4),
    };
    let oh = outputs(h, pool.size[0], pool.stride[0], pool.padding)?;
    let ow = outputs(w, pool.size[1], pool.stride[1], pool.padding)?;
    let y = d.alike(&[n, oh, ow, c], x)?;
    Some((pool, y))
}

fn average_pool_2d(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let (pool, y) = pool(d, x)?;
    let activation = d.activation();
    d.node(Op::AveragePool2d { pool, activation }, &[x], &[y])
}

fn max_pool_2d(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let (pool, y) = pool(d, x)?;
    let activation = d.activation();
    d.node(Op::MaxPool2d { pool, activation }, &[x], &[y])
}

fn resize(d: &mut Draft<'_>, x: usize) -> Option<()> {
    let [n, _, _, c] = d.picture(x)?;
    let [h, w] = d.pair(1, 9);
    let size = d.list(vec![h as i32, w as i32]);
    let y = d.alike(&[n, h, w, c], x)?;
    let [align_corners, half_pixel_centers] = [d.random.once_in(3), d.random.once_in(3)];
    let op = Op::ResizeNearestNeighbor {
        align_corners,
        half_pixel_centers,
    };
    d.node(op, &[x, size], &[y])
}
