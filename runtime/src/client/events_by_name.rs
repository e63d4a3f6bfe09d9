//! Calls by name of endpoints whose responses consist of items.

use serde_json::Value;

use super::Client;
use super::by_name::{Argument, RequestByName};
use super::events::{Events, event_json};
use crate::codec::json::ReadError;
use crate::codec::types::RawJson;
use crate::error::{Error, ErrorKind};
use crate::operation::Endpoint;

impl Client {
    /// Calls an endpoint whose response consists of items that are read while they arrive. An item of
    /// text becomes a string.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the endpoint has another response, and the errors of
    /// [`call_by_name`](Self::call_by_name).
    pub fn events_by_name<'a>(
        &self,
        endpoint: &Endpoint<'a>,
        arguments: &[(String, Argument)],
    ) -> Result<Events<'a, RawJson>, Error> {
        let operation = endpoint.operation;
        let Some(stream) = operation.events else {
            let message = "the response does not consist of events or lines";
            let error = Error::before_sending(ErrorKind::InvalidInput, message);
            return Err(error.with_operation(operation.name));
        };
        let decode = if stream.is_text {
            text_as_json
        } else {
            event_json
        };
        let request = RequestByName::new(endpoint, arguments)?;
        if stream.resume {
            return Events::open_with_resume(self, operation, Box::new(request), decode);
        }
        Events::open(self, operation, &request, decode)
    }

    /// Returns all items of a response as a list, once the response has ended.
    pub(super) fn list_by_name(
        &self,
        endpoint: &Endpoint<'_>,
        arguments: &[(String, Argument)],
    ) -> Result<RawJson, Error> {
        let mut list = String::from("[");
        for item in self.events_by_name(endpoint, arguments)? {
            if list.len() > 1 {
                list.push(',');
            }
            list.push_str(item?.as_str());
        }
        list.push(']');
        list.parse().map_err(|error: ReadError| {
            let problem = error.describe(list.as_bytes());
            Error::after_sending(ErrorKind::InvalidResponse, problem)
                .with_operation(endpoint.operation.name)
        })
    }
}

#[expect(
    clippy::unnecessary_wraps,
    reason = "the signature is that of `event_json`"
)]
fn text_as_json(text: &str) -> Result<RawJson, ReadError> {
    Ok(Value::from(text).into())
}
