//! Error responses: status codes, `Retry-After` and messages.

use std::time::{Duration, SystemTime};

use api_runtime::Delivery::{NotProcessed, Unknown};

use crate::matrix::row::{Expected, Failure, Row, error_status, exceeding_policy, row};
use crate::mock::{Response, Step};
use Step::{Execute, ReadAll};

fn error_response(status: u16, headers: &[&str], message: &str) -> Step {
    let response = Response::error(status, message);
    Step::send(response.with(headers, &response.body))
}

pub(super) fn status_codes() -> Vec<Row> {
    let mut rows = Vec::new();
    let mut add = |name: &str, executed: bool, expected: Expected| {
        let Expected::Failure(Failure {
            status: Some(status),
            ..
        }) = expected
        else {
            unreachable!("`{name}` has no status code");
        };
        let response = error_response(status, &[], "Name: message of the server");
        let steps = if executed {
            vec![ReadAll, Execute, response]
        } else {
            vec![ReadAll, response]
        };
        rows.push(row(name, steps, expected));
    };
    for status in [400, 401, 403, 404, 405, 408, 409, 410, 413, 415, 422, 451] {
        add(
            &status.to_string(),
            false,
            error_status(status, NotProcessed, false),
        );
    }
    add("429", false, error_status(429, NotProcessed, true));
    for status in [502, 503, 504] {
        add(
            &status.to_string(),
            false,
            error_status(status, Unknown, true),
        );
    }
    for status in [500, 501, 505, 507, 599] {
        add(
            &status.to_string(),
            false,
            error_status(status, Unknown, false),
        );
        add(
            &format!("{status} after executing"),
            true,
            error_status(status, Unknown, false),
        );
    }
    let empty = Response::empty(500);
    let expected = error_status(500, Unknown, false);
    rows.push(row(
        "500 without body",
        [ReadAll, Step::send(empty.bytes())],
        expected,
    ));
    rows
}

/// Gateways that forward a request, lose the response of the server behind them, and respond
/// themselves.
pub(super) fn gateways() -> Vec<Row> {
    const ENVOY: &str = "upstream connect error or disconnect/reset before headers. reset reason: \
        connection termination";
    let bodies = [
        (
            "JSON",
            "application/json",
            format!(r#"{{"message": "{ENVOY}"}}"#),
        ),
        (
            "HTML",
            "text/html",
            format!("<html><title>{ENVOY}</title></html>"),
        ),
        ("text", "text/plain", ENVOY.to_owned()),
        ("no fault", "text/plain", String::new()),
    ];
    let mut rows = Vec::new();
    for status in [502, 503, 504] {
        for (format, content_type, body) in &bodies {
            for delay in [None, Some("0"), Some("7")] {
                let content_type = format!("content-type: {content_type}");
                let retry_after = delay.map(|delay| format!("retry-after: {delay}"));
                let mut headers = vec![&*content_type];
                headers.extend(retry_after.as_deref());
                let response = Step::send(Response::empty(status).with(&headers, body.as_bytes()));
                let delay = delay.map_or(String::new(), |delay| format!(", retry after {delay}"));
                let name = format!("{status} of a gateway with {format}{delay}");
                let expected = error_status(status, Unknown, true);
                let row = row(&name, [ReadAll, Execute, response], expected);
                rows.push(if delay.ends_with('7') {
                    row.delay(7, 7)
                } else {
                    row
                });
            }
        }
    }
    rows
}

pub(super) fn requested_delays() -> Vec<Row> {
    let expected = |status| match status {
        429 => error_status(status, NotProcessed, true),
        _ => error_status(status, Unknown, true),
    };
    let requested = |status: u16, name: &str, value: &str| {
        let response = Step::send(response_with_delay(status, value));
        row(
            &format!("{status} with {name}"),
            [ReadAll, response],
            expected(status),
        )
    };
    let in_ten_seconds = || {
        let date = SystemTime::now() + Duration::from_secs(10);
        response_with_delay(429, &httpdate::fmt_http_date(date))
    };
    let beyond = |row: Row| Row {
        expected: exceeding_policy(row.expected),
        ..row
    };
    vec![
        requested(429, "7 seconds", "7").delay(7, 7),
        requested(503, "7 seconds", "7").delay(7, 7),
        requested(429, "0 seconds", "0"),
        // HTTP dates have whole seconds, and the response takes some time.
        row(
            "429 with a date",
            [ReadAll, Step::SendWith(in_ten_seconds)],
            expected(429),
        )
        .delay(5, 10),
        beyond(requested(
            429,
            "a date in 2099",
            "Wed, 21 Oct 2099 07:28:00 GMT",
        )),
        requested(429, "a date in the past", "Sun, 06 Nov 1994 08:49:37 GMT"),
        requested(429, "text", "soon"),
        requested(429, "a negative number", "-5"),
        requested(429, "a fraction", "0.5"),
        requested(429, "an empty value", ""),
        requested(
            429,
            "a number of 30 digits",
            "999999999999999999999999999999",
        ),
        beyond(requested(429, "an hour", "3600")),
        beyond(requested(503, "an hour", "3600")),
        beyond(requested(429, "the largest number", "18446744073709551615")),
    ]
}

fn response_with_delay(status: u16, delay: &str) -> Vec<u8> {
    let body = br#"{"error": "RequestLimitExceeded: slow down"}"#;
    Response::empty(status).with(&[&format!("retry-after: {delay}")], body)
}

pub(super) fn messages_in_the_spec() -> Vec<Row> {
    let not_processed = [
        "ClusterNotReadyException: not yet",
        "com.databricks.backend.ClusterNotReadyException: not yet",
        "Workspace 1 does not have any associated worker environments",
        "There is no worker environment with id 1",
        "Unknown worker environment",
        "UnknownWorkerEnvironmentException: x",
        "RPC token bucket limit has been exceeded",
    ];
    let unknown = [
        "Unexpected error",
        "Please try again later or try a faster operation.",
    ];
    let mut rows = Vec::new();
    for message in not_processed {
        for status in [400, 500] {
            rows.push(row(
                &format!("{status} {message}"),
                [ReadAll, error_response(status, &[], message)],
                error_status(status, NotProcessed, true),
            ));
        }
    }
    for message in unknown {
        for status in [400, 401, 500, 503] {
            rows.push(row(
                &format!("{status} {message}"),
                [ReadAll, Execute, error_response(status, &[], message)],
                error_status(status, Unknown, true),
            ));
        }
    }
    // These messages match only at their start, because commands can print the same text.
    for message in [
        "your command ran and printed: ClusterNotReadyException",
        "RuntimeException: ClusterNotReadyException: not yet",
        "java.lang.RuntimeException: Unknown worker environment",
        "the Workspace 1 does not have any associated worker environments",
    ] {
        rows.push(row(
            &format!("500 {message}"),
            [ReadAll, Execute, error_response(500, &[], message)],
            error_status(500, Unknown, false),
        ));
    }
    // The other error shape, which gateways use.
    let body = br#"{"error_code": "UNAVAILABLE", "message": "ClusterNotReadyException: x"}"#;
    let response = Response {
        status: 500,
        body: body.to_vec(),
    };
    let expected = error_status(500, NotProcessed, true);
    rows.push(row(
        "500 in the other error shape",
        [ReadAll, Step::send(response.bytes())],
        expected,
    ));
    rows
}
