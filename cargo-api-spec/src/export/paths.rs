//! Paths and their operations.

use std::collections::HashMap;

use api_spec::model::{Api, Endpoint, Group, Method};

use super::operations::Operation;
use crate::json::Members;

/// The operations of a document.
pub(super) struct Paths {
    pub(super) by_path: Members,
    /// Operations of endpoints that the paths do not contain, or only together with others.
    pub(super) separate: Vec<Members>,
    pub(super) warnings: Vec<String>,
}

/// Returns the operations by path and method, and a warning for each endpoint that is omitted.
pub(super) fn paths(api: &Api) -> Paths {
    let mut operations: Vec<Operation<'_>> = Vec::new();
    // Endpoints with the same path and method. Those of a link have none.
    let mut same: Vec<Vec<(&Group, &Endpoint)>> = Vec::new();
    let mut positions: HashMap<(String, &str), usize> = HashMap::new();
    let mut separate = Vec::new();
    let mut warnings = Vec::new();
    let groups = api.groups.iter();
    let endpoints = groups.flat_map(|group| group.endpoints.iter().map(move |it| (group, it)));
    for (group, endpoint) in endpoints {
        let operation = Operation::new(api, group, endpoint);
        if endpoint.path.starts_with('{') {
            let name = format!("{}.{}", group.key, endpoint.key);
            warnings.push(format!(
                "`{name}` is in `x-api-spec-operations`: OpenAPI does not support requests to a URL from a \
                 response"
            ));
            separate.push(operation.into_separate_json());
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
        let key = (operation.path.clone(), endpoint.method.as_str());
        if let Some(&position) = positions.get(&key) {
            same[position].push((group, endpoint));
            warnings.extend(operations[position].merge(operation));
        } else {
            positions.insert(key, operations.len());
            operations.push(operation);
            same.push(vec![(group, endpoint)]);
        }
    }
    for (operation, endpoints) in operations.iter().zip(same) {
        // The first endpoint is the operation itself, unless others have been merged into it.
        let contained = usize::from(!operation.is_merged);
        let others = endpoints.into_iter().skip(contained);
        separate.extend(others.map(|(group, endpoint)| {
            let operation = Operation::new(api, group, endpoint);
            operation.into_separate_json()
        }));
    }
    Paths {
        by_path: by_path(operations),
        separate,
        warnings,
    }
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
