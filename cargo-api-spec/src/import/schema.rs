//! Reading of schemas, without regard to the types that they become.

pub(super) mod bounds;
mod direction;
pub(super) mod docs;
pub(super) mod formats;
pub(super) mod keywords;
mod null;
mod object;

pub(super) use null::may_be_null;
pub(super) use object::Object;
