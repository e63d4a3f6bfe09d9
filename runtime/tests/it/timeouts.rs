//! Timeouts of the spec and of the client.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::http::Response;
use api_runtime::transport::{Call, Transport, TransportError};
use api_runtime::{Client, Timeouts};

mod api {
    #![deny(warnings)]
    api_runtime::api!("tests/specs/timeouts.toml");
}

use api::reports;

/// Records the timeouts of each request.
#[derive(Clone, Debug, Default)]
struct Recorder(Arc<Mutex<Vec<Option<Timeouts>>>>);

impl Transport for Recorder {
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
    let recorder = Recorder::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(recorder.clone());
    let client = builder.build().unwrap();
    reports::make(&client, &reports::Make::new()).unwrap();
    reports::look(&client, &reports::Look::new()).unwrap();
    assert_eq!(*recorder.0.lock().unwrap(), [Some(timeouts_of(600)), None]);
}

#[test]
fn timeouts_of_the_client_take_precedence() {
    let recorder = Recorder::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(recorder.clone());
    let client = builder.timeouts(timeouts_of(7)).build().unwrap();
    reports::make(&client, &reports::Make::new()).unwrap();
    let longer = client.timeouts(timeouts_of(9));
    reports::make(&longer, &reports::Make::new()).unwrap();
    let expected = [7, 9].map(|seconds| Some(timeouts_of(seconds)));
    assert_eq!(*recorder.0.lock().unwrap(), expected);
}
