//! JSON output.

use std::io::{self, Write};

use generated_client::api_runtime::codec::Reader;
use generated_client::api_runtime::types::RawJson;

/// Writes a value on one line, as `{"id": "1", "status": null}`, or pretty-printed on several
/// lines, followed by a newline. The digits of numbers are those of the value.
pub(super) fn write(value: &RawJson, pretty: bool, out: &mut dyn Write) -> io::Result<()> {
    let mut printer = Printer {
        out,
        indent: pretty.then_some(0),
    };
    printer.value(&mut value.reader())?;
    out.write_all(b"\n")
}

struct Printer<'o> {
    out: &'o mut dyn Write,
    /// Number of open lists and objects if the output has several lines.
    indent: Option<usize>,
}

impl Printer<'_> {
    fn value(&mut self, reader: &mut Reader<'_>) -> io::Result<()> {
        match reader.peek() {
            Some(b'[') => self.list(reader),
            Some(b'{') => self.object(reader),
            Some(b'"') => self.string(&reader.text().map_err(io::Error::other)?),
            _ => {
                let text = reader.raw().map_err(io::Error::other)?;
                self.out.write_all(text.as_bytes())
            }
        }
    }

    fn list(&mut self, reader: &mut Reader<'_>) -> io::Result<()> {
        let mut is_empty = true;
        self.begin(b"[")?;
        reader.begin_list().map_err(io::Error::other)?;
        while reader.next_item().map_err(io::Error::other)? {
            self.separate(is_empty)?;
            is_empty = false;
            self.value(reader)?;
        }
        self.end(b"]", is_empty)
    }

    fn object(&mut self, reader: &mut Reader<'_>) -> io::Result<()> {
        let mut is_empty = true;
        self.begin(b"{")?;
        reader.begin_object().map_err(io::Error::other)?;
        while let Some(key) = reader.next_entry().map_err(io::Error::other)? {
            self.separate(is_empty)?;
            is_empty = false;
            self.string(&key)?;
            self.out.write_all(b": ")?;
            self.value(reader)?;
        }
        self.end(b"}", is_empty)
    }

    fn string(&mut self, text: &str) -> io::Result<()> {
        Ok(serde_json::to_writer(&mut *self.out, text)?)
    }

    fn begin(&mut self, bracket: &[u8]) -> io::Result<()> {
        self.indent = self.indent.map(|indent| indent + 1);
        self.out.write_all(bracket)
    }

    /// Writes the separator in front of a value or key.
    fn separate(&mut self, is_first: bool) -> io::Result<()> {
        if !is_first {
            self.out.write_all(b",")?;
        }
        match self.indent {
            Some(_) => self.line(),
            None if is_first => Ok(()),
            None => self.out.write_all(b" "),
        }
    }

    fn end(&mut self, bracket: &[u8], is_empty: bool) -> io::Result<()> {
        self.indent = self.indent.map(|indent| indent - 1);
        if self.indent.is_some() && !is_empty {
            self.line()?;
        }
        self.out.write_all(bracket)
    }

    /// Begins a line.
    fn line(&mut self) -> io::Result<()> {
        let indent = self.indent.unwrap_or(0);
        write!(self.out, "\n{:1$}", "", 2 * indent)
    }
}

#[cfg(test)]
mod tests {
    use super::write;

    fn format(json: &str, pretty: bool) -> String {
        let mut out = Vec::new();
        write(&json.parse().unwrap(), pretty, &mut out).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn compact_json_has_spaces_after_separators() {
        let value = r#"{"b":[1,"a:b,c",{}],"a":null,"c":{"d":[],"e":"\u00e9\n"}}"#;
        let line =
            "{\"b\": [1, \"a:b,c\", {}], \"a\": null, \"c\": {\"d\": [], \"e\": \"é\\n\"}}\n";
        assert_eq!(format(value, false), line);
        assert_eq!(format("null", false), "null\n");
    }

    #[test]
    fn pretty_json_is_indented() {
        assert_eq!(format(r#"{"id":"1"}"#, true), "{\n  \"id\": \"1\"\n}\n");
        let nested = "[\n  [],\n  {\n    \"a\": [\n      1\n    ],\n    \"b\": {}\n  }\n]\n";
        assert_eq!(format(r#"[[], {"a": [1], "b": {}}]"#, true), nested);
    }

    #[test]
    fn numbers_are_exact() {
        let numbers = "[123456789012345678901234567890, 1.50, -0, 1e400]";
        assert_eq!(format(numbers, false), format!("{numbers}\n"));
    }
}
