//! How long answers may take.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use api_runtime::http::{Request, Response};
use api_runtime::transport::{Body, Transport, TransportError};
use api_runtime::{Client, Timeouts};

mod api {
    #![deny(warnings)]
    api_runtime::api! { r#"
        [api]
        name = "Reports"
        doc = "Makes reports."

        [endpoints.reports.make]
        doc = "Makes a report."
        http = "GET /make"
        timeout = 600

        [endpoints.reports.look]
        doc = "Looks at one."
        http = "GET /look"
    "# }
}

use api::reports;

/// Notes what each request may take.
#[derive(Clone, Debug, Default)]
struct Noted(Arc<Mutex<Vec<Option<Timeouts>>>>);

impl Transport for Noted {
    fn send(&self, request: Request<Body<'_>>) -> Result<Response<Vec<u8>>, TransportError> {
        let timeouts = request.extensions().get::<Timeouts>().copied();
        self.0.lock().unwrap().push(timeouts);
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
fn a_slow_endpoint_has_its_time() {
    let noted = Noted::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(noted.clone());
    let client = builder.build().unwrap();
    reports::make(&client, &reports::Make::new()).unwrap();
    reports::look(&client, &reports::Look::new()).unwrap();
    assert_eq!(*noted.0.lock().unwrap(), [Some(timeouts_of(600)), None]);
}

#[test]
fn the_caller_has_the_last_word() {
    let noted = Noted::default();
    let builder = Client::builder("http://127.0.0.1:1").transport(noted.clone());
    let client = builder.timeouts(timeouts_of(7)).build().unwrap();
    reports::make(&client, &reports::Make::new()).unwrap();
    let patient = client.timeouts(timeouts_of(9));
    reports::make(&patient, &reports::Make::new()).unwrap();
    let expected = [7, 9].map(|seconds| Some(timeouts_of(seconds)));
    assert_eq!(*noted.0.lock().unwrap(), expected);
}
