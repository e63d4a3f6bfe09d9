//! YAML as JSON, within bounds: no nesting and no repetition by aliases is followed for ever.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle};
use serde_json::Number;

use crate::json::Json;

/// As deep as readers of JSON go.
const DEEPEST: usize = 120;
/// More values than any description of an API has.
const MOST: usize = 4_000_000;

/// Reads the first document of a text.
pub(super) fn parse(text: &str) -> Result<Json, String> {
    parse_strictly(text).or_else(|error| parse_strictly(&indented(text)).map_err(|_| error))
}

/// The text with lines that begin with a closing bracket one column further in. Many write such a
/// bracket below the key of what it closes, as in JSON; YAML wants it further in, but few readers of
/// it insist.
fn indented(text: &str) -> String {
    let lines = text.split_inclusive('\n').flat_map(|line| {
        let closes = line.trim_start().starts_with(['}', ']']);
        [if closes { " " } else { "" }, line]
    });
    lines.collect()
}

fn parse_strictly(text: &str) -> Result<Json, String> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| error.to_string())?;
        let at = |words: &str| format!("{words} at line {}", span.start.line());
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let plain = style == ScalarStyle::Plain && tag.is_none();
                builder.add(scalar(&text, plain), anchor).map_err(at)?;
            }
            Event::Alias(anchor) => builder.alias(anchor).map_err(at)?,
            Event::SequenceStart(anchor, _) => builder.open(Json::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => builder.open(Json::Object(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => builder.close().map_err(at)?,
            Event::DocumentEnd => break,
            _ => {}
        }
        if builder.open.len() > DEEPEST {
            return Err(at("it nests too deep"));
        }
    }
    Ok(builder.done)
}

#[derive(Default)]
struct Builder {
    open: Vec<Frame>,
    anchors: HashMap<usize, Json>,
    count: usize,
    done: Json,
}

/// A list or an object that is not closed.
struct Frame {
    value: Json,
    /// The key that waits for its value.
    key: Option<String>,
    anchor: usize,
}

impl Builder {
    fn open(&mut self, value: Json, anchor: usize) {
        self.open.push(Frame {
            value,
            key: None,
            anchor,
        });
    }

    fn close(&mut self) -> Result<(), &'static str> {
        match self.open.pop() {
            Some(frame) => self.add(frame.value, frame.anchor),
            None => Ok(()),
        }
    }

    fn alias(&mut self, anchor: usize) -> Result<(), &'static str> {
        let value = self.anchors.get(&anchor).ok_or("an alias holds itself")?;
        self.count = self.count.saturating_add(size(value));
        if self.count > MOST {
            return Err("it is too large");
        }
        self.add(value.clone(), 0)
    }

    /// Adds a value that is complete to the innermost list or object.
    fn add(&mut self, value: Json, anchor: usize) -> Result<(), &'static str> {
        self.count += 1;
        if self.count > MOST {
            return Err("it is too large");
        }
        if anchor != 0 {
            self.count = self.count.saturating_add(size(&value));
            self.anchors.insert(anchor, value.clone());
        }
        let Some(frame) = self.open.last_mut() else {
            self.done = value;
            return Ok(());
        };
        match (&mut frame.value, frame.key.take()) {
            (Json::List(items), _) => items.push(value),
            (Json::Object(members), Some(key)) if key == "<<" && value.is_object() => {
                members.extend(value.members().iter().cloned());
            }
            (Json::Object(members), Some(key)) => members.push((key, value)),
            _ => frame.key = Some(key(value)),
        }
        Ok(())
    }
}

fn key(value: Json) -> String {
    match value {
        Json::Text(text) => text,
        other => other.line(),
    }
}

fn size(value: &Json) -> usize {
    let inner: usize = match value {
        Json::List(items) => items.iter().map(size).sum(),
        Json::Object(members) => members.iter().map(|(_, value)| size(value)).sum(),
        _ => 0,
    };
    inner + 1
}

/// A scalar by the core schema of YAML 1.2.
fn scalar(text: &str, plain: bool) -> Json {
    if !plain {
        return text.into();
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Json::Null,
        "true" | "True" | "TRUE" => Json::Bool(true),
        "false" | "False" | "FALSE" => Json::Bool(false),
        _ => number(text).map_or_else(|| text.into(), Json::Number),
    }
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
    fn reads(yaml: &str, json: &str) {
        assert_eq!(parse(yaml).unwrap().line(), json, "{yaml}");
    }

    #[test]
    fn brackets_may_close_below_their_key() {
        reads(
            "a:\n  b: {\n    c: 1\n  }\n  d: [\n    2\n  ]\n",
            r#"{"a":{"b":{"c":1},"d":[2]}}"#,
        );
        assert!(parse("a: {\n]\n").is_err());
    }

    #[test]
    fn documents() {
        reads(
            "a: 1\nb: [x, '2', true, ~]\n",
            r#"{"a":1,"b":["x","2",true,null]}"#,
        );
        reads("200: |\n  a\n  b\n", r#"{"200":"a\nb\n"}"#);
        reads("a: &x {b: 1}\nc: *x\n", r#"{"a":{"b":1},"c":{"b":1}}"#);
        reads(
            "a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n",
            r#"{"a":{"b":1},"c":{"b":1,"d":2}}"#,
        );
        reads("1.0.3", "\"1.0.3\"");
        reads("3.0", "3.0");
        reads("", "null");
    }

    #[test]
    fn bounds() {
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
