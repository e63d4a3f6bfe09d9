//! Generated code as text.

/// The tokens as formatted Rust, or the reason why they are none.
///
/// # Errors
///
/// When the text is not that of Rust items.
pub fn print(code: &str) -> Result<String, syn::Error> {
    syn::parse_file(code).map(|file| prettyplease::unparse(&file))
}
