//! Answers as they are printed.

use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Value;
use serde_json::ser::{Formatter, PrettyFormatter, Serializer};

/// The value and a line end: on one line, as in `{"id": "1", "status": null}`, or on many.
pub(super) fn text(value: &Value, pretty: bool) -> String {
    let mut bytes = Vec::new();
    let written = if pretty {
        write(value, &mut bytes, PrettyFormatter::new())
    } else {
        write(value, &mut bytes, Spaced)
    };
    // Memory takes everything, and a value is always text; the other spelling is the same JSON.
    let text = written.ok().and_then(|()| String::from_utf8(bytes).ok());
    text.unwrap_or_else(|| value.to_string()) + "\n"
}

fn write(value: &Value, to: &mut Vec<u8>, formatter: impl Formatter) -> serde_json::Result<()> {
    value.serialize(&mut Serializer::with_formatter(to, formatter))
}

/// One line, with a space behind each comma and colon.
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

    use super::text;

    #[test]
    fn one_line() {
        let value = json!({"b": [1, "a:b,c", {}], "a": null, "c": {"d": [], "e": "é\n"}});
        let line =
            "{\"a\": null, \"b\": [1, \"a:b,c\", {}], \"c\": {\"d\": [], \"e\": \"é\\n\"}}\n";
        assert_eq!(text(&value, false), line);
        assert_eq!(text(&json!(null), false), "null\n");
    }

    #[test]
    fn many_lines() {
        assert_eq!(text(&json!({"id": "1"}), true), "{\n  \"id\": \"1\"\n}\n");
    }
}
