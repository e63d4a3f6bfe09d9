#![doc = include_str!("../README.md")]

mod args;
mod checked_in;
mod expand;
mod load;
mod spec;
mod warnings;

use proc_macro::TokenStream;

/// Generates a typed, blocking client from the spec of a REST API.
///
/// The macro expands to the items of the client: request structs, response structs, enums and one
/// function per endpoint. Invoke it in a separate module.
///
/// ```text
/// pub mod clock {
///     api_runtime::api!("clock.toml");
/// }
/// ```
///
/// The path of the spec is relative to the folder of the package or to the folder of the source
/// file. Cargo rebuilds the crate when the spec or a file that it includes changes. A literal of
/// several lines is an inline spec.
///
/// The [spec language](../api_runtime/language/index.html) has a separate page.
///
/// # Arguments
///
/// ```text
/// api_runtime::api!("clock.toml", only = ["time.*", "zones.list"]);
/// api_runtime::api!("clock.toml", derive = [PartialEq, Serialize, Deserialize]);
/// api_runtime::api!("clock.toml", runtime = ::my_client::api_runtime);
/// api_runtime::api!("clock.toml", checked_in = "src/clock.rs");
/// ```
///
/// - `only` selects endpoints, or all endpoints of a group. The endpoints that they poll and the
///   types that they use are included.
/// - `derive` implements traits for all types in addition to `Clone` and `Debug`: `PartialEq`, and
///   the traits of `serde`, which use the wire names of the API. Types that contain a secret or a
///   file do not implement the traits of `serde`.
/// - `runtime` is the path of the crate `api-runtime`, for crates that do not depend on it
///   directly.
/// - `checked_in` includes generated code from a file.
///
/// # Checked-in code
///
/// With `checked_in`, the items come from a file that
/// `cargo api-spec expand clock.toml --out src/clock.rs` writes. Reviews show its changes, and
/// editors navigate to its items. If the spec, the arguments or the version of the generator have
/// changed since, compilation fails with an error that contains the command to update the file.
///
/// # Errors
///
/// Each error of the spec is a compiler error that shows the line in the TOML file. The parts of
/// the spec without errors are generated. The other items are declared with invalid
/// types, so that the compiler reports no errors about their use.
///
/// An endpoint without a retry class, e.g. a `POST` without `retry`, is a compiler warning of the lint
/// `deprecated`. With `checked_in`, `cargo api-spec expand` prints it.
#[proc_macro]
pub fn api(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
