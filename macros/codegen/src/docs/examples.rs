//! Example calls in the documentation of functions.
//!
//! A user's `cargo test` neither compiles nor runs them. A test of this workspace compiles the examples
//! of the specs in it.

use std::rc::Rc;

use api_spec::model::{
    Api, Binding, Builtin, Endpoint, Field, Group, Pages, Response, Struct, Type, Union, Waiter,
};
use api_spec::names::RustName;
use proc_macro2::TokenStream;

use crate::analysis::index::Index;

/// Writes examples for the endpoints of one API.
pub(super) struct Examples<'a> {
    api: &'a Api,
    index: Rc<Index<'a>>,
    runtime: String,
}

/// Longest line of an example.
const MAX_WIDTH: usize = 88;

/// Example of a JSON value.
const JSON_VALUE: &str = "serde_json::json!({})";

impl<'a> Examples<'a> {
    pub(super) fn new(api: &'a Api, index: Rc<Index<'a>>, runtime: &TokenStream) -> Self {
        let mut runtime = runtime.to_string();
        runtime.retain(|c| !c.is_whitespace());
        Self {
            api,
            index,
            runtime: runtime.trim_start_matches("::").to_owned(),
        }
    }

    pub(super) fn call(&self, group: &Group, endpoint: &Endpoint) -> String {
        format!(
            "{}{}",
            self.request("request", group, endpoint),
            call(group, endpoint)
        )
    }

    pub(super) fn pages(&self, group: &Group, endpoint: &Endpoint, pages: &Pages) -> String {
        let function = path(group, &pages.function);
        format!(
            "{}for item in {function}(&client, request) {{\n    println!(\"{{:?}}\", item?);\n}}\n",
            self.request("request", group, endpoint),
        )
    }

    pub(super) fn wait(&self, group: &Group, endpoint: &Endpoint, waiter: &Waiter) -> String {
        let mut arguments = vec!["&client".to_owned()];
        let binds = |from: fn(&Binding) -> bool| waiter.bind.iter().any(from);
        if binds(|from| matches!(from, Binding::Request(_))) {
            arguments.push("&request".to_owned());
        }
        if binds(|from| matches!(from, Binding::Response(_))) {
            arguments.push("&response".to_owned());
        }
        arguments.push("Wait::new()".to_owned());
        format!(
            "{}{}{}",
            self.request("request", group, endpoint),
            call(group, endpoint),
            bind("completed", &path(group, &waiter.function), &arguments, "?"),
        )
    }

    pub(super) fn progress(&self, group: &Group, endpoint: &Endpoint, waiter: &Waiter) -> String {
        let groups = self.api.groups.iter();
        let polled = groups.filter(|group| group.rust == waiter.group);
        let mut polled = polled.flat_map(|group| group.endpoints.iter().map(move |it| (group, it)));
        let Some((poll_group, poll)) = polled.find(|(_, item)| item.rust == waiter.poll) else {
            return String::new();
        };
        let response = format!("{}(&client, &poll)?", path(poll_group, &poll.rust));
        let progress = path(group, &waiter.progress);
        debug_assert!(endpoint.wait.is_some());
        format!(
            "{}let progress = {progress}(&{response});\n",
            self.request("poll", poll_group, poll),
        )
    }

    fn request(&self, variable: &str, group: &Group, endpoint: &Endpoint) -> String {
        let new = format!("{}::new", path(group, &endpoint.request));
        let fields = endpoint.fields();
        bind(variable, &new, &self.arguments(fields), "")
    }

    /// Returns the arguments of `new`.
    fn arguments<'f>(&self, fields: impl Iterator<Item = &'f Field>) -> Vec<String> {
        let fields = fields.filter(|field| field.is_required());
        fields.map(|field| self.argument(field)).collect()
    }

    fn argument(&self, field: &Field) -> String {
        let name = field.rust.unraw();
        match field.declared_type() {
            Type::String | Type::Id(_) | Type::Builtin(Builtin::Secret) => format!("\"{name}\""),
            Type::RawJson => JSON_VALUE.to_owned(),
            Type::Builtin(builtin) => self.builtin(*builtin),
            ty => self.value(name, ty),
        }
    }

    /// Returns an argument that is converted into the type.
    fn builtin(&self, builtin: Builtin) -> String {
        let value = match builtin {
            Builtin::Uint => "1",
            Builtin::Secret => "\"secret\"",
            Builtin::Base64 => "b\"bytes\".to_vec()",
            Builtin::IntText | Builtin::Decimal | Builtin::DecimalText => "1_i64",
            Builtin::UintText => "1_u64",
            Builtin::Date => return format!("{}::types::Date::new(2024, 5, 1)?", self.runtime),
            Builtin::Timestamp | Builtin::UnixSeconds | Builtin::UnixMillis => {
                "std::time::SystemTime::now()"
            }
            Builtin::Seconds | Builtin::Millis | Builtin::Duration | Builtin::SecondsText => {
                "std::time::Duration::from_secs(1)"
            }
        };
        value.to_owned()
    }

    /// Returns a value of exactly this type.
    fn value(&self, name: &str, ty: &Type) -> String {
        match ty {
            Type::String | Type::Id(_) | Type::Builtin(Builtin::Secret) => {
                format!("\"{name}\".into()")
            }
            Type::Bool => "true".to_owned(),
            Type::Int => "1".to_owned(),
            Type::Float => "1.0".to_owned(),
            Type::Json => JSON_VALUE.to_owned(),
            Type::RawJson => format!("{JSON_VALUE}.into()"),
            Type::File => format!("{}::Upload::path(\"{name}\")", self.runtime),
            Type::Builtin(builtin @ (Builtin::Uint | Builtin::Date)) => self.builtin(*builtin),
            Type::Builtin(builtin) => format!("{}.into()", self.builtin(*builtin)),
            Type::Enum(name) => {
                let values = self.index.enum_named(name).map(|item| &item.values);
                let value = values.and_then(|values| values.first());
                let variant = value.map_or_else(String::new, |value| value.rust.to_string());
                format!("{name}::{variant}")
            }
            Type::Struct(name) => {
                let object = self.index.struct_named(name);
                object.map_or_else(String::new, |object| self.object(object))
            }
            Type::Union(name) => {
                let union = self.index.union_named(name);
                union.map_or_else(String::new, |union| self.variant(union))
            }
            Type::List(inner) => match &**inner {
                // The items of a recursive type would not end.
                Type::Struct(_) | Type::Union(_) => "vec![]".to_owned(),
                item => format!("vec![{}]", self.value(name, item.required())),
            },
            Type::Map(_) => "std::collections::BTreeMap::new()".to_owned(),
            Type::Optional(_) | Type::Nullable(_) => "Default::default()".to_owned(),
        }
    }

    fn object(&self, object: &Struct) -> String {
        let arguments = self.arguments(object.fields.iter()).join(", ");
        format!("{}::new({arguments})", object.name)
    }

    /// Returns a value of a variant that does not contain the union.
    fn variant(&self, union: &Union) -> String {
        let name = &union.name;
        if let Some(kind) = union.kinds.iter().find(|kind| !kind.is_boxed) {
            let value = self.value(kind.name.as_str(), &kind.ty);
            return format!("{name}::{}({value})", kind.rust);
        }
        if let Some(variant) = union.variants.iter().find(|variant| !variant.is_boxed) {
            return format!("{name}::{}({})", variant.rust, self.object(&variant.body));
        }
        format!("{name}::{}({JSON_VALUE}.into())", union.unknown)
    }
}

/// Returns the example of a function that creates a client builder.
pub(super) fn builder(function: &str, arguments: &[&str], is_fallible: bool) -> String {
    let arguments: Vec<_> = arguments.iter().map(|name| format!("{name:?}")).collect();
    let end = if is_fallible { "?" } else { "" };
    format!(
        "let client = {function}({}){end}.build()?;\n",
        arguments.join(", ")
    )
}

fn call(group: &Group, endpoint: &Endpoint) -> String {
    let function = path(group, &endpoint.rust);
    let mut arguments = vec!["&client".to_owned(), "&request".to_owned()];
    if endpoint.response == Response::Stream {
        arguments.push("&mut std::io::stdout()".to_owned());
    }
    if endpoint.response == Response::Nothing && endpoint.response_headers.is_none() {
        return format!("{function}({})?;\n", arguments.join(", "));
    }
    if let Response::Events(_) = endpoint.response {
        let (variable, events) = match &endpoint.response_headers {
            Some(_) => ("response", "response.body"),
            None => ("events", "events"),
        };
        let call = bind(variable, &function, &arguments, "?");
        return format!("{call}for event in {events} {{\n    println!(\"{{:?}}\", event?);\n}}\n");
    }
    bind("response", &function, &arguments, "?")
}

/// Writes a `let` statement of a call, on several lines if it is long.
fn bind(variable: &str, function: &str, arguments: &[String], end: &str) -> String {
    let line = format!(
        "let {variable} = {function}({}){end};\n",
        arguments.join(", ")
    );
    if line.len() <= MAX_WIDTH {
        return line;
    }
    let arguments = arguments.join(",\n    ");
    format!("let {variable} = {function}(\n    {arguments},\n){end};\n")
}

fn path(group: &Group, item: &RustName) -> String {
    format!("{}::{item}", group.rust)
}
