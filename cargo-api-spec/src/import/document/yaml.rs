//! YAML as nodes, with limits on nesting and on the values that aliases repeat.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Number;

use super::node::{Node, Text, Value};
use super::texts::Texts;

/// Maximum nesting, close to that of `serde_json`.
const MAX_DEPTH: usize = 120;
/// Maximum number of values, including those that aliases repeat. Large public documents have
/// several hundred thousand.
const MAX_VALUES: usize = 4_000_000;

/// Parses the first YAML document of a text.
pub(in crate::import) fn parse(text: &str) -> Result<Node, String> {
    parse_strictly(text).or_else(|error| parse_strictly(&indented(text)).map_err(|_| error))
}

/// Indents lines that begin with a closing bracket by one column.
///
/// YAML requires a closing bracket to be indented further than the key of its collection. Many
/// documents align the two like in JSON, and most parsers accept that.
fn indented(text: &str) -> String {
    let lines = text.split_inclusive('\n').flat_map(|line| {
        let closes = line.trim_start().starts_with(['}', ']']);
        [if closes { " " } else { "" }, line]
    });
    lines.collect()
}

fn parse_strictly(text: &str) -> Result<Node, String> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let line = u32::try_from(span.start.line()).unwrap_or(0);
        let at = |message: &str| format!("{message} at line {line}");
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                let value = builder.scalar(&text, plain);
                builder.add(Node::at(line, value), anchor).map_err(at)?;
            }
            Event::Alias(anchor) => builder.alias(anchor).map_err(at)?,
            Event::SequenceStart(anchor, _) => builder.open(Value::List(Vec::new()), line, anchor),
            Event::MappingStart(anchor, _) => builder.open(Value::Object(Vec::new()), line, anchor),
            Event::SequenceEnd | Event::MappingEnd => builder.close().map_err(at)?,
            Event::DocumentEnd => break,
            _ => {}
        }
        if builder.open.len() > MAX_DEPTH {
            return Err(at("nesting too deep"));
        }
    }
    Ok(builder.root)
}

#[derive(Default)]
struct Builder {
    /// Lists and objects that have not ended, from the outermost to the innermost.
    open: Vec<Frame>,
    anchors: HashMap<usize, Node>,
    /// Number of values so far, including copies for anchors and aliases.
    count: usize,
    root: Node,
    texts: Texts,
}

/// A list or an object that has not ended.
struct Frame {
    value: Value,
    line: u32,
    /// Key whose value follows, and its line.
    key: Option<(Text, u32)>,
    anchor: usize,
}

impl Builder {
    fn open(&mut self, value: Value, line: u32, anchor: usize) {
        self.open.push(Frame {
            value,
            line,
            key: None,
            anchor,
        });
    }

    fn close(&mut self) -> Result<(), &'static str> {
        let Some(mut frame) = self.open.pop() else {
            return Ok(());
        };
        match &mut frame.value {
            Value::List(items) => items.shrink_to_fit(),
            Value::Object(members) => members.shrink_to_fit(),
            _ => {}
        }
        self.add(Node::at(frame.line, frame.value), frame.anchor)
    }

    fn alias(&mut self, anchor: usize) -> Result<(), &'static str> {
        let value = self
            .anchors
            .get(&anchor)
            .ok_or("an alias refers to a value that contains it")?;
        self.count = self.count.saturating_add(size(value));
        if self.count > MAX_VALUES {
            return Err("the document is too large");
        }
        self.add(value.clone(), 0)
    }

    /// Adds a complete value to the innermost list or object.
    fn add(&mut self, mut value: Node, anchor: usize) -> Result<(), &'static str> {
        self.count += 1;
        if self.count > MAX_VALUES {
            return Err("the document is too large");
        }
        if anchor != 0 {
            self.count = self.count.saturating_add(size(&value));
            self.anchors.insert(anchor, value.clone());
        }
        let Some(frame) = self.open.last_mut() else {
            self.root = value;
            return Ok(());
        };
        match (&mut frame.value, frame.key.take()) {
            (Value::List(items), _) => items.push(value),
            // The merge key of YAML 1.1.
            (Value::Object(members), Some((key, _))) if &*key == "<<" && value.is_object() => {
                members.extend(value.members().iter().cloned());
            }
            (Value::Object(members), Some((key, line))) => {
                value.move_to(line);
                members.push((key, value));
            }
            _ => frame.key = Some((key(&value), value.line())),
        }
        Ok(())
    }

    /// Resolves a scalar by the core schema of YAML 1.2.
    fn scalar(&mut self, text: &str, plain: bool) -> Value {
        if !plain {
            return Value::Text(self.texts.get(text));
        }
        match text {
            "" | "~" | "null" | "Null" | "NULL" => Value::Null,
            "true" | "True" | "TRUE" => Value::Bool(true),
            "false" | "False" | "FALSE" => Value::Bool(false),
            _ => match number(text) {
                Some(number) => Value::Number(number),
                None => Value::Text(self.texts.get(text)),
            },
        }
    }
}

fn key(value: &Node) -> Text {
    match value.value() {
        Value::Text(text) => text.clone(),
        _ => value.scalar().into(),
    }
}

fn size(value: &Node) -> usize {
    let items = value.items().iter().map(size);
    let members = value.members().iter().map(|(_, value)| size(value));
    1 + items.sum::<usize>() + members.sum::<usize>()
}

fn number(text: &str) -> Option<Number> {
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    let integer = text.parse::<i64>().ok().map(Number::from);
    integer.or_else(|| text.parse().ok().and_then(Number::from_f64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn assert_parses(yaml: &str, json: &str) {
        let json = super::super::json::parse(json).unwrap();
        assert_eq!(parse(yaml).unwrap(), json, "{yaml}");
    }

    #[test]
    fn closing_bracket_may_align_with_its_key() {
        assert_parses(
            "a:\n  b: {\n    c: 1\n  }\n  d: [\n    2\n  ]\n",
            r#"{"a":{"b":{"c":1},"d":[2]}}"#,
        );
        assert!(parse("a: {\n]\n").is_err());
    }

    #[test]
    fn yaml_becomes_the_equivalent_json() {
        assert_parses(
            "a: 1\nb: [x, '2', true, ~]\n",
            r#"{"a":1,"b":["x","2",true,null]}"#,
        );
        assert_parses("200: |\n  a\n  b\n", r#"{"200":"a\nb\n"}"#);
        assert_parses("a: &x {b: 1}\nc: *x\n", r#"{"a":{"b":1},"c":{"b":1}}"#);
        assert_parses(
            "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n",
            r#"{"a":{"b":1},"c":{"b":1,"d":2}}"#,
        );
        assert_parses("1.0.3", "\"1.0.3\"");
        assert_parses("3.0", "3.0");
        assert_parses("", "null");
    }

    #[test]
    fn values_have_the_line_of_their_key_or_of_their_start() {
        let root =
            parse("# x\na:\n  - b: 1\n    c:\n      d\n  - e\nf: &x |\n  g\nh: *x\n").unwrap();
        let list = root.peek("a").unwrap();
        let [object, string] = list.items() else {
            panic!("{list:?}");
        };
        let lines = [&root, list, object, object.peek("c").unwrap(), string].map(Node::line);
        assert_eq!(lines, [2, 2, 3, 4, 6]);
        assert_eq!(root.peek("h").unwrap().line(), 9);
    }

    #[test]
    fn deep_large_and_cyclic_documents_are_rejected() {
        assert!(parse(&"[".repeat(10_000)).is_err());
        let deep: String = (0..1000).map(|depth| " ".repeat(depth) + "a:\n").collect();
        assert!(parse(&deep).is_err());
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for n in 1..12 {
            let items = vec![format!("*a{}", n - 1); 10].join(", ");
            bomb = format!("{bomb}a{n}: &a{n} [{items}]\n");
        }
        assert!(parse(&bomb).is_err());
        assert!(parse("a: &x [*x]").is_err());
    }
}
