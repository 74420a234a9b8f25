//! What a classifier takes beside the buffers that it is given.

/// Bytes of a [`crate::Classifier`] on a 32-bit chip whose model and memory are slices: what
/// firmware reserves beside [`crate::Needs::bytes`], at an address that is a multiple of 8.
///
/// The same on all 32-bit cores, which the compiler checks on each of them; a number, so that
/// a host can count with it.
pub const STATE_BYTES: usize = 448;

/// Bytes of stack that firmware leaves free for starting a classifier and for pushing and
/// inferring with it, whatever the block, the operators and the core.
///
/// A bound, not a measurement: the tests of the exports paint the stack of each example on each
/// core and fail where more than this was reached.
pub const STACK_BYTES: usize = 4096;

// A page keeps rearranged weights too.
#[cfg(all(target_pointer_width = "32", not(target_arch = "wasm32")))]
const _: () = {
    type OnChip = crate::Classifier<&'static [u8], &'static mut [u8], &'static mut [f32]>;
    assert!(STATE_BYTES == size_of::<OnChip>().next_multiple_of(8));
    assert!(align_of::<OnChip>() <= 8);
};
