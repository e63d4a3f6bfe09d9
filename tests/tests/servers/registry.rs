//! The Docker Registry: blobs in pieces, `Location`, digests, ranges, HEAD, nested errors.

mod images;
mod uploads;

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use api_runtime::{Client, Error, ErrorKind};

use self::api::{Digest, Problems, blobs, manifests, registry, tags, uploads as endpoints};
use crate::running::Running;
use crate::setup::Program;

mod api {
    #![deny(warnings)]
    api_runtime::api!("specs/docker-registry.toml", derive = [PartialEq]);
}

static REGISTRY: Program = Program {
    name: "docker-registry",
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
         http: {{ addr: '127.0.0.1:{port}', secret: among-tests }}\n",
        blobs.display()
    )
}

/// The code of each reason for a refusal; the first is that of the error as well.
#[track_caller]
fn codes<T>(outcome: Result<T, Error>, status: u16) -> Vec<String> {
    let error = outcome.err().expect("an error");
    assert_eq!(
        (error.kind(), error.status()),
        (ErrorKind::Status, Some(status)),
        "{error}"
    );
    let problems: Problems = error.details().unwrap_or_else(|| panic!("{error}"));
    let codes: Vec<_> = problems
        .errors
        .into_iter()
        .map(|problem| problem.code)
        .collect();
    assert_eq!(error.code(), codes.first().map(String::as_str), "{error}");
    codes
}

/// A status without a body, as HEAD has it.
#[track_caller]
fn refused<T>(outcome: Result<T, Error>, status: u16) {
    let error = outcome.err().expect("an error");
    assert_eq!(
        (error.kind(), error.status(), error.code()),
        (ErrorKind::Status, Some(status), None)
    );
}

/// Brings a blob there in one piece.
fn push(client: &Client, name: &str, contents: &[u8], digest: &str) -> Digest {
    let begun = endpoints::start(client, &endpoints::Start::new(name)).unwrap();
    let finish = endpoints::Finish::new(begun.location, digest, contents.to_vec());
    endpoints::finish(client, &finish)
        .unwrap()
        .docker_content_digest
}

#[test]
fn it_is_a_registry() {
    let server = start();
    let answer = registry::check(&server.client(), &registry::Check::new()).unwrap();
    assert_eq!(
        answer.docker_distribution_api_version.as_deref(),
        Some("registry/2.0")
    );
}
