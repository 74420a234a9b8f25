//! A table of 256 values: every function of one value, computed by the host.

use crate::error::Fault;
use crate::node::{Node, cells, cells_of};
use crate::ops::{Operator, Overlap, Reach, Types};

/// An operator that maps each value through a table. Its one parameter is where the
/// table lies in the data; it is indexed by the raw byte, −128 at place 128.
pub(crate) const fn operator(code: u32, name: &'static str, types: Types) -> Operator {
    Operator {
        code,
        name,
        types,
        overlap: Overlap::InOrder(reach),
        check,
        eval,
    }
}

fn table<'a>(node: &Node<'a>) -> Option<&'a [i8; 256]> {
    let &[at] = node.params()?;
    node.constant_i8(at, 256)?.try_into().ok()
}

fn reach(_: &Node<'_>, input: usize) -> Option<Reach> {
    (input == 0).then_some(Reach::ELEMENTWISE)
}

fn check(node: &Node<'_>) -> Result<(), Fault> {
    if node.arity() != (1, 1) {
        return Err(Fault::Arity);
    }
    node.params::<1>().ok_or(Fault::Params)?;
    table(node).ok_or(Fault::Constant)?;
    match (node.input(0), node.output(0)) {
        (Some(x), Some(y)) if x.in_arena() && x.len() == y.len() => Ok(()),
        _ => Err(Fault::Shape),
    }
}

fn eval(node: &Node<'_>, arena: &mut [u8]) {
    let (Some(table), Some(x), Some(y)) = (table(node), node.input(0), node.output(0)) else {
        return;
    };
    let arena = cells(arena);
    let (Some(x), Some(y)) = (cells_of(arena, &x), cells_of(arena, &y)) else {
        return;
    };
    for (x, y) in x.iter().zip(y) {
        if let Some(&value) = table.get(usize::from(x.get() as u8)) {
            y.set(value);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::Fixture;
    use crate::ops::RELU;

    #[test]
    fn values_are_mapped_by_their_raw_byte() {
        // 16 bytes of something else, then 255 − b.
        let mut data = [0u8; 272];
        for (b, to) in data.iter_mut().skip(16).enumerate() {
            *to = 255 - b as u8;
        }
        let sound = Fixture {
            params: &[16],
            data: &data,
            inputs: &[&[0, 1, 127, -128, -1]],
            output: (32, 5),
        };
        let want = [-1, -2, -128, 127, 0];
        assert_eq!(sound.run(&RELU).as_deref(), Ok(&want[..]));
        // In place, and begun before its input.
        for at in [16, 15, 13] {
            let over = Fixture {
                output: (at, 5),
                ..sound
            };
            assert_eq!(over.run(&RELU).as_deref(), Ok(&want[..]), "at {at}");
        }
    }

    #[test]
    fn what_does_not_fit_is_refused() {
        let data = [0u8; 256];
        let sound = Fixture {
            params: &[0],
            data: &data,
            inputs: &[&[1, 2]],
            output: (32, 2),
        };
        let fault = |fixture: Fixture<'_>| fixture.run(&RELU).err();
        assert_eq!(fault(sound.clone()), None);
        let params = |params| Fixture {
            params,
            ..sound.clone()
        };
        assert_eq!(fault(params(&[1])), Some(Fault::Constant));
        assert_eq!(fault(params(&[u32::MAX])), Some(Fault::Constant));
        assert_eq!(fault(params(&[])), Some(Fault::Params));
        let longer = Fixture {
            output: (32, 3),
            ..sound.clone()
        };
        assert_eq!(fault(longer), Some(Fault::Shape));
        let two = Fixture {
            inputs: &[&[1, 2], &[3, 4]],
            ..sound
        };
        assert_eq!(fault(two), Some(Fault::Arity));
    }
}
