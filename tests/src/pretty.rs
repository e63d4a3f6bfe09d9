//! Formatting of generated code.

/// Formats Rust code.
///
/// # Errors
///
/// If the code cannot be parsed.
pub fn print(code: &str) -> Result<String, syn::Error> {
    syn::parse_file(code).map(|file| prettyplease::unparse(&file))
}
