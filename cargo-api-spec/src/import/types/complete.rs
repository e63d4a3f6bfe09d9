//! Completion of declared types.

use super::registry::{Definition, Types};
use crate::import::report::Report;
use crate::import::spec::TypeKind;
use crate::import::spec::names::Names;

impl Types<'_> {
    /// Adds fields and variants to all declared types, including those that this declares.
    pub(in crate::import) fn complete(&mut self, report: &mut Report) {
        while let Some(incomplete) = self.incomplete.pop_front() {
            self.is_form = incomplete.is_form;
            let name = self.declared[incomplete.index].name.clone();
            let kind = match incomplete.definition {
                Definition::Struct(object) => TypeKind::Struct(self.fields(
                    &object,
                    &name,
                    None,
                    &mut Names::default(),
                    report,
                )),
                Definition::TaggedUnion {
                    schema,
                    tag,
                    alternatives,
                } => self.tagged_union(schema, tag, alternatives, &name, report),
                Definition::UntaggedUnion(alternatives) => {
                    self.untagged_union(alternatives, &name, report)
                }
            };
            self.declared[incomplete.index].kind = kind;
        }
        self.is_form = false;
    }
}
