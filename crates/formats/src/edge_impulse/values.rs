//! `payload.values`, read straight into one list: no value is boxed, and what
//! is wrong is told with its line.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, SeqAccess, Visitor};

/// All readings: rows of numbers, or single numbers.
pub(crate) struct Values {
    pub(crate) width: usize,
    pub(crate) flat: Vec<f32>,
}

impl<'de> Deserialize<'de> for Values {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Readings)
    }
}

struct Readings;

impl<'de> Visitor<'de> for Readings {
    type Value = Values;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of readings")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Values, A::Error> {
        let mut flat: Vec<f32> = Vec::new();
        let mut width = None;
        let mut readings = 0;
        loop {
            let before = flat.len();
            let Some(()) = seq.next_element_seed(Reading(&mut flat))? else {
                break;
            };
            readings += 1;
            let got = flat.len() - before;
            let width = *width.get_or_insert(got);
            if got != width || got == 0 {
                return Err(A::Error::custom(format!(
                    "reading {readings} has {got} values, the first {width}"
                )));
            }
            if let Some(v) = flat[before..].iter().find(|v| !v.is_finite()) {
                return Err(A::Error::custom(format!(
                    "reading {readings} is too large for a 32-bit float ({v})"
                )));
            }
        }
        match width {
            Some(width) => Ok(Values { width, flat }),
            None => Err(A::Error::custom("there is no reading")),
        }
    }
}

/// Appends one reading: a number, or a row of them.
struct Reading<'a>(&'a mut Vec<f32>);

impl<'de> serde::de::DeserializeSeed<'de> for Reading<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Reading<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a number or a row of numbers")
    }

    fn visit_f64<E: Error>(self, v: f64) -> Result<(), E> {
        self.0.push(v as f32);
        Ok(())
    }

    fn visit_i64<E: Error>(self, v: i64) -> Result<(), E> {
        self.0.push(v as f32);
        Ok(())
    }

    fn visit_u64<E: Error>(self, v: u64) -> Result<(), E> {
        self.0.push(v as f32);
        Ok(())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        while let Some(v) = seq.next_element::<f64>()? {
            self.0.push(v as f32);
        }
        Ok(())
    }
}
