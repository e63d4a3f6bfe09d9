//! Parser for column types: Hive types and Spark types in JSON.

use serde_json::Value;

use super::column_type::{ColumnType, NAMES, TableColumn};

/// Maximum nesting depth of types. Deeper types are unknown.
const MAX_DEPTH: usize = 100;

impl ColumnType {
    /// Parses a type as written by the server: a Hive type, for example `array<bigint>`, or a Spark
    /// type in JSON, for example `"long"` in quotes.
    ///
    /// Types that cannot be parsed are [`Unknown`](Self::Unknown).
    ///
    /// # Examples
    ///
    /// ```
    /// use generated_client::ColumnType;
    ///
    /// let list = ColumnType::Array(Box::new(ColumnType::Long));
    /// assert_eq!(ColumnType::parse("array<bigint>"), list);
    /// assert_eq!(ColumnType::parse(r#"{"type": "array", "elementType": "long"}"#), list);
    /// ```
    pub fn parse(text: &str) -> Self {
        // The formats are disjoint: no Hive type is a JSON string or object.
        match serde_json::from_str(text) {
            Ok(json @ (Value::String(_) | Value::Object(_))) => parse_json(&json, MAX_DEPTH),
            _ => parse_hive(text),
        }
    }
}

fn parse_json(json: &Value, depth: usize) -> ColumnType {
    let unknown = || match json {
        Value::String(text) => ColumnType::Unknown(text.clone()),
        other => ColumnType::Unknown(other.to_string()),
    };
    let Some(depth) = depth.checked_sub(1) else {
        return unknown();
    };
    if let Value::String(text) = json {
        return parse_hive(text);
    }
    let part = |key| json.get(key).map(|part| parse_json(part, depth));
    let found = match json.get("type").and_then(Value::as_str) {
        Some("array") => part("elementType").map(Box::new).map(ColumnType::Array),
        Some("map") => part("keyType")
            .zip(part("valueType"))
            .map(|(key, value)| ColumnType::Map(Box::new(key), Box::new(value))),
        Some("struct") => json
            .get("fields")
            .and_then(|fields| json_fields(fields, depth)),
        Some("udt") => part("sqlType"),
        _ => None,
    };
    found.unwrap_or_else(unknown)
}

fn json_fields(fields: &Value, depth: usize) -> Option<ColumnType> {
    let field = |field: &Value| {
        let (name, ty) = (field.get("name")?.as_str()?, field.get("type")?);
        Some(TableColumn::new(name, parse_json(ty, depth)))
    };
    let fields: Option<Vec<_>> = fields.as_array()?.iter().map(field).collect();
    fields.map(ColumnType::Struct)
}

fn parse_hive(text: &str) -> ColumnType {
    let mut rest = text;
    match hive_type(&mut rest, MAX_DEPTH) {
        Some(ty) if rest.is_empty() => ty,
        _ => ColumnType::Unknown(text.to_owned()),
    }
}

/// Parses the type at the start of `rest` and advances `rest` past it.
fn hive_type(rest: &mut &str, depth: usize) -> Option<ColumnType> {
    let depth = depth.checked_sub(1)?;
    let end = rest.find(['<', '>', ',', '(']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let name = name.trim().to_ascii_lowercase();
    match name.as_str() {
        "array" | "map" | "struct" if after.starts_with('<') => {
            *rest = &after[1..];
            let ty = hive_container(&name, rest, depth)?;
            *rest = rest.trim_start().strip_prefix('>')?.trim_start();
            Some(ty)
        }
        _ => {
            let (parameters, length) = match after.strip_prefix('(') {
                Some(inside) => {
                    let (parameters, _) = inside.split_once(')')?;
                    (parameters, end + parameters.len() + "()".len())
                }
                None => ("", end),
            };
            let (text, after) = rest.split_at(length);
            *rest = after.trim_start();
            Some(hive_primitive(&name, parameters, text))
        }
    }
}

/// Parses the parameters of `array`, `map` or `struct` between `<` and `>`.
fn hive_container(name: &str, rest: &mut &str, depth: usize) -> Option<ColumnType> {
    match name {
        "array" => hive_type(rest, depth).map(Box::new).map(ColumnType::Array),
        "map" => {
            let key = hive_type(rest, depth)?;
            *rest = rest.strip_prefix(',')?;
            let value = hive_type(rest, depth)?;
            Some(ColumnType::Map(Box::new(key), Box::new(value)))
        }
        _ => {
            let mut fields = Vec::new();
            while !rest.trim_start().starts_with('>') {
                if !fields.is_empty() {
                    *rest = rest.strip_prefix(',')?;
                }
                let name = hive_field_name(rest)?;
                fields.push(TableColumn::new(name, hive_type(rest, depth)?));
            }
            Some(ColumnType::Struct(fields))
        }
    }
}

/// Parses the name of a field and the colon after it. A name in backquotes may contain any
/// characters.
fn hive_field_name(rest: &mut &str) -> Option<String> {
    let trimmed = rest.trim_start();
    if let Some(quoted) = trimmed.strip_prefix('`') {
        let (name, after) = quoted.split_once('`')?;
        *rest = after.trim_start().strip_prefix(':')?;
        return Some(name.to_owned());
    }
    let (name, after) = trimmed.split_once(':')?;
    *rest = after;
    Some(name.trim().to_owned())
}

fn hive_primitive(name: &str, parameters: &str, text: &str) -> ColumnType {
    if matches!(name, "decimal" | "dec" | "numeric")
        && let Some(decimal) = decimal(parameters)
    {
        return decimal;
    }
    let takes_parameters = matches!(name, "varchar" | "char");
    match NAMES.iter().find(|(known, _)| *known == name) {
        Some((_, ty)) if parameters.is_empty() || takes_parameters => ty.clone(),
        _ => ColumnType::Unknown(text.trim().to_owned()),
    }
}

/// Parses the parameters of a decimal. The default is `decimal(10,0)`.
fn decimal(parameters: &str) -> Option<ColumnType> {
    let (precision, scale) = match parameters.split_once(',') {
        Some((precision, scale)) => (precision.trim().parse().ok()?, scale.trim().parse().ok()?),
        None if parameters.is_empty() => (10, 0),
        None => (parameters.trim().parse().ok()?, 0),
    };
    Some(ColumnType::Decimal { precision, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hive_and_json_types_are_parsed() {
        for (text, shown) in [
            ("string", "string"),
            ("\"string\"", "string"),
            ("varchar(10)", "string"),
            ("BIGINT", "bigint"),
            ("\"long\"", "bigint"),
            ("\"integer\"", "int"),
            ("decimal(12,2)", "decimal(12,2)"),
            ("\"decimal(38,-2)\"", "decimal(38,-2)"),
            ("decimal", "decimal(10,0)"),
            ("decimal(5)", "decimal(5,0)"),
            (
                "array<map<string,decimal(3,1)>>",
                "array<map<string,decimal(3,1)>>",
            ),
            (
                "struct<a:int, `b c` : array< double >>",
                "struct<a:int,b c:array<double>>",
            ),
            ("struct<>", "struct<>"),
            (
                r#"{"type":"array","elementType":{"type":"struct","fields":[
                    {"name":"id","type":"string","nullable":true,"metadata":{}},
                    {"name":"n","type":"integer"}]},"containsNull":true}"#,
                "array<struct<id:string,n:int>>",
            ),
            (
                r#"{"type":"map","keyType":"string","valueType":"short","valueContainsNull":true}"#,
                "map<string,smallint>",
            ),
            (r#"{"type":"udt","class":"x","sqlType":"byte"}"#, "tinyint"),
        ] {
            let ty = ColumnType::parse(text);
            assert_eq!(ty.to_string(), shown, "{text}");
            assert_eq!(
                ColumnType::parse(&shown.replace("b c", "`b c`")),
                ty,
                "{text}"
            );
        }
    }

    #[test]
    fn unknown_types_keep_their_text() {
        for text in [
            "",
            "interval day to second",
            "timestamp_ntz",
            "array<int",
            "map<int>",
            "struct<a>",
            "int>",
            "decimal(x)",
            "date(3)",
            "décimal",
            "(",
        ] {
            assert_eq!(
                ColumnType::parse(text),
                ColumnType::Unknown(text.to_owned())
            );
        }
        let json = r#"{"type":"array"}"#;
        assert_eq!(
            ColumnType::parse(json),
            ColumnType::Unknown(json.to_owned())
        );
        let inner = ColumnType::parse("array<variant>");
        let unknown = ColumnType::Unknown("variant".to_owned());
        assert_eq!(inner, ColumnType::Array(Box::new(unknown)));
    }

    #[test]
    fn deeply_nested_type_is_unknown() {
        let deep = "array<".repeat(100_000);
        assert_eq!(ColumnType::parse(&deep), ColumnType::Unknown(deep));
    }

    #[test]
    fn arbitrary_text_does_not_panic() {
        arbtest::arbtest(|u| {
            let alphabet = [
                "array", "map", "struct", "<", ">", ",", "(", ")", ":", "`", "a", "é",
            ];
            let count = u.int_in_range(0..=12)?;
            let text: Result<String, _> =
                (0..count).map(|_| u.choose(&alphabet).copied()).collect();
            let _ = ColumnType::parse(&text?).to_string();
            Ok(())
        });
    }
}
