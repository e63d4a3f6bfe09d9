//! Facts about an API that decide what is emitted.

pub(crate) mod index;
pub(crate) mod select;
pub(crate) mod traits;
pub(crate) mod usage;
