//! `InfluxDB` 1: errors in statements of successful responses, line protocol, chunks as JSON lines, form
//! queries, and two kinds of credentials.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use api_runtime::{Client, Credentials, ErrorKind};

use self::api::{Cell, points, server};
use crate::running::Running;
use crate::setup::Program;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/influxdb-v1.toml", derive = [PartialEq]);
}

static INFLUXDB: Program = Program {
    name: "influxd",
    version: "version",
    versions: &["InfluxDB v1."],
    package: "influxdb",
    member: "usr/bin/influxd",
    pinned: "i/influxdb/influxdb_1.6.7~rc0-1+b13",
    hashes: [
        (
            "x86_64",
            "amd64",
            "fcfddf7937befd82264359feaeb2f46a79f9574656ee0981eb19dcc5a153f55c",
        ),
        (
            "aarch64",
            "arm64",
            "f570c9458c5707aa7110863a29df42b939dbf7fa34184be85cb815b15bbd2aee",
        ),
    ],
    found: OnceLock::new(),
};

const POINTS: &str = "cpu,host=a load=1i,note=\"x\" 1700000000000000000\n\
                      cpu,host=b load=9007199254740993i,idle=true 1700000000000000001\n\
                      cpu,host=a load=3i 1700000000000000002\n";

fn start() -> Running {
    Running::start(&INFLUXDB, "/ping", |folder, ports| {
        let settings = folder.join("influxdb.conf");
        fs::write(&settings, configure(folder, ports)).unwrap();
        let arguments = [
            "run".into(),
            "-config".into(),
            settings.display().to_string(),
        ];
        arguments.into()
    })
}

fn configure(folder: &Path, [port, backups]: [u16; 2]) -> String {
    let folder = folder.display();
    format!(
        "reporting-disabled = true\n\
         bind-address = '127.0.0.1:{backups}'\n\
         [meta]\ndir = '{folder}/meta'\n\
         [data]\ndir = '{folder}/data'\nwal-dir = '{folder}/wal'\n\
         [logging]\nlevel = 'warn'\n\
         [monitor]\nstore-enabled = false\n\
         [http]\nbind-address = '127.0.0.1:{port}'\nauth-enabled = true\nlog-enabled = false\n"
    )
}

/// Starts a server with the administrator `root` and the database `metrics`.
fn with_database() -> (Running, Client) {
    let running = start();
    let user = "CREATE USER root WITH PASSWORD 'se cret&' WITH ALL PRIVILEGES";
    // Only the first user is created without credentials.
    points::query(&running.client(), &points::Query::new(user)).unwrap();
    let client = api::builder_with_password(running.url(), "root", "se cret&").unwrap();
    let client = client.build().unwrap();
    points::query(&client, &points::Query::new("CREATE DATABASE metrics")).unwrap();
    (running, client)
}

fn write(client: &Client, database: &str, lines: &str) -> Result<(), api_runtime::Error> {
    let request = points::Write::new(database, lines.as_bytes().to_vec());
    points::write(client, &request).map(drop)
}

#[test]
fn version_is_read_from_the_header_of_an_empty_response() {
    let running = start();
    let ping = server::ping(&running.client(), &server::Ping::new()).unwrap();
    let server::PingResponse::NoContent(ping) = ping;
    assert!(ping.x_influxdb_version.starts_with("1."), "{ping:?}");
}

#[test]
fn cells_have_the_type_of_their_column() {
    let (_running, client) = with_database();
    write(&client, "metrics", POINTS).unwrap();
    let request = points::Query::new("SELECT host, load, note, idle FROM cpu");
    let request = request.db("metrics").epoch("ns");
    let results = points::query(&client, &request).unwrap().results;
    let series = &results[0].series.as_ref().unwrap()[0];
    assert_eq!(series.columns, ["time", "host", "load", "note", "idle"]);
    let number = |text: &str| Some(Cell::Number(text.parse().unwrap()));
    let text = |text: &str| Some(Cell::Text(text.to_owned()));
    // All digits are kept.
    let time = number("1700000000000000000");
    let expected = [time, text("a"), number("1"), text("x"), None];
    assert_eq!(series.values[0], expected);
    let flag = Some(Cell::Flag(true));
    let time = number("1700000000000000001");
    let expected = [time, text("b"), number("9007199254740993"), None, flag];
    assert_eq!(series.values[1], expected);
}

#[test]
fn parameters_of_a_statement_are_json_in_the_form() {
    let (_running, client) = with_database();
    write(&client, "metrics", POINTS).unwrap();
    let parameters = BTreeMap::from([("host".to_owned(), "a".into())]);
    let request = points::Query::new("SELECT count(load) FROM cpu WHERE host = $host");
    let request = request.db("metrics").params(parameters);
    let results = points::query(&client, &request).unwrap().results;
    let series = results[0].series.as_ref().unwrap();
    assert_eq!(
        series[0].values[0][1],
        Some(Cell::Number("2".parse().unwrap()))
    );
}

/// The status code of the response is 200.
#[test]
fn failed_statement_is_an_error() {
    let (_running, client) = with_database();
    let request = points::Query::new("SELECT * FROM cpu").db("missing");
    let error = points::query(&client, &request).unwrap_err();
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(200))
    );
    assert_eq!(
        error.to_string(),
        "points.query: the server responded with 200 OK: database not found: missing; the request \
         may have been processed"
    );
    let request = points::Stream::new("missing", "SELECT * FROM cpu");
    let mut lines = points::stream(&client, &request).unwrap();
    let error = lines.next().unwrap().unwrap_err();
    assert!(
        error.message().ends_with("database not found: missing"),
        "{error}"
    );
    assert!(lines.next().is_none());
}

#[test]
fn chunks_are_items() {
    let (_running, client) = with_database();
    write(&client, "metrics", POINTS).unwrap();
    let request = points::Stream::new("metrics", "SELECT load FROM cpu").chunk_size(1);
    let chunks: Result<Vec<_>, _> = points::stream(&client, &request).unwrap().collect();
    let partial: Vec<bool> = chunks
        .unwrap()
        .iter()
        .map(|it| it.results[0].partial)
        .collect();
    assert_eq!(partial, [true, true, false]);
}

#[test]
fn rejected_points_are_errors() {
    let (_running, client) = with_database();
    for (database, lines, status, message) in [
        (
            "metrics",
            "cpu load=",
            400,
            "unable to parse 'cpu load=': missing field value",
        ),
        (
            "missing",
            "cpu load=1",
            404,
            "database not found: \"missing\"",
        ),
    ] {
        let error = write(&client, database, lines).unwrap_err();
        assert_eq!(error.status(), Some(status), "{error}");
        assert!(error.message().ends_with(message), "{error}");
        assert!(!error.may_have_been_processed());
    }
}

#[test]
fn credentials_are_sent_in_a_header_or_in_the_query() {
    let (running, _) = with_database();
    let request = points::Query::new("SHOW DATABASES");
    let in_query = api::builder_with_u_and_p(running.url(), "root", "se cret&");
    let in_query = in_query.unwrap().build().unwrap();
    points::query(&in_query, &request).unwrap();
    for credentials in [
        Credentials::none(),
        Credentials::basic("root", "wrong").unwrap(),
    ] {
        let client = running.builder().credentials(credentials).build().unwrap();
        let error = points::query(&client, &request).unwrap_err();
        assert_eq!(error.status(), Some(401));
        assert!(!error.to_string().contains("wrong"), "{error}");
    }
}
