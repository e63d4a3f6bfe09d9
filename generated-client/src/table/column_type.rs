//! The types of columns, in either way that servers write them.

use std::fmt;

use serde_json::Value;

/// A column of a table, or a field of a struct in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableColumn {
    /// Its name.
    pub name: String,
    /// The type of its cells.
    pub ty: ColumnType,
}

impl TableColumn {
    pub(super) fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        let name = name.into();
        Self { name, ty }
    }
}

/// The type of a cell. `Display` writes it as SQL does, as in `array<bigint>`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnType {
    /// Text of any length; also `varchar` and `char`.
    String,
    /// True or false.
    Boolean,
    /// A whole number of 8 bits: `tinyint`.
    Byte,
    /// A whole number of 16 bits: `smallint`.
    Short,
    /// A whole number of 32 bits: `int`.
    Integer,
    /// A whole number of 64 bits: `bigint`.
    Long,
    /// A number of 32 bits.
    Float,
    /// A number of 64 bits.
    Double,
    /// An exact number. Its cells are JSON strings.
    Decimal {
        /// How many digits it has at most.
        precision: u8,
        /// How many of them come after the point.
        scale: i8,
    },
    /// A day. Its cells are JSON strings.
    Date,
    /// A moment. Its cells are JSON strings.
    Timestamp,
    /// Bytes.
    Binary,
    /// A list of values of one type.
    Array(Box<ColumnType>),
    /// Keys and values. Its cells are JSON objects.
    Map(Box<ColumnType>, Box<ColumnType>),
    /// Fields. Its cells are JSON arrays, in their order.
    Struct(Vec<TableColumn>),
    /// Another type, as the server wrote it.
    Unknown(String),
}

/// How deep types may lie in types.
const DEPTH: usize = 100;

impl ColumnType {
    /// Reads a type as a server writes it: a Hive type such as `array<bigint>`, or a Spark type in
    /// JSON such as `"long"` with its quotes. One cannot be taken for the other.
    ///
    /// # Example
    ///
    /// ```
    /// use generated_client::ColumnType;
    ///
    /// let list = ColumnType::Array(Box::new(ColumnType::Long));
    /// assert_eq!(ColumnType::parse("array<bigint>"), list);
    /// assert_eq!(ColumnType::parse(r#"{"type": "array", "elementType": "long"}"#), list);
    /// ```
    pub fn parse(text: &str) -> Self {
        match serde_json::from_str(text) {
            Ok(json @ (Value::String(_) | Value::Object(_))) => of_json(&json, DEPTH),
            _ => of_hive(text),
        }
    }

    /// Whether its values are numbers.
    pub fn is_numeric(&self) -> bool {
        matches!(
            self,
            Self::Byte
                | Self::Short
                | Self::Integer
                | Self::Long
                | Self::Float
                | Self::Double
                | Self::Decimal { .. }
        )
    }
}

impl fmt::Display for ColumnType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Decimal { precision, scale } => write!(f, "decimal({precision},{scale})"),
            Self::Array(element) => write!(f, "array<{element}>"),
            Self::Map(key, value) => write!(f, "map<{key},{value}>"),
            Self::Struct(fields) => {
                f.write_str("struct<")?;
                for (index, TableColumn { name, ty }) in fields.iter().enumerate() {
                    let comma = if index == 0 { "" } else { "," };
                    write!(f, "{comma}{name}:{ty}")?;
                }
                f.write_str(">")
            }
            Self::Unknown(text) => f.write_str(text),
            simple => f.write_str(simple_name(simple)),
        }
    }
}

fn simple_name(ty: &ColumnType) -> &'static str {
    SIMPLE
        .iter()
        .find_map(|(name, known)| (known == ty).then_some(*name))
        .unwrap_or_default()
}

/// The names of types without parts; of those with several, the first is shown.
static SIMPLE: [(&str, ColumnType); 19] = [
    ("string", ColumnType::String),
    ("boolean", ColumnType::Boolean),
    ("bool", ColumnType::Boolean),
    ("tinyint", ColumnType::Byte),
    ("byte", ColumnType::Byte),
    ("smallint", ColumnType::Short),
    ("short", ColumnType::Short),
    ("int", ColumnType::Integer),
    ("integer", ColumnType::Integer),
    ("bigint", ColumnType::Long),
    ("long", ColumnType::Long),
    ("float", ColumnType::Float),
    ("real", ColumnType::Float),
    ("double", ColumnType::Double),
    ("date", ColumnType::Date),
    ("timestamp", ColumnType::Timestamp),
    ("binary", ColumnType::Binary),
    ("varchar", ColumnType::String),
    ("char", ColumnType::String),
];

fn of_json(json: &Value, depth: usize) -> ColumnType {
    let unknown = || match json {
        Value::String(text) => ColumnType::Unknown(text.clone()),
        other => ColumnType::Unknown(other.to_string()),
    };
    let Some(depth) = depth.checked_sub(1) else {
        return unknown();
    };
    if let Value::String(text) = json {
        return of_hive(text);
    }
    let part = |key| json.get(key).map(|part| of_json(part, depth));
    let found = match json.get("type").and_then(Value::as_str) {
        Some("array") => part("elementType").map(Box::new).map(ColumnType::Array),
        Some("map") => part("keyType")
            .zip(part("valueType"))
            .map(|(key, value)| ColumnType::Map(Box::new(key), Box::new(value))),
        Some("struct") => json
            .get("fields")
            .and_then(|fields| fields_of_json(fields, depth)),
        Some("udt") => part("sqlType"),
        _ => None,
    };
    found.unwrap_or_else(unknown)
}

fn fields_of_json(fields: &Value, depth: usize) -> Option<ColumnType> {
    let field = |field: &Value| {
        let (name, ty) = (field.get("name")?.as_str()?, field.get("type")?);
        Some(TableColumn::new(name, of_json(ty, depth)))
    };
    let fields: Option<Vec<_>> = fields.as_array()?.iter().map(field).collect();
    fields.map(ColumnType::Struct)
}

fn of_hive(text: &str) -> ColumnType {
    let mut rest = text;
    match hive(&mut rest, DEPTH) {
        Some(ty) if rest.is_empty() => ty,
        _ => ColumnType::Unknown(text.to_owned()),
    }
}

/// Reads the type that `rest` begins with.
fn hive(rest: &mut &str, depth: usize) -> Option<ColumnType> {
    let depth = depth.checked_sub(1)?;
    let end = rest.find(['<', '>', ',', '(']).unwrap_or(rest.len());
    let (name, after) = rest.split_at(end);
    let word = name.trim().to_ascii_lowercase();
    match word.as_str() {
        "array" | "map" | "struct" if after.starts_with('<') => {
            *rest = &after[1..];
            let ty = hive_parts(&word, rest, depth)?;
            *rest = rest.trim_start().strip_prefix('>')?.trim_start();
            Some(ty)
        }
        _ => {
            let parameters = match after.strip_prefix('(') {
                Some(inside) => inside.split_once(')')?.0,
                None => "",
            };
            let length = end
                + if after.starts_with('(') {
                    parameters.len() + 2
                } else {
                    0
                };
            let (whole, after) = rest.split_at(length);
            *rest = after.trim_start();
            Some(hive_leaf(&word, parameters, whole))
        }
    }
}

fn hive_parts(word: &str, rest: &mut &str, depth: usize) -> Option<ColumnType> {
    match word {
        "array" => hive(rest, depth).map(Box::new).map(ColumnType::Array),
        "map" => {
            let key = hive(rest, depth)?;
            *rest = rest.strip_prefix(',')?;
            let value = hive(rest, depth)?;
            Some(ColumnType::Map(Box::new(key), Box::new(value)))
        }
        _ => {
            let mut fields = Vec::new();
            while !rest.trim_start().starts_with('>') {
                if !fields.is_empty() {
                    *rest = rest.strip_prefix(',')?;
                }
                let name = hive_name(rest)?;
                fields.push(TableColumn::new(name, hive(rest, depth)?));
            }
            Some(ColumnType::Struct(fields))
        }
    }
}

/// The name of a field and the colon after it. Backquotes allow any characters.
fn hive_name(rest: &mut &str) -> Option<String> {
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

fn hive_leaf(word: &str, parameters: &str, whole: &str) -> ColumnType {
    if matches!(word, "decimal" | "dec" | "numeric")
        && let Some(decimal) = decimal(parameters)
    {
        return decimal;
    }
    let takes_parameters = matches!(word, "varchar" | "char");
    let known = SIMPLE.iter().find(|(name, _)| *name == word);
    match known {
        Some((_, ty)) if parameters.is_empty() || takes_parameters => ty.clone(),
        _ => ColumnType::Unknown(whole.trim().to_owned()),
    }
}

/// Without parameters it is `decimal(10,0)`.
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
    fn types_in_both_ways() {
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
    fn what_is_not_known_is_kept() {
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
    fn depth_is_bounded() {
        let deep = "array<".repeat(100_000);
        assert_eq!(ColumnType::parse(&deep), ColumnType::Unknown(deep));
    }

    #[test]
    fn any_text_is_a_type() {
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
