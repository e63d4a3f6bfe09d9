//! Examination of connections.

use std::time::{Duration, Instant};

use ureq::http::{Request, Uri};

use super::super::call::Limits;
use super::super::inspection::Inspection;
use super::super::timeouts::Timeouts;
use super::call_state::{self, CallState};
use super::error::transport_error;
use super::routes::{Routes, no_route};
use crate::error::Error;

/// Connects to the server of a URL and closes the connection. `routes` must be new: a connection in a pool
/// would be used for a request.
pub(super) fn inspect(
    routes: &Routes,
    timeouts: Timeouts,
    uri: &Uri,
    timeout: Duration,
) -> Inspection {
    let route = match routes.select(uri) {
        Ok(route) => route,
        Err(message) => {
            return Inspection {
                error: Some(Error::from(no_route(message))),
                ..Inspection::default()
            };
        }
    };
    let limits = Limits {
        deadline: Instant::now().checked_add(timeout),
        ..Limits::default()
    };
    let timeouts = Timeouts {
        connect: Some(timeout),
        ..timeouts
    };
    let mut state = CallState::new(timeouts, limits);
    state.inspection = Some(Box::new(Inspection {
        proxy: route.proxy.map(|proxy| proxy.origin.clone()),
        ..Inspection::default()
    }));
    let _scope = call_state::enter(state);
    let request = Request::get(uri).body(());
    let error = match request {
        Ok(request) => route.agent.run(request).err(),
        Err(error) => Some(error.into()),
    };
    if let Some(inspection) = call_state::with(|call| call.completed_inspection.take()) {
        return *inspection;
    }
    let inspection = call_state::with(|call| call.inspection.take());
    let mut inspection = *inspection.unwrap_or_default();
    inspection.error = error.map(|error| routes.explain(transport_error(error), route).into());
    inspection
}
