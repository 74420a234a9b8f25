//! The byte form of a network: how one wasm module, the command and a project
//! file hand it on.
//!
//! ```text
//! "LNET"  u16 version = 2  u16 layers  u32 height  u32 width  u32 channels
//! layer*: u8 kind, then
//!    1 dense             u32 units  activation  f32[units·inputs]  f32[units]
//!    2 dropout           f32 rate
//!    3 conv1d            as conv2d, the window one column wide
//!    4 conv2d            u32 filters  window  activation  f32[filters·KH·KW·C]  f32[filters]
//!    5 depthwise_conv2d  window  activation  f32[KH·KW·C]  f32[C]
//!    6 max_pool          window (valid)
//!    7 average_pool      window (valid)
//!    8 batch_norm        activation  f32[C] gamma, beta, mean, variance
//!    9 global_average_pool
//!   10 flatten
//!   11 add               u32 back  activation
//! activation: u8 (0 none, 1 relu, 2 relu6)
//! window: u32 KH  u32 KW  u32 stride in y  u32 stride in x  u8 (0 valid, 1 same)
//! ```
//!
//! Little-endian, nothing between, nothing after. Sizes are checked against the
//! bytes that are there before anything is allocated. Version 1 had `u32 inputs` in
//! the place of the picture, and is still read.

use crate::spec::place;
use crate::{Layer, LayerSpec, MAX_INPUTS, Net, NetError, Padding, Shape, Window};

const MAGIC: &[u8; 4] = b"LNET";
const VERSION: u16 = 2;
/// Whose input was a row of features.
const FLAT_VERSION: u16 = 1;

pub(crate) fn put_u32(out: &mut Vec<u8>, n: usize) {
    let n = u32::try_from(n).expect("every size of a checked network fits in 32 bits");
    out.extend_from_slice(&n.to_le_bytes());
}

pub(crate) fn put_f32s<'a>(out: &mut Vec<u8>, values: impl Iterator<Item = &'a f32>) {
    out.extend(values.flat_map(|v| v.to_le_bytes()));
}

pub(crate) fn put_window(out: &mut Vec<u8>, window: &Window) {
    for n in [window.size, window.stride].as_flattened() {
        put_u32(out, *n);
    }
    out.push(match window.padding {
        Padding::Valid => 0,
        Padding::Same => 1,
    });
}

/// Takes values off the front of some bytes and knows where it is.
pub(crate) struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    /// Where the next value begins.
    pub(crate) fn at(&self) -> usize {
        self.at
    }

    fn take(&mut self, n: usize) -> Result<&'a [u8], NetError> {
        let rest = &self.bytes[self.at..];
        if n > rest.len() {
            return Err(NetError::new(
                format!(
                    "the network ends early: {n} bytes wanted, {} left",
                    rest.len()
                ),
                format!("byte {}", self.at),
                "the file is damaged; train again",
            ));
        }
        self.at += n;
        Ok(&rest[..n])
    }

    fn array<const N: usize>(&mut self) -> Result<[u8; N], NetError> {
        let mut a = [0; N];
        a.copy_from_slice(self.take(N)?);
        Ok(a)
    }

    pub(crate) fn u8(&mut self) -> Result<u8, NetError> {
        self.array().map(u8::from_le_bytes)
    }

    fn u16(&mut self) -> Result<u16, NetError> {
        self.array().map(u16::from_le_bytes)
    }

    pub(crate) fn u32(&mut self) -> Result<u32, NetError> {
        self.array().map(u32::from_le_bytes)
    }

    pub(crate) fn f32(&mut self) -> Result<f32, NetError> {
        self.array().map(f32::from_le_bytes)
    }

    /// A window with sides and strides in range.
    pub(crate) fn window(&mut self) -> Result<Window, NetError> {
        let at = format!("byte {}", self.at);
        let size = [self.u32()?, self.u32()?];
        let stride = [self.u32()?, self.u32()?];
        let padding = match self.u8()? {
            0 => Padding::Valid,
            1 => Padding::Same,
            other => {
                return Err(NetError::new(
                    format!("an unknown padding {other}"),
                    at,
                    "the file is damaged or newer than this version; train again",
                ));
            }
        };
        let window = Window::new(size, stride, padding);
        window.check(&at)?;
        Ok(window)
    }

    /// The window of a pool, which stays within the picture.
    pub(crate) fn pool(&mut self) -> Result<Window, NetError> {
        let at = self.at;
        let window = self.window()?;
        if window.padding == Padding::Valid {
            return Ok(window);
        }
        Err(NetError::new(
            "a pool with padding",
            format!("byte {at}"),
            "the file is damaged or newer than this version; train again",
        ))
    }

    /// `n` values; `n` must be checked to be of sane size by the caller.
    pub(crate) fn f32s(&mut self, n: usize) -> Result<Vec<f32>, NetError> {
        let (quads, _) = self.take(n * 4)?.as_chunks();
        Ok(quads.iter().map(|q| f32::from_le_bytes(*q)).collect())
    }
}

impl Net {
    /// The bytes of the network; see the head of this file for the layout.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        out.extend_from_slice(MAGIC);
        out.extend_from_slice(&VERSION.to_le_bytes());
        let layers = u16::try_from(self.layers().len()).expect("at most 65 layers are accepted");
        out.extend_from_slice(&layers.to_le_bytes());
        let Shape {
            height,
            width,
            channels,
        } = self.input();
        for side in [height, width, channels] {
            put_u32(&mut out, side);
        }
        for layer in self.layers() {
            layer.write(&mut out);
        }
        out
    }

    /// Reads what [`Net::to_bytes`] wrote.
    ///
    /// # Errors
    ///
    /// Refuses other files, newer versions, damage and anything after the end.
    /// Weights may be any f32: whether they are finite is checked in lowering.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, NetError> {
        let mut r = Reader { bytes, at: 0 };
        if !bytes.starts_with(MAGIC) {
            return Err(NetError::new(
                "not a Lampyris network",
                "byte 0",
                "give the bytes that training returned",
            ));
        }
        r.take(MAGIC.len())?;
        let version = r.u16()?;
        if version != VERSION && version != FLAT_VERSION {
            return Err(NetError::new(
                format!("a network of version {version}"),
                "byte 4",
                format!("this version reads {FLAT_VERSION} to {VERSION}; update, or train again"),
            ));
        }
        let count = r.u16()?;
        let mut side = || r.u32().map(|n| n as usize);
        let input = if version == FLAT_VERSION {
            Shape::flat(side()?)
        } else {
            Shape::new(side()?, side()?, side()?)
        };
        if input.is_empty() || input.len() > MAX_INPUTS {
            return Err(NetError::new(
                format!("a network of {} input features", input.len()),
                "byte 8",
                "the file is damaged; train again",
            ));
        }
        let (mut layers, mut shapes) = (Vec::new(), vec![input]);
        for i in 0..usize::from(count) {
            let layer = Layer::read(&mut r, shapes[i])?;
            let spec = LayerSpec::of(&layer);
            spec.check(&place(i))?;
            shapes.push(spec.output(&shapes, &place(i))?);
            layers.push(layer);
        }
        if r.at != bytes.len() {
            return Err(NetError::new(
                format!("{} bytes after the end of the network", bytes.len() - r.at),
                format!("byte {}", r.at),
                "the file is damaged; train again",
            ));
        }
        Net::from_layers(input, layers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture;
    use crate::{Activation, NetSpec};

    fn net() -> Net {
        let spec = NetSpec {
            input: Shape::flat(3),
            classes: 2,
            hidden: vec![
                LayerSpec::Dense {
                    units: 4,
                    activation: Activation::Relu,
                },
                LayerSpec::Dropout { rate: 0.5 },
            ],
        };
        Net::init(&spec, 7).expect("a plain network")
    }

    #[test]
    fn bytes_come_back() {
        let bytes = net().to_bytes();
        // head, dense 3→4, dropout, dense 4→2
        assert_eq!(bytes.len(), 20 + (6 + 4 * 16) + 5 + (6 + 4 * 10));
        assert_eq!(Net::from_bytes(&bytes), Ok(net()));
        let all = fixture::every_layer();
        assert_eq!(Net::from_bytes(&all.to_bytes()), Ok(all));
    }

    #[test]
    fn version_1_is_still_read() {
        let mut bytes = net().to_bytes();
        bytes[4] = 1;
        // Its head had the number of features alone.
        bytes.drain(8..16);
        assert_eq!(Net::from_bytes(&bytes), Ok(net()));
        bytes[4] = 3;
        let e = Net::from_bytes(&bytes).expect_err("of the future");
        assert!(e.what.contains("version 3"), "{e}");
    }

    #[test]
    fn every_shortening_and_lengthening_is_refused() {
        for net in [net(), fixture::every_layer()] {
            let mut bytes = net.to_bytes();
            for n in 0..bytes.len() {
                Net::from_bytes(&bytes[..n]).expect_err("too short");
            }
            bytes.push(0);
            let e = Net::from_bytes(&bytes).expect_err("too long");
            assert!(e.what.contains("after the end"), "{e}");
        }
    }

    #[test]
    fn flipped_bits_never_panic_and_structure_is_refused() {
        // Another picture may suit the same filters; a row suits but one width.
        for (net, structure) in [(net(), 20), (fixture::every_layer(), 8)] {
            let good = net.to_bytes();
            for at in 0..good.len() {
                for bit in 0..8 {
                    let mut bytes = good.clone();
                    bytes[at] ^= 1 << bit;
                    let read = Net::from_bytes(&bytes);
                    if at < structure {
                        read.expect_err("the head holds structure only");
                    }
                }
            }
        }
    }

    #[test]
    fn absurd_sizes_are_refused_before_allocation() {
        let mut bytes = net().to_bytes();
        bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        Net::from_bytes(&bytes).expect_err("4 G rows");
        let mut bytes = net().to_bytes();
        bytes[21..25].copy_from_slice(&16_000_u32.to_le_bytes());
        let e = Net::from_bytes(&bytes).expect_err("16,000 units in 100 bytes");
        assert!(e.what.contains("ends early"), "{e}");
    }
}
