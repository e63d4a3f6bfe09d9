//! Null outside of JSON, which is not sent.

use super::importer::Importer;
use crate::import::document::Node;
use crate::import::schema::keywords::accepts_empty;
use crate::import::schema::may_be_null;
use crate::import::spec::TypeExpr;

impl<'d> Importer<'d> {
    /// Records that a value outside of a JSON body is not null, although its schema allows it.
    pub(super) fn remark_null(&mut self, schema: &'d Node) {
        if may_be_null(self.document, schema) {
            self.report.remark(schema, "null is not sent");
        }
    }

    /// Records that the items of a list of texts are not null, and not empty if that is their null.
    pub(super) fn remark_null_items(&mut self, schema: &'d Node, ty: &TypeExpr) {
        let is_list = matches!(ty.required(), TypeExpr::List(_));
        let list = self.document.peek_resolved(schema).filter(|_| is_list);
        let Some(items) = list.and_then(|it| it.peek("items")) else {
            return;
        };
        if may_be_null(self.document, items) {
            self.report
                .remark(items, "items that are null are not sent");
        } else if accepts_empty(items) {
            self.report.remark(items, "empty items are not sent");
        }
    }
}
