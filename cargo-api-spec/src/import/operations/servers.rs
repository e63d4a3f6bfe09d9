//! Servers of single operations.

use super::base::of_server;
use super::importer::Importer;
use crate::import::document::Node;
use crate::import::spec::Request;

impl<'d> Importer<'d> {
    /// Returns the prefix of the path and the `base_path` of an operation with its own server.
    pub(super) fn base_of(
        &mut self,
        path_item: &'d Node,
        operation: &'d Node,
        request: &mut Request,
    ) -> (String, Option<String>) {
        let own = operation.list("servers").first();
        let server = own.or_else(|| path_item.list("servers").first());
        let (template, base_path) = match server {
            None => (self.base.template.clone(), None),
            Some(server) => {
                let base = of_server(server, &mut self.report);
                if base.url.is_some() && base.url != self.base.url {
                    let url = base.url.unwrap_or_default();
                    let note = format!("the document sends it to `{url}`");
                    self.report.approximate(server, "", note);
                }
                let has_own_path = base.path != self.base.path;
                (base.template, has_own_path.then_some(base.path))
            }
        };
        for name in parameters(&template) {
            if request.path.iter().all(|field| field.wire != name) {
                let field = self.undeclared(name);
                request.path.push(field);
            }
        }
        (template, base_path)
    }
}

fn parameters(template: &str) -> impl Iterator<Item = &str> {
    let parts = template.split('{').skip(1);
    parts.filter_map(|part| Some(part.split_once('}')?.0))
}
