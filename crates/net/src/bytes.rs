//! The byte form of a network: how one wasm module, the command and a project
//! file hand it on.
//!
//! ```text
//! "LNET"  u16 version = 1  u16 layers  u32 inputs
//! layer*: u8 kind, then
//!   1 dense    u32 units  u8 activation (0 none, 1 relu)  f32[units·inputs]  f32[units]
//!   2 dropout  f32 rate
//! ```
//!
//! Little-endian, nothing between, nothing after. Sizes are checked against the
//! bytes that are there before anything is allocated.

use crate::{Layer, Net, NetError};

const MAGIC: &[u8; 4] = b"LNET";
const VERSION: u16 = 1;

pub(crate) fn put_u32(out: &mut Vec<u8>, n: usize) {
    let n = u32::try_from(n).expect("every size of a checked network fits in 32 bits");
    out.extend_from_slice(&n.to_le_bytes());
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
        put_u32(&mut out, self.inputs());
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
        if version != VERSION {
            return Err(NetError::new(
                format!("a network of version {version}"),
                "byte 4",
                format!("this version reads {VERSION}; update, or train again"),
            ));
        }
        let count = r.u16()?;
        let inputs = r.u32()? as usize;
        if inputs == 0 || inputs > crate::MAX_UNITS as usize {
            return Err(NetError::new(
                format!("a network of {inputs} input features"),
                "byte 8",
                "the file is damaged; train again",
            ));
        }
        let mut layers = Vec::new();
        let mut width = inputs;
        for _ in 0..count {
            let layer = Layer::read(&mut r, width)?;
            width = layer.outputs();
            layers.push(layer);
        }
        if r.at != bytes.len() {
            return Err(NetError::new(
                format!("{} bytes after the end of the network", bytes.len() - r.at),
                format!("byte {}", r.at),
                "the file is damaged; train again",
            ));
        }
        Net::from_layers(inputs, layers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Activation, LayerSpec, NetSpec};

    fn net() -> Net {
        let spec = NetSpec {
            input: 3,
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
        assert_eq!(bytes.len(), 12 + (6 + 4 * 16) + 5 + (6 + 4 * 10));
        assert_eq!(Net::from_bytes(&bytes), Ok(net()));
    }

    #[test]
    fn every_shortening_and_lengthening_is_refused() {
        let mut bytes = net().to_bytes();
        for n in 0..bytes.len() {
            Net::from_bytes(&bytes[..n]).expect_err("too short");
        }
        bytes.push(0);
        let e = Net::from_bytes(&bytes).expect_err("too long");
        assert!(e.what.contains("after the end"), "{e}");
    }

    #[test]
    fn flipped_bits_never_panic_and_structure_is_refused() {
        let good = net().to_bytes();
        for at in 0..good.len() {
            for bit in 0..8 {
                let mut bytes = good.clone();
                bytes[at] ^= 1 << bit;
                let read = Net::from_bytes(&bytes);
                if at < 12 {
                    read.expect_err("the head holds structure only");
                }
            }
        }
    }

    #[test]
    fn absurd_sizes_are_refused_before_allocation() {
        let mut bytes = net().to_bytes();
        bytes[8..12].copy_from_slice(&u32::MAX.to_le_bytes());
        Net::from_bytes(&bytes).expect_err("4 G inputs");
        let mut bytes = net().to_bytes();
        bytes[13..17].copy_from_slice(&16_000_u32.to_le_bytes());
        let e = Net::from_bytes(&bytes).expect_err("16,000 units in 100 bytes");
        assert!(e.what.contains("ends early"), "{e}");
    }
}
