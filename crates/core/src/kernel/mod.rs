//! Loops that several operators share; each operator's own file says which it uses.

pub(crate) mod addition;
pub mod moves;
pub(crate) mod pairs;
pub(crate) mod pool;
pub(crate) mod reduce;
pub(crate) mod table;
pub(crate) mod total;
pub(crate) mod walk;
pub(crate) mod weighted;
pub(crate) mod window;
pub(crate) mod windowed;
