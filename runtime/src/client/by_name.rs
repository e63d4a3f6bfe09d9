//! Calls of endpoints by name.

use std::fmt;

use serde_json::Value;

use super::Client;
use super::response::Response;
use crate::codec::encode::{Bounded, Encode, Encoder, Request, Shape, Styled};
use crate::codec::secret::Secret;
use crate::codec::types::{Decimal, RawJson};
use crate::codec::upload::Upload;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, Field, FieldKind, FieldLocation, ResponseBody};

/// Argument for a field of an [`Endpoint`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Argument {
    /// Text, which is parsed according to the [`FieldKind`] of the field.
    Text(String),
    /// JSON value.
    Json(Value),
    /// JSON value, sent as written.
    RawJson(RawJson),
    /// Decimal number, sent as written.
    Decimal(Decimal),
    /// File.
    File(Upload),
    /// List of files.
    Files(Vec<Upload>),
    /// Secret text.
    Secret(Secret),
    /// JSON value that contains secrets.
    SecretJson(SecretJson),
    /// List of JSON values that contain secrets.
    SecretList(Vec<SecretJson>),
}

/// JSON value that contains secrets. `Debug` does not show it.
#[derive(Clone, PartialEq)]
pub struct SecretJson(Value);

impl fmt::Debug for SecretJson {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretJson(***)")
    }
}

impl Encode for SecretJson {
    fn encode(&self, encoder: &mut Encoder) {
        encoder.secret_json(&self.0);
    }

    fn shape(&self) -> Shape<'_> {
        self.0.shape()
    }
}

impl Client {
    /// Calls an endpoint with arguments for its fields, and returns the response as JSON. A response
    /// that is not JSON becomes a string, and one of several items a list, once it has ended.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if there is no field of a name, if a name occurs twice, if
    /// a required field is missing, or if an argument cannot be parsed; and the errors of
    /// [`send`](Self::send).
    ///
    /// # Examples
    ///
    /// ```no_run
    /// use api_runtime::operation::Endpoint;
    /// use api_runtime::{Argument, Client, Error};
    ///
    /// fn show(client: &Client, clusters_get: &Endpoint<'_>) -> Result<(), Error> {
    ///     let id = ("cluster_id".to_owned(), Argument::Text("0123".to_owned()));
    ///     println!("{}", client.call_by_name(clusters_get, &[id])?);
    ///     Ok(())
    /// }
    /// ```
    pub fn call_by_name(
        &self,
        endpoint: &Endpoint<'_>,
        arguments: &[(String, Argument)],
    ) -> Result<RawJson, Error> {
        if endpoint.operation.events.is_some() {
            return self.list_by_name(endpoint, arguments);
        }
        let request = RequestByName::new(endpoint, arguments)?;
        let response = self.send(endpoint.operation, &request)?;
        let is_empty = response.body().trim_ascii().is_empty();
        match endpoint.operation.response {
            ResponseBody::Text => response.text().map(Value::from).map(RawJson::from),
            ResponseBody::ByStatus if is_empty => Ok(lossy_text(&response)),
            ResponseBody::ByStatus => response.decode().or_else(|_| Ok(lossy_text(&response))),
            ResponseBody::Bytes => Ok(lossy_text(&response)),
            _ if is_empty => Ok(RawJson::NULL),
            ResponseBody::Ignored | ResponseBody::Json | ResponseBody::Events => response.decode(),
        }
    }
}

/// Returns the body as a JSON string.
fn lossy_text(response: &Response<'_>) -> RawJson {
    Value::from(String::from_utf8_lossy(response.body())).into()
}

/// Request of an [`Endpoint`] with arguments for its fields, for [`Client::send`],
/// [`Client::send_into`] and [`Client::preview`].
#[derive(Clone, Debug)]
pub struct RequestByName<'a> {
    /// In the order of the spec.
    fields: Vec<(Field<'a>, Argument)>,
}

impl<'a> RequestByName<'a> {
    /// Creates a request.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if there is no field of a name, if a name occurs twice, if
    /// a required field is missing, or if an argument cannot be parsed.
    pub fn new(endpoint: &Endpoint<'a>, arguments: &[(String, Argument)]) -> Result<Self, Error> {
        Self::parse(endpoint, arguments)
            .map_err(|error| error.with_operation(endpoint.operation.name))
    }

    fn parse(endpoint: &Endpoint<'a>, arguments: &[(String, Argument)]) -> Result<Self, Error> {
        check_names(endpoint, arguments)?;
        let mut fields = Vec::with_capacity(arguments.len());
        for field in endpoint.fields() {
            if let Some((_, argument)) = arguments.iter().find(|(name, _)| name == field.name) {
                let argument = parse_argument(&field, argument)?;
                fields.push((field, argument));
            } else if let Some(text) = field.default {
                let argument = parse_argument(&field, &Argument::Text(text.to_owned()))?;
                fields.push((field, argument));
            }
        }
        Ok(Self { fields })
    }

    fn write(&self, encoder: &mut Encoder, location: FieldLocation) {
        for (field, argument) in &self.fields {
            if field.location == location {
                let styled = field.style.map(|style| Styled(argument, style));
                let value = styled.as_ref().map_or(argument as &dyn Encode, |it| it);
                match field.bounds {
                    Some(bounds) => encoder.field(field.name, &Bounded(value, bounds)),
                    None => encoder.field(field.name, value),
                }
            }
        }
    }
}

impl Request for RequestByName<'_> {
    fn path(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Path);
    }

    fn query(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Query);
    }

    fn headers(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Header);
    }

    fn body(&self, encoder: &mut Encoder) {
        self.write(encoder, FieldLocation::Body);
    }
}

impl Encode for Argument {
    fn encode(&self, encoder: &mut Encoder) {
        match self {
            Self::Text(text) => encoder.string(text),
            Self::Json(value) => value.encode(encoder),
            Self::RawJson(value) => value.encode(encoder),
            Self::Decimal(value) => value.encode(encoder),
            Self::File(upload) => upload.encode(encoder),
            Self::Files(uploads) => uploads.encode(encoder),
            Self::Secret(secret) => secret.encode(encoder),
            Self::SecretJson(value) => value.encode(encoder),
            Self::SecretList(items) => items.encode(encoder),
        }
    }

    fn shape(&self) -> Shape<'_> {
        match self {
            Self::Text(text) => Shape::Text(text),
            Self::Json(Value::Array(items)) => Shape::List(items),
            Self::Json(value) => value.shape(),
            Self::RawJson(value) => value.shape(),
            Self::Decimal(value) => value.shape(),
            Self::File(upload) => Shape::Upload(upload),
            Self::Files(uploads) => Shape::List(uploads),
            Self::Secret(secret) => secret.shape(),
            Self::SecretJson(value) => value.shape(),
            Self::SecretList(items) => items.shape(),
        }
    }
}

fn check_names(endpoint: &Endpoint<'_>, arguments: &[(String, Argument)]) -> Result<(), Error> {
    for (index, (name, _)) in arguments.iter().enumerate() {
        if !endpoint.fields().any(|field| field.name == name) {
            let names: Vec<_> = endpoint.fields().map(|field| field.name).collect();
            let text = format!(
                "unknown field `{name}`; the fields are {}",
                names.join(", ")
            );
            return Err(Error::before_sending(ErrorKind::InvalidInput, text));
        }
        if arguments[..index]
            .iter()
            .any(|(earlier, _)| earlier == name)
        {
            return Err(Error::before_sending(
                ErrorKind::InvalidInput,
                format!("the field `{name}` has two values"),
            ));
        }
    }
    let missing: Vec<_> = endpoint
        .fields()
        .filter(|field| field.required && !arguments.iter().any(|(name, _)| name == field.name))
        .map(|field| field.name)
        .collect();
    if missing.is_empty() {
        Ok(())
    } else {
        Err(Error::before_sending(
            ErrorKind::InvalidInput,
            format!("missing required fields: {}", missing.join(", ")),
        ))
    }
}

fn parse_argument(field: &Field<'_>, argument: &Argument) -> Result<Argument, Error> {
    match (argument, field.kind) {
        (Argument::File(upload), FieldKind::Files) => Ok(Argument::Files(vec![upload.clone()])),
        (Argument::File(_), kind) if kind != FieldKind::File => Err(type_mismatch(field, "a file")),
        (Argument::Files(_), kind) if kind != FieldKind::Files => {
            Err(type_mismatch(field, "a list of files"))
        }
        (Argument::Json(_) | Argument::RawJson(_), FieldKind::File | FieldKind::Files) => {
            Err(type_mismatch(field, "JSON"))
        }
        (Argument::Text(text), kind) => parse_text(field, kind, text),
        (Argument::Json(value), FieldKind::Secret | FieldKind::SecretJson) => {
            Ok(secret_argument(value.clone()))
        }
        (Argument::RawJson(value), FieldKind::Secret | FieldKind::SecretJson) => {
            parse_text(field, FieldKind::SecretJson, value.as_str())
        }
        (Argument::Json(Value::Number(number)), FieldKind::Decimal) => {
            parse_text(field, FieldKind::Decimal, &number.to_string())
        }
        (Argument::RawJson(value), FieldKind::Decimal) if !value.is_null() => {
            parse_text(field, FieldKind::Decimal, value.as_str())
        }
        (other, _) => Ok(other.clone()),
    }
}

fn parse_text(field: &Field<'_>, kind: FieldKind, text: &str) -> Result<Argument, Error> {
    let value = match kind {
        FieldKind::Text => return Ok(Argument::Text(text.to_owned())),
        FieldKind::Secret => return Ok(Argument::Secret(Secret::new(text))),
        FieldKind::SecretJson => {
            let value =
                serde_json::from_str(text).map_err(|_| type_mismatch(field, "this text"))?;
            return Ok(secret_argument(value));
        }
        FieldKind::File => return Ok(Argument::File(Upload::path(text))),
        FieldKind::Files => return Ok(Argument::Files(vec![Upload::path(text)])),
        FieldKind::RawJson => {
            let value = text
                .parse()
                .map_err(|_| type_mismatch(field, "this text"))?;
            return Ok(Argument::RawJson(value));
        }
        FieldKind::JsonOrText => {
            let json = text.parse().map(Argument::RawJson);
            return Ok(json.unwrap_or_else(|_| Argument::Text(text.to_owned())));
        }
        FieldKind::Decimal => {
            let value = text
                .parse()
                .map_err(|_| type_mismatch(field, "this text"))?;
            return Ok(Argument::Decimal(value));
        }
        FieldKind::Bool => text.parse().ok().map(Value::Bool),
        FieldKind::Int => text.parse::<i64>().ok().map(Value::from),
        FieldKind::Uint => text.parse::<u64>().ok().map(Value::from),
        FieldKind::Float => parse_number(text),
        FieldKind::Json => serde_json::from_str(text).ok(),
    };
    value
        .map(Argument::Json)
        .ok_or_else(|| type_mismatch(field, "this text"))
}

/// Returns the argument for a value that is a secret or contains one.
fn secret_argument(value: Value) -> Argument {
    match value {
        Value::String(text) => Argument::Secret(Secret::new(text)),
        Value::Array(items) => Argument::SecretList(items.into_iter().map(SecretJson).collect()),
        other => Argument::SecretJson(SecretJson(other)),
    }
}

/// Parses a number. An integer stays an integer.
fn parse_number(text: &str) -> Option<Value> {
    if let Ok(whole) = text.parse::<i64>() {
        return Some(Value::from(whole));
    }
    let number = serde_json::Number::from_f64(text.parse().ok()?)?;
    Some(Value::Number(number))
}

fn type_mismatch(field: &Field<'_>, given: &str) -> Error {
    let text = format!(
        "the field `{}` is of type {}, not {given}",
        field.name, field.ty
    );
    Error::before_sending(ErrorKind::InvalidInput, text)
}
