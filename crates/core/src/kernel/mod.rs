//! Loops that several operators share; each operator's own file says which it uses.

pub mod moves;
pub(crate) mod pool;
pub(crate) mod table;
pub(crate) mod weighted;
pub(crate) mod window;
