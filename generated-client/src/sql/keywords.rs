//! Keywords after which an expression begins.

/// An expression follows such a keyword directly, so that `:name` after it is a
/// parameter, and not a path in the value of a column.
const BEFORE_EXPRESSION: [&str; 50] = [
    "ALL",
    "AND",
    "ANY",
    "AS",
    "BETWEEN",
    "BY",
    "CASE",
    "CHECK",
    "DEFAULT",
    "DISTINCT",
    "DIV",
    "DO",
    "ELSE",
    "ELSEIF",
    "ESCAPE",
    "EXCEPT",
    "EXISTS",
    "FROM",
    "FOR",
    "HAVING",
    "IF",
    "ILIKE",
    "IMMEDIATE",
    "IN",
    "INTERSECT",
    "INTERVAL",
    "INTO",
    "LIKE",
    "LIMIT",
    "NOT",
    "OF",
    "OFFSET",
    "ON",
    "OR",
    "QUALIFY",
    "RANGE",
    "REGEXP",
    "RETURN",
    "RLIKE",
    "ROWS",
    "SELECT",
    "SET",
    "SOME",
    "THEN",
    "UNION",
    "UNTIL",
    "USING",
    "VALUES",
    "WHEN",
    "WHERE",
];

/// Returns whether an expression may follow a name or keyword directly.
pub(super) fn precedes_expression(word: &str) -> bool {
    BEFORE_EXPRESSION
        .iter()
        .any(|keyword| keyword.eq_ignore_ascii_case(word))
}
