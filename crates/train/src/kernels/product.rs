//! Dense layers and convolutions over one or two axes: products of what a window covers
//! with the filters.

use lampyris_net::{Activation, Conv2d, Shape};

use super::lanes::{add, pass};
use super::picture::Picture;
use super::tile::{Panels, Walk, correlate, multiply, padded};
use super::{Kernel, Seen};

/// Rows that are worked through at once: with their gradients they fit the first cache.
const BLOCK: usize = 64;

/// How the values that windows cover are reached.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    /// They are the pixel itself.
    Rows,
    /// In the picture with its padding, where they are runs of some length.
    Direct,
    /// Gathered, a row a place.
    Gathered,
}

/// A dense layer or a convolution with its activation. Parameters: weights
/// `[KH·KW·C, filters]`, then the bias, if any.
#[derive(Debug)]
pub(crate) struct Product {
    picture: Picture,
    filters: usize,
    activation: Activation,
    way: Way,
}

impl Product {
    /// A dense layer.
    pub(crate) fn dense(inputs: usize, units: usize, activation: Activation) -> Self {
        Self {
            picture: Picture::pixel(inputs),
            filters: units,
            activation,
            way: Way::Rows,
        }
    }

    /// A convolution over pictures of that shape.
    pub(crate) fn conv(conv: &Conv2d, input: Shape) -> Self {
        let picture = Picture::new(&conv.window, input);
        let Picture {
            size,
            stride,
            channels,
            outputs,
            ..
        } = picture;
        // Lanes beside the channels are worked for nothing: a third more is worth it.
        let few = 3 * padded(channels) <= 4 * channels;
        let way = if size == [1, 1] && stride == [1, 1] {
            Way::Rows
        } else if stride == [1, 1] && few && size[1] * channels >= 8 && outputs[1] >= 4 {
            Way::Direct
        } else {
            Way::Gathered
        };
        Self {
            picture,
            filters: conv.filters,
            activation: conv.activation,
            way,
        }
    }

    /// Values that a filter sees.
    fn taps(&self) -> usize {
        let [kh, kw] = self.picture.size;
        kh * kw * self.picture.channels
    }

    /// The picture as [`Product::covered`] has it.
    fn filled(&self) -> Picture {
        match self.way {
            Way::Direct => self.picture.filled(),
            _ => self.picture,
        }
    }

    /// Values in and out of what is worked through at once: a picture, or some pixels.
    fn block(&self) -> [usize; 2] {
        match self.way {
            Way::Rows => [BLOCK * self.picture.channels, BLOCK * self.filters],
            _ => [self.picture.inputs(), self.picture.places() * self.filters],
        }
    }

    /// How the places of a block lie in [`Product::covered`].
    fn walk(&self, places: usize) -> Walk {
        match self.way {
            Way::Direct => self.filled().walk(self.picture.outputs),
            _ => Walk::over(places, self.taps()),
        }
    }

    /// Of a block what windows cover; `room` is used where it isn't the block itself.
    fn covered<'a>(&self, x: &'a [f32], room: &'a mut Vec<f32>) -> &'a [f32] {
        match self.way {
            Way::Rows => x,
            Way::Direct => {
                self.filled().pad(x, self.picture.channels, room);
                room
            }
            Way::Gathered => {
                self.picture.gather(x, room);
                room
            }
        }
    }

    /// What places are multiplied with.
    fn panels(&self, weights: &[f32]) -> Panels {
        let (c, filters) = (self.picture.channels, self.filters);
        let across = self.filled().channels;
        if c == across {
            return Panels::new(self.taps(), filters, |i, f| weights[i * filters + f]);
        }
        Panels::new(self.taps() / c * across, filters, |i, f| {
            let (tap, channel) = (i / across, i % across);
            if channel < c {
                weights[(tap * c + channel) * filters + f]
            } else {
                0.0
            }
        })
    }

    /// A picture of gradients as the windows of the gradient of inputs see it.
    fn turned(&self) -> Picture {
        self.picture.turned(padded(self.filters))
    }

    /// What gradients are multiplied with for that of what is covered.
    fn back_panels(&self, weights: &[f32]) -> Panels {
        let (filters, across) = (self.filters, padded(self.filters));
        let weight = |row: usize, filter: usize| {
            weights[row * filters..][..filters]
                .get(filter)
                .copied()
                .unwrap_or(0.0)
        };
        if self.way == Way::Direct {
            let c = self.picture.channels;
            let taps = self.taps() / c;
            return Panels::new(taps * across, c, |i, channel| {
                weight((taps - 1 - i / across) * c + channel, i % across)
            });
        }
        Panels::new(across, self.taps(), |i, tap| weight(tap, i))
    }
}

impl Kernel for Product {
    fn forward(&self, x: &[f32], parameters: &[f32]) -> (Vec<f32>, Vec<f32>) {
        let filters = self.filters;
        let (weights, bias) = parameters.split_at(self.taps() * filters);
        let panels = self.panels(weights).with(bias, self.activation);
        let [inputs, outputs] = self.block();
        let values = x.len() / self.picture.inputs() * self.picture.places() * filters;
        let mut y = vec![0.0; values];
        let mut room = Vec::new();
        for (x, y) in x.chunks(inputs).zip(y.chunks_mut(outputs)) {
            let walk = self.walk(y.len() / filters);
            multiply(&walk, self.covered(x, &mut room), &panels, y);
        }
        (y, Vec::new())
    }

    fn backward(&self, seen: Seen<'_>, gradient: &[f32]) -> [Option<Vec<f32>>; 2] {
        let (filters, across) = (self.filters, padded(self.filters));
        let weights = self.taps() * filters;
        let [inputs, outputs] = self.block();
        let back = seen.wanted[0].then(|| self.back_panels(&seen.other[..weights]));
        let mut dx = vec![0.0; if back.is_some() { seen.x.len() } else { 0 }];
        let mut dp = vec![0.0; seen.other.len()];
        let (dweights, db) = dp.split_at_mut(weights);
        // As those of the channels that are computed with.
        let c = self.picture.channels;
        let all = self.filled().channels;
        let mut dw = vec![0.0; weights / c * all];

        let turned = (self.way == Way::Direct).then(|| self.turned());
        let (mut room, mut passing, mut dcovered) = (Vec::new(), Vec::new(), Vec::new());
        let blocks = seen.x.chunks(inputs).zip(seen.y.chunks(outputs));
        let blocks = blocks.zip(gradient.chunks(outputs)).enumerate();
        for (i, ((x, y), g)) in blocks {
            let places = y.len() / filters;
            // Where the first row of gradients begins, and from one to the next.
            let (at, pitch) = match &turned {
                None => {
                    passing.resize(places * across, 0.0);
                    (0, places * across)
                }
                Some(turned) => {
                    passing.resize(turned.padded_len(), 0.0);
                    (turned.inner(), turned.pitch())
                }
            };
            let row = match &turned {
                None => places,
                Some(_) => self.picture.outputs[1],
            };
            let rows = y.chunks(row * filters).zip(g.chunks(row * filters));
            for (r, (y, g)) in rows.enumerate() {
                let pixels = y.chunks_exact(filters).zip(g.chunks_exact(filters));
                let passing = passing[at + r * pitch..].chunks_exact_mut(across);
                for ((y, g), passing) in pixels.zip(passing) {
                    let passing = &mut passing[..filters];
                    pass(g, y, self.activation, passing);
                    if !db.is_empty() {
                        add(db, passing);
                    }
                }
            }
            if seen.wanted[1] {
                let walk = self.walk(places);
                let x = self.covered(x, &mut room);
                correlate(&walk, x, (&passing[at..], pitch), filters, &mut dw);
            }
            let Some(back) = &back else { continue };
            let dx = &mut dx[i * inputs..][..x.len()];
            match (self.way, &turned) {
                (Way::Rows, _) => multiply(&Walk::over(places, across), &passing, back, dx),
                (Way::Direct, Some(turned)) => {
                    let walk = turned.walk(self.picture.sides);
                    multiply(&walk, &passing, back, dx);
                }
                _ => {
                    dcovered.resize(places * self.taps(), 0.0);
                    multiply(&Walk::over(places, across), &passing, back, &mut dcovered);
                    self.picture.scatter(&dcovered, dx);
                }
            }
        }
        let taps = dw.chunks_exact(all * filters);
        for (dweights, dw) in dweights.chunks_exact_mut(c * filters).zip(taps) {
            dweights.copy_from_slice(&dw[..c * filters]);
        }
        [back.map(|_| dx), seen.wanted[1].then_some(dp)]
    }
}
