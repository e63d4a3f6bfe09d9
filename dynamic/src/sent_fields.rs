//! Arguments without the fields of responses, which an object that was read and is sent back contains.

use api_runtime::Argument;
use api_runtime::codec::{ReadError, Reader};
use api_runtime::rt::find_variant_by_key;
use api_runtime::types::RawJson;
use api_spec::model::names::RustName;
use api_spec::model::{self, Api, Direction, Field, JsonKind, Type, Union};
use serde_json::Value;

use crate::names::find_value;

/// Returns the arguments without the members that only responses have, as generated code sends them.
/// Other JSON remains as it was written.
pub(crate) fn arguments(
    api: &Api,
    endpoint: &model::Endpoint,
    arguments: &[(String, Argument)],
) -> Vec<(String, Argument)> {
    let sent = |(name, argument): &(String, Argument)| {
        let field = endpoint.fields().find(|it| it.wire.as_str() == name);
        let changed = field.and_then(|field| sent_json(api, &field.ty, argument));
        let argument = changed.map_or_else(|| argument.clone(), Argument::Json);
        (name.clone(), argument)
    };
    arguments.iter().map(sent).collect()
}

/// Returns the JSON that is sent for an argument, unless it is the argument itself.
fn sent_json(api: &Api, ty: &Type, argument: &Argument) -> Option<RawJson> {
    if !has_response_fields(api, ty, &mut Vec::new()) {
        return None;
    }
    let json = match argument {
        Argument::Json(json) => json.clone(),
        Argument::Text(text) => text.parse().ok()?,
        _ => return None,
    };
    let text = sent_value(api, ty, &mut json.reader()).ok()?;
    text.parse().ok()
}

/// Returns whether a type contains fields of responses. `seen` are the types that have been entered.
fn has_response_fields<'a>(api: &'a Api, ty: &'a Type, seen: &mut Vec<&'a RustName>) -> bool {
    let (name, fields, kinds): (_, Vec<&Field>, Vec<&Type>) = match ty.innermost() {
        Type::Struct(name) => {
            let object = api.struct_named(name).into_iter();
            (name, object.flat_map(|it| &it.fields).collect(), Vec::new())
        }
        Type::Union(name) => {
            let union = api.union_named(name);
            let variants = union.into_iter().flat_map(|it| &it.variants);
            let fields = variants.flat_map(|it| &it.body.fields).collect();
            let kinds = union.into_iter().flat_map(|it| &it.kinds);
            (name, fields, kinds.map(|kind| &kind.ty).collect())
        }
        _ => return false,
    };
    if seen.contains(&name) {
        return false;
    }
    seen.push(name);
    let mut types = fields.iter().map(|field| &field.ty).chain(kinds);
    fields.iter().any(|it| !it.exists_in(Direction::Request))
        || types.any(|ty| has_response_fields(api, ty, seen))
}

/// Returns the text of the value that is next.
fn sent_value(api: &Api, ty: &Type, reader: &mut Reader<'_>) -> Result<String, ReadError> {
    match (ty.required(), reader.peek()) {
        (Type::Struct(name), Some(b'{')) => {
            let object = api.struct_named(name);
            let fields = object.map_or(&[][..], |object| &object.fields);
            sent_object(api, reader, |key| Member::of(fields, key))
        }
        (Type::Map(item), Some(b'{')) => sent_object(api, reader, |_| Member::Of(item)),
        (Type::List(item), Some(b'[')) => {
            let mut items = Vec::new();
            reader.begin_list()?;
            while reader.next_item()? {
                items.push(sent_value(api, item, reader)?);
            }
            Ok(format!("[{}]", items.join(",")))
        }
        (Type::Union(name), Some(_)) => match api.union_named(name) {
            Some(union) if union.kinds.is_empty() => {
                let fields = variant_fields(union, reader)?;
                sent_object(api, reader, |key| Member::of(fields, key))
            }
            Some(union) => match kind_type(union, reader) {
                Some(ty) => sent_value(api, ty, reader),
                None => reader.raw().map(str::to_owned),
            },
            None => reader.raw().map(str::to_owned),
        },
        _ => reader.raw().map(str::to_owned),
    }
}

/// A member of an object.
enum Member<'a> {
    /// One that only responses have.
    OfResponses,
    /// One whose value has this type.
    Of(&'a Type),
    /// One that the spec does not declare.
    Unknown,
}

impl<'a> Member<'a> {
    fn of(fields: &'a [Field], key: &str) -> Self {
        match fields.iter().find(|field| field.wire.as_str() == key) {
            Some(field) if field.exists_in(Direction::Request) => Self::Of(&field.ty),
            Some(_) => Self::OfResponses,
            None => Self::Unknown,
        }
    }
}

fn sent_object<'a>(
    api: &Api,
    reader: &mut Reader<'_>,
    member: impl Fn(&str) -> Member<'a>,
) -> Result<String, ReadError> {
    if reader.peek() != Some(b'{') {
        return reader.raw().map(str::to_owned);
    }
    let mut members = Vec::new();
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        let value = match member(&key) {
            Member::OfResponses => {
                reader.skip()?;
                continue;
            }
            Member::Of(ty) => sent_value(api, ty, reader)?,
            Member::Unknown => reader.raw()?.to_owned(),
        };
        members.push(format!("{}:{value}", Value::from(&*key)));
    }
    Ok(format!("{{{}}}", members.join(",")))
}

/// Returns the fields of the variant that the object that is next is.
fn variant_fields<'a>(union: &'a Union, reader: &Reader<'_>) -> Result<&'a [Field], ReadError> {
    let index = match &union.tag {
        Some(tag) => variant_by_tag(union, tag.as_str(), reader.clone())?,
        None => variant_by_keys(union, reader)?,
    };
    let variant = index.and_then(|index| union.variants.get(index));
    Ok(variant.map_or(&[], |variant| &variant.body.fields))
}

fn variant_by_keys(union: &Union, reader: &Reader<'_>) -> Result<Option<usize>, ReadError> {
    let mut keys = Vec::new();
    for (index, own) in union.unique_keys().into_iter().enumerate() {
        for key in own {
            let is_nullable = matches!(key.ty, Type::Json | Type::RawJson);
            keys.push((key.wire.as_str(), index, is_nullable));
        }
    }
    find_variant_by_key(reader, &keys)
}

fn variant_by_tag(
    union: &Union,
    tag: &str,
    mut reader: Reader<'_>,
) -> Result<Option<usize>, ReadError> {
    if reader.peek() != Some(b'{') {
        return Ok(None);
    }
    reader.begin_object()?;
    while let Some(key) = reader.next_entry()? {
        if key != tag {
            reader.skip()?;
            continue;
        }
        let value = reader.string()?;
        let variants = union.variants.iter();
        let names = variants.map(|it| (it.wire.as_str(), it.aliases.as_slice()));
        return Ok(find_value(names, &value));
    }
    Ok(None)
}

/// Returns the type of the list or the object that is next, in a union of JSON kinds.
fn kind_type<'a>(union: &'a Union, reader: &mut Reader<'_>) -> Option<&'a Type> {
    let kind = match reader.peek()? {
        b'{' => JsonKind::Object,
        b'[' => JsonKind::List,
        _ => return None,
    };
    let mut kinds = union.kinds.iter();
    kinds.find(|it| it.kind == kind).map(|it| &it.ty)
}
