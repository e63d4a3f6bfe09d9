//! First definitions of keys that are defined twice.

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::source::{Source, Span};

/// Returns the first definition of a duplicate key.
///
/// The parser reports only the second one. The file up to there is parsed again with another name in
/// its place, which leads to the table of both.
pub(super) fn first_definition(source: &Source, span: Span) -> Option<Span> {
    const MARK: &str = "\"\\u0001 duplicate\"";
    let text = source.text();
    let name = key_value(&text[span.range()])?;
    let (_, line) = source.lines_of(span);
    let before = &text[..span.start];
    let changed = format!("{before}{MARK}{}", &text[span.end..line.end.max(span.end)]);
    let (table, _) = DeTable::parse_recoverable(&changed);
    let siblings = find_mark(table.get_ref())?;
    let (key, _) = siblings
        .iter()
        .find(|(key, _)| key.get_ref().as_ref() == name)?;
    let first = Span::from(key.span());
    (first.end <= span.start).then(|| source.clamp(first))
}

/// Returns the value of a key without quotes and escapes.
pub(super) fn key_value(key: &str) -> Option<String> {
    let document = format!("{key} = 0");
    let table = DeTable::parse(&document).ok()?.into_inner();
    let (key, _) = table.iter().next()?;
    Some(key.get_ref().clone().into_owned())
}

/// Returns the table that contains the mark. The parser limits the depth of the recursion.
fn find_mark<'t, 'i>(table: &'t DeTable<'i>) -> Option<&'t DeTable<'i>> {
    if table
        .keys()
        .any(|key| key.get_ref().as_ref() == "\u{1} duplicate")
    {
        return Some(table);
    }
    table.values().find_map(|value| find_mark_below(value))
}

fn find_mark_below<'t, 'i>(value: &'t Spanned<DeValue<'i>>) -> Option<&'t DeTable<'i>> {
    match value.get_ref() {
        DeValue::Table(table) => find_mark(table),
        DeValue::Array(array) => array.iter().find_map(find_mark_below),
        _ => None,
    }
}
