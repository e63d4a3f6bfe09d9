//! The memory of an import grows in proportion to the size of the document.

use std::fmt::Write as _;
use std::fs;
use std::io::{self, Read as _};
use std::process::{Command, Stdio};

use crate::support::Sandbox;

/// Operations of the smallest document. The others have two and four times as many.
const OPERATIONS: usize = 800;

/// Between proportional (2) and quadratic growth (4) of the additional memory.
const MAX_RATIO: f64 = 2.6;

#[test]
fn memory_grows_in_proportion_to_the_number_of_operations() {
    let [small, medium, large] = [1, 2, 4].map(|factor| peak(factor * OPERATIONS));
    let ratio = (large - medium) / (medium - small);
    assert!(
        ratio < MAX_RATIO,
        "{small}, {medium} and {large} kB: the second difference is {ratio:.1} times the first"
    );
}

/// Returns the maximum of the resident memory of an import in kB.
fn peak(operations: usize) -> f64 {
    let sandbox = Sandbox::with(&[("api.json", &document(operations))]);
    let mut child = Command::new(env!("CARGO_BIN_EXE_cargo-api-spec"))
        .args(["import", "api.json"])
        .current_dir(sandbox.path(""))
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut stdout = child.stdout.take().unwrap();
    // The whole spec is ready when its first byte is written, and larger than the buffer of the pipe. Until
    // the rest is read, the process does not exit.
    stdout.read_exact(&mut [0]).unwrap();
    let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap();
    let rest = io::copy(&mut stdout, &mut io::sink()).unwrap();
    assert!(rest > 1 << 18, "{rest} bytes");
    assert!(child.wait().unwrap().success());
    let peak = status.lines().find_map(|it| it.strip_prefix("VmHWM:"));
    let peak = peak.and_then(|it| it.trim().strip_suffix(" kB"));
    peak.unwrap().trim().parse().unwrap()
}

/// Returns a document whose operations have own types and differences from the spec.
fn document(operations: usize) -> String {
    let mut paths = String::new();
    let mut schemas = String::new();
    for index in 0..operations {
        let separator = if index == 0 { "" } else { "," };
        write!(
            paths,
            r##"{separator}"/things{index}/{{id}}": {{"put": {{
                "tags": ["group {group}"], "operationId": "put{index}", "description": "Sets thing {index}.",
                "parameters": [
                    {{"name": "id", "in": "path", "required": true, "schema": {{"type": "integer"}}}},
                    {{"name": "kind{index}", "in": "query", "schema": {{"type": "string", "enum": ["a{index}", "b"]}}}},
                    {{"name": "odd", "in": "query", "schema": {{"anyOf": [{{"type": "integer"}}, {{"type": "integer"}}]}}}}],
                "requestBody": {{"required": true, "content": {{"application/json": {{"schema":
                    {{"$ref": "#/components/schemas/Thing{index}"}}}}}}}},
                "responses": {{"200": {{"description": "Done.", "content": {{"application/json": {{"schema":
                    {{"type": "array", "items": {{"$ref": "#/components/schemas/Thing{index}"}}}}}}}}}}}}}}}}"##,
            group = index / 10
        )
        .unwrap();
        write!(
            schemas,
            r##"{separator}"Thing{index}": {{"type": "object", "required": ["name"], "properties": {{
                "name": {{"type": "string", "minLength": 1, "pattern": "x{index}"}},
                "size": {{"type": "integer", "default": {index}}},
                "next": {{"$ref": "#/components/schemas/Thing{next}"}}}}}}"##,
            next = (index + 1) % operations
        )
        .unwrap();
    }
    format!(
        r#"{{"openapi": "3.0.3", "info": {{"title": "Things", "version": "1"}},
            "paths": {{{paths}}}, "components": {{"schemas": {{{schemas}}}}}}}"#
    )
}
