//! Paths and their operations.

use std::collections::HashMap;

use api_spec::model::{Api, Method};

use super::operations::Operation;
use crate::json::Members;

/// Returns the operations by path and method, and a warning for each endpoint that is omitted.
pub(super) fn paths(api: &Api) -> (Members, Vec<String>) {
    let mut operations: Vec<Operation<'_>> = Vec::new();
    let mut positions: HashMap<(String, &str), usize> = HashMap::new();
    let mut warnings = Vec::new();
    let groups = api.groups.iter();
    let endpoints = groups.flat_map(|group| group.endpoints.iter().map(move |it| (group, it)));
    for (group, endpoint) in endpoints {
        if endpoint.path.starts_with('{') {
            let name = format!("{}.{}", group.key, endpoint.key);
            warnings.push(format!(
                "`{name}` omitted: OpenAPI does not support requests to a URL from a response"
            ));
            continue;
        }
        if !is_standard(endpoint.method) {
            warnings.push(format!(
                "`{}.{}` is in `{OTHER_OPERATIONS}`: OpenAPI 3.1 does not support the method `{}`",
                group.key,
                endpoint.key,
                endpoint.method.as_str()
            ));
        }
        let operation = Operation::new(api, group, endpoint);
        let key = (operation.path.clone(), endpoint.method.as_str());
        if let Some(&position) = positions.get(&key) {
            warnings.extend(operations[position].merge(operation));
        } else {
            positions.insert(key, operations.len());
            operations.push(operation);
        }
    }
    (by_path(operations), warnings)
}

/// Extension of a path with the operations of other methods.
const OTHER_OPERATIONS: &str = "x-api-spec-operations";

/// Returns whether OpenAPI 3.1 has a keyword for a method.
fn is_standard(method: Method) -> bool {
    !matches!(method, Method::Other(_)) || method.as_str() == "TRACE"
}

fn by_path(operations: Vec<Operation<'_>>) -> Members {
    let mut order: Vec<String> = Vec::new();
    let mut paths: HashMap<String, Members> = HashMap::new();
    for operation in operations {
        let path = operation.path.clone();
        let methods = paths.entry(path.clone()).or_insert_with(|| {
            order.push(path);
            Members::default()
        });
        let method = operation.method;
        if is_standard(method) {
            methods.add(method.as_str().to_lowercase(), operation.into_json());
        } else {
            let mut others = methods.entry(OTHER_OPERATIONS);
            others.add(method.as_str(), operation.into_json());
        }
    }
    let mut all = Members::default();
    for path in order {
        let methods = paths.remove(&path).unwrap_or_default();
        all.add(path, methods);
    }
    all
}
