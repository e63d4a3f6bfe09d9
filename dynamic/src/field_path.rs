//! Values at the paths of a spec, in responses and in arguments.

use api_runtime::Argument;
use api_runtime::codec::{ReadError, Reader};
use api_runtime::types::RawJson;
use api_spec::model::{Builtin, FieldPath, Step, Type};
use serde_json::{Map, Value};

/// Moves to the value at a path. Returns whether there is one; null has no members.
pub(crate) fn find(reader: &mut Reader<'_>, path: &FieldPath) -> Result<bool, ReadError> {
    for step in &path.steps {
        if !find_member(reader, step.wire.as_str())? {
            return Ok(false);
        }
    }
    Ok(true)
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
pub(crate) fn text_in(json: &RawJson, path: &FieldPath) -> Option<String> {
    let mut reader = json.reader();
    let found = find(&mut reader, path).is_ok_and(|is_found| is_found);
    let value = found.then(|| reader.raw().ok()?.parse::<RawJson>().ok());
    let text = value
        .flatten()
        .and_then(|value| text_of(&value.parse().ok()?));
    text.or_else(|| default_of(path.steps.last()?))
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
    let found = rest
        .iter()
        .try_fold(&object, |value, step| value.get(step.wire.as_str()));
    let text = found.and_then(text_of).or_else(|| default_of(last));
    text.map(Argument::Text)
}

/// Sets an argument, or the value at a path in it. Missing objects are created.
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
    let new = if rest.is_empty() {
        text.map(Argument::Text)
    } else {
        let mut members = match old.as_ref().and_then(object_of) {
            Some(Value::Object(members)) => members,
            _ => Map::new(),
        };
        if let Some(text) = text {
            set_member(&mut members, rest, text);
        }
        Some(Argument::Json(Value::Object(members)))
    };
    arguments.extend(new.map(|argument| (name.to_owned(), argument)));
}

fn set_member(members: &mut Map<String, Value>, path: &[Step], text: String) {
    let Some((step, rest)) = path.split_first() else {
        return;
    };
    let name = step.wire.to_string();
    let value = if rest.is_empty() {
        typed(&step.ty, text)
    } else {
        let mut inner = match members.remove(&name) {
            Some(Value::Object(inner)) => inner,
            _ => Map::new(),
        };
        set_member(&mut inner, rest, text);
        Value::Object(inner)
    };
    members.insert(name, value);
}

/// Returns the JSON of an argument for a struct.
fn object_of(argument: &Argument) -> Option<Value> {
    match argument {
        Argument::Text(text) => serde_json::from_str(text).ok(),
        Argument::Json(value) => Some(value.clone()),
        Argument::RawJson(json) => json.parse().ok(),
        _ => None,
    }
}

/// Returns the JSON of a text for a field of this type.
fn typed(ty: &Type, text: String) -> Value {
    match ty.required() {
        Type::Int | Type::Builtin(Builtin::Uint) => {
            serde_json::from_str(&text).unwrap_or(Value::String(text))
        }
        _ => Value::String(text),
    }
}

fn default_of(step: &Step) -> Option<String> {
    step.default.as_ref().map(ToString::to_string)
}

/// Returns a value as text, as ids are. Null is `None`.
fn text_of(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
