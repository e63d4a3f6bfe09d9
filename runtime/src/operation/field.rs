//! Fields of requests as data.

use super::bounds::Bounds;
use super::style::FieldStyle;

/// One field of a request.
#[derive(Clone, Copy, Debug)]
pub struct Field<'a> {
    /// Name on the wire.
    pub name: &'a str,
    /// Documentation, possibly empty.
    pub doc: &'a str,
    /// Type in the notation of the spec, for example `ClusterId` or `int?`.
    pub ty: &'a str,
    /// Kind of value that a text argument is parsed as.
    pub kind: FieldKind,
    /// `true` if a request without the field is invalid.
    pub required: bool,
    /// Part of the request that carries the field.
    pub location: FieldLocation,
    /// Encoding of a value that is not one text.
    pub style: Option<FieldStyle<'a>>,
    /// Default value as text.
    pub default: Option<&'a str>,
    /// Bounds of the value.
    pub bounds: Option<Bounds>,
}

impl<'a> Field<'a> {
    /// Parses one row of the field table that is part of the generated code.
    ///
    /// The columns, separated by tabs: a letter each for location and kind, then the style if there is one; name; type; default after `=`; minimum; maximum; documentation.
    ///
    /// The table is a single string literal per endpoint because a table of structs takes ten times
    /// as long to compile and ten times the space in programs.
    pub(crate) fn parse_row(row: &'a str) -> Option<Self> {
        let mut columns = row.splitn(7, '\t');
        let mut letters = columns.next()?.chars();
        let (location, kind, style) = (letters.next()?, letters.next()?, letters.as_str());
        let (name, ty) = (columns.next()?, columns.next()?);
        let default = columns.next()?.strip_prefix('=');
        let bounds = Bounds::parse(columns.next()?, columns.next()?);
        Some(Self {
            name,
            doc: columns.next().unwrap_or_default(),
            ty,
            kind: FieldKind::from_letter(kind)?,
            required: !ty.ends_with('?') && default.is_none(),
            location: FieldLocation::from_letter(location)?,
            style: FieldStyle::parse(style),
            default,
            bounds,
        })
    }
}

/// Part of a request that carries a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldLocation {
    /// The path.
    Path,
    /// The query string.
    Query,
    /// The header with the name of the field.
    Header,
    /// The body.
    Body,
}

impl FieldLocation {
    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            'p' => Self::Path,
            'q' => Self::Query,
            'h' => Self::Header,
            'b' => Self::Body,
            _ => return None,
        })
    }
}

/// Kind of value that a text argument for a field is parsed as.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldKind {
    /// The text itself.
    Text,
    /// `true` or `false`.
    Bool,
    /// A signed integer.
    Int,
    /// An unsigned integer.
    Uint,
    /// A number.
    Float,
    /// A decimal number, sent as written.
    Decimal,
    /// JSON, sent as written. Outside of JSON, a list is one value per item.
    Json,
    /// Like `Json`. Text that is not valid JSON is a string.
    JsonOrText,
    /// JSON of any kind, sent as written. A list is a single value.
    RawJson,
    /// The path of a file.
    File,
    /// The path of a file, or a list of files.
    Files,
    /// A secret.
    Secret,
    /// JSON that contains secrets.
    SecretJson,
}

impl FieldKind {
    fn from_letter(letter: char) -> Option<Self> {
        Some(match letter {
            't' => Self::Text,
            'b' => Self::Bool,
            'i' => Self::Int,
            'u' => Self::Uint,
            'n' => Self::Float,
            'd' => Self::Decimal,
            'j' => Self::Json,
            'x' => Self::JsonOrText,
            'r' => Self::RawJson,
            'f' => Self::File,
            'm' => Self::Files,
            's' => Self::Secret,
            'k' => Self::SecretJson,
            _ => return None,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::operation::bounds::Size;

    fn parse(table: &str) -> Vec<Field<'_>> {
        table.lines().filter_map(Field::parse_row).collect()
    }

    const TABLE: &str = concat!(
        "pt\tid\tJobId\t\t\t\tA job.\n",
        "qj,\ttags\t[string]?\t\t\t3\t\n",
        "qn\trate\tfloat\t=1\t0.5\t2.0\t\n",
        "bjmtext/x-y\tmeta\tMeta\t\t\t\t\n",
        "bf\tfile\tfile\t\t\t\tTabs\tare kept."
    );

    #[test]
    fn each_line_of_a_table_is_a_field() {
        let fields: Vec<_> = parse(TABLE)
            .iter()
            .map(|field| (field.name, field.ty, field.doc, field.required, field.style))
            .collect();
        assert_eq!(
            fields,
            [
                ("id", "JobId", "A job.", true, None),
                (
                    "tags",
                    "[string]?",
                    "",
                    false,
                    Some(FieldStyle::Joined(','))
                ),
                ("rate", "float", "", false, None),
                ("meta", "Meta", "", true, Some(FieldStyle::Part("text/x-y"))),
                ("file", "file", "Tabs\tare kept.", true, None),
            ]
        );
    }

    #[test]
    fn defaults_and_bounds_are_parsed() {
        let bounds = |min, max| Some(Bounds { min, max });
        let limits: Vec<_> = parse(TABLE)
            .iter()
            .map(|field| (field.default, field.bounds))
            .collect();
        assert_eq!(
            limits,
            [
                (None, None),
                (None, bounds(None, Some(Size::Int(3)))),
                (
                    Some("1"),
                    bounds(Some(Size::Float(0.5)), Some(Size::Float(2.0)))
                ),
                (None, None),
                (None, None),
            ]
        );
    }

    #[test]
    fn locations_and_kinds_are_parsed() {
        let locations: Vec<_> = parse(TABLE)
            .iter()
            .map(|field| (field.location, field.kind))
            .collect();
        assert_eq!(
            locations,
            [
                (FieldLocation::Path, FieldKind::Text),
                (FieldLocation::Query, FieldKind::Json),
                (FieldLocation::Query, FieldKind::Float),
                (FieldLocation::Body, FieldKind::Json),
                (FieldLocation::Body, FieldKind::File),
            ]
        );
    }

    #[test]
    fn invalid_rows_are_rejected() {
        for row in ["", "q", "q\tx\tint", "xt\tx\tint\t\t\t\t", "qt\tx\tint"] {
            assert!(Field::parse_row(row).is_none(), "{row}");
        }
    }
}
