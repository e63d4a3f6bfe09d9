//! Keywords of the four languages, for highlighting and completion.

use crate::language::Language;

const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue",
    "def", "del", "elif", "else", "except", "finally", "for", "from", "global", "if", "import",
    "in", "is", "lambda", "nonlocal", "not", "or", "pass", "raise", "return", "try", "while",
    "with", "yield",
];

const SCALA: &[&str] = &[
    "abstract",
    "case",
    "catch",
    "class",
    "def",
    "do",
    "else",
    "extends",
    "false",
    "final",
    "finally",
    "for",
    "forSome",
    "if",
    "implicit",
    "import",
    "lazy",
    "match",
    "new",
    "null",
    "object",
    "override",
    "package",
    "private",
    "protected",
    "return",
    "sealed",
    "super",
    "this",
    "throw",
    "trait",
    "true",
    "try",
    "type",
    "val",
    "var",
    "while",
    "with",
    "yield",
];

const R: &[&str] = &[
    "FALSE", "Inf", "NA", "NULL", "NaN", "TRUE", "break", "else", "for", "function", "if", "in",
    "next", "repeat", "while",
];

/// In upper case.
const SQL: &[&str] = &[
    "ADD",
    "ALL",
    "ALTER",
    "ANALYZE",
    "AND",
    "ANTI",
    "AS",
    "ASC",
    "BEGIN",
    "BETWEEN",
    "BY",
    "CACHE",
    "CASE",
    "CAST",
    "CATALOG",
    "CLUSTER",
    "COLUMN",
    "COLUMNS",
    "COMMENT",
    "COMPUTE",
    "COPY",
    "CREATE",
    "CROSS",
    "CUBE",
    "DATABASE",
    "DATABASES",
    "DECLARE",
    "DELETE",
    "DESC",
    "DESCRIBE",
    "DISTINCT",
    "DISTRIBUTE",
    "DROP",
    "ELSE",
    "END",
    "EXCEPT",
    "EXECUTE",
    "EXISTS",
    "EXPLAIN",
    "EXTENDED",
    "EXTERNAL",
    "FALSE",
    "FILTER",
    "FIRST",
    "FOR",
    "FORMATTED",
    "FROM",
    "FULL",
    "FUNCTION",
    "FUNCTIONS",
    "GRANT",
    "GROUP",
    "GROUPING",
    "HAVING",
    "IF",
    "IMMEDIATE",
    "IN",
    "INNER",
    "INSERT",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "IS",
    "JOIN",
    "LAST",
    "LATERAL",
    "LEFT",
    "LIKE",
    "LIMIT",
    "LOCATION",
    "MERGE",
    "MINUS",
    "NATURAL",
    "NOT",
    "NULL",
    "NULLS",
    "OFFSET",
    "ON",
    "OPTIMIZE",
    "OPTIONS",
    "OR",
    "ORDER",
    "OUTER",
    "OVER",
    "OVERWRITE",
    "PARTITION",
    "PARTITIONED",
    "PARTITIONS",
    "PIVOT",
    "PRECEDING",
    "QUALIFY",
    "RANGE",
    "RECURSIVE",
    "REFRESH",
    "RENAME",
    "REPLACE",
    "RESET",
    "RESTORE",
    "REVOKE",
    "RIGHT",
    "RLIKE",
    "ROLLUP",
    "ROW",
    "ROWS",
    "SCHEMA",
    "SCHEMAS",
    "SELECT",
    "SEMI",
    "SET",
    "SHOW",
    "SORT",
    "STATISTICS",
    "TABLE",
    "TABLES",
    "TABLESAMPLE",
    "TBLPROPERTIES",
    "TEMPORARY",
    "THEN",
    "TO",
    "TRUE",
    "TRUNCATE",
    "UNBOUNDED",
    "UNCACHE",
    "UNION",
    "UNPIVOT",
    "UPDATE",
    "USE",
    "USING",
    "VACUUM",
    "VALUES",
    "VIEW",
    "VIEWS",
    "WHEN",
    "WHERE",
    "WINDOW",
    "WITH",
];

/// Returns the keywords of a language in order.
pub(crate) fn of(language: Language) -> &'static [&'static str] {
    match language {
        Language::Python => PYTHON,
        Language::Scala => SCALA,
        Language::Sql => SQL,
        Language::R => R,
    }
}

/// Returns whether a name is a keyword. Upper and lower case are the same in SQL.
pub(crate) fn is_keyword(language: Language, name: &str) -> bool {
    let keywords = of(language);
    if language == Language::Sql {
        let upper = || name.bytes().map(|byte| byte.to_ascii_uppercase());
        return keywords
            .binary_search_by(|keyword| keyword.bytes().cmp(upper()))
            .is_ok();
    }
    keywords.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keywords_are_sorted_for_the_search() {
        for language in [
            Language::Python,
            Language::Scala,
            Language::Sql,
            Language::R,
        ] {
            let keywords = of(language);
            assert!(keywords.is_sorted(), "{language}");
            assert!(keywords.iter().all(|name| is_keyword(language, name)));
        }
        assert!(is_keyword(Language::Sql, "select") && !is_keyword(Language::Python, "DEF"));
    }
}
