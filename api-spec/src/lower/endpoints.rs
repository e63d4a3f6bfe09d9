//! Endpoints.

use std::collections::HashMap;

use super::{Call, Lowerer, Place};
use crate::codes::Code;
use crate::diagnostic::{Diagnostic, shown};
use crate::model::{self, FieldLocation, Method, Type};
use crate::names::{Case, RustName, WireName, is_snake_name};
use crate::path::{self, PathFault};
use crate::raw::{self, BodyKind, Shape, Text};
use crate::source::Span;
use crate::suggest::nearest;

impl<'r> Lowerer<'r, '_> {
    pub(super) fn lower_calls(&mut self, raw: &'r raw::Document) -> Vec<Call<'r>> {
        let api_base = self.lower_base(raw.api.base_path.as_ref(), Some(""));
        if let Some(text) = &raw.api.error {
            let ty = self.lower_type(text, Place::Json);
            let needs = self.take_needs();
            self.error = ty.map(|ty| (ty, needs));
        }
        for (name, _) in &raw.api.headers {
            self.check_header(name, Place::Header);
        }
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
            add_fixed(&raw.api, &mut call.model);
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
        let before_path = if path::is_link(path) { None } else { base };
        let path = format!("{}{path}", before_path.unwrap_or_default());
        let parameters = match http {
            Some(_) => self.lower_parameters(raw, &path, base.is_some()),
            None => self.lower_fields(&raw.path, Place::Path),
        };
        let mut model = model::Endpoint {
            key: raw.key.value.clone(),
            rust,
            request: RustName::escape(stem.clone()),
            doc: raw.doc.clone(),
            method,
            path,
            parameters,
            query: self.lower_fields(&raw.query, Place::Query),
            headers: self.lower_fields(&raw.headers, Place::Header),
            body: self.lower_body(raw),
            response: self.lower_response(raw, &stem),
            response_headers: self.lower_response_headers(raw, &stem),
            error: self.lower_error(raw),
            retry: self.lower_retry(raw, method),
            unauthenticated: self.lower_unauthenticated(raw),
            timeout: self.lower_timeout(raw),
            idempotency_key: None,
            fixed: Vec::new(),
            deprecated: raw.deprecated.as_ref().map(|text| text.value.clone()),
            pages: None,
            wait: None,
            span: raw.key.span,
        };
        model.fixed = std::mem::take(&mut self.fixed);
        model.idempotency_key = self.lower_idempotency_key(raw, &model);
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

    /// The parameters in the order of the path; what is described and what stands there agree. All
    /// that stands there is known only if the base is `sound`.
    fn lower_parameters(
        &mut self,
        raw: &raw::Endpoint,
        path: &str,
        sound: bool,
    ) -> Vec<model::Field> {
        let mut fields = self.lower_fields(&raw.path, Place::Path);
        if let Err(fault) = path::check_path(path)
            && let Some(http) = &raw.http
        {
            // Each of the two is sound by itself.
            let again = path[fault.at].trim_matches(['{', '}', '+']);
            let message = format!("the parameter `{}` is in `base_path` already", shown(again));
            self.diagnostics.push(
                Diagnostic::new(
                    Code::PathParameter,
                    message,
                    http.inside(),
                    "and here again",
                )
                .help(fault.kind.help()),
            );
        }
        let names: Vec<&str> = path::parameters(path).map(|(name, _)| name).collect();
        let described: Vec<&str> = raw.path.iter().map(|field| field.wire.as_str()).collect();
        let mut misspelt = Vec::new();
        let stray = |field: &&raw::Field| !names.contains(&field.wire.as_str());
        for field in raw.path.iter().filter(|field| sound && stray(field)) {
            let free = names
                .iter()
                .copied()
                .filter(|name| !described.contains(name));
            let meant = nearest(self.diagnostics.len(), &field.wire.value, free);
            misspelt.extend(meant);
            let name = shown(&field.wire.value);
            let message = format!("the path has no parameter `{name}`");
            let (at, label) = (field.wire.span, "described for nothing");
            let help = format!("write it into the path as `{{{name}}}`, or leave it out here");
            self.diagnostics.push(
                Diagnostic::new(Code::StrayParameter, message, at, label)
                    .did_you_mean(at, meant)
                    .help(help),
            );
        }
        // What is there under a slip of the pen is not missing as well.
        let known = |name: &&&str| described.contains(name) || misspelt.contains(name);
        for name in names.iter().filter(|name| !known(name)) {
            self.undescribed(raw, name);
        }
        fields.sort_by_key(|field| names.iter().position(|name| *name == field.wire.as_str()));
        fields
    }

    fn undescribed(&mut self, raw: &raw::Endpoint, name: &str) {
        let Some(http) = &raw.http else { return };
        let own = path::parameters(&http.value).find(|(own, _)| *own == name);
        let (at, label) = match own {
            Some((_, at)) => (http.place(at), "what is it?"),
            None => (http.inside(), "the parameter is in `base_path`"),
        };
        let message = format!("the path parameter `{}` is not described", shown(name));
        let mut diagnostic = Diagnostic::new(Code::UndescribedParameter, message, at, label);
        if let Some(key) = raw.path_key {
            diagnostic = diagnostic.label(key, "not among these");
        }
        let help = format!(
            "give it a type: `path = {{ {} = \"string\" }}`",
            shown(name)
        );
        self.diagnostics.push(diagnostic.help(help));
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
        if let Some(text) = &first.whole {
            return self.lower_whole(first, text);
        }
        match first.kind {
            BodyKind::Raw => model::Body::Empty,
            BodyKind::Json => model::Body::Json(fields),
            BodyKind::Form => model::Body::Form(fields),
            BodyKind::Multipart => model::Body::Multipart(fields),
        }
    }

    /// A body that is one value, not an object of fields.
    fn lower_whole(&mut self, raw: &raw::Body, text: &Text) -> model::Body {
        let field = |ty| model::Field {
            wire: WireName::new("body"),
            rust: RustName::escape("body".to_owned()),
            ty,
            join: None,
            default: None,
            bounds: model::Bounds::default(),
            deprecated: None,
            doc: String::new(),
            span: raw.span,
        };
        if raw.kind == BodyKind::Json {
            let ty = self.lower_type(text, Place::Json).unwrap_or(Type::Json);
            return model::Body::JsonValue(field(ty));
        }
        if !is_media_type(&text.value) {
            let message = format!("`{}` is not a media type", shown(&text.value));
            let (at, label) = (text.inside(), "what the bytes are");
            self.diagnostics
                .push(Diagnostic::new(Code::MediaType, message, at, label).help(
                    "for example: `body = \"application/octet-stream\"`; a body of JSON fields is \
                     `json = { … }`",
                ));
        }
        model::Body::Raw(field(Type::File), text.value.clone())
    }

    fn lower_response(&mut self, raw: &raw::Endpoint, stem: &str) -> model::Response {
        if raw.responses_key.is_some() {
            return self.lower_cases(raw, stem);
        }
        let Some(response) = &raw.response else {
            return model::Response::Nothing;
        };
        self.lower_shape(&response.shape, format!("{stem}Response"), response.span)
    }

    fn lower_shape(&mut self, shape: &Shape, name: String, span: Span) -> model::Response {
        match shape {
            Shape::Object(fields) => model::Response::Object(model::Struct {
                name: RustName::escape(name),
                doc: String::new(),
                fields: self.lower_fields(fields, Place::Json),
                span,
            }),
            Shape::Value(text) if text.value.trim() == "text" => model::Response::Text,
            Shape::Value(text) if text.value.trim() == "bytes" => model::Response::Bytes,
            Shape::Value(text) if text.value.trim() == "stream" => model::Response::Stream,
            Shape::Value(text) => {
                let ty = self.lower_type(text, Place::Json).unwrap_or(Type::Json);
                model::Response::Value(ty)
            }
        }
    }
}

// Answers by status, errors, headers.
impl Lowerer<'_, '_> {
    fn lower_error(&mut self, raw: &raw::Endpoint) -> Option<Type> {
        if let Some(text) = &raw.error {
            return self.lower_type(text, Place::Json);
        }
        let (ty, needs) = self.error.as_ref()?;
        self.needs.extend(needs);
        Some(ty.clone())
    }

    fn lower_cases(&mut self, raw: &raw::Endpoint, stem: &str) -> model::Response {
        let beside = [
            (raw.response.as_ref().map(|it| it.span), "response"),
            (raw.response_headers_key, "response_headers"),
        ];
        for (span, name) in beside {
            let (Some(at), Some(key)) = (span, raw.responses_key) else {
                continue;
            };
            let message = format!("both `{name}` and `responses`");
            self.diagnostics.push(
                Diagnostic::new(Code::SeveralResponses, message, at, "the one answer")
                    .label(key, "the answers by their status")
                    .help("`responses` takes the place of `response` where there are several"),
            );
        }
        let mut cases = Vec::new();
        for (text, shape) in &raw.responses {
            let Some((status, variant)) = self.lower_status(text) else {
                continue;
            };
            let response = match shape {
                Shape::Value(word) if word.value.trim() == "nothing" => model::Response::Nothing,
                Shape::Value(word) if word.value.trim() == "stream" => {
                    let message = "one of several answers cannot be a stream";
                    let label = "which of them is streamed is not known before";
                    self.diagnostics.push(
                        Diagnostic::new(Code::SeveralResponses, message, word.inside(), label)
                            .help("say `\"bytes\"`, or describe the stream alone as `response`"),
                    );
                    model::Response::Bytes
                }
                shape => self.lower_shape(shape, format!("{stem}{variant}"), text.span),
            };
            cases.push(model::Case {
                status,
                variant: RustName::escape(variant),
                response,
                span: text.span,
            });
        }
        model::Response::ByStatus(Box::new(model::Cases {
            name: RustName::escape(format!("{stem}Response")),
            cases,
        }))
    }

    /// A status code and the name of its variant.
    fn lower_status(&mut self, text: &Text) -> Option<(u16, String)> {
        let status = text.value.parse().ok();
        let known = status.filter(|status| (200..600).contains(status) && text.value.len() == 3);
        let Some(status) = known else {
            let message = format!("`{}` is not the status of an answer", shown(&text.value));
            let help =
                "statuses have three digits, from 200 to 599, as in `responses.404 = \"text\"`";
            self.diagnostics.push(
                Diagnostic::new(Code::StatusCode, message, text.span, "not a status").help(help),
            );
            return None;
        };
        let known = STATUSES.iter().find(|(code, _)| *code == status);
        let name = known.map_or_else(|| format!("Status{status}"), |(_, name)| (*name).to_owned());
        Some((status, name))
    }

    fn lower_response_headers(
        &mut self,
        raw: &raw::Endpoint,
        stem: &str,
    ) -> Option<model::ResponseHeaders> {
        raw.response_headers_key?;
        Some(model::ResponseHeaders {
            name: RustName::escape(format!("{stem}Response")),
            headers: self.lower_fields(&raw.response_headers, Place::ResponseHeader),
        })
    }
}

/// What RFC 9110 and its neighbours call the statuses that APIs describe.
const STATUSES: [(u16, &str); 38] = [
    (200, "Ok"),
    (201, "Created"),
    (202, "Accepted"),
    (203, "NonAuthoritative"),
    (204, "NoContent"),
    (205, "ResetContent"),
    (206, "PartialContent"),
    (207, "MultiStatus"),
    (300, "MultipleChoices"),
    (301, "MovedPermanently"),
    (302, "Found"),
    (303, "SeeOther"),
    (304, "NotModified"),
    (307, "TemporaryRedirect"),
    (308, "PermanentRedirect"),
    (400, "BadRequest"),
    (401, "Unauthorized"),
    (402, "PaymentRequired"),
    (403, "Forbidden"),
    (404, "NotFound"),
    (405, "MethodNotAllowed"),
    (406, "NotAcceptable"),
    (408, "RequestTimeout"),
    (409, "Conflict"),
    (410, "Gone"),
    (412, "PreconditionFailed"),
    (413, "ContentTooLarge"),
    (415, "UnsupportedMediaType"),
    (416, "RangeNotSatisfiable"),
    (422, "UnprocessableContent"),
    (423, "Locked"),
    (424, "FailedDependency"),
    (429, "TooManyRequests"),
    (500, "InternalServerError"),
    (501, "NotImplemented"),
    (502, "BadGateway"),
    (503, "ServiceUnavailable"),
    (504, "GatewayTimeout"),
];

/// A type and a subtype, perhaps with parameters: RFC 9110, section 8.3.1, without quoted strings.
fn is_media_type(text: &str) -> bool {
    let is_token = |text: &str| {
        let allowed = |c: char| c.is_ascii_alphanumeric() || "!#$%&'*+-.^_`|~".contains(c);
        !text.is_empty() && text.chars().all(allowed)
    };
    let mut parts = text.split(';');
    let essence = parts.next().unwrap_or_default().split_once('/');
    let mut parameters = parts.map(|part| part.trim().split_once('='));
    essence.is_some_and(|(main, sub)| is_token(main) && is_token(sub))
        && parameters
            .all(|part| part.is_some_and(|(name, value)| is_token(name) && is_token(value)))
}

/// Adds what the API sends with every request, unless the endpoint says otherwise.
fn add_fixed(api: &raw::Api, endpoint: &mut model::Endpoint) {
    let all = [
        (FieldLocation::Query, &api.query),
        (FieldLocation::Header, &api.headers),
    ];
    for (place, given) in all {
        for (name, value) in given {
            let same = |wire: &WireName| match place {
                FieldLocation::Header => wire.as_str().eq_ignore_ascii_case(&name.value),
                _ => wire.as_str() == name.value,
            };
            let fields = if place == FieldLocation::Header {
                &endpoint.headers
            } else {
                &endpoint.query
            };
            let mut fixed = endpoint
                .fixed
                .iter()
                .filter(|fixed| fixed.location == place);
            if fields.iter().any(|field| same(&field.wire)) || fixed.any(|it| same(&it.wire)) {
                continue;
            }
            endpoint.fixed.push(model::Fixed {
                location: place,
                wire: WireName::new(&name.value),
                value: value.clone(),
            });
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
    let (code, message) = if fault.kind.is_parameter() {
        let message = format!("path `{}` has a faulty parameter", shown(path));
        (Code::PathParameter, message)
    } else {
        let message = format!("path `{}` cannot be sent as it is", shown(path));
        (Code::InvalidPath, message)
    };
    Diagnostic::new(code, message, at, fault.kind.label()).help(fault.kind.help())
}
