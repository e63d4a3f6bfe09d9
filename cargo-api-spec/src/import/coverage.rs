//! Tests that each value of a document is imported or reported.
//!
//! The documents use every construct of their version of OpenAPI. Without a value, or with another
//! one, the import has another result: another spec or another report.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use super::convert;
use super::document::{Document, Files, Node, State, Value, parse};
use super::report::Places;

/// Values that add nothing to what another value says.
const REDUNDANT: [&str; 4] = [
    // A path parameter is always required.
    "paths//items/{id}/parameters/0/required",
    // No requirement, in a list of no other.
    "paths//items/{id}/get/security/0",
    // A file, by its format.
    "paths//files/post/requestBody/content/multipart/form-data/schema/properties/file/type",
    "paths//files/post/requestBody/content/multipart/form-data/schema/properties/more/items/type",
];

/// Keys of the objects of OpenAPI 3.0.
const OPENAPI_3_0: &str = "openapi info servers paths components security tags externalDocs title description \
    termsOfService contact license version name url email variables enum default schemas responses parameters \
    examples requestBodies headers securitySchemes links callbacks $ref summary get put post delete options head \
    patch trace operationId requestBody deprecated in required allowEmptyValue style explode allowReserved schema \
    example content encoding contentType value externalValue operationRef server multipleOf maximum \
    exclusiveMaximum minimum exclusiveMinimum maxLength minLength pattern maxItems minItems uniqueItems \
    maxProperties minProperties type allOf oneOf anyOf not items properties additionalProperties format nullable \
    discriminator readOnly writeOnly xml propertyName mapping namespace prefix attribute wrapped scheme \
    bearerFormat flows openIdConnectUrl implicit password clientCredentials authorizationCode authorizationUrl \
    tokenUrl refreshUrl scopes";

/// Keys that OpenAPI 3.1 adds, including those of JSON Schema.
const OPENAPI_3_1: &str = "jsonSchemaDialect webhooks identifier pathItems $id $schema $anchor $dynamicAnchor \
    $dynamicRef $vocabulary $comment $defs const if then else dependentSchemas dependentRequired prefixItems \
    contains minContains maxContains patternProperties propertyNames unevaluatedItems unevaluatedProperties \
    contentEncoding contentMediaType contentSchema examples";

/// Keys of the objects of Swagger 2.0 that OpenAPI 3.0 does not have.
const SWAGGER_2: &str = "swagger host basePath schemes consumes produces definitions securityDefinitions \
    collectionFormat flow discriminator readOnly";

#[test]
fn every_value_of_openapi_3_0_is_imported_or_reported() {
    check("openapi_3_0", OPENAPI_3_0);
}

#[test]
fn every_value_of_openapi_3_1_is_imported_or_reported() {
    check("openapi_3_1", OPENAPI_3_1);
}

#[test]
fn every_value_of_swagger_2_is_imported_or_reported() {
    check("swagger_2", SWAGGER_2);
}

#[test]
fn every_style_is_imported_or_reported() {
    check("styles", "style explode encoding contentType content");
}

#[track_caller]
fn check(name: &str, keys: &str) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/documents/every");
    let text = fs::read_to_string(folder.join(format!("{name}.yaml"))).unwrap();
    let root = parse(&text).unwrap();
    let mut used = HashSet::new();
    collect_keys(&root, &mut used);
    let missing: Vec<_> = keys
        .split_whitespace()
        .filter(|it| !used.contains(*it))
        .collect();
    assert!(missing.is_empty(), "not in the document: {missing:?}");
    let (complete, document) = imported(root.clone());
    let mut places = Vec::new();
    collect_places(document.root(), &mut Vec::new(), &mut places);
    assert!(places.len() > 100, "{}", places.len());
    let is_silent = |place: &&Vec<String>| {
        [remove, replace].into_iter().all(|change: Change| {
            let mut other = root.clone();
            at(&mut other, place, change);
            imported(other).0 == complete
        })
    };
    let silent = places.iter().filter(is_silent);
    let silent = silent.map(|place| place.join("/"));
    let silent: Vec<_> = silent
        .filter(|place| !REDUNDANT.contains(&place.as_str()))
        .collect();
    assert!(
        silent.is_empty(),
        "neither imported nor reported:\n{}",
        silent.join("\n")
    );
}

/// Returns the spec and the report, or the error.
fn imported(root: Node) -> (String, Document) {
    let document = match Document::new(Files::single(root)) {
        Ok(document) => document,
        Err(error) => return (error, Document::new(Files::single(minimal())).unwrap()),
    };
    let result = match convert(&document, "test".to_owned(), Places::First) {
        Ok((spec, summary)) => format!("{spec}{summary}"),
        Err(error) => error,
    };
    (result, document)
}

fn minimal() -> Node {
    parse("openapi: 3.0.0").unwrap()
}

fn collect_keys(node: &Node, keys: &mut HashSet<String>) {
    for (key, value) in node.members() {
        keys.insert(key.to_string());
        collect_keys(value, keys);
    }
    node.items()
        .iter()
        .for_each(|item| collect_keys(item, keys));
}

/// Adds the place of each value, apart from those in values that are reported as a whole.
fn collect_places(node: &Node, place: &mut Vec<String>, places: &mut Vec<Vec<String>>) {
    if node.state() != State::Read {
        return;
    }
    let members = node.members().iter();
    let members = members.map(|(key, value)| (key.to_string(), value));
    let items = node.items().iter().enumerate();
    let items = items.map(|(index, item)| (index.to_string(), item));
    for (key, value) in members.chain(items) {
        place.push(key);
        places.push(place.clone());
        collect_places(value, place, places);
        place.pop();
    }
}

/// Changes the value at a key of an object or a list.
type Change = fn(&mut Node, &str);

fn at(node: &mut Node, place: &[String], change: Change) {
    let [key, rest @ ..] = place else {
        panic!("no such place");
    };
    if rest.is_empty() {
        return change(node, key);
    }
    at(child(node, key), rest, change);
}

fn child<'n>(node: &'n mut Node, key: &str) -> &'n mut Node {
    match node.value_mut() {
        Value::Object(members) => {
            let member = members.iter_mut().find(|(other, _)| **other == *key);
            &mut member.unwrap().1
        }
        Value::List(items) => &mut items[key.parse::<usize>().unwrap()],
        _ => panic!("no such place"),
    }
}

fn remove(parent: &mut Node, key: &str) {
    match parent.value_mut() {
        Value::Object(members) => members.retain(|(other, _)| **other != *key),
        Value::List(items) => {
            items.remove(key.parse().unwrap());
        }
        _ => panic!("no such place"),
    }
}

/// Replaces a value by another one, of the same type where that may make a difference.
fn replace(parent: &mut Node, key: &str) {
    let node = child(parent, key);
    let other = match node.value() {
        Value::Bool(value) => Value::Bool(!value),
        Value::Text(text) if key == "type" && &**text != "boolean" => Value::Text("boolean".into()),
        Value::Text(text) => Value::Text(format!("{text}z").into()),
        Value::Number(number) => Value::Number((number.as_i64().unwrap_or_default() + 7).into()),
        Value::Null | Value::List(_) | Value::Object(_) => Value::Text("z".into()),
    };
    *node = other.into();
}
