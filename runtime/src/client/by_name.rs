//! Calls of endpoints by name.

mod argument;
mod value;

use serde_json::Value;

pub use self::argument::Argument;
use self::value::FieldValue;
use super::Client;
use super::response::Response;
use crate::codec::encode::{Bounded, Encode, Encoder, Request, Styled};
use crate::codec::types::RawJson;
use crate::error::{Error, ErrorKind};
use crate::operation::{Endpoint, Field, FieldLocation, ResponseBody};

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
        let is_listed = endpoint.operation.statuses.contains(&response.status());
        if endpoint.operation.response == ResponseBody::ByStatus && !is_listed {
            return Err(response.unexpected_status());
        }
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
    fields: Vec<(Field<'a>, FieldValue)>,
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
                let value = argument.parse(&field)?;
                fields.push((field, value));
            } else if let Some(text) = field.default {
                let value = Argument::Text(text.to_owned()).parse(&field)?;
                fields.push((field, value));
            }
        }
        Ok(Self { fields })
    }

    fn write(&self, encoder: &mut Encoder, location: FieldLocation) {
        for (field, value) in &self.fields {
            if field.location == location {
                let styled = field.style.map(|style| Styled(value, style));
                let value = styled.as_ref().map_or(value as &dyn Encode, |it| it);
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
