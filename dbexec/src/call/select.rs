//! The option `--get`: one value of a JSON response.

use generated_client::api_runtime::codec::{ReadError, Reader};
use generated_client::api_runtime::types::RawJson;

use crate::error::CliError;
use crate::suggest;

/// Returns the value at a path such as `results.data.0`, as it was sent.
///
/// # Errors
///
/// Returns an error that names the part of the path without a value.
pub(super) fn select(response: &RawJson, path: &str) -> Result<RawJson, CliError> {
    let mut value = response.clone();
    let mut parent = String::new();
    for key in path.split('.') {
        value = child(&value, key)
            .ok()
            .flatten()
            .ok_or_else(|| missing(&value, key, &parent))?;
        parent = if parent.is_empty() {
            key.to_owned()
        } else {
            format!("{parent}.{key}")
        };
    }
    Ok(value)
}

/// Returns the text to print: strings without quotes, other values as JSON.
pub(super) fn as_text(value: &RawJson) -> Option<String> {
    value.parse::<String>().ok()
}

/// Returns a member of an object, or an item of a list by its number, which begins at 0.
fn child(value: &RawJson, key: &str) -> Result<Option<RawJson>, ReadError> {
    let mut reader = value.reader();
    match reader.peek() {
        Some(b'{') => {
            reader.begin_object()?;
            while let Some(name) = reader.next_entry()? {
                if name == key {
                    return Ok(Some(reader.raw()?.parse()?));
                }
                reader.skip()?;
            }
        }
        Some(b'[') => {
            let Ok(index) = key.parse::<usize>() else {
                return Ok(None);
            };
            reader.begin_list()?;
            let mut number = 0;
            while reader.next_item()? {
                if number == index {
                    return Ok(Some(reader.raw()?.parse()?));
                }
                number += 1;
                reader.skip()?;
            }
        }
        _ => {}
    }
    Ok(None)
}

fn missing(value: &RawJson, key: &str, parent: &str) -> CliError {
    let place = if parent.is_empty() {
        "the response".to_owned()
    } else {
        format!("`{parent}` of the response")
    };
    let error = CliError::service(format!("{place} has no `{}`", key.escape_debug()));
    let names = names(&mut value.reader()).unwrap_or_default();
    let similar = suggest::most_similar(key, names.iter().map(String::as_str));
    match similar {
        Some(similar) => error.help(format!("a similar field exists: `{similar}`")),
        None if names.is_empty() => error,
        None => error.help(format!("its fields are {}", names.join(", "))),
    }
}

/// Returns the names of the members of an object.
fn names(reader: &mut Reader<'_>) -> Result<Vec<String>, ReadError> {
    let mut names = Vec::new();
    if reader.peek() != Some(b'{') {
        return Ok(names);
    }
    reader.begin_object()?;
    while let Some(name) = reader.next_entry()? {
        names.push(name.into_owned());
        reader.skip()?;
    }
    Ok(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn selected(path: &str) -> Result<String, String> {
        let response: RawJson = r#"{"id": "1", "results": {"data": [[1.50, "a"], {"b": null}]}}"#
            .parse()
            .unwrap();
        match select(&response, path) {
            Ok(value) => Ok(value.as_str().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn members_and_items_are_selected_as_they_were_sent() {
        let cases = [
            ("id", "\"1\""),
            ("results.data.0", "[1.50, \"a\"]"),
            ("results.data.0.0", "1.50"),
            ("results.data.1.b", "null"),
        ];
        for (path, value) in cases {
            assert_eq!(selected(path), Ok(value.to_owned()), "{path}");
        }
    }

    #[test]
    fn missing_part_of_the_path_is_named() {
        let cases = [
            (
                "idd",
                "error: the response has no `idd`\nhelp: a similar field exists: `id`",
            ),
            (
                "status",
                "error: the response has no `status`\nhelp: its fields are id, results",
            ),
            (
                "results.data.2",
                "error: `results.data` of the response has no `2`",
            ),
            ("id.x", "error: `id` of the response has no `x`"),
        ];
        for (path, error) in cases {
            assert_eq!(selected(path), Err(error.to_owned()), "{path}");
        }
    }
}
