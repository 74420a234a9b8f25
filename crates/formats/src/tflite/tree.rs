//! A flatbuffer as a tree of values, written front to back: each table before
//! what it points to, so that every offset leads forward.

/// A value of a field.
#[derive(Clone)]
pub(super) enum Value {
    Byte(i8),
    UByte(u8),
    Bool(bool),
    Int(i32),
    UInt(u32),
    Float(f32),
    Str(String),
    /// A vector of bytes whose first one lies on 16.
    Bytes(Vec<u8>),
    Ints(Vec<i32>),
    Longs(Vec<i64>),
    Floats(Vec<f32>),
    Table(Fields),
    Tables(Vec<Fields>),
}

/// A table: field numbers and values, in any order; what is left out has its default.
pub(super) type Fields = Vec<(u16, Value)>;

/// The bytes of a flatbuffer with that root and identifier.
pub(super) fn flatten(root: &Fields, identifier: [u8; 4]) -> Vec<u8> {
    let mut out = Out(vec![0; 4]);
    out.0.extend(identifier);
    let at = out.table(root);
    out.point(0, at);
    out.align(16, 0);
    out.0
}

struct Out(Vec<u8>);

impl Out {
    /// Pads so that what comes after `ahead` more bytes lies on `to`.
    fn align(&mut self, to: usize, ahead: usize) {
        let len = (self.0.len() + ahead).next_multiple_of(to) - ahead;
        self.0.resize(len, 0);
    }

    /// Sets the offset at `slot`.
    fn point(&mut self, slot: usize, at: usize) {
        self.0[slot..slot + 4].copy_from_slice(&((at - slot) as u32).to_le_bytes());
    }

    /// Writes the table, then what it points to; gives where it begins.
    fn table(&mut self, fields: &Fields) -> usize {
        let entries = fields
            .iter()
            .map(|f| usize::from(f.0) + 1)
            .max()
            .unwrap_or(0);
        let mut vtable = vec![0u16; 2 + entries];
        let mut body = vec![0; 4];
        let mut slots = Vec::new();
        // Words first, so that single bytes tear no gaps.
        for wide in [true, false] {
            for (field, value) in fields {
                let inline = value.inline();
                if (inline.len() == 4) == wide {
                    vtable[2 + usize::from(*field)] = body.len() as u16;
                    slots.push((body.len(), value));
                    body.extend(inline);
                }
            }
        }
        vtable[0] = 2 * vtable.len() as u16;
        vtable[1] = body.len() as u16;
        self.align(4, 2 * vtable.len());
        let start = self.0.len();
        self.0.extend(vtable.iter().flat_map(|v| v.to_le_bytes()));
        let at = self.0.len();
        body[..4].copy_from_slice(&((at - start) as u32).to_le_bytes());
        self.0.extend(body);
        for (slot, value) in slots {
            if let Some(child) = self.child(value) {
                self.point(at + slot, child);
            }
        }
        at
    }

    /// Writes what doesn't fit into the table itself.
    fn child(&mut self, value: &Value) -> Option<usize> {
        Some(match value {
            Value::Str(s) => {
                let at = self.vector(4, s.len(), s.bytes());
                self.0.push(0);
                at
            }
            Value::Bytes(v) => self.vector(16, v.len(), v.iter().copied()),
            Value::Ints(v) => self.vector(4, v.len(), v.iter().flat_map(|v| v.to_le_bytes())),
            Value::Longs(v) => self.vector(8, v.len(), v.iter().flat_map(|v| v.to_le_bytes())),
            Value::Floats(v) => self.vector(4, v.len(), v.iter().flat_map(|v| v.to_le_bytes())),
            Value::Table(fields) => self.table(fields),
            Value::Tables(tables) => {
                let at = self.vector(4, tables.len(), vec![0; 4 * tables.len()]);
                for (i, fields) in tables.iter().enumerate() {
                    let table = self.table(fields);
                    self.point(at + 4 + 4 * i, table);
                }
                at
            }
            Value::Byte(_)
            | Value::UByte(_)
            | Value::Bool(_)
            | Value::Int(_)
            | Value::UInt(_)
            | Value::Float(_) => return None,
        })
    }

    /// Writes a vector whose first element lies on `align`; gives where its length stands.
    fn vector(&mut self, align: usize, count: usize, bytes: impl IntoIterator<Item = u8>) -> usize {
        self.align(align, 4);
        let at = self.0.len();
        self.0.extend((count as u32).to_le_bytes());
        self.0.extend(bytes);
        at
    }
}

impl Value {
    /// What stands in the table: the value, or room for an offset.
    fn inline(&self) -> Vec<u8> {
        match self {
            Self::Byte(v) => v.to_le_bytes().to_vec(),
            Self::UByte(v) => v.to_le_bytes().to_vec(),
            Self::Bool(v) => vec![u8::from(*v)],
            Self::Int(v) => v.to_le_bytes().to_vec(),
            Self::UInt(v) => v.to_le_bytes().to_vec(),
            Self::Float(v) => v.to_le_bytes().to_vec(),
            Self::Str(_)
            | Self::Bytes(_)
            | Self::Ints(_)
            | Self::Longs(_)
            | Self::Floats(_)
            | Self::Table(_)
            | Self::Tables(_) => vec![0; 4],
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::table::Source;
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let root = vec![
            (3, Value::Byte(-7)),
            (0, Value::UInt(9)),
            (1, Value::Str("glow".into())),
            (5, Value::Longs(vec![-1, 1 << 40])),
            (
                6,
                Value::Tables(vec![
                    vec![(0, Value::Bytes(vec![1, 2, 3]))],
                    vec![],
                    vec![(2, Value::Float(0.5)), (0, Value::Bool(true))],
                ]),
            ),
            (7, Value::Table(vec![(0, Value::Ints(vec![-4, 4]))])),
        ];
        let bytes = flatten(&root, *b"TEST");
        assert_eq!(&bytes[4..8], b"TEST");
        let source = Source::new(&bytes);
        let table = source.root().expect("a sound root");
        assert_eq!(table.byte(3), Ok(-7));
        assert_eq!(table.uint(0), Ok(9));
        assert_eq!(table.string(1).as_deref(), Ok("glow"));
        assert_eq!(table.longs(5), Ok(vec![-1, 1 << 40]));
        assert!(!table.has(2) && !table.has(99));
        assert_eq!(table.int(2), Ok(0));
        let tables = table.tables(6).expect("a sound vector");
        let data = tables[0].bytes(0).expect("sound bytes");
        assert_eq!(data, [1, 2, 3]);
        assert_eq!((data.as_ptr() as usize - bytes.as_ptr() as usize) % 16, 0);
        assert_eq!(tables[1].bytes(0), Ok(&[][..]));
        assert_eq!((tables[2].float(2), tables[2].byte(0)), (Ok(0.5), Ok(1)));
        let inner = table.table(7).expect("sound").expect("there");
        assert_eq!(inner.ints(0), Ok(vec![-4, 4]));
    }
}
