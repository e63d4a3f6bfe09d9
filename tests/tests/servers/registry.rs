//! Docker Registry: chunked uploads, `Location`, digests, ranges, HEAD, nested errors.

mod images;
mod uploads;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use api_runtime::{Client, Error, ErrorKind};

use self::api::{Digest, Errors, blobs, manifests, registry, tags, uploads as endpoints};
use crate::running::Running;
use crate::setup::Program;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/docker-registry.toml", derive = [PartialEq]);
}

static REGISTRY: Program = Program {
    name: "docker-registry",
    version: "--version",
    versions: &["docker/distribution 2.", "docker/distribution v2."],
    package: "docker-registry",
    member: "usr/bin/docker-registry",
    pinned: "d/docker-registry/docker-registry_2.8.2+ds1-1",
    hashes: [
        (
            "x86_64",
            "amd64",
            "a9bd06c0e006854608f8469b4371743f40604ad90975532bb3b7ceeb72fe2913",
        ),
        (
            "aarch64",
            "arm64",
            "652d4e3fe828ccf9b80962dce13f813fb969f1d5e1dae7d7ceff79ec9a5ed651",
        ),
    ],
    found: OnceLock::new(),
};

/// A repository of three segments.
const NAME: &str = "team/web/front-end";
const HELLO: &[u8] = b"hello world";
/// The digest of [`HELLO`].
const HELLO_DIGEST: &str =
    "sha256:b94d27b9934d3e08a52e52d7da7dabfac484efe37a5380ee9088f7ace2efcde9";

fn start() -> Running {
    Running::start(&REGISTRY, "/v2/", |folder, [port, _]| {
        let settings = folder.join("settings.yml");
        fs::write(&settings, configure(folder, port)).unwrap();
        vec!["serve".to_owned(), settings.display().to_string()]
    })
}

fn configure(folder: &Path, port: u16) -> String {
    let blobs = folder.join("blobs");
    format!(
        "version: 0.1\n\
         log: {{ level: warn, accesslog: {{ disabled: true }} }}\n\
         storage: {{ filesystem: {{ rootdirectory: '{}' }}, delete: {{ enabled: true }} }}\n\
         http: {{ addr: '127.0.0.1:{port}', secret: only-for-tests }}\n",
        blobs.display()
    )
}

/// Returns the codes of an error response, after checking that the error has the first of them.
#[track_caller]
fn error_codes<T>(result: Result<T, Error>, status: u16) -> Vec<String> {
    let error = result.err().expect("an error");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(status)),
        "{error}"
    );
    let errors: Errors = error.details().unwrap_or_else(|| panic!("{error}"));
    let codes: Vec<_> = errors.errors.into_iter().map(|error| error.code).collect();
    assert_eq!(error.code(), codes.first().map(String::as_str), "{error}");
    codes
}

/// Checks that the result is an error response without a code, as for HEAD.
#[track_caller]
fn assert_rejected<T>(result: Result<T, Error>, status: u16) {
    let error = result.err().expect("an error");
    assert_eq!(
        (error.kind(), error.status(), error.code()),
        (ErrorKind::Status, Some(status), None)
    );
}

/// Uploads a blob in one chunk.
fn push(client: &Client, name: &str, contents: &[u8], digest: &str) -> Digest {
    let started = endpoints::start(client, &endpoints::Start::new(name)).unwrap();
    let finish = endpoints::Finish::new(started.location, digest, contents.to_vec());
    endpoints::finish(client, &finish)
        .unwrap()
        .docker_content_digest
}

#[test]
fn api_version_is_read_from_a_header() {
    let server = start();
    let response = registry::check(&server.client(), &registry::Check::new()).unwrap();
    assert_eq!(
        response.docker_distribution_api_version.as_deref(),
        Some("registry/2.0")
    );
}
