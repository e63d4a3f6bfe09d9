//! Clusters of a workspace.

mod find;
mod state;

pub(crate) use self::find::find;
pub(crate) use self::state::state_name;
