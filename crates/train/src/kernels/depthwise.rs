//! Convolutions of each channel with its own filter: four channels of a picture at a time,
//! as a plane of their own.

use lampyris_net::{Activation, DepthwiseConv2d, Shape};

use super::lanes::{Four, LANES};
use super::picture::Picture;
use super::{Kernel, Seen};

/// A depthwise convolution with its activation. Parameters: weights `[KH·KW, C]`, then the
/// bias, if any.
#[derive(Debug)]
pub(crate) struct Depthwise {
    picture: Picture,
    activation: Activation,
}

/// Some channels of pictures.
#[derive(Clone, Copy)]
struct Channels {
    first: usize,
    lanes: usize,
    all: usize,
}

impl Channels {
    fn of(all: usize) -> impl Iterator<Item = Self> {
        let lanes = move |first| LANES.min(all - first);
        let firsts = (0..all).step_by(LANES);
        firsts.map(move |first| Self {
            first,
            lanes: lanes(first),
            all,
        })
    }

    /// Of each pixel in `values`.
    #[inline(always)]
    fn among(self, values: &[f32]) -> impl Iterator<Item = Four> {
        let here = self.first..self.first + self.lanes;
        let pixels = values.chunks_exact(self.all);
        pixels.map(move |pixel| Four::first(&pixel[here.clone()]))
    }

    /// Puts `f` of rows of fours, so far apart and of so many, where they belong in each
    /// pixel of `values`.
    #[inline(always)]
    fn put(
        self,
        fours: &[Four],
        (pitch, columns): (usize, usize),
        f: impl Fn(Four) -> Four,
        values: &mut [f32],
    ) {
        let rows = values.chunks_exact_mut(columns * self.all);
        for (row, fours) in rows.zip(fours.chunks(pitch)) {
            for (pixel, four) in row.chunks_exact_mut(self.all).zip(fours) {
                f(*four).put(&mut pixel[self.first..self.first + self.lanes]);
            }
        }
    }
}

/// A plane of `picture` with its padding, which is zeros in `plane` already.
#[inline(always)]
fn fill(picture: &Picture, mut fours: impl Iterator<Item = Four>, plane: &mut [Four]) {
    let [height, width] = picture.sides;
    let rows = plane[picture.inner()..].chunks_mut(picture.pitch());
    for row in rows.take(height) {
        for (to, four) in row[..width].iter_mut().zip(&mut fours) {
            *to = four;
        }
    }
}

/// The sums of all places of a window, from `start` on, of the products of what it covers.
/// Their rows are as far apart as those of the plane.
fn slide(picture: &Picture, plane: &[Four], filter: &[Four], start: Four, sums: &mut [Four]) {
    let ([kh, kw], [rows, columns]) = (picture.size, picture.outputs);
    let pitch = picture.pitch();
    if picture.stride != [1, 1] {
        sums.fill(start);
        for (y, sums) in sums.chunks_mut(pitch).take(rows).enumerate() {
            for ky in 0..kh {
                let row = &plane[(y * picture.stride[0] + ky) * pitch..];
                for (kx, tap) in filter[ky * kw..(ky + 1) * kw].iter().enumerate() {
                    let under = row[kx..].iter().step_by(picture.stride[1]);
                    for (sum, under) in sums[..columns].iter_mut().zip(under) {
                        *sum = sum.plus_product(*under, *tap);
                    }
                }
            }
        }
        return;
    }
    // All rows are one: what lies between them is computed for nothing.
    let sums = &mut sums[..(rows - 1) * pitch + columns];
    if let ([3, 3], Some(filter)) = (picture.size, filter.first_chunk::<9>()) {
        let [a, b, c] = [0, 1, 2].map(|ky| plane[ky * pitch..].windows(3));
        for (((sum, a), b), c) in sums.iter_mut().zip(a).zip(b).zip(c) {
            let first = triple(start, a, [filter[0], filter[1], filter[2]]);
            let second = triple(first, b, [filter[3], filter[4], filter[5]]);
            *sum = triple(second, c, [filter[6], filter[7], filter[8]]);
        }
        return;
    }
    sums.fill(start);
    for ky in 0..kh {
        for (kx, tap) in filter[ky * kw..(ky + 1) * kw].iter().enumerate() {
            let under = &plane[ky * pitch + kx..];
            for (sum, under) in sums.iter_mut().zip(under) {
                *sum = sum.plus_product(*under, *tap);
            }
        }
    }
}

#[inline(always)]
fn triple(sum: Four, under: &[Four], taps: [Four; 3]) -> Four {
    let sum = sum.plus_product(under[0], taps[0]);
    let sum = sum.plus_product(under[1], taps[1]);
    sum.plus_product(under[2], taps[2])
}

/// Adds to the sums of all taps the products of what they cover with the gradients of
/// their places, whose rows begin `pitch` apart.
fn correlate(
    picture: &Picture,
    plane: &[Four],
    (gradients, pitch): (&[Four], usize),
    sums: &mut [Four],
) {
    let ([kh, kw], [rows, columns]) = (picture.size, picture.outputs);
    // With zeros between the rows all are one.
    let one = picture.stride == [1, 1] && pitch == picture.pitch();
    let (rows, columns) = if one {
        (1, (rows - 1) * pitch + columns)
    } else {
        (rows, columns)
    };
    for ky in 0..kh {
        let sums = &mut sums[ky * kw..(ky + 1) * kw];
        for y in 0..rows {
            let row = &plane[(y * picture.stride[0] + ky) * picture.pitch()..];
            let gradients = &gradients[y * pitch..][..columns];
            if let ([a, b, c], 1) = (&mut *sums, picture.stride[1]) {
                for (g, under) in gradients.iter().zip(row.windows(3)) {
                    *a = a.plus_product(under[0], *g);
                    *b = b.plus_product(under[1], *g);
                    *c = c.plus_product(under[2], *g);
                }
                continue;
            }
            for (kx, sum) in sums.iter_mut().enumerate() {
                let under = row[kx..].iter().step_by(picture.stride[1]);
                for (g, under) in gradients.iter().zip(under) {
                    *sum = sum.plus_product(*under, *g);
                }
            }
        }
    }
}

/// Adds to a plane what the gradients of places bring to the pixels under them.
fn spread(picture: &Picture, filter: &[Four], gradients: &[Four], plane: &mut [Four]) {
    let [kh, kw] = picture.size;
    for (place, g) in gradients[..picture.places()].iter().enumerate() {
        let [y, x] = [place / picture.outputs[1], place % picture.outputs[1]];
        for ky in 0..kh {
            let row = (y * picture.stride[0] + ky) * picture.pitch() + x * picture.stride[1];
            let under = plane[row..row + kw].iter_mut();
            for (pixel, tap) in under.zip(&filter[ky * kw..]) {
                *pixel = pixel.plus_product(*g, *tap);
            }
        }
    }
}

impl Depthwise {
    /// Over pictures of that shape.
    pub(crate) fn new(conv: &DepthwiseConv2d, input: Shape) -> Self {
        Self {
            picture: Picture::new(&conv.window, input),
            activation: conv.activation,
        }
    }

    /// Parameters that are weights.
    fn weights(&self) -> usize {
        self.picture.size[0] * self.picture.size[1] * self.picture.channels
    }

    /// Values in and out of one picture.
    fn lengths(&self) -> [usize; 2] {
        let c = self.picture.channels;
        [self.picture.inputs(), self.picture.places() * c]
    }

    /// A picture of fours.
    fn plane(&self) -> Picture {
        Picture {
            channels: 1,
            ..self.picture
        }
    }
}

/// The bias of some channels, or zeros.
fn bias_of(bias: &[f32], channels: Channels) -> Four {
    let end = bias.len().min(channels.first + channels.lanes);
    Four::first(bias.get(channels.first..end).unwrap_or(&[]))
}

impl Kernel for Depthwise {
    fn forward(&self, x: &[f32], parameters: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let (weights, bias) = parameters.split_at(self.weights());
        let picture = self.plane();
        let [inputs, outputs] = self.lengths();
        let all = Channels::of(self.picture.channels);
        let filters = all.map(|c| (c, c.among(weights).collect::<Vec<_>>(), bias_of(bias, c)));
        let filters: Vec<_> = filters.collect();
        let mut y = vec![0.0; x.len() / inputs * outputs];
        let mut plane = vec![Four::all(0.0); picture.padded_len()];
        let mut sums = vec![Four::all(0.0); picture.outputs[0] * picture.pitch()];
        for (x, y) in x.chunks_exact(inputs).zip(y.chunks_exact_mut(outputs)) {
            for (channels, filter, bias) in &filters {
                fill(&picture, channels.among(x), &mut plane);
                slide(&picture, &plane, filter, *bias, &mut sums);
                let activated = |four: Four| four.activated(self.activation);
                channels.put(&sums, (picture.pitch(), picture.outputs[1]), activated, y);
            }
        }
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let picture = self.plane();
        let [inputs, outputs] = self.lengths();
        let mut dx = vec![0.0; if seen.wanted[0] { seen.x.len() } else { 0 }];
        let mut dp = vec![0.0; seen.other.len()];
        let weights = &seen.other[..self.weights()];
        let (dw, db) = dp.split_at_mut(self.weights());

        // With one move in each direction the gradient is such a convolution again.
        let direct = picture.stride == [1, 1];
        let places = if direct {
            picture.turned(1)
        } else {
            picture.alone()
        };
        let mut parts: Vec<Part> = Channels::of(self.picture.channels)
            .map(|channels| Part::new(channels, weights, direct))
            .collect();
        let mut passing = vec![Four::all(0.0); places.padded_len()];
        let mut plane = vec![Four::all(0.0); picture.padded_len()];
        let mut dplane = vec![Four::all(0.0); picture.sides[0] * places.pitch()];
        if !direct {
            dplane.resize(picture.padded_len(), Four::all(0.0));
        }
        let pictures = seen
            .x
            .chunks_exact(inputs)
            .zip(seen.y.chunks_exact(outputs));
        let pictures = pictures.zip(gradient.chunks_exact(outputs)).enumerate();
        for (i, ((x, y), g)) in pictures {
            for part in &mut parts {
                let channels = part.channels;
                let passed = channels.among(g).zip(channels.among(y));
                let passed = passed.map(|(g, y)| g.passed(y, self.activation));
                let counted = passed.inspect(|g| part.dbias = part.dbias.plus(*g));
                fill(&places, counted, &mut passing);
                if seen.wanted[1] {
                    fill(&picture, channels.among(x), &mut plane);
                    let gradients = (&passing[places.inner()..], places.pitch());
                    correlate(&picture, &plane, gradients, &mut part.dfilter);
                }
                if !seen.wanted[0] {
                    continue;
                }
                let dx = &mut dx[i * inputs..][..inputs];
                if direct {
                    slide(&places, &passing, &part.filter, Four::all(0.0), &mut dplane);
                    let rows = (places.pitch(), picture.sides[1]);
                    channels.put(&dplane, rows, |four| four, dx);
                } else {
                    dplane.fill(Four::all(0.0));
                    spread(&picture, &part.filter, &passing, &mut dplane);
                    let rows = (picture.pitch(), picture.sides[1]);
                    channels.put(&dplane[picture.inner()..], rows, |four| four, dx);
                }
            }
        }
        for Part {
            channels,
            dfilter,
            dbias,
            ..
        } in &parts
        {
            channels.put(dfilter, (dfilter.len(), dfilter.len()), |four| four, dw);
            channels.put(&[*dbias], (1, 1), |four| four, db);
        }
        [seen.wanted[0].then_some(dx), seen.wanted[1].then_some(dp)]
    }
}

/// What some channels have to themselves on the way back.
struct Part {
    channels: Channels,
    /// Back to front where the gradient is a convolution.
    filter: Vec<Four>,
    dfilter: Vec<Four>,
    dbias: Four,
}

impl Part {
    fn new(channels: Channels, weights: &[f32], turned: bool) -> Self {
        let mut filter: Vec<Four> = channels.among(weights).collect();
        if turned {
            filter.reverse();
        }
        Self {
            channels,
            dfilter: vec![Four::all(0.0); filter.len()],
            filter,
            dbias: Four::all(0.0),
        }
    }
}
