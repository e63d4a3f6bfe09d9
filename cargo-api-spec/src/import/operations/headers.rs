//! Headers of responses.

use super::header_names::is_header_name;
use super::importer::Importer;
use crate::import::document::{Node, Version};
use crate::import::spec::names;
use crate::import::spec::{Content, Field, TypeExpr};
use crate::import::types::field;
use names::Names;

impl<'d> Importer<'d> {
    /// Converts the headers of a response. They are beside the fields of the body.
    pub(super) fn response_headers(
        &mut self,
        response: &'d Node,
        body: Option<&Content>,
    ) -> Vec<Field> {
        let mut scope = Names::default();
        scope.enter("body");
        scope.reserve("body", "_");
        if let Some(Content::Fields(fields)) = body {
            for Field { wire, rust, .. } in fields {
                let name = rust.clone().or_else(|| names::field_name(wire));
                name.inspect(|name| {
                    scope.reserve(name, "_");
                });
            }
        }
        scope.enter("header");
        let mut fields = Vec::new();
        for (name, header) in response.object("headers") {
            let Some(header) = self.report.resolve(self.document, header) else {
                continue;
            };
            if !is_header_name(name) {
                self.report.ignore(header, "not a header name");
                continue;
            }
            let schema = match self.document.version {
                Version::Swagger2 => Some(header),
                Version::OpenApi3 => header.get("schema"),
            };
            let hint = format!("{}{}", self.operation.type_prefix, names::type_name(name));
            let ty = schema.map(|it| self.types.convert(it, &hint, &mut self.report));
            let ty = ty.map_or(Some(TypeExpr::Builtin("string")), |ty| {
                self.types.sent_as_text(&ty)
            });
            let ty = match ty {
                Some(TypeExpr::List(_)) => {
                    let note = "a list, imported as `string`: the caller splits it";
                    self.report.approximate(header, "", note);
                    TypeExpr::Builtin("string")
                }
                Some(ty) => ty,
                None => {
                    self.report.ignore(header, "a header with an object");
                    continue;
                }
            };
            if let Some(schema) = schema {
                self.remark_null(schema);
            }
            let is_required = header.is_true("required");
            fields.push(Field {
                doc: self.types.field_doc(header, schema.unwrap_or(header), &ty),
                ty: if is_required { ty } else { ty.optional() },
                is_required,
                ..field(name, header, &mut scope)
            });
        }
        fields
    }
}
