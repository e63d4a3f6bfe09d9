//! Recognition of documents that are neither OpenAPI nor Swagger.

use super::node::{Node, Value};

/// Returns what a text is, as a phrase such as `a Postman collection`, if it is not OpenAPI. `root` is its
/// value, if it is JSON or YAML.
pub(in crate::import) fn recognize(text: &str, root: Option<&Node>) -> Option<&'static str> {
    let text = text.trim_start_matches('\u{feff}');
    if text.trim_start().starts_with('<') {
        return Some(markup(text));
    }
    let has_version = |root: &Node| root.peek("openapi").or(root.peek("swagger")).is_some();
    if let Some(root) = root {
        if has_version(root) {
            return None;
        }
        if let Some(format) = by_keys(root) {
            return Some(format);
        }
    }
    match root.map(Node::value) {
        Some(Value::List(_)) if !has_header(text.trim_start()) => Some("a list"),
        Some(Value::Null) => by_first_lines(text).or(Some("an empty document")),
        Some(Value::Object(_)) | None => by_first_lines(text),
        Some(_) => by_first_lines(text).or(Some("a text without keys")),
    }
}

fn markup(text: &str) -> &'static str {
    let start: String = text.chars().take(2_000).collect();
    let start = start.to_ascii_lowercase();
    let has = |word| start.contains(word);
    match () {
        () if has("<html") || has("<!doctype html") => "an HTML page",
        () if has("wsdl") => "a WSDL document",
        () if has("wadl") => "a WADL document",
        () if has("edmx") => "an OData schema",
        () => "an XML document",
    }
}

/// The keys by which formats in JSON or YAML are recognized. All keys of a row must exist.
const KEYS: [(&[&str], &str); 18] = [
    (&["asyncapi"], "an AsyncAPI document"),
    (&["swaggerVersion"], "a Swagger 1 document"),
    (&["discoveryVersion"], "a Google API discovery document"),
    (&["info", "item"], "a Postman collection"),
    (&["_type", "__export_format"], "an Insomnia export"),
    (&["__schema"], "the introspection of a GraphQL schema"),
    (&["data"], "a JSON document, not a description of an API"),
    (&["openrpc"], "an OpenRPC document"),
    (&["arazzo"], "an Arazzo document"),
    (&["overlay", "actions"], "an OpenAPI overlay"),
    (&["smithy"], "a Smithy model"),
    (&["log"], "a HAR recording"),
    (&["typeSpec"], "a TypeSpec document"),
    (&["apiVersion", "kind"], "a Kubernetes manifest"),
    (&["$schema"], "a JSON schema"),
    (&["$id"], "a JSON schema"),
    (&["type", "properties"], "a JSON schema"),
    (&["message", "documentation_url"], "an error response"),
];

fn by_keys(root: &Node) -> Option<&'static str> {
    if root
        .peek("data")
        .is_some_and(|it| it.peek("__schema").is_some())
    {
        return Some("the introspection of a GraphQL schema");
    }
    let has_keys = |keys: &[&str]| keys.iter().all(|key| root.peek(key).is_some());
    let known = KEYS.iter().find(|(keys, _)| has_keys(keys));
    known.map(|(_, format)| *format)
}

/// Recognizes text formats by their first line that is not a comment.
fn by_first_lines(text: &str) -> Option<&'static str> {
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let Some(first) = lines.clone().next() else {
        return Some("an empty document");
    };
    if first.starts_with("#%RAML") {
        return Some("a RAML document");
    }
    if text
        .lines()
        .take(20)
        .any(|line| line.starts_with("FORMAT: 1A"))
    {
        return Some("an API Blueprint document");
    }
    let is_comment = |line: &str| line.starts_with('#') || line.starts_with("//");
    let Some(line) = lines.find(|line| !is_comment(line)) else {
        return Some("an empty document");
    };
    let word = line.split([' ', '=', '{', '"']).next().unwrap_or_default();
    let is_header = has_header(line);
    match word {
        "syntax" | "package" if line.ends_with(';') => Some("a file of Protocol Buffers (gRPC)"),
        "service" | "import" if line.ends_with([';', '{']) => {
            Some("an interface definition (gRPC or Thrift)")
        }
        "schema" | "type" | "scalar" | "directive" | "interface" | "extend" | "query"
        | "mutation"
            if line.contains(['{', '@']) || word == "scalar" =>
        {
            Some("a GraphQL schema")
        }
        _ if text.contains("[api]") && is_header => {
            Some("a spec, which `cargo api-spec check` reads")
        }
        _ if is_header || line.contains(" = ") => Some("a TOML file"),
        _ if first.starts_with("//") || first.starts_with("/*") => {
            Some("JSON5, or JSON with comments")
        }
        _ => None,
    }
}

/// Returns whether the first line is the header of a table in TOML.
fn has_header(text: &str) -> bool {
    let line = text.lines().next().unwrap_or_default();
    let name = line.strip_prefix('[').and_then(|it| it.strip_suffix(']'));
    let is_part = |c: char| c.is_alphanumeric() || "_-.".contains(c);
    name.is_some_and(|name| !name.is_empty() && name.chars().all(is_part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::import::document::parse;

    #[test]
    fn other_formats_are_recognized() {
        for (text, expected) in [
            ("", "an empty document"),
            ("# a comment\n", "an empty document"),
            ("null", "an empty document"),
            ("[]", "a list"),
            ("Not Found", "a text without keys"),
            ("<!DOCTYPE html>\n<html>", "an HTML page"),
            (
                "<definitions xmlns=\"http://schemas.xmlsoap.org/wsdl/\"/>",
                "a WSDL document",
            ),
            ("asyncapi: 3.0.0\n", "an AsyncAPI document"),
            (
                "{\"kind\": \"discovery#restDescription\", \"discoveryVersion\": \"v1\"}",
                "a Google API discovery document",
            ),
            (
                "{\"info\": {\"_postman_id\": \"1\"}, \"item\": []}",
                "a Postman collection",
            ),
            (
                "{\"data\": {\"__schema\": {}}}",
                "the introspection of a GraphQL schema",
            ),
            ("type Query {\n  pet: Pet\n}\n", "a GraphQL schema"),
            (
                "// Pets.\nsyntax = \"proto3\";\n",
                "a file of Protocol Buffers (gRPC)",
            ),
            ("#%RAML 1.0\ntitle: Pets\n", "a RAML document"),
            ("FORMAT: 1A\n\n# Pets\n", "an API Blueprint document"),
            (
                "// Pets.\n{ openapi: '3.0.0' }",
                "JSON5, or JSON with comments",
            ),
            ("openapi = \"3.0.0\"\n", "a TOML file"),
            (
                "[api]\nname = \"Pets\"\n",
                "a spec, which `cargo api-spec check` reads",
            ),
            (
                "{\"type\": \"object\", \"properties\": {}}",
                "a JSON schema",
            ),
            ("apiVersion: v1\nkind: Pod\n", "a Kubernetes manifest"),
            ("{\"log\": {\"entries\": []}}", "a HAR recording"),
        ] {
            let root = parse(text).ok();
            assert_eq!(recognize(text, root.as_ref()), Some(expected), "{text:?}");
        }
    }

    #[test]
    fn openapi_is_not_another_format() {
        for text in [
            "openapi: 3.1.0\n",
            "{\"swagger\": \"2.0\", \"info\": {}, \"item\": 1}",
            "paths: {}\n",
        ] {
            let root = parse(text).ok();
            assert_eq!(recognize(text, root.as_ref()), None, "{text:?}");
        }
    }
}
