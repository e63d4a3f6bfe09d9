//! Endpoints.

use std::collections::HashMap;

use super::{Call, Lowerer, Place};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{self, Method, Retry, Type};
use crate::names::{Case, RustName, is_snake_name};
use crate::path::{self, PathFault, PathFaultKind};
use crate::raw::{self, BodyKind, Shape, Text};
use crate::suggest::nearest;

impl<'r> Lowerer<'r, '_> {
    pub(super) fn lower_calls(&mut self, raw: &'r raw::Document) -> Vec<Call<'r>> {
        let api_base = self.lower_base(raw.api.base_path.as_ref(), Some(""));
        let mut bases = HashMap::new();
        for group in &raw.groups {
            bases.insert(
                group.key.as_str(),
                self.lower_base(group.base_path.as_ref(), api_base),
            );
        }
        let mut groups = HashMap::new();
        let mut calls = Vec::new();
        for endpoint in &raw.endpoints {
            let key = &endpoint.group;
            let sound = *groups
                .entry(key.as_str())
                .or_insert_with(|| self.check_snake_name(key, "group"));
            let base = bases.get(key.as_str()).copied().unwrap_or(api_base);
            let mut call = self.lower_call(endpoint, base);
            call.faulty |= !sound;
            calls.push(call);
        }
        calls
    }

    /// The base that counts, unless it is faulty.
    fn lower_base(&mut self, own: Option<&'r Text>, outer: Option<&'r str>) -> Option<&'r str> {
        let Some(text) = own else {
            return outer;
        };
        match path::check_base_path(&text.value) {
            Ok(()) => Some(&text.value),
            Err(fault) => {
                self.diagnostics
                    .push(diagnose_path(text, 0, &text.value, &fault));
                None
            }
        }
    }

    fn lower_call(&mut self, raw: &'r raw::Endpoint, base: Option<&'r str>) -> Call<'r> {
        let before = self.diagnostics.len();
        let rust = self.lower_function_name(raw);
        let stem = Case::Camel
            .apply(rust.unraw())
            .unwrap_or_else(|| "Nameless".to_owned());
        let base = self.lower_base(raw.base_path.as_ref(), base);
        let http = raw.http.as_ref().and_then(|http| self.lower_http(http));
        if let Some((method, _)) = http {
            self.check_bodies(raw, method);
        }
        let (method, path) = http.unwrap_or((Method::Get, ""));
        let model = model::Endpoint {
            key: raw.key.value.clone(),
            rust,
            request: RustName::escape(stem.clone()),
            doc: raw.doc.clone(),
            method,
            path: format!("{}{path}", base.unwrap_or_default()),
            query: self.lower_fields(&raw.query, Place::Query),
            body: self.lower_body(raw),
            response: self.lower_response(raw, &stem),
            retry: self.lower_retry(raw, method),
            wait: None,
            span: raw.key.span,
        };
        let unsound = self.diagnostics.len() > before;
        let faulty = raw.faulty || unsound || base.is_none() || http.is_none();
        Call {
            raw,
            model,
            needs: self.take_needs(),
            faulty,
        }
    }

    fn lower_function_name(&mut self, raw: &raw::Endpoint) -> RustName {
        self.check_snake_name(&raw.key, "endpoint");
        self.lower_name(&raw.key, raw.rust.as_ref(), Case::Snake)
            .unwrap_or_else(|| RustName::escape(format!("nameless_{}", raw.key.span.start)))
    }

    fn check_snake_name(&mut self, name: &Text, what: &str) -> bool {
        let sound = is_snake_name(&name.value);
        if !sound {
            let snake = Case::Snake
                .apply(&name.value)
                .filter(|snake| is_snake_name(snake));
            let message = format!("{what} `{}` is not in snake_case", shown(&name.value));
            self.diagnostics.push(
                Diagnostic::new(
                    Code::SnakeName,
                    message,
                    name.span,
                    format!("the name of the {what}"),
                )
                .did_you_mean(name.span, snake.as_deref()),
            );
        }
        sound
    }

    fn lower_http(&mut self, http: &'r Text) -> Option<(Method, &'r str)> {
        let text = http.value.as_str();
        let Some((method_at, path_at)) = path::split_http(text) else {
            self.diagnostics.push(diagnose_http(http));
            return None;
        };
        let word = &text[method_at.clone()];
        let method = path::find_method(word);
        if method.is_none() {
            let at = http.place(method_at);
            let meant = nearest(
                self.diagnostics.len(),
                word,
                Method::ALL.map(Method::as_str),
            );
            let all = Method::ALL.map(Method::as_str).join("`, `");
            let message = format!("unknown HTTP method `{}`", shown(word));
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownMethod, message, at, "not a method")
                    .did_you_mean(at, meant)
                    .help(format!("the methods are `{all}`")),
            );
        }
        let path = &text[path_at.clone()];
        if let Err(fault) = path::check_path(path) {
            self.diagnostics
                .push(diagnose_path(http, path_at.start, path, &fault));
            return None;
        }
        Some((method?, path))
    }

    fn lower_retry(&mut self, raw: &raw::Endpoint, method: Method) -> Retry {
        let Some(text) = &raw.retry else {
            return Retry::of(method);
        };
        let found = Retry::ALL
            .into_iter()
            .find(|retry| retry.as_str() == text.value);
        found.unwrap_or_else(|| {
            let words = Retry::ALL.map(Retry::as_str);
            let meant = nearest(self.diagnostics.len(), &text.value, words);
            let message = format!("unknown retry class `{}`", shown(&text.value));
            self.diagnostics.push(
                Diagnostic::new(Code::UnknownRetry, message, text.inside(), "not a class")
                    .did_you_mean(text.inside(), meant)
                    .help(format!("the classes are `{}`", words.join("`, `"))),
            );
            Retry::Never
        })
    }

    fn check_bodies(&mut self, raw: &raw::Endpoint, method: Method) {
        if !matches!(method, Method::Get | Method::Head) {
            return;
        }
        let name = method.as_str();
        for body in &raw.bodies {
            let message = format!("a `{name}` request has no body");
            let mut diagnostic =
                Diagnostic::new(Code::NoBody, message, body.span, "this would be its body");
            if let Some(http) = &raw.http {
                diagnostic = diagnostic.label(http.inside(), "the method is said here");
            }
            self.diagnostics
                .push(diagnostic.help("put the parameters into `query`, or change the method"));
        }
        if let (Method::Head, Some(response)) = (method, &raw.response) {
            let message = "the answer to `HEAD` has no body";
            self.diagnostics.push(
                Diagnostic::new(Code::NoBody, message, response.span, "nothing to read here")
                    .help("leave out `response`"),
            );
        }
    }

    fn lower_body(&mut self, raw: &raw::Endpoint) -> model::Body {
        let mut lowered = raw
            .bodies
            .iter()
            .map(|body| (body, self.lower_fields(&body.fields, Place::of(body.kind))))
            .collect::<Vec<_>>()
            .into_iter();
        let Some((first, fields)) = lowered.next() else {
            return model::Body::Empty;
        };
        for (other, _) in lowered {
            let (one, two) = (first.kind.as_str(), other.kind.as_str());
            let message = format!("both `{one}` and `{two}`: a request has one body");
            self.diagnostics.push(
                Diagnostic::new(Code::SeveralBodies, message, other.span, "a second body")
                    .label(first.span, "the first body")
                    .help("put all fields under one of the two"),
            );
        }
        match first.kind {
            BodyKind::Json => model::Body::Json(fields),
            BodyKind::Form => model::Body::Form(fields),
            BodyKind::Multipart => model::Body::Multipart(fields),
        }
    }

    fn lower_response(&mut self, raw: &raw::Endpoint, stem: &str) -> model::Response {
        let Some(response) = &raw.response else {
            return model::Response::Nothing;
        };
        match &response.shape {
            Shape::Object(fields) => model::Response::Object(model::Struct {
                name: RustName::escape(format!("{stem}Response")),
                doc: String::new(),
                fields: self.lower_fields(fields, Place::Json),
                span: response.span,
            }),
            Shape::Value(text) => {
                let ty = self.lower_type(text, Place::Json).unwrap_or(Type::Json);
                model::Response::Value(ty)
            }
        }
    }
}

fn diagnose_http(http: &Text) -> Diagnostic {
    let text = http.value.trim();
    let message = "`http` takes a method and a path";
    let at = http.span;
    if text.starts_with('/') {
        Diagnostic::new(Code::HttpSyntax, message, at, "the method is missing")
            .help(format!("for example: `http = \"GET {}\"`", shown(text)))
    } else if text.is_empty() {
        Diagnostic::new(Code::HttpSyntax, message, at, "both are missing")
            .help("for example: `http = \"GET /path\"`")
    } else {
        Diagnostic::new(Code::HttpSyntax, message, at, "the path is missing")
            .help(format!("for example: `http = \"{} /path\"`", shown(text)))
    }
}

/// A fault in the path that begins at `offset` of `text`.
fn diagnose_path(text: &Text, offset: usize, path: &str, fault: &PathFault) -> Diagnostic {
    let at = text.place(fault.at.start + offset..fault.at.end + offset);
    let (code, message) = match fault.kind {
        PathFaultKind::Parameter => (
            Code::PathParameter,
            format!("path `{}` has a parameter", shown(path)),
        ),
        _ => (
            Code::InvalidPath,
            format!("path `{}` cannot be sent as it is", shown(path)),
        ),
    };
    Diagnostic::new(code, message, at, fault.kind.label()).help(fault.kind.help())
}
