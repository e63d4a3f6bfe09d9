//! Timeouts in the spec.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::http::Response;
use api_runtime::transport::{Call, Transport, TransportError};
use api_runtime::{Client, Timeouts};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Reports"
        doc = "Reports."

        [endpoints.reports.create]
        doc = "Creates a report."
        http = "GET /create"
        timeout = 600

        [endpoints.reports.show]
        doc = "Shows a report."
        http = "GET /show"
    "# }
}

use api::reports;

/// Transport that records the timeouts of each request.
#[derive(Clone, Debug, Default)]
struct TimeoutRecorder(Arc<Mutex<Vec<Option<Timeouts>>>>);

impl Transport for TimeoutRecorder {
    fn send(&self, call: Call<'_>) -> Result<Response<Vec<u8>>, TransportError> {
        self.0.lock().unwrap().push(call.limits.timeouts);
        Ok(Response::new(Vec::new()))
    }
}

fn timeouts_of(response: u64) -> Timeouts {
    let mut timeouts = Timeouts::default();
    timeouts.response = Some(Duration::from_secs(response));
    timeouts.idle = Some(Duration::from_secs(response.max(60)));
    timeouts
}

#[test]
fn timeout_of_the_spec_applies_to_its_endpoint() {
    let transport = TimeoutRecorder::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(transport.clone());
    let client = builder.build().unwrap();
    reports::create(&client, &reports::Create::new()).unwrap();
    reports::show(&client, &reports::Show::new()).unwrap();
    assert_eq!(*transport.0.lock().unwrap(), [Some(timeouts_of(600)), None]);
}

#[test]
fn timeouts_of_the_client_take_precedence() {
    let transport = TimeoutRecorder::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(transport.clone());
    let client = builder.timeouts(timeouts_of(7)).build().unwrap();
    reports::create(&client, &reports::Create::new()).unwrap();
    let patient = client.timeouts(timeouts_of(9));
    reports::create(&patient, &reports::Create::new()).unwrap();
    let expected = [7, 9].map(|seconds| Some(timeouts_of(seconds)));
    assert_eq!(*transport.0.lock().unwrap(), expected);
}
