//! Reasons why a value that the import has not read is not in the spec.

use crate::import::document::Node;

/// Keys of OpenAPI by the reason why the language has no equivalent.
const REASONS: &[(&str, &[&str])] = &[
    (
        "documentation",
        &[
            "contact",
            "example",
            "examples",
            "externalDocs",
            "license",
            "operationId",
            "summary",
            "tags",
            "termsOfService",
            "title",
            "description",
            "version",
            "$comment",
        ],
    ),
    (
        "the client does not check it",
        &[
            "anyOf",
            "contains",
            "dependentRequired",
            "dependentSchemas",
            "else",
            "exclusiveMaximum",
            "exclusiveMinimum",
            "format",
            "if",
            "maxContains",
            "maxItems",
            "maxLength",
            "maxProperties",
            "maximum",
            "minContains",
            "minItems",
            "minLength",
            "minProperties",
            "minimum",
            "multipleOf",
            "not",
            "oneOf",
            "pattern",
            "propertyNames",
            "required",
            "then",
            "unevaluatedItems",
            "unevaluatedProperties",
            "uniqueItems",
        ],
    ),
    ("the server applies it", &["default"]),
    (
        "the caller obtains the token",
        &[
            "authorizationUrl",
            "bearerFormat",
            "flow",
            "flows",
            "openIdConnectUrl",
            "scopes",
            "tokenUrl",
        ],
    ),
    ("another media type is imported", &["consumes", "produces"]),
    ("not on the wire", &["name"]),
    (
        "not the key of a property, or in neither direction",
        &["readOnly", "writeOnly"],
    ),
    ("another security scheme is imported", &["security"]),
    ("the base URL of the API is used", &["schemes", "servers"]),
    (UNUSED, &["$defs", "definitions", "parameters"]),
    (
        "the server sends these requests",
        &["callbacks", "webhooks"],
    ),
    (
        "the client does not read the headers of errors",
        &["headers"],
    ),
    ("the caller follows them", &["links"]),
    ("not the response of a success or an error", &["responses"]),
    ("another part of `allOf` excludes null", &["nullable"]),
    (
        "not used, or replaced by another part of `allOf`",
        &["properties"],
    ),
    (
        "only operations and fields can be deprecated",
        &["deprecated"],
    ),
    ("XML is not decoded", &["xml"]),
    ("the value is sent as JSON", &["collectionFormat"]),
    (
        "the alternatives are not distinguished by it",
        &["discriminator"],
    ),
    (
        "additional properties are not decoded",
        &["additionalProperties", "patternProperties"],
    ),
];

pub(super) const UNUSED: &str = "no imported part refers to it";

/// Returns the reason for an unread value of the key `key`.
pub(super) fn reason(key: &str, place: &str) -> &'static str {
    if key.starts_with("x-") {
        return "unknown extension";
    }
    if is_component(place) {
        return UNUSED;
    }
    if key == "required" && is_item(place) {
        return "no property has this name";
    }
    REASONS
        .iter()
        .find(|(_, keys)| keys.contains(&key))
        .map_or("not supported", |(reason, _)| reason)
}

/// Returns whether the value at a place is there for references, or contains such values only.
fn is_component(place: &str) -> bool {
    let (_, pointer) = place.split_once("#/").unwrap_or_default();
    let depth = pointer.split('/').count();
    match pointer.split('/').next() {
        Some("components") => depth <= 3,
        Some("definitions" | "parameters" | "responses" | "securityDefinitions") => depth <= 2,
        _ => false,
    }
}

/// Returns whether the value at a place is in a list.
fn is_item(place: &str) -> bool {
    let last = place.rsplit('/').next().unwrap_or_default();
    last.parse::<usize>().is_ok()
}

/// Returns whether a file contains definitions by name, and is no single value of OpenAPI.
pub(super) fn is_file_of_definitions(root: &Node) -> bool {
    let keywords = [
        "$ref",
        "allOf",
        "anyOf",
        "content",
        "delete",
        "description",
        "enum",
        "get",
        "in",
        "items",
        "oneOf",
        "operationId",
        "patch",
        "post",
        "properties",
        "put",
        "responses",
        "schema",
        "type",
        "value",
    ];
    let mut members = root.members().iter();
    members.all(|(key, _)| !keywords.contains(&&**key))
}

/// Returns whether the keys of the object at `key` are names that the document chooses.
pub(super) fn is_container(key: &str) -> bool {
    [
        "$defs",
        "callbacks",
        "content",
        "definitions",
        "encoding",
        "examples",
        "headers",
        "links",
        "mapping",
        "parameters",
        "pathItems",
        "paths",
        "properties",
        "requestBodies",
        "responses",
        "schemas",
        "securityDefinitions",
        "securitySchemes",
        "variables",
    ]
    .contains(&key)
}
