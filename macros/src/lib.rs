//! The `api!` macro. Depend on `api-runtime`, which re-exports it.

mod args;
mod checked_in;
mod expand;
mod load;

use proc_macro::TokenStream;

/// Turns the description of a REST API into a typed, blocking client: the items of the module
/// where it stands.
///
/// ```text
/// api_runtime::api!("clock.toml");
/// api_runtime::api!("clock.toml", only = ["time.*", "zones.list"]);
/// api_runtime::api!("clock.toml", runtime = ::my_client::api_runtime);
/// ```
///
/// The path is taken from the package's folder, or from the folder of the source file. When the
/// file changes, or one that it includes, the crate is built again. A literal of more than one line is the description
/// itself.
///
/// `only` names the endpoints that are wanted, or `group.*` for all of a group; what they poll and
/// the types they need come with them.
///
/// `runtime` names the path of `api-runtime`, for crates that reach it through another.
///
/// # Checked in
///
/// ```text
/// api_runtime::api!("clock.toml", checked_in = "src/clock.rs");
/// ```
///
/// The client is taken from a file, which `cargo api-spec expand clock.toml --out src/clock.rs`
/// writes: reviews see what changes in it, and editors find their way in it. If the description
/// or the generator has changed since, nothing compiles until the file is made anew.
///
/// # Errors
///
/// Each fault of the description becomes an error of its own that shows the line in the TOML. What
/// is free of faults is generated beside them, so that no other errors follow.
#[proc_macro]
pub fn api(input: TokenStream) -> TokenStream {
    expand::expand(input.into()).into()
}
