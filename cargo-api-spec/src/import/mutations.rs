//! Tests with changed documents: each is imported, or rejected with a reason.

use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};

use api_spec::Source;
use arbitrary::{Result, Unstructured};
use arbtest::arbtest;

use super::convert;
use super::document::{Document, Files, Node, Value, parse};
use super::report::Places;

#[test]
fn changed_values_give_a_valid_spec() {
    let seeds: Vec<Node> = texts().iter().map(|it| parse(it).unwrap()).collect();
    let imported = AtomicUsize::new(0);
    arbtest(|u| {
        let mut root = u.choose(&seeds)?.clone();
        for _ in 0..u.int_in_range(1..=6)? {
            change(u, &mut root, &seeds)?;
        }
        imported.fetch_add(usize::from(check(root)), Ordering::Relaxed);
        Ok(())
    })
    .budget_ms(4_000);
    assert!(imported.into_inner() > 0);
}

#[test]
fn changed_text_is_imported_or_rejected_with_a_line() {
    let seeds = texts();
    arbtest(|u| {
        let mut text = u.choose(&seeds)?.clone();
        for _ in 0..u.int_in_range(1..=4)? {
            change_text(u, &mut text, &seeds)?;
        }
        match parse(&text) {
            Ok(root) => {
                check(root);
            }
            Err(reason) => assert!(
                reason.contains("line ") || reason.contains("too large"),
                "{reason}"
            ),
        }
        Ok(())
    })
    .budget_ms(2_000);
}

fn texts() -> Vec<String> {
    let documents = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents");
    let mut texts = Vec::new();
    for folder in [documents.clone(), documents.join("every")] {
        let entries = fs::read_dir(folder).unwrap();
        let mut paths: Vec<_> = entries.map(|it| it.unwrap().path()).collect();
        paths.retain(|it| it.is_file());
        paths.sort();
        texts.extend(paths.iter().map(|it| fs::read_to_string(it).unwrap()));
    }
    assert!(texts.len() > 5);
    texts
}

/// Returns whether the document is imported. Fails if the spec is invalid.
fn check(root: Node) -> bool {
    let Ok(document) = Document::new(Files::single(root)) else {
        return false;
    };
    let (spec, summary) = convert(&document, "test".to_owned(), Places::First).unwrap();
    let parsed = api_spec::parse(&Source::new("test", spec.as_str()));
    assert!(
        parsed.diagnostics.is_empty(),
        "{:?}\n{spec}",
        parsed.diagnostics
    );
    let report = summary.to_string();
    let lines: Vec<_> = report.lines().collect();
    let [_, lines @ .., count] = &lines[..] else {
        panic!("{report}");
    };
    assert!(count.ends_with(" ignored"), "{count}");
    for line in lines {
        let (_, place) = line.split_once(": ").unwrap();
        assert!(place.starts_with("test:"), "{line}");
    }
    true
}

/// Changes a random value.
fn change(u: &mut Unstructured<'_>, node: &mut Node, seeds: &[Node]) -> Result<()> {
    if has_children(node) && u.ratio(9, 10)? {
        match node.value_mut() {
            Value::List(items) => {
                let index = u.choose_index(items.len())?;
                return change(u, &mut items[index], seeds);
            }
            Value::Object(members) => {
                let index = u.choose_index(members.len())?;
                return change(u, &mut members[index].1, seeds);
            }
            _ => {}
        }
    }
    match u.int_in_range(0..=6)? {
        0 | 1 => remove(u, node)?,
        2 => rename(u, node)?,
        3 => *node = wrapped(u, node)?,
        4 => *node = part(u, seeds)?,
        5 => *node = reference(u)?,
        _ => *node = scalar(u)?.into(),
    }
    Ok(())
}

fn has_children(node: &Node) -> bool {
    !node.items().is_empty() || !node.members().is_empty()
}

fn remove(u: &mut Unstructured<'_>, node: &mut Node) -> Result<()> {
    match node.value_mut() {
        Value::List(items) if !items.is_empty() => {
            items.remove(u.choose_index(items.len())?);
        }
        Value::Object(members) if !members.is_empty() => {
            members.remove(u.choose_index(members.len())?);
        }
        _ => *node = Value::Null.into(),
    }
    Ok(())
}

/// Replaces a key by an unusual one, or by one of OpenAPI.
fn rename(u: &mut Unstructured<'_>, node: &mut Node) -> Result<()> {
    const KEYS: [&str; 22] = [
        "",
        " ",
        "~1",
        "/",
        "%",
        "a\nb",
        "\u{0}",
        "名",
        "\"",
        "self",
        "{id}",
        "200",
        "2XX",
        "default",
        "$ref",
        "oneOf",
        "allOf",
        "items",
        "properties",
        "get",
        "x-api-spec-fields",
        "additionalProperties",
    ];
    let Value::Object(members) = node.value_mut() else {
        return Ok(());
    };
    if !members.is_empty() {
        let index = u.choose_index(members.len())?;
        members[index].0 = (*u.choose(&KEYS)?).into();
    }
    Ok(())
}

/// Returns the value in many others.
fn wrapped(u: &mut Unstructured<'_>, node: &Node) -> Result<Node> {
    let mut wrapped = node.clone();
    let key = *u.choose(&[
        "items",
        "allOf",
        "oneOf",
        "additionalProperties",
        "properties",
        "schema",
    ])?;
    for _ in 0..u.int_in_range(1..=80)? {
        wrapped = match key {
            "allOf" | "oneOf" => Value::List(vec![wrapped]).into(),
            "properties" => Value::Object(vec![("p".into(), wrapped)]).into(),
            _ => wrapped,
        };
        wrapped = Value::Object(vec![(key.into(), wrapped)]).into();
    }
    Ok(wrapped)
}

/// Returns a part of another document.
fn part(u: &mut Unstructured<'_>, seeds: &[Node]) -> Result<Node> {
    let mut node = u.choose(seeds)?;
    while has_children(node) && u.ratio(4, 5)? {
        node = if node.items().is_empty() {
            &u.choose(node.members())?.1
        } else {
            u.choose(node.items())?
        };
    }
    Ok(node.clone())
}

/// Returns a reference, which may lead to itself, to nothing, or to another kind of value.
fn reference(u: &mut Unstructured<'_>) -> Result<Node> {
    const TARGETS: [&str; 10] = [
        "#/components/schemas/Pet",
        "#/components/schemas/Kind",
        "#/definitions/Pet",
        "#/components/schemas",
        "#/components/responses/Error",
        "#/paths",
        "#",
        "#/info/title",
        "other.yaml#/a",
        "%zz~2",
    ];
    let target = Value::Text((*u.choose(&TARGETS)?).into());
    Ok(Value::Object(vec![("$ref".into(), target.into())]).into())
}

fn scalar(u: &mut Unstructured<'_>) -> Result<Value> {
    Ok(match u.int_in_range(0..=8)? {
        0 => Value::Null,
        1 => Value::Bool(u.arbitrary()?),
        2 => Value::Number(u64::MAX.into()),
        3 => Value::Number(i64::MIN.into()),
        4 => parse("1e308").unwrap().value().clone(),
        5 => Value::Text("x".repeat(10_000).into()),
        6 => Value::Text(u.arbitrary::<&str>()?.into()),
        7 => Value::List(Vec::new()),
        _ => Value::Object(Vec::new()),
    })
}

/// Removes, repeats or replaces a part of a text.
fn change_text(u: &mut Unstructured<'_>, text: &mut String, seeds: &[String]) -> Result<()> {
    let mut at = || -> Result<usize> {
        let at = u.int_in_range(0..=text.len())?;
        Ok((0..=at)
            .rev()
            .find(|&it| text.is_char_boundary(it))
            .unwrap_or(0))
    };
    let (start, end) = (at()?, at()?);
    let range = start.min(end)..start.max(end).min(start.min(end) + 200);
    let end = (range.end..=text.len()).find(|&it| text.is_char_boundary(it));
    let range = range.start..end.unwrap_or(text.len());
    match u.int_in_range(0..=2)? {
        0 => text.replace_range(range, ""),
        1 => {
            let repeated = text[range.clone()].repeat(2);
            text.replace_range(range, &repeated);
        }
        _ => {
            let other = u.choose(seeds)?;
            let words: Vec<&str> = other.split_whitespace().collect();
            let word = *u.choose(&words)?;
            text.replace_range(range, word);
        }
    }
    Ok(())
}
