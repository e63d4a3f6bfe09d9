//! Names on the wire with their aliases.

use api_runtime::rt::find_name;

/// Returns the index of the value or tag with this name, as generated code does.
pub(crate) fn find_value<'n>(
    names: impl Iterator<Item = (&'n str, &'n [String])>,
    text: &str,
) -> Option<usize> {
    let rows: Vec<Vec<&str>> = names
        .map(|(name, aliases)| {
            let aliases = aliases.iter().map(String::as_str);
            std::iter::once(name).chain(aliases).collect()
        })
        .collect();
    let rows: Vec<&[&str]> = rows.iter().map(Vec::as_slice).collect();
    find_name(&rows, text)
}
