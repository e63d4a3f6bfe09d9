//! The table of endpoints, for calls by name.

use api_spec::model::{Builtin, Endpoint, Enum, Field, Group, Type};
use proc_macro2::TokenStream;
use quote::quote;

use crate::context::Context;
use crate::emit::names::ident;
use crate::emit::values;
use crate::notation;

/// Emits the shape of error responses, which all operations share. Types cannot have a name of this
/// form.
pub(crate) fn emit_errors(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let errors = &context.api.errors;
    let (message, code, expired) = (&errors.message, &errors.code, &errors.expired);
    let (refused, failed) = (
        &context.api.transient.refused,
        &context.api.transient.failed,
    );
    let conditions = errors.conditions.iter().map(|condition| {
        let (key, equal) = (&condition.key, condition.equal);
        let value = values::literal(context, &condition.value);
        quote!(#rt::Condition { key: #key, value: #value, equal: #equal })
    });
    quote! {
        const ERROR_SHAPE: &#rt::ErrorShape<'static> = &#rt::ErrorShape {
            message: &[#(#message),*],
            code: &[#(#code),*],
            expired: &[#(#expired),*],
            conditions: &[#(#conditions),*],
            refused: &[#(#refused),*],
            failed: &[#(#failed),*],
        };
    }
}

/// Emits the table.
pub(crate) fn emit(context: &Context<'_>) -> TokenStream {
    let rt = &context.rt;
    let doc = context.docs.text("All endpoints, for calls by name.");
    let rows = context.api.groups.iter().flat_map(|group| {
        let endpoints = group.endpoints.iter();
        endpoints.map(move |endpoint| row(context, group, endpoint))
    });
    quote! {
        #doc
        pub static ENDPOINTS: &[#rt::Endpoint<'static>] = &[#(#rows),*];
    }
}

fn row(context: &Context<'_>, group: &Group, endpoint: &Endpoint) -> TokenStream {
    let rt = &context.rt;
    let (module, request, doc) = (ident(&group.rust), ident(&endpoint.request), &endpoint.doc);
    let locations = [
        (endpoint.parameters.as_slice(), 'p'),
        (&endpoint.query, 'q'),
        (&endpoint.headers, 'h'),
        (endpoint.body.fields(), 'b'),
    ];
    let lines = locations.into_iter().flat_map(|(fields, location)| {
        let fields = fields.iter();
        fields.map(move |field| line(context, field, location))
    });
    let table = context.lines(&lines.collect::<Vec<_>>());
    quote! {
        #rt::Endpoint {
            operation: #module::#request::OPERATION,
            doc: #doc,
            table: #table,
        }
    }
}

/// Returns a field in the columns that the runtime's `Field::read` expects.
fn line(context: &Context<'_>, field: &Field, location: char) -> String {
    let kind = kind(notation::required(&field.ty));
    let join = field.join.map(String::from).unwrap_or_default();
    let (name, ty) = (field.wire.as_str(), &field.ty);
    let default = notation::default_text(field).map(|text| format!("={text}"));
    let default = default.unwrap_or_default();
    let (min, max) = notation::columns(&field.bounds);
    let doc = doc(context, field).replace(char::is_control, " ");
    format!("{location}{kind}{join}\t{name}\t{ty}\t{default}\t{min}\t{max}\t{doc}")
}

/// Returns the doc of the field, or else the one of its type, and the values of an enum.
fn doc(context: &Context<'_>, field: &Field) -> String {
    let ty = notation::required(&field.ty);
    let doc = match field.doc.as_str() {
        "" => context.index.doc(ty),
        doc => doc,
    };
    let item = match ty {
        Type::Enum(name) => context.index.enum_named(name),
        _ => None,
    };
    item.map_or_else(|| doc.to_owned(), |item| with_values(doc, item))
}

fn with_values(doc: &str, item: &Enum) -> String {
    let names: Vec<_> = item
        .values
        .iter()
        .map(|value| format!("`{}`", value.wire))
        .collect();
    format!("{doc} One of {}.", names.join(", "))
        .trim_start()
        .to_owned()
}

/// Returns the letter of the runtime's `FieldKind`.
fn kind(ty: &Type) -> char {
    match ty {
        Type::Builtin(Builtin::Uint) => 'u',
        Type::Float
        | Type::Builtin(
            Builtin::UnixSeconds | Builtin::UnixMillis | Builtin::Seconds | Builtin::Millis,
        ) => 'n',
        Type::String | Type::Id(_) | Type::Enum(_) | Type::Builtin(_) => 't',
        Type::Bool => 'b',
        Type::Int => 'i',
        Type::File => 'f',
        Type::RawJson => 'r',
        Type::Json
        | Type::Struct(_)
        | Type::Union(_)
        | Type::Optional(_)
        | Type::Nullable(_)
        | Type::List(_)
        | Type::Map(_) => 'j',
    }
}
