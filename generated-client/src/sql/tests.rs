//! Tokens, literals and bound queries.

use arbtest::arbitrary::Unstructured;
use arbtest::arbtest;

use super::tokens::{Kind, Token, tokens};
use super::*;

fn texts(query: &str) -> Vec<&str> {
    tokens(query)
        .filter(|token| token.kind != Kind::Space)
        .map(|token| token.text)
        .collect()
}

/// Returns the query with `a` = 5, `b` = -1, `n` = NULL and `t` = text.
fn bind(query: &str) -> Result<String, BindError> {
    let parameters = Parameters::new()
        .named("a", 5)
        .named("b", -1)
        .named("n", Literal::Null)
        .named("t", "text");
    parameters.bind(query).map(Into::into)
}

#[test]
fn markers_are_replaced_outside_of_strings_names_and_comments() {
    for (query, bound) in [
        ("", ""),
        ("SELECT :a, :t, :a, :n", "SELECT 5, 'text', 5, NULL"),
        (
            "WHERE x=:a AND y IN (:a,:t)",
            "WHERE x=5 AND y IN (5,'text')",
        ),
        (
            "SELECT ':a', \":a\", `:a`, :a",
            "SELECT ':a', \":a\", `:a`, 5",
        ),
        (
            "SELECT 'it\\':a', '\\\\', :a",
            "SELECT 'it\\':a', '\\\\', 5",
        ),
        (
            "SELECT 'it'':a', `x``:a`, :a",
            "SELECT 'it'':a', `x``:a`, 5",
        ),
        // A raw string has no escapes.
        ("SELECT r'\\', :a, ':x'", "SELECT r'\\', 5, ':x'"),
        ("SELECT R\"\\\", :a", "SELECT R\"\\\", 5"),
        ("SELECT car'\\', :a'", "SELECT car'\\', :a'"),
        ("-- :a\n:a -- :x", "-- :a\n5 -- :x"),
        ("-- x \\\n:a\n:a", "-- x \\\n:a\n5"),
        ("-- x \r:a", "-- x \r5"),
        ("/* :a /* :x */ :a */ :a", "/* :a /* :x */ :a */ 5"),
        ("/*/ :a */ :a", "/*/ :a */ 5"),
        ("/* :a", "/* :a"),
        ("/* /*+ :a */ :a", "/* /*+ :a */ 5"),
        ("/*+ COALESCE(:a) */ :a", "/*+ COALESCE(5) */ 5"),
        ("$$ :a ' $$ :a", "$$ :a ' $$ 5"),
        ("$py$ :a $$ :a $py$ :a", "$py$ :a $$ :a $py$ 5"),
        ("$x :a", "$x 5"),
        ("= $ :a", "= $ 5"),
        ("${env:a} :a", "${env:a} 5"),
        ("${hivevar:a}:a", "${hivevar:a}:a"),
        ("SELECT 'a", "SELECT 'a"),
        (
            "abfss://x?y=--/ :a, s3://--:a",
            "abfss://x?y=--/ 5, s3://--:a",
        ),
    ] {
        assert_eq!(bind(query).as_deref(), Ok(bound), "{query}");
    }
}

#[test]
fn casts_and_paths_are_no_markers() {
    for (query, bound) in [
        ("x::a, :a::INT, x:: a", "x::a, 5::INT, x:: a"),
        (
            "raw:a, raw['x']:a, f(x):a, `x`:a",
            "raw:a, raw['x']:a, f(x):a, `x`:a",
        ),
        ("raw:a:b.c[:a]", "raw:a:b.c[5]"),
        ("raw :other", "raw :other"),
        ("date :t, x LIKE :t", "date 'text', x LIKE 'text'"),
        ("LIMIT:a", "LIMIT 5"),
        ("t.limit:a, limit :a", "t.limit:a, limit 5"),
        ("STRUCT<a:INT, b: STRING>", "STRUCT<a:INT, b: STRING>"),
        ("l: BEGIN END", "l: BEGIN END"),
        (
            "CASE WHEN :a THEN :t ELSE :n END",
            "CASE WHEN 5 THEN 'text' ELSE NULL END",
        ),
    ] {
        assert_eq!(bind(query).as_deref(), Ok(bound), "{query}");
    }
}

#[test]
fn literals_do_not_merge_with_other_tokens() {
    for (query, bound) in [
        ("3-:b", "3-(-1)"),
        ("SELECT:a", "SELECT 5"),
        ("s://:n, $:n$, :n://x", "s:// NULL, $ NULL$, NULL ://x"),
        (":t'x'", "'text' 'x'"),
        (":a.x, x.:a, :a .x", "(5).x, x.(5), 5 .x"),
    ] {
        assert_eq!(bind(query).as_deref(), Ok(bound), "{query}");
    }
}

#[test]
fn positional_values_are_bound_in_order() {
    let parameters = Parameters::new()
        .positional("x")
        .positional(2)
        .named("a", 5);
    for (query, bound) in [
        ("SELECT ?, ?", Ok("SELECT 'x', 2")),
        (
            "SELECT ?::INT, x?::INT, x ?::INT, f(?)",
            Ok("SELECT 'x'::INT, x?::INT, x ?::INT, f(2)"),
        ),
        ("SELECT '?' -- ?", Ok("SELECT '?' -- ?")),
        ("?x, ?, :a", Ok("'x' x, 2, 5")),
        ("SELECT ?", Err("2 values for 1 parameter (`?`)")),
        ("?, ?, ?", Err("2 values for 3 parameters (`?`)")),
    ] {
        let result = parameters.bind(query).map_err(|error| error.to_string());
        let result = result.as_deref().map_err(String::as_str);
        assert_eq!(result, bound, "{query}");
    }
}

#[test]
fn missing_value_is_an_error() {
    for query in ["SELECT :x", "LIMIT:x", "(:x)", "SELECT :é"] {
        let error = bind(query).unwrap_err().to_string();
        assert!(error.ends_with("has no value"), "{query}: {error}");
    }
    let error = bind("SELECT :x").unwrap_err();
    assert_eq!(error.to_string(), "the parameter `:x` has no value");
}

#[test]
fn later_value_of_a_name_takes_precedence() {
    let parameters = Parameters::new().named("a", 1).named("a", true);
    assert_eq!(parameters.bind(":a").unwrap(), "TRUE");
}

#[test]
fn values_are_typed_literals() {
    let number = |text: &str| Literal::from(text.parse::<Number>().unwrap());
    for (value, literal) in [
        (Literal::from(""), "''"),
        (
            "a \"b\" `c` -- /* ; é😀".into(),
            "'a \"b\" `c` -- /* ; é😀'",
        ),
        ("it's".into(), "CAST(X'69742773' AS STRING)"),
        ("\\".into(), "CAST(X'5C' AS STRING)"),
        ("a\nb".into(), "CAST(X'610A62' AS STRING)"),
        (
            "${env:HOME}".into(),
            "CAST(X'247B656E763A484F4D457D' AS STRING)",
        ),
        (i64::MIN.into(), "(-9223372036854775808)"),
        (1e300.into(), "1e300"),
        (f64::NAN.into(), "'NaN'"),
        (f64::NEG_INFINITY.into(), "'-inf'"),
        (true.into(), "TRUE"),
        (None::<i32>.into(), "NULL"),
        (Some("x").into(), "'x'"),
        (number("1.50"), "1.50"),
        (number("-1E+5"), "(-1E+5)"),
        (number("12345678901234567890123"), "12345678901234567890123"),
    ] {
        assert_eq!(value.to_string(), literal);
    }
}

#[test]
fn other_text_is_no_number() {
    for text in [
        "", "-", "+1", "01", "1.", ".5", "1e", "1e+", "0x1", "1 ", "1--", "NaN", "1_0", "١",
    ] {
        assert!(text.parse::<Number>().is_err(), "{text}");
    }
}

/// Parts of queries, from which strings, comments and markers arise.
const PARTS: [&str; 40] = [
    "'", "\"", "`", "\\", "--", "/*", "*/", "/*+", "\n", "\r", " ", ":", "::", "?", "$", "$$",
    "${", "}", "a", "b", ":a", ":b", "r", "R'", "x", "1", ".", ",", "(", ")", "[", "]", "-",
    "SELECT", "limit", "é", "s://", "=", "'x'", "\t",
];

fn arbitrary_query(u: &mut Unstructured<'_>) -> arbtest::arbitrary::Result<String> {
    let mut query = String::new();
    for _ in 0..u.int_in_range(0..=20)? {
        query.push_str(u.choose(&PARTS)?);
    }
    Ok(query)
}

fn arbitrary_value(u: &mut Unstructured<'_>) -> arbtest::arbitrary::Result<Literal> {
    Ok(match u.int_in_range(0..=4)? {
        0 => Literal::Null,
        1 => u.arbitrary::<bool>()?.into(),
        2 => u.arbitrary::<i64>()?.into(),
        3 => arbitrary_query(u)?.into(),
        _ => u.arbitrary::<&str>()?.into(),
    })
}

#[test]
fn tokens_are_the_query() {
    arbtest(|u| {
        let query = arbitrary_query(u)?;
        let text: String = tokens(&query).map(|token| token.text).collect();
        assert_eq!(text, query);
        Ok(())
    });
}

/// The bound query has the tokens of the query, with those of the literal in place of some markers: a value
/// cannot change the meaning of the text beside it.
#[test]
fn values_do_not_change_other_tokens() {
    arbtest(|u| {
        let query = arbitrary_query(u)?;
        let literal = arbitrary_value(u)?;
        let parameters = Parameters::new()
            .named("a", literal.clone())
            .named("b", literal.clone())
            .positional(literal.clone());
        let Ok(bound) = parameters.bind(&query) else {
            return Ok(());
        };
        let literal = literal.to_string();
        let literal = texts(&literal);
        let bound_texts = texts(&bound);
        let mut rest = &bound_texts[..];
        for token in tokens(&query).filter(|token| token.kind != Kind::Space) {
            rest = after_token(token, rest, &literal)
                .unwrap_or_else(|| panic!("{token:?} is missing: {query:?} => {bound:?}"));
        }
        assert!(rest.is_empty(), "{query:?} => {bound:?}");
        Ok(())
    });
}

/// Removes a token, or the literal in its place, from the beginning of a list.
fn after_token<'r, 't>(
    token: Token<'_>,
    rest: &'r [&'t str],
    literal: &[&str],
) -> Option<&'r [&'t str]> {
    if rest.first() == Some(&token.text) {
        return Some(&rest[1..]);
    }
    if !matches!(token.kind, Kind::Named | Kind::Question) {
        return None;
    }
    if rest.starts_with(literal) {
        return Some(&rest[literal.len()..]);
    }
    let parenthesized = [&["("], literal, &[")"]].concat();
    rest.starts_with(&parenthesized)
        .then(|| &rest[parenthesized.len()..])
}
