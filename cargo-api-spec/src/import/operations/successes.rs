//! The responses of an operation that are successful.

use super::importer::Importer;
use crate::import::document::Node;
use crate::import::extensions;

/// The resource has not changed since the time or version in the request.
pub(super) const UNCHANGED: &str = "304";

/// A status code, and a response or a reference to it.
type Listed<'d> = (&'d str, &'d Node);

impl<'d> Importer<'d> {
    /// Returns the status codes and responses that are successful, in their order. Equal ones are one.
    pub(super) fn successes(&mut self, operation: &'d Node) -> Vec<(&'d str, &'d Node)> {
        let mut listed = self.listed_successes(operation);
        if let [(first, _), others @ ..] = &listed[..]
            && self.have_same_body(&listed)
        {
            for (_, other) in others {
                let reason = format!("imported as the response `{first}`, which is equal");
                // Other operations may refer to the same component, so the note is about the reference.
                self.report.ignore(other, reason);
            }
            listed.truncate(1);
        }
        let resolved = listed.into_iter().filter_map(|(status, response)| {
            let response = self.report.resolve(self.document, response)?;
            Some((status, response))
        });
        resolved.collect()
    }

    fn listed_successes(&mut self, operation: &'d Node) -> Vec<Listed<'d>> {
        let responses = operation.object("responses");
        let has_success = responses.iter().any(|(it, _)| it.starts_with('2'));
        let has_single = responses
            .iter()
            .any(|(it, _)| it.starts_with('2') && !is_range(it));
        let mut listed: Vec<Listed<'d>> = Vec::new();
        for (status, response) in responses {
            // A range is exact where it is the only success.
            let is_case = extensions::get(response, "case").is_some();
            // Without another success, a redirect is the purpose of the operation.
            let is_purpose = status.starts_with('3') && !has_success && !is_range(status);
            let is_unchanged =
                &**status == UNCHANGED && self.operation.is_conditional && has_single;
            if status.starts_with('2') || is_case || is_unchanged || is_purpose {
                listed.push((status, response));
            } else if status.starts_with(['1', '3']) {
                let reason = if &**status == UNCHANGED {
                    "the request has no condition"
                } else {
                    "the client follows no redirects, and reports them as errors"
                };
                self.report.ignore(response, reason);
            }
        }
        listed.sort_by_key(|(status, _)| *status);
        if listed.len() > 1 {
            listed.retain(|(status, response)| {
                if is_range(status) {
                    let reason = "the responses of single status codes are imported";
                    self.report.ignore(response, reason);
                }
                !is_range(status)
            });
        }
        if listed.is_empty()
            && let Some((status, response)) = responses.iter().find(|(it, _)| &**it == "default")
        {
            listed.push((status, response));
        }
        listed
    }

    /// Returns whether responses differ in their documentation only.
    fn have_same_body(&self, listed: &[Listed<'d>]) -> bool {
        let has_own_body = |(status, it): &Listed<'_>| {
            status.starts_with('3') || extensions::get(it, "case").is_some()
        };
        if listed.iter().any(has_own_body) {
            return false;
        }
        let responses = listed.iter();
        let mut responses = responses.map(|(_, it)| self.document.peek_resolved(it).map(body));
        let first = responses.next().flatten();
        first.is_some() && responses.all(|it| it == first)
    }
}

/// Returns the parts of a response that are not documentation, by their keys or media types.
fn body(response: &Node) -> Vec<(&str, Option<&Node>)> {
    let parts = ["schema", "headers"].map(|key| (key, response.peek(key)));
    let content = response.peek_object("content").iter();
    let schemas = content.map(|(name, media)| (&**name, media.peek("schema")));
    parts.into_iter().chain(schemas).collect()
}

fn is_range(status: &str) -> bool {
    status.parse::<u16>().is_err()
}
