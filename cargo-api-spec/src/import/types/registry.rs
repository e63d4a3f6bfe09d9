//! The declared types of the spec, and the queue of those that are incomplete.

use std::collections::{HashMap, VecDeque};

use crate::import::document::{Document, Node};
use crate::import::extensions;
use crate::import::schema::{Object, docs};
use crate::import::spec::names::{self, Names};
use crate::import::spec::{KindVariant, TypeDecl, TypeExpr, TypeKind};

/// The types that the converted operations use.
pub(in crate::import) struct Types<'d> {
    pub(super) document: &'d Document,
    pub(super) names: Names,
    /// Types by reference. `None` marks a reference whose conversion has not finished.
    pub(super) by_reference: HashMap<&'d str, Option<TypeExpr>>,
    /// Types of schemas without a name, by their addresses. A schema may be part of several others.
    pub(super) by_address: HashMap<usize, TypeExpr>,
    pub(in crate::import) declared: Vec<TypeDecl<'d>>,
    /// Indexes in `declared`.
    by_name: HashMap<String, usize>,
    /// Declared types without fields or variants so far.
    pub(super) incomplete: VecDeque<Incomplete<'d>>,
    /// `true` if `export` has written the document.
    pub(in crate::import) is_exported: bool,
    /// The converted schema is part of a query or a form, where an empty text is null.
    pub(in crate::import) is_form: bool,
    /// Depth of the recursion in `convert`.
    pub(super) depth: usize,
}

/// A declared type whose fields or variants are added later.
pub(super) struct Incomplete<'d> {
    /// Index in `declared`.
    pub(super) index: usize,
    /// Value of [`Types::is_form`] for its schema.
    pub(super) is_form: bool,
    pub(super) definition: Definition<'d>,
}

pub(super) enum Definition<'d> {
    Struct(Box<Object<'d>>),
    TaggedUnion {
        schema: &'d Node,
        tag: &'d str,
        alternatives: Vec<TaggedAlternative<'d>>,
    },
    /// Each alternative with the property that identifies it.
    UntaggedUnion(Vec<(Alternative<'d>, &'d str)>),
}

/// An object that is one of several alternatives.
pub(super) struct Alternative<'d> {
    pub(super) schema: &'d Node,
    pub(super) object: Object<'d>,
}

/// An alternative with the values of its tag. The first one is sent.
pub(super) struct TaggedAlternative<'d> {
    pub(super) alternative: Alternative<'d>,
    pub(super) values: Vec<String>,
}

impl<'d> Types<'d> {
    pub(in crate::import) fn new(document: &'d Document) -> Self {
        Self {
            document,
            names: Names::default(),
            by_reference: HashMap::new(),
            by_address: HashMap::new(),
            declared: Vec::new(),
            by_name: HashMap::new(),
            incomplete: VecDeque::new(),
            is_exported: extensions::get(document.root(), "errors").is_some(),
            is_form: false,
            depth: 0,
        }
    }

    /// Declares a type and gives it a unique name. From then on `reference` refers to it.
    pub(super) fn declare(
        &mut self,
        hint: &str,
        schema: &'d Node,
        kind: TypeKind,
        reference: Option<&'d str>,
    ) -> TypeExpr {
        let name = self.names.reserve(&names::type_name(hint), "");
        let doc = schema.text("description");
        let doc = doc.or_else(|| schema.text("title"));
        self.by_name.insert(name.clone(), self.declared.len());
        let table = match kind {
            TypeKind::Enum(_) => "enum",
            TypeKind::Kinds(_) => "union",
            TypeKind::Id | TypeKind::Struct(_) | TypeKind::Union { .. } => "",
        };
        self.declared.push(TypeDecl {
            place: schema,
            extensions: extensions::read(schema, table),
            name: name.clone(),
            doc: docs::markdown(doc.unwrap_or_default()),
            kind,
        });
        let ty = TypeExpr::Named(name);
        if let Some(reference) = reference {
            self.by_reference.insert(reference, Some(ty.clone()));
        }
        ty
    }

    pub(super) fn declared_named(&self, name: &str) -> Option<&TypeDecl<'d>> {
        self.by_name.get(name).map(|&index| &self.declared[index])
    }

    /// Declares a struct or union that is completed later.
    pub(super) fn declare_incomplete(
        &mut self,
        hint: &str,
        schema: &'d Node,
        definition: Definition<'d>,
        reference: Option<&'d str>,
    ) -> TypeExpr {
        let index = self.declared.len();
        self.incomplete.push_back(Incomplete {
            index,
            is_form: self.is_form,
            definition,
        });
        // `complete` replaces the empty struct.
        self.declare(hint, schema, TypeKind::Struct(Vec::new()), reference)
    }

    /// Returns the type that is sent for `ty` in a path, a query, a header or a form, or `None`
    /// if the language cannot send its values as text. Null is not sent.
    pub(in crate::import) fn sent_as_text(&self, ty: &TypeExpr) -> Option<TypeExpr> {
        match ty.required() {
            TypeExpr::List(item) => {
                let item = self.single_text(item)?;
                Some(TypeExpr::List(Box::new(item)))
            }
            _ => self.single_text(ty).or_else(|| self.one_or_list(ty)),
        }
    }

    /// Like [`sent_as_text`](Self::sent_as_text) for a value that is sent as one text.
    pub(in crate::import) fn single_text(&self, ty: &TypeExpr) -> Option<TypeExpr> {
        match ty.required() {
            // A parameter of unknown type is a string.
            TypeExpr::Builtin("json") => Some(TypeExpr::Builtin("string")),
            ty if self.is_scalar(ty) => Some(ty.clone()),
            // A text, a number or a Boolean, which are all sent as text.
            ty => {
                let kinds = self.kinds(ty)?.iter();
                let all_scalar = kinds.map(|it| &it.ty).all(|it| self.is_scalar(it));
                all_scalar.then(|| ty.clone())
            }
        }
    }

    /// Returns a union of one item or a list of them.
    fn one_or_list(&self, ty: &TypeExpr) -> Option<TypeExpr> {
        let mut kinds = self.kinds(ty.required())?.iter();
        // A variant keeps its type, so that `json` does not become a string here.
        let is_sent = |ty: &TypeExpr| match ty {
            TypeExpr::List(item) => **item != TypeExpr::JSON && self.single_text(item).is_some(),
            ty => self.is_scalar(ty),
        };
        let are_sent = kinds.all(|kind| is_sent(&kind.ty));
        are_sent.then(|| ty.required().clone())
    }

    /// Returns whether a value or the items of a list have several JSON kinds.
    pub(in crate::import) fn has_kinds(&self, ty: &TypeExpr) -> bool {
        match ty.required() {
            TypeExpr::List(item) => self.has_kinds(item),
            ty => self.kinds(ty).is_some(),
        }
    }

    fn kinds(&self, ty: &TypeExpr) -> Option<&[KindVariant]> {
        let TypeExpr::Named(name) = ty else {
            return None;
        };
        match &self.declared[*self.by_name.get(name)?].kind {
            TypeKind::Kinds(kinds) => Some(kinds),
            _ => None,
        }
    }

    /// Returns whether the values of a type are any texts, including the empty one.
    pub(in crate::import) fn is_text(&self, ty: &TypeExpr) -> bool {
        match ty {
            TypeExpr::Builtin(name) => *name == "string",
            TypeExpr::Named(name) => {
                let declared = self.declared_named(name);
                declared.is_some_and(|it| matches!(it.kind, TypeKind::Id))
            }
            TypeExpr::Optional(_) | TypeExpr::List(_) | TypeExpr::Map(_) => false,
        }
    }

    fn is_scalar(&self, ty: &TypeExpr) -> bool {
        match ty {
            TypeExpr::Builtin(_) => true,
            TypeExpr::Named(name) => {
                let index = self.by_name.get(name);
                let kind = index.map(|&index| &self.declared[index].kind);
                matches!(kind, Some(TypeKind::Id | TypeKind::Enum(_)))
            }
            TypeExpr::Optional(_) | TypeExpr::List(_) | TypeExpr::Map(_) => false,
        }
    }
}
