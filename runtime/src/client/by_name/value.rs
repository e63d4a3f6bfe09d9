//! Values of the fields of a request by name.

use crate::codec::encode::{Encode, Encoder, Shape};
use crate::codec::json::{ReadError, Reader};
use crate::codec::secret::Secret;
use crate::codec::types::{Decimal, RawJson};
use crate::codec::upload::Upload;
use crate::operation::Size;

/// Value of a field. `Debug` does not show secrets.
#[derive(Clone, Debug)]
pub(super) enum FieldValue {
    Text(String),
    Decimal(Decimal),
    Number(RawJson, Size),
    /// An object, or a list that is one value outside of JSON as well, with the number of its members.
    Members(RawJson, usize),
    /// `true`, `false` or `null`.
    Literal(RawJson),
    List(Vec<FieldValue>),
    File(Upload),
    Secret(Secret),
    /// An object that contains secrets.
    SecretJson(SecretJson),
}

/// JSON that contains secrets.
#[derive(Clone)]
pub(super) struct SecretJson(RawJson);

impl std::fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SecretJson(***)")
    }
}

impl FieldValue {
    /// Converts JSON whose lists are one field per item outside of JSON.
    pub(super) fn from_json(value: &RawJson) -> Result<Self, ReadError> {
        match value.reader().peek() {
            Some(b'[') => items(value, Self::from_json).map(Self::List),
            _ => Self::from_whole(value),
        }
    }

    /// Converts JSON that is one value outside of JSON as well.
    pub(super) fn from_whole(value: &RawJson) -> Result<Self, ReadError> {
        let mut reader = value.reader();
        Ok(match reader.peek() {
            Some(b'"') => Self::Text(reader.string()?),
            Some(b'{' | b'[') => Self::Members(value.clone(), count_members(&mut reader)?),
            Some(b'-' | b'0'..=b'9') => match Size::parse(value.as_str()) {
                Some(size) => Self::Number(value.clone(), size),
                None => Self::Literal(value.clone()),
            },
            _ => Self::Literal(value.clone()),
        })
    }

    /// Converts JSON that is a secret or contains secrets.
    pub(super) fn from_secret(value: &RawJson) -> Result<Self, ReadError> {
        let mut reader = value.reader();
        Ok(match reader.peek() {
            Some(b'"') => Self::Secret(Secret::new(reader.string()?)),
            Some(b'[') => Self::List(items(value, Self::from_secret)?),
            _ => Self::SecretJson(SecretJson(value.clone())),
        })
    }
}

fn items(
    list: &RawJson,
    convert: fn(&RawJson) -> Result<FieldValue, ReadError>,
) -> Result<Vec<FieldValue>, ReadError> {
    let mut reader = list.reader();
    let mut items = Vec::new();
    reader.begin_list()?;
    while reader.next_item()? {
        items.push(convert(&reader.raw()?.parse()?)?);
    }
    Ok(items)
}

fn count_members(reader: &mut Reader<'_>) -> Result<usize, ReadError> {
    let mut count = 0;
    if reader.peek() == Some(b'[') {
        reader.begin_list()?;
        while reader.next_item()? {
            reader.skip()?;
            count += 1;
        }
    } else {
        reader.begin_object()?;
        while reader.next_entry()?.is_some() {
            reader.skip()?;
            count += 1;
        }
    }
    Ok(count)
}

impl Encode for FieldValue {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Text(text) => text.encode(encoder),
            Self::Decimal(value) => value.encode(encoder),
            Self::Literal(value) if value.is_null() => encoder.null(),
            Self::Number(value, _) | Self::Members(value, _) | Self::Literal(value) => {
                value.encode(encoder);
            }
            Self::List(items) => items.encode(encoder),
            Self::File(upload) => upload.encode(encoder),
            Self::Secret(secret) => secret.encode(encoder),
            Self::SecretJson(value) => encoder.secret_json(&value.0),
        }
    }

    fn shape(&self) -> Shape<'_> {
        match self {
            Self::Text(text) => Shape::Text(text),
            Self::Decimal(value) => value.shape(),
            Self::Number(_, size) => Shape::Number(*size),
            Self::Members(_, count) => Shape::Members(*count),
            Self::Literal(_) | Self::SecretJson(_) => Shape::Value,
            Self::List(items) => items.shape(),
            Self::File(upload) => Shape::Upload(upload),
            Self::Secret(secret) => secret.shape(),
        }
    }
}
