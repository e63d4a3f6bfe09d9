//! Types of columns.

use std::fmt;

/// Column of a table, or field of a struct in a cell.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct TableColumn {
    /// Name of the column.
    pub name: String,
    /// Type of the cells.
    pub ty: ColumnType,
}

impl TableColumn {
    pub(super) fn new(name: impl Into<String>, ty: ColumnType) -> Self {
        let name = name.into();
        Self { name, ty }
    }
}

/// Type of a cell. `Display` writes it as SQL does, for example `array<bigint>`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ColumnType {
    /// Text of any length, including `varchar` and `char`.
    String,
    /// True or false.
    Boolean,
    /// Integer of 8 bits: `tinyint`.
    Byte,
    /// Integer of 16 bits: `smallint`.
    Short,
    /// Integer of 32 bits: `int`.
    Integer,
    /// Integer of 64 bits: `bigint`.
    Long,
    /// Floating-point number of 32 bits.
    Float,
    /// Floating-point number of 64 bits.
    Double,
    /// Exact decimal number. Cells are JSON strings.
    Decimal {
        /// Maximum number of digits.
        precision: u8,
        /// Number of digits after the decimal point.
        scale: i8,
    },
    /// Calendar date. Cells are JSON strings.
    Date,
    /// Date and time. Cells are JSON strings.
    Timestamp,
    /// Bytes.
    Binary,
    /// List of elements of one type.
    Array(Box<ColumnType>),
    /// Map from keys to values. Cells are JSON objects.
    Map(Box<ColumnType>, Box<ColumnType>),
    /// Named fields. Cells are JSON arrays in the order of the fields.
    Struct(Vec<TableColumn>),
    /// Unknown type, as sent by the server.
    Unknown(String),
}

impl ColumnType {
    /// Returns whether the values are numbers.
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
    NAMES
        .iter()
        .find_map(|(name, known)| (known == ty).then_some(*name))
        .unwrap_or_default()
}

/// Names of the types without parameters. `Display` writes the first name of a type.
pub(super) static NAMES: [(&str, ColumnType); 19] = [
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
