//! Headers of responses that a spec declares.

use api_runtime::Error;
use api_runtime::codec::{Decode as _, DecodeInto, ReadError, Reader};
use api_runtime::types::RawJson;
use api_spec::model::{self, ResponseHeaders, Type};

use crate::scalar;

/// Returns the headers that the response has, which `read` decodes by their names. A header with the name
/// of a field of the body has its name in Rust.
pub(crate) fn decode(
    kind: &model::Response,
    declared: &ResponseHeaders,
    read: impl FnOnce(&[(&str, bool)], &mut [&mut dyn DecodeInto]) -> Result<(), Error>,
) -> Result<Vec<(String, RawJson)>, Error> {
    let fields = &declared.headers;
    let mut values: Vec<_> = fields
        .iter()
        .map(|field| HeaderValue {
            ty: &field.ty,
            value: None,
        })
        .collect();
    let names: Vec<_> = fields
        .iter()
        .map(|field| (field.wire.as_str(), field.ty.is_text()))
        .collect();
    let mut places: Vec<_> = values
        .iter_mut()
        .map(|value| value as &mut dyn DecodeInto)
        .collect();
    read(&names, &mut places)?;
    let in_body = match kind {
        model::Response::Object(object) => object.fields.as_slice(),
        _ => &[],
    };
    let present = fields.iter().zip(values).filter_map(|(field, value)| {
        let is_in_body = in_body.iter().any(|other| other.wire == field.wire);
        let name = if is_in_body {
            field.rust.unraw()
        } else {
            field.wire.as_str()
        };
        Some((name.to_owned(), value.value?))
    });
    Ok(present.collect())
}

/// Value of a header.
struct HeaderValue<'f> {
    ty: &'f Type,
    value: Option<RawJson>,
}

impl DecodeInto for HeaderValue<'_> {
    fn decode_into(&mut self, reader: &mut Reader<'_>) -> Result<(), ReadError> {
        scalar::check(self.ty, reader)?;
        self.value = Some(RawJson::decode(reader)?);
        Ok(())
    }

    fn is_optional(&self) -> bool {
        self.ty.is_optional()
    }
}
