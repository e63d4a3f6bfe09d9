//! JSON output.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// Formats a value on one line, as `{"id": "1", "status": null}`, or pretty-printed on several
/// lines, followed by a newline.
pub(super) fn format(value: &Value, pretty: bool) -> String {
    let mut bytes = Vec::new();
    let result = if pretty {
        write(value, &mut bytes, PrettyFormatter::new())
    } else {
        write(value, &mut bytes, Spaced)
    };
    // Neither step can fail for a `Value` and a `Vec`. The fallback is equivalent JSON.
    let text = result.ok().and_then(|()| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| value.to_string()) + "\n"
}

fn write(value: &Value, to: &mut Vec<u8>, formatter: impl Formatter) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(to, formatter))
}

/// Formatter for one line with a space after each comma and colon.
struct Spaced;

impl Formatter for Spaced {
    fn begin_array_value<W: Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_key<W: Write + ?Sized>(&mut self, to: &mut W, first: bool) -> io::Result<()> {
        if first { Ok(()) } else { to.write_all(b", ") }
    }

    fn begin_object_value<W: Write + ?Sized>(&mut self, to: &mut W) -> io::Result<()> {
        to.write_all(b": ")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::format;

    #[test]
    fn compact_json_has_spaces_after_separators() {
        let value = json!({"b": [1, "a:b,c", {}], "a": null, "c": {"d": [], "e": "é\n"}});
        let line =
            "{\"a\": null, \"b\": [1, \"a:b,c\", {}], \"c\": {\"d\": [], \"e\": \"é\\n\"}}\n";
        assert_eq!(format(&value, false), line);
        assert_eq!(format(&json!(null), false), "null\n");
    }

    #[test]
    fn pretty_json_is_indented() {
        assert_eq!(format(&json!({"id": "1"}), true), "{\n  \"id\": \"1\"\n}\n");
    }
}
