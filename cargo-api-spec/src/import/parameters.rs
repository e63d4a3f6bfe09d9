//! Parameters of operations.

use super::bounds;
use super::document::Version;
use super::draft::{Field, Ty};
use super::names;
use super::operations::Importer;
use crate::json::Json;

/// The fields of a request by their places.
#[derive(Default)]
pub(super) struct Places {
    pub(super) path: Vec<Field>,
    pub(super) query: Vec<Field>,
    pub(super) headers: Vec<Field>,
}

/// Headers that are never parameters, by the words of the specification.
const NO_PARAMETERS: [&str; 3] = ["accept", "content-type", "authorization"];

impl<'d> Importer<'d> {
    /// The parameters of a path and an operation; those of the operation count more.
    pub(super) fn parameters(&self, item: &'d Json, operation: &'d Json) -> Vec<&'d Json> {
        let mut all: Vec<&Json> = Vec::new();
        let listed = item
            .list("parameters")
            .iter()
            .chain(operation.list("parameters"));
        for parameter in listed.filter_map(|it| self.document.resolve(it)) {
            let same = |other: &&Json| {
                other.text("name") == parameter.text("name")
                    && other.text("in") == parameter.text("in")
            };
            match all.iter().position(same) {
                Some(at) => all[at] = parameter,
                None => all.push(parameter),
            }
        }
        all
    }

    /// Everything beside the body, or why the operation cannot be described.
    pub(super) fn places(&mut self, parameters: &[&'d Json]) -> Result<Places, String> {
        let mut places = Places::default();
        for parameter in parameters {
            let name = parameter.text("name").unwrap_or_default();
            let place = parameter.text("in").unwrap_or_default();
            let fields = match place {
                "path" => &mut places.path,
                "query" => &mut places.query,
                "header" if NO_PARAMETERS.contains(&&*name.to_lowercase()) => continue,
                "header" => &mut places.headers,
                "body" | "formData" => continue,
                _ => {
                    self.without(parameter, &format!("a parameter in the {place}"))?;
                    continue;
                }
            };
            if let Some(field) = self.parameter(parameter, place)? {
                fields.push(field);
            }
        }
        Ok(places)
    }

    /// An operation does without what may be left out, and not without the rest.
    fn without(&mut self, parameter: &Json, what: &str) -> Result<(), String> {
        let name = parameter.text("name").unwrap_or_default();
        if parameter.is("required") {
            return Err(format!("it needs `{name}`, {what}"));
        }
        let words = format!("without `{name}`, {what}");
        self.report.loosen(&self.origin, words);
        Ok(())
    }

    fn parameter(&mut self, parameter: &'d Json, place: &str) -> Result<Option<Field>, String> {
        let name = parameter.text("name").unwrap_or_default();
        if name.is_empty() || name.contains(char::is_control) {
            self.without(parameter, "whose name cannot be sent")?;
            return Ok(None);
        }
        let schema = match self.document.version {
            Version::Swagger2 => Some(parameter),
            Version::OpenApi3 => parameter.get("schema"),
        };
        let hint = format!("{}{}", self.stem, names::type_name(name));
        let ty = match schema {
            Some(schema) => self.types.convert(schema, &hint, self.report),
            None => Ty::JSON,
        };
        let Some(ty) = self.sendable(ty, place == "path") else {
            self.without(parameter, "which is more than one text")?;
            return Ok(None);
        };
        let ty = ty.present().clone();
        let is_list = matches!(ty, Ty::List(_));
        let bounds = schema.map_or(Vec::new(), |schema| bounds::bounds(schema, &ty));
        Ok(Some(Field {
            wire: name.to_owned(),
            ty: if parameter.is("required") || place == "path" {
                ty
            } else {
                ty.optional()
            },
            rust: names::field(&mut self.taken, name),
            doc: names::line(parameter.text("description").unwrap_or_default()),
            style: style(parameter, place).filter(|_| is_list),
            bounds,
        }))
    }

    /// A type whose values are sent as text, or nearly so.
    pub(super) fn sendable(&self, ty: Ty, alone: bool) -> Option<Ty> {
        match ty.present() {
            // Nothing is said of it: it is a text.
            Ty::Plain("json") => Some(Ty::Plain("string")),
            Ty::List(item) if !alone && !item.is_optional() => {
                let item = self.sendable((**item).clone(), true)?;
                Some(Ty::List(Box::new(item)))
            }
            _ => self.types.is_scalar(&ty).then_some(ty),
        }
    }
}

/// How a list becomes one text; nothing where each item is sent by itself.
fn style(parameter: &Json, place: &str) -> Option<&'static str> {
    if place == "header" {
        return None;
    }
    if let Some(format) = parameter.text("collectionFormat") {
        return match format {
            "multi" => None,
            "ssv" => Some("space"),
            "pipes" => Some("pipe"),
            _ => Some("comma"),
        };
    }
    if parameter.get("schema").is_none() {
        // The default of Swagger 2.
        return Some("comma");
    }
    let explode = parameter.get("explode");
    match parameter.text("style") {
        Some("spaceDelimited") => Some("space"),
        Some("pipeDelimited") => Some("pipe"),
        _ => (explode == Some(&Json::Bool(false))).then_some("comma"),
    }
}
