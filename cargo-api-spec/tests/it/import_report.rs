//! Differences between documents and specs, as the report lists them.

use crate::support::{Done, Sandbox};

/// Imports the operations and components of a document of OpenAPI 3.
fn imported(version: &str, rest: &str) -> Done {
    let document = format!("openapi: {version}\ninfo: {{ title: T, version: '1' }}\n{rest}");
    let done = Sandbox::new().run_with(&document, ["import", "-"]);
    assert_eq!(done.code, Some(0), "{done}");
    Sandbox::new()
        .run_with(&done.stdout, ["check", "--deny-warnings", "-"])
        .assert(0, "", "");
    done
}

/// Asserts that the report has a line with this place and this text.
#[track_caller]
fn assert_reported(done: &Done, place: &str, text: &str) {
    let mut lines = done.stderr.lines();
    let is_found = lines.any(|it| it.contains(&format!(" {place}: ")) && it.contains(text));
    assert!(is_found, "{place}: {text}\n{done}");
}

#[track_caller]
fn assert_line(done: &Done, line: &str) {
    assert!(done.stdout.lines().any(|it| it == line), "{line}\n{done}");
}

#[test]
fn every_place_of_ignored_values_is_reported_on_request() {
    let document = r"openapi: 3.0.3
info: { title: T, version: '1' }
paths:
  /a:
    get:
      parameters:
        - { name: one, in: query, schema: { type: string, pattern: '^a' } }
        - { name: two, in: query, schema: { type: string, pattern: '^b' } }
      responses: { '204': { description: '' } }
";
    let run = |option: &[&str]| {
        let arguments = [&["import", "-"], option].concat();
        let done = Sandbox::new().run_with(document, arguments);
        assert_eq!(done.code, Some(0), "{done}");
        let lines = done.stderr.lines();
        let lines = lines.filter(|it| it.contains("`pattern`") || it.ends_with("ignored"));
        lines.map(str::to_owned).collect::<Vec<_>>()
    };
    let pattern = "schema/pattern: `pattern`";
    let reason = "the client does not check it";
    let total = "0 operations dropped, 0 parts approximated, 4 values ignored";
    assert_eq!(
        run(&[]),
        [
            &format!(
                "ignored: <stdin>:7: #/paths/~1a/get/parameters/0/{pattern} and 1 other place: {reason}"
            ),
            total
        ]
    );
    assert_eq!(
        run(&["--all-places"]),
        [
            &format!("ignored: <stdin>:7: #/paths/~1a/get/parameters/0/{pattern}: {reason}"),
            &format!("ignored: <stdin>:8: #/paths/~1a/get/parameters/1/{pattern}: {reason}"),
            total
        ]
    );
}

#[test]
fn base_url_without_a_scheme_is_reported() {
    let reason = "base URL without a scheme: `https` is used";
    let paths = "paths: { /a: { get: { responses: { '204': { description: '' } } } } }";
    let swagger = format!(
        "swagger: '2.0'\ninfo: {{ title: T, version: '1' }}\nhost: api.example.com\n{paths}"
    );
    let done = Sandbox::new().run_with(&swagger, ["import", "-"]);
    assert_line(&done, "url = \"https://api.example.com\"");
    assert_reported(&done, "#/host", reason);
    let done = imported(
        "3.0.3",
        &format!("servers: [{{ url: //api.example.com }}]\n{paths}"),
    );
    assert_line(&done, "url = \"https://api.example.com\"");
    assert_reported(&done, "#/servers/0", reason);
}

#[test]
fn null_outside_of_json_is_reported() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    post:
      parameters:
        - { name: one, in: query, schema: { type: string, nullable: true } }
        - { name: many, in: query, schema: { type: array, items: { type: integer, nullable: true } } }
        - { name: some, in: query, schema: { type: array, items: { type: string, enum: [x, y, ''] } } }
        - { name: X-Tag, in: header, schema: { $ref: '#/components/schemas/Tag' } }
        - { name: both, in: query, schema: { type: object, properties: { left: { type: integer, nullable: true } } } }
      requestBody:
        required: true
        content:
          application/x-www-form-urlencoded:
            schema: { type: object, properties: { field: { type: boolean, nullable: true } } }
      responses: { '204': { description: '' } }
components:
  schemas:
    Tag: { type: integer, nullable: true }
",
    );
    let query = "#/paths/~1a/post/parameters";
    assert_reported(
        &done,
        &format!("{query}/0/schema"),
        "`schema` and 1 other place: null is not sent",
    );
    assert_reported(
        &done,
        &format!("{query}/1/schema/items"),
        "items that are null are not sent",
    );
    assert_reported(
        &done,
        &format!("{query}/2/schema/items"),
        "empty items are not sent",
    );
    for property in ["left", "field"] {
        let reason = format!("`{property}`: null is not sent");
        assert!(done.stderr.contains(&reason), "{reason}\n{done}");
    }
}

#[test]
fn all_differences_of_one_value_are_reported() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    get:
      parameters:
        - { name: any, in: query, schema: { nullable: true } }
      responses: { '204': { description: '' } }
",
    );
    let place = "#/paths/~1a/get/parameters/0/schema";
    assert_reported(&done, place, "a value without a type, sent as text");
    assert_reported(&done, place, "null is not sent");
}

#[test]
fn deprecation_in_a_part_of_a_property_is_imported() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    get:
      responses:
        '200':
          description: ''
          content:
            application/json:
              schema:
                type: object
                properties:
                  old: { allOf: [{ $ref: '#/components/schemas/Size' }, { deprecated: true }] }
components:
  schemas:
    Size: { type: object, properties: { width: { type: integer } } }
",
    );
    assert_line(
        &done,
        "response = { old = { type = \"Size?\", deprecated = \"Deprecated by the API.\" } }",
    );
    assert!(!done.stderr.contains("deprecated"), "{done}");
}

#[test]
fn base_url_without_a_default_is_not_used_and_reported() {
    let done = imported(
        "3.0.3",
        r"
servers:
  - { url: 'https://{domain}.example.net', variables: { domain: { description: Your domain. } } }
paths:
  /a: { get: { responses: { '204': { description: '' } } } }
",
    );
    assert!(!done.stdout.contains("example.net"), "{done}");
    assert_reported(
        &done,
        "#/servers/0",
        "base URL `https://{domain}.example.net` not used: it has a variable without a default",
    );
}

#[test]
fn differences_in_a_response_of_two_status_codes_are_reported() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    get:
      responses:
        '200': { $ref: '#/components/responses/Pet' }
        '201': { $ref: '#/components/responses/Pet' }
components:
  responses:
    Pet:
      description: ''
      content:
        application/json:
          schema:
            type: object
            properties:
              kind: { anyOf: [{ type: integer }, { type: integer, maximum: 5 }] }
",
    );
    assert_reported(
        &done,
        "#/paths/~1a/get/responses/201",
        "imported as the response `200`, which is equal",
    );
    let schema = "#/components/responses/Pet/content/application~1json/schema";
    assert_reported(
        &done,
        &format!("{schema}/properties/kind"),
        "alternatives imported as `int`",
    );
}

#[test]
fn headers_are_those_of_a_response_and_of_its_stream() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    post:
      operationId: ask
      requestBody:
        required: true
        content:
          application/json: { schema: { type: object, properties: { stream: { type: boolean } } } }
      responses:
        '200':
          description: ''
          headers: { X-Limit: { schema: { type: integer } } }
          content:
            application/json: { schema: { type: object, properties: { text: { type: string } } } }
            text/event-stream: { schema: { type: object, properties: { part: { type: string } } } }
",
    );
    let line = "\nresponse_headers = { X-Limit = \"int?\" }\n";
    assert_eq!(done.stdout.matches(line).count(), 2, "{done}");
    assert!(!done.stderr.contains("headers"), "{done}");
}

#[test]
fn errors_have_the_schema_of_json_beside_any_media_type() {
    let done = imported(
        "3.0.3",
        r"
paths:
  /a:
    get:
      responses:
        '204': { description: '' }
        '404':
          description: ''
          content:
            '*/*': {}
            application/json: { schema: { $ref: '#/components/schemas/Problem' } }
components:
  schemas:
    Problem: { type: object, properties: { title: { type: string } } }
",
    );
    assert!(done.stdout.contains("type = \"Problem\""), "{done}");
    let content = "#/paths/~1a/get/responses/404/content";
    assert_reported(
        &done,
        &format!("{content}/*~1*"),
        "errors are decoded as JSON",
    );
}
