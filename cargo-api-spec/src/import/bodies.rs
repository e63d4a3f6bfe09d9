//! What requests carry, and what comes back.

use super::bounds;
use super::document::Version;
use super::draft::{Field, Part, Ty};
use super::names;
use super::operations::Importer;
use crate::json::Json;

const FORM: &str = "application/x-www-form-urlencoded";
const MULTIPART: &str = "multipart/form-data";

/// A key of the language, and what stands behind it.
type Keyed = (&'static str, Part);

impl<'d> Importer<'d> {
    /// The body of a request, or why the operation cannot be described.
    pub(super) fn body(
        &mut self,
        operation: &'d Json,
        parameters: &[&'d Json],
    ) -> Result<Option<Keyed>, String> {
        match self.document.version {
            Version::Swagger2 => self.body_of_parameters(operation, parameters),
            Version::OpenApi3 => match operation.get("requestBody") {
                None => Ok(None),
                Some(body) => self.body_of_content(body),
            },
        }
    }

    fn body_of_content(&mut self, body: &'d Json) -> Result<Option<Keyed>, String> {
        let body = self
            .document
            .resolve(body)
            .ok_or("its body is not in this document")?;
        let content = body.get("content").map_or(&[][..], Json::members);
        let find = |wanted: &dyn Fn(&str) -> bool| {
            let found = content.iter().find(|(media, _)| wanted(&essence(media)));
            found.and_then(|(_, content)| content.get("schema"))
        };
        let json = find(&is_json);
        let form = || find(&|media| media == FORM);
        let multipart = || find(&|media| media == MULTIPART);
        let (kind, schema) = match json {
            Some(schema) => ("json", schema),
            None => match form() {
                Some(schema) => ("form", schema),
                None => match multipart() {
                    Some(schema) => ("multipart", schema),
                    None if content.is_empty() => return Ok(None),
                    None => return Ok(Some(self.raw(content))),
                },
            },
        };
        if content.len() > 1 {
            let words = format!("of the bodies {} only `{kind}`", medias(content));
            self.report.loosen(&self.origin, words);
        }
        self.part(kind, schema).map(Some)
    }

    /// A body that is sent as it is.
    fn raw(&mut self, content: &[(String, Json)]) -> Keyed {
        let media = essence(&content[0].0);
        if content.len() > 1 {
            let words = format!("of the bodies {} only `{media}`", medias(content));
            self.report.loosen(&self.origin, words);
        }
        self.taken.claim("body", "_");
        ("body", Part::Word(media))
    }

    fn body_of_parameters(
        &mut self,
        operation: &'d Json,
        parameters: &[&'d Json],
    ) -> Result<Option<Keyed>, String> {
        let of = |place: &'static str| {
            let here = move |it: &&&'d Json| it.text("in") == Some(place);
            parameters.iter().filter(here).copied()
        };
        if let Some(body) = of("body").next() {
            let schema = body.get("schema").ok_or("nothing is said of its body")?;
            return self.part("json", schema).map(Some);
        }
        let mut fields = Vec::new();
        let mut files = false;
        for parameter in of("formData") {
            let name = parameter.text("name").unwrap_or_default();
            let required = parameter.is("required");
            files |= parameter.text("type") == Some("file");
            fields.extend(self.form_field(
                name,
                parameter,
                required,
                parameter.text("type") == Some("file"),
            )?);
        }
        if fields.is_empty() {
            return Ok(None);
        }
        let root = self.document.root.list("consumes");
        let own = operation.list("consumes");
        let consumes = if own.is_empty() { root } else { own };
        let parts = files || consumes.iter().any(|it| it.as_text() == Some(MULTIPART));
        let kind = if parts { "multipart" } else { "form" };
        Ok(Some((kind, Part::Fields(fields))))
    }

    fn part(&mut self, kind: &'static str, schema: &'d Json) -> Result<Keyed, String> {
        let object = self.types.flatten(schema);
        let Some(object) = object else {
            if kind != "json" {
                return Err("its body is not an object with named fields".to_owned());
            }
            let hint = format!("{}Body", self.stem);
            let ty = self.types.convert(schema, &hint, self.report);
            self.taken.claim("body", "_");
            return Ok((kind, Part::Type(ty.present().clone())));
        };
        if kind == "json" {
            let stem = self.stem.clone();
            let fields = self
                .types
                .fields(&object, &stem, &mut self.taken, self.report);
            return Ok((kind, Part::Fields(fields)));
        }
        let mut fields = Vec::new();
        for (name, schema) in object.properties() {
            let file = kind == "multipart" && self.is_file(schema);
            fields.extend(self.form_field(name, schema, object.requires(name), file)?);
        }
        Ok((kind, Part::Fields(fields)))
    }

    fn form_field(
        &mut self,
        name: &str,
        schema: &'d Json,
        required: bool,
        file: bool,
    ) -> Result<Option<Field>, String> {
        let hint = format!("{}{}", self.stem, names::type_name(name));
        let sendable = if file {
            Some(Ty::Plain("file"))
        } else {
            let ty = self.types.convert(schema, &hint, self.report);
            self.sendable(ty, false)
        };
        let named = !name.is_empty() && !name.contains(char::is_control);
        let Some(ty) = sendable.filter(|_| named) else {
            if required {
                return Err(format!("it needs `{name}`, which is more than one text"));
            }
            let words = format!("without `{name}`, which is more than one text");
            self.report.loosen(&self.origin, words);
            return Ok(None);
        };
        let ty = ty.present().clone();
        let bounds = bounds::bounds(schema, &ty);
        Ok(Some(Field {
            wire: name.to_owned(),
            ty: if required { ty } else { ty.optional() },
            rust: names::field(&mut self.taken, name),
            doc: names::line(schema.text("description").unwrap_or_default()),
            style: None,
            bounds,
        }))
    }

    fn is_file(&self, schema: &'d Json) -> bool {
        let Some(schema) = self.document.resolve(schema) else {
            return false;
        };
        let media = schema.text("contentMediaType");
        schema.text("format") == Some("binary") || media == Some("application/octet-stream")
    }

    /// The answer, as far as the language can tell it.
    pub(super) fn response(&mut self, operation: &'d Json) -> Option<Part> {
        let responses = operation.get("responses").map_or(&[][..], Json::members);
        let success = |(status, _): &&(String, Json)| status.starts_with('2');
        let mut found: Vec<_> = responses.iter().filter(success).collect();
        found.sort_by(|one, other| one.0.cmp(&other.0));
        let answer = found.first().copied();
        let default = || responses.iter().find(|(status, _)| status == "default");
        let (status, response) = answer.or_else(default)?;
        let other = |it: &&(String, Json)| it.0 != *status && it.1 != *response;
        if found.iter().copied().any(|it| other(&it)) {
            let words = format!("of the answers only that of {status}");
            self.report.loosen(&self.origin, words);
        }
        let response = self.document.resolve(response)?;
        let schema = match self.document.version {
            Version::Swagger2 => response.get("schema"),
            Version::OpenApi3 => {
                let content = response.get("content").map_or(&[][..], Json::members);
                let json = content.iter().find(|(media, _)| is_json(&essence(media)));
                if json.is_none() {
                    let (media, _) = content.first()?;
                    let text = essence(media).starts_with("text/");
                    let word = if text { "text" } else { "bytes" };
                    return Some(Part::Word(word.to_owned()));
                }
                json.and_then(|(_, content)| content.get("schema"))
            }
        }?;
        let hint = format!("{}Response", self.stem);
        if schema.text("$ref").is_none()
            && let Some(object) = self.types.flatten(schema)
        {
            let mut taken = names::Names::default();
            let fields = self.types.fields(&object, &hint, &mut taken, self.report);
            return Some(Part::Fields(fields));
        }
        let ty = self.types.convert(schema, &hint, self.report);
        Some(Part::Type(ty))
    }
}

/// A media type without its parameters.
fn essence(media: &str) -> String {
    let essence = media.split(';').next().unwrap_or_default();
    essence.trim().to_lowercase()
}

fn is_json(media: &str) -> bool {
    media == "application/json" || media == "*/*" || media.ends_with("+json")
}

fn medias(content: &[(String, Json)]) -> String {
    let medias: Vec<_> = content.iter().map(|(media, _)| media.as_str()).collect();
    format!("`{}`", medias.join("`, `"))
}
