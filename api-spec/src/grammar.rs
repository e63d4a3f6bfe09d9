//! Syntax inside strings: type expressions, the `http` line, URLs, and names of headers.

pub(crate) mod header;
pub(crate) mod http_line;
pub(crate) mod type_expr;
pub(crate) mod url;
