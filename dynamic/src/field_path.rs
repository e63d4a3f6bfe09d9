//! Values at the paths of a spec, in responses and in arguments.

use std::borrow::Cow;

use api_runtime::Argument;
use api_runtime::codec::{ReadError, Reader};
use api_runtime::types::RawJson;
use api_spec::model::{Builtin, FieldPath, Step, Type};
use serde_json::Value;

use crate::response::BODY;
use crate::scalar;

/// Moves to the value at a path in a response. Returns the problem if there is none; null has no members.
pub(crate) fn find(reader: &mut Reader<'_>, path: &FieldPath) -> Result<Option<String>, ReadError> {
    let body = path.in_body.then_some(BODY);
    let steps = path.steps.iter().map(|step| step.wire.as_str());
    let mut parents: Vec<&str> = Vec::new();
    for name in body.into_iter().chain(steps) {
        if !find_member(reader, name)? {
            // As the errors of the runtime.
            let place = match parents.as_slice() {
                [] => "the top level".to_owned(),
                parents => format!("`{}`", parents.join(".")),
            };
            return Ok(Some(format!("at {place}: missing field `{name}`")));
        }
        parents.push(name);
    }
    Ok(None)
}

/// Moves to the value of a member of an object. Returns whether there is one.
fn find_member(reader: &mut Reader<'_>, name: &str) -> Result<bool, ReadError> {
    if reader.peek() != Some(b'{') {
        return Ok(false);
    }
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        if key == name {
            return Ok(true);
        }
        reader.skip()?;
    }
    Ok(false)
}

/// Returns the value at a path as text, or its default. Null and absent values are `None`.
///
/// # Errors
///
/// Returns the problem if the value is not of its type, or is absent although the spec requires it.
pub(crate) fn text_in(json: &RawJson, path: &FieldPath) -> Result<Option<String>, String> {
    let describe = |error: ReadError| error.describe(json.as_str().as_bytes());
    let mut reader = json.reader();
    let missing = find(&mut reader, path).map_err(describe)?;
    let last = path.steps.last();
    let default = last.and_then(default_of);
    match missing {
        None if default.is_none() || reader.peek() != Some(b'n') => {
            if let Some(step) = last {
                scalar::check(&step.ty, &reader).map_err(describe)?;
            }
            Ok(text_of(&mut reader))
        }
        Some(problem) if default.is_none() && !path.is_optional() => Err(problem),
        _ => Ok(default),
    }
}

/// Returns the value that is next as text, as ids are. Null is `None`.
fn text_of(reader: &mut Reader<'_>) -> Option<String> {
    match reader.peek()? {
        b'n' => None,
        b'"' => reader.string().ok(),
        _ => reader.raw().ok().map(str::to_owned),
    }
}

/// Returns an argument or the value at a path in it, or its default.
pub(crate) fn argument_at(arguments: &[(String, Argument)], path: &FieldPath) -> Option<Argument> {
    let (first, rest) = path.steps.split_first()?;
    let name = first.wire.as_str();
    let argument = arguments.iter().find(|(other, _)| other == name);
    let Some((_, argument)) = argument else {
        let default = default_of(path.steps.last()?);
        return default.map(Argument::Text);
    };
    let Some(last) = rest.last() else {
        return Some(argument.clone());
    };
    let object = object_of(argument)?;
    let mut reader = object.reader();
    let is_found = rest.iter().try_fold(true, |is_found, step| {
        Ok::<_, ReadError>(is_found && find_member(&mut reader, step.wire.as_str())?)
    });
    let found = is_found.ok()?.then(|| text_of(&mut reader)).flatten();
    let text = found.or_else(|| default_of(last));
    text.map(Argument::Text)
}

/// Returns an argument as text.
pub(crate) fn text_of_argument(argument: &Argument) -> Option<String> {
    match argument {
        Argument::Text(text) => Some(text.clone()),
        Argument::Json(value) => text_of(&mut value.reader()),
        _ => None,
    }
}

/// Sets an argument, or the value at a path in it. Missing objects are created, and everything else
/// remains as it was written.
pub(crate) fn set_argument(
    arguments: &mut Vec<(String, Argument)>,
    path: &FieldPath,
    text: Option<String>,
) {
    let Some((first, rest)) = path.steps.split_first() else {
        return;
    };
    let name = first.wire.as_str();
    let old = arguments.iter().position(|(other, _)| other == name);
    let old = old.map(|index| arguments.swap_remove(index).1);
    let new = match text {
        None if rest.is_empty() => None,
        Some(text) if rest.is_empty() => Some(Argument::Text(text)),
        text => {
            let object = old.as_ref().and_then(object_of);
            let object = object.as_ref().map_or("{}", RawJson::as_str);
            let changed = text.and_then(|text| with_member(object, rest, text).ok());
            let json = changed.as_deref().unwrap_or(object).parse();
            json.ok().map(Argument::Json)
        }
    };
    arguments.extend(new.map(|argument| (name.to_owned(), argument)));
}

/// Returns the text of an object with another value at a path.
fn with_member(object: &str, path: &[Step], text: String) -> Result<String, ReadError> {
    let Some((step, rest)) = path.split_first() else {
        return Ok(text);
    };
    let mut members = members_of(object)?;
    let old = members
        .iter_mut()
        .find(|(key, _)| key == step.wire.as_str());
    let inner = old.as_ref().map_or("{}", |(_, value)| *value);
    let value = if rest.is_empty() {
        typed(step, text)
    } else {
        with_member(inner, rest, text)?
    };
    match old {
        Some((_, old)) => *old = &value,
        None => members.push((step.wire.as_str().into(), &value)),
    }
    let members: Vec<_> = members
        .iter()
        .map(|(key, value)| format!("{}:{value}", Value::from(&**key)))
        .collect();
    Ok(format!("{{{}}}", members.join(",")))
}

/// Returns the names and values of the members of an object. Null has none.
fn members_of(object: &str) -> Result<Vec<(Cow<'_, str>, &str)>, ReadError> {
    let mut members = Vec::new();
    let mut reader = Reader::new(object.as_bytes());
    if reader.peek() != Some(b'{') {
        return Ok(members);
    }
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        members.push((key, reader.raw()?));
    }
    Ok(members)
}

/// Returns the JSON of an argument for a struct.
fn object_of(argument: &Argument) -> Option<RawJson> {
    match argument {
        Argument::Text(text) => text.parse().ok(),
        Argument::Json(value) => Some(value.clone()),
        _ => None,
    }
}

/// Returns the JSON of a text for a field.
fn typed(step: &Step, text: String) -> String {
    match step.ty.required() {
        Type::Int | Type::Builtin(Builtin::Uint) => text,
        _ => Value::from(text).to_string(),
    }
}

fn default_of(step: &Step) -> Option<String> {
    step.default.as_ref().map(ToString::to_string)
}
