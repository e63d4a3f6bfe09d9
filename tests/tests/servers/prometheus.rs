//! Prometheus: values of several shapes, parameters with brackets, expressions in forms, text.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;
use std::thread;
use std::time::{Duration, Instant, SystemTime};

use api_runtime::{Client, ErrorKind};

use self::api::{Cell, Data, Sample, query, series, server};
use crate::running::Running;
use crate::setup::Program;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/prometheus.toml", derive = [PartialEq]);
}

static PROMETHEUS: Program = Program {
    name: "prometheus",
    version: "--version",
    versions: &["prometheus, version 2.", "prometheus, version 3."],
    package: "prometheus",
    member: "usr/bin/prometheus",
    pinned: "p/prometheus/prometheus_2.42.0+ds-5+deb12u1",
    hashes: [
        (
            "x86_64",
            "amd64",
            "81d59a24fce84f7fbe97a45a4f2914b6a5881b5cd1db2a6a0e129e515e1a5f55",
        ),
        (
            "aarch64",
            "arm64",
            "ca131aa102390083398afbc80be9c8dd1dda78f9f92154fc00df8f7f1f4556e9",
        ),
    ],
    found: OnceLock::new(),
};

/// Maximum time until the server has read its own metrics, which takes a fraction of a second on an
/// idle machine.
const SCRAPE_TIMEOUT: Duration = Duration::from_secs(120);
const POLL_INTERVAL: Duration = Duration::from_millis(20);

fn start() -> Running {
    Running::start(&PROMETHEUS, "/-/ready", |folder, [port, _]| {
        let settings = folder.join("prometheus.yml");
        fs::write(&settings, configure(port)).unwrap();
        arguments(folder, &settings, port)
    })
}

fn configure(port: u16) -> String {
    format!(
        "global: {{ scrape_interval: 100ms, scrape_timeout: 100ms }}\n\
         scrape_configs:\n\
         - job_name: it self\n\
         \x20 static_configs: [ {{ targets: ['127.0.0.1:{port}'] }} ]\n"
    )
}

fn arguments(folder: &Path, settings: &Path, port: u16) -> Vec<String> {
    vec![
        format!("--config.file={}", settings.display()),
        format!("--storage.tsdb.path={}", folder.join("data").display()),
        format!("--web.listen-address=127.0.0.1:{port}"),
        "--web.enable-admin-api".to_owned(),
    ]
}

/// Starts a server and waits for the first sample.
fn with_samples() -> (Running, Client) {
    let running = start();
    let client = running.client();
    let start = Instant::now();
    while samples(&client, "up").is_empty() {
        assert!(start.elapsed() < SCRAPE_TIMEOUT, "no sample");
        thread::sleep(POLL_INTERVAL);
    }
    (running, client)
}

fn evaluate(client: &Client, expression: &str) -> Data {
    let response = query::instant(client, &query::Instant::new(expression));
    response.unwrap().data
}

fn samples(client: &Client, expression: &str) -> Vec<Sample> {
    match evaluate(client, expression) {
        Data::Vector(vector) => vector.result,
        other => panic!("{other:?}"),
    }
}

#[test]
fn value_has_the_shape_of_its_type() {
    let (_running, client) = with_samples();
    let up = samples(&client, "up{job=\"it self\"}");
    assert_eq!(up[0].metric["job"], "it self");
    let [Cell::Time(time), Cell::Value(_)] = up[0].value.as_slice() else {
        panic!("{up:?}")
    };
    assert!(time.to_string().parse::<f64>().unwrap() > 1.7e9);
    for (expression, expected) in [
        ("1 / 0", "+Inf"),
        ("0 / 0", "NaN"),
        ("2 ^ 0.5", "1.4142135623730951"),
    ] {
        let Data::Scalar(scalar) = evaluate(&client, expression) else {
            panic!("{expression}")
        };
        assert_eq!(scalar.result[1], Cell::Value(expected.to_owned()));
    }
    let Data::String(string) = evaluate(&client, "'a + b & c = ü'") else {
        panic!("not a string")
    };
    assert_eq!(string.result[1], Cell::Value("a + b & c = ü".to_owned()));
}

#[test]
fn times_are_sent_as_text_and_as_numbers() {
    let client_of = start();
    let client = client_of.client();
    let end = SystemTime::UNIX_EPOCH + Duration::from_millis(1_700_000_000_250);
    let start = end - Duration::from_secs(5);
    let request = query::Range::new("time()", start, end, Duration::from_millis(2500));
    let Data::Matrix(matrix) = query::range(&client, &request).unwrap().data else {
        panic!("not a matrix")
    };
    let times: Vec<_> = matrix.result[0]
        .values
        .iter()
        .map(|it| it[1].clone())
        .collect();
    let expected = ["1699999995.25", "1699999997.75", "1700000000.25"];
    assert_eq!(times, expected.map(|time| Cell::Value(time.to_owned())));
}

#[test]
fn lists_with_brackets_in_the_name_are_repeated() {
    let (_running, client) = with_samples();
    let request = series::List::new(vec!["up".into(), "go_info{version!='a&b'}".into()]);
    let mut found: Vec<_> = series::list(&client, &request)
        .unwrap()
        .data
        .into_iter()
        .map(|labels| labels["__name__"].clone())
        .collect();
    found.sort();
    assert_eq!(found, ["go_info", "up"]);
    let values = series::label_values(&client, &series::LabelValues::new("job")).unwrap();
    assert_eq!(values.data, ["it self"]);
}

#[test]
fn series_are_deleted_with_an_empty_response() {
    let (_running, client) = with_samples();
    series::delete(&client, &series::Delete::new(vec!["go_info".into()])).unwrap();
    let head = server::statistics(&client, &server::Statistics::new()).unwrap();
    let head = head.data.head_stats;
    assert!(
        head.num_series > 0 && head.min_time.0 <= head.max_time.0,
        "{head:?}"
    );
}

#[test]
fn rejected_expressions_are_errors_with_a_code() {
    let running = start();
    let client = running.client();
    for (expression, status, code, message) in [
        (
            "up{",
            400,
            "bad_data",
            "unexpected end of input inside braces",
        ),
        (
            "label_replace(vector(1), 'a b', '', '', '')",
            422,
            "execution",
            "invalid destination label",
        ),
    ] {
        let error = query::instant(&client, &query::Instant::new(expression)).unwrap_err();
        assert_eq!(
            (error.kind(), error.status(), error.code()),
            (ErrorKind::Status, Some(status), Some(code)),
            "{error}"
        );
        assert!(error.message().contains(message), "{error}");
    }
}

#[test]
fn texts_are_read_and_streamed() {
    let running = start();
    let client = running.client();
    let ready = server::ready(&client, &server::Ready::new()).unwrap();
    assert!(ready.to_lowercase().contains("ready"), "{ready}");
    let mut text = Vec::new();
    let length = server::metrics(&client, &server::Metrics::new(), &mut text).unwrap();
    assert_eq!(length, text.len() as u64);
    assert!(String::from_utf8(text).unwrap().contains("# HELP go_info "));
}
