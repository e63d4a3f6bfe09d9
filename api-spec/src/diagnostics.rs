//! Diagnostics: data, catalogue of codes, messages and rendering.

mod codes;
mod diagnostic;
mod explain;
mod level;
pub(crate) mod lookalikes;
pub(crate) mod messages;
pub mod render;
mod sink;
mod suggest;

pub use codes::{Code, Explanation};
pub use diagnostic::{Diagnostic, Label, Suggestion};
pub use level::Level;
pub use render::Style;

pub(crate) use sink::{Checked, Diagnostics, Reported, collect_all, collect_valid};
