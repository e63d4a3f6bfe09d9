//! Names that are valid in the language and unique in their scope.

use std::collections::HashMap;

use api_spec::names::RustName;

/// The names in use in one scope.
#[derive(Debug, Default)]
pub(in crate::import) struct Names {
    /// The names, and the part of the scope that each is in.
    used: HashMap<String, &'static str>,
    /// The part of the scope that names are reserved in, e.g. `query`.
    part: &'static str,
    /// The next number for each name that was reserved more than once. Without it, reserving one
    /// name many times would try all numbers each time.
    next_numbers: HashMap<String, usize>,
}

impl Names {
    /// Enters a part of the scope. A field with the name of one in another part begins with its part.
    pub(in crate::import) fn enter(&mut self, part: &'static str) {
        self.part = part;
    }

    /// Reserves `name`, or `name`, `separator` and the first number from 2 that makes it unique.
    pub(in crate::import) fn reserve(&mut self, name: &str, separator: &str) -> String {
        self.reserve_with(name, separator, |name| vec![name.to_owned()])
    }

    /// Returns whether one of the names is in use.
    pub(in crate::import) fn is_used(&self, names: &[String]) -> bool {
        names.iter().any(|name| self.used.contains_key(name))
    }

    /// Like [`reserve`](Self::reserve) for a name from which other names are derived: all names
    /// in `derived(name)` are unique and reserved.
    pub(in crate::import) fn reserve_with(
        &mut self,
        name: &str,
        separator: &str,
        derived: impl Fn(&str) -> Vec<String>,
    ) -> String {
        let mut unique = name.to_owned();
        while self.is_used(&derived(&unique)) {
            let number = self.next_numbers.entry(name.to_owned()).or_insert(2);
            unique = format!("{name}{separator}{number}");
            *number += 1;
        }
        let names = derived(&unique).into_iter();
        self.used.extend(names.map(|name| (name, self.part)));
        unique
    }
}

/// Converts a text to the name of a type.
pub(in crate::import) fn type_name(text: &str) -> String {
    let camel = RustName::camel(text).or_else(|| RustName::camel(&ascii(text)));
    let name = camel.map_or(String::new(), |name| name.unraw().replace('_', ""));
    match name.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("Type{name}"),
        Some(_) if name == "Self" => "SelfType".to_owned(),
        Some(_) => name,
    }
}

/// Converts a text to the name of a group or an endpoint.
pub(in crate::import) fn snake_name(text: &str, fallback: &str) -> String {
    let snake = RustName::snake(text).or_else(|| RustName::snake(&ascii(text)));
    let name = snake.map_or(String::new(), |name| {
        name.unraw().trim_matches('_').to_owned()
    });
    match name.chars().next() {
        None => fallback.to_owned(),
        Some(first) if first.is_ascii_digit() => format!("{fallback}_{name}"),
        Some(_) => name,
    }
}

fn ascii(text: &str) -> String {
    text.replace(|c: char| !c.is_ascii(), " ")
}

/// Returns the Rust name that the language derives for a field.
pub(in crate::import) fn field_name(wire: &str) -> Option<String> {
    RustName::snake(wire).map(|name| name.unraw().to_owned())
}

/// Reserves the Rust name of a field. Returns the value of the key `rust`, if it is needed.
pub(in crate::import) fn field(scope: &mut Names, wire: &str) -> Option<String> {
    let default = RustName::snake(wire);
    let mut stem = match &default {
        // A setter named `new` would clash with the constructor of the request.
        Some(name) if name.unraw() != "new" => name.unraw().to_owned(),
        Some(_) => "new_".to_owned(),
        None => snake_name(wire, "field"),
    };
    let other = scope.used.get(&stem).filter(|other| **other != scope.part);
    if other.is_some() && !scope.part.is_empty() {
        stem = format!("{}_{stem}", scope.part);
    }
    let name = scope.reserve(&stem, "_");
    (default.is_none_or(|default| default.unraw() != name)).then_some(name)
}

/// Reserves the Rust name of an enum value or of a variant, and the names derived from it.
/// Returns the value of the key `rust`, if it is needed.
pub(in crate::import) fn variant(
    scope: &mut Names,
    wire: &str,
    derived: impl Fn(&str) -> Vec<String>,
) -> Option<String> {
    let default = RustName::camel(wire);
    let mut stem = match &default {
        Some(name) => name.unraw().to_owned(),
        None => type_name(wire).replace("Type", "Value"),
    };
    // `month` and `MONTH` are different values.
    if scope.is_used(&derived(&stem))
        && let Some(name) = RustName::camel_with_case(wire)
    {
        name.unraw().clone_into(&mut stem);
    }
    let name = scope.reserve_with(&stem, "", derived);
    (default.is_none_or(|default| default.unraw() != name)).then_some(name)
}

/// Returns whether the language accepts `name` as a name on the wire.
pub(in crate::import) fn is_valid_wire_name(name: &str) -> bool {
    !name.is_empty() && !name.contains(char::is_control)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn type_names_are_upper_camel_case_ascii() {
        for (text, name) in [
            ("pet", "Pet"),
            ("2fa", "Type2fa"),
            ("名", "Type"),
            ("größe", "GrE"),
            ("a_1_b", "A1B"),
        ] {
            assert_eq!(type_name(text), name);
        }
    }

    #[test]
    fn group_and_endpoint_names_are_snake_case() {
        for (text, name) in [
            ("listPets", "list_pets"),
            ("2fa", "call_2fa"),
            ("", "call"),
            ("__", "call"),
        ] {
            assert_eq!(snake_name(text, "call"), name);
        }
    }

    #[test]
    fn fields_of_different_parts_begin_with_their_part() {
        let mut scope = Names::default();
        scope.enter("path");
        assert_eq!(field(&mut scope, "name"), None);
        scope.enter("body");
        assert_eq!(field(&mut scope, "name"), Some("body_name".to_owned()));
        assert_eq!(field(&mut scope, "NAME"), Some("body_name_2".to_owned()));
        assert_eq!(field(&mut scope, "size"), None);
        assert_eq!(field(&mut scope, "Size"), Some("size_2".to_owned()));
    }

    #[test]
    fn values_that_differ_by_case_have_different_names() {
        let mut scope = Names::default();
        let names = ["1m", "1M", "month", "MONTH", "Month"]
            .map(|wire| variant(&mut scope, wire, |name| vec![name.to_owned()]));
        let names = names.each_ref().map(Option::as_deref);
        let expected = [None, None, None, Some("MONTH"), Some("Month2")];
        assert_eq!(names, expected);
    }

    #[test]
    fn field_whose_name_is_in_use_is_named_after_its_place() {
        let mut scope = Names::default();
        scope.enter("query");
        assert_eq!(field(&mut scope, "id"), None);
        scope.enter("body");
        assert_eq!(field(&mut scope, "id"), Some("body_id".to_owned()));
        assert_eq!(field(&mut scope, "ID"), Some("body_id_2".to_owned()));
        assert_eq!(field(&mut scope, "name"), None);
    }

    #[test]
    fn field_names_are_unique_in_their_scope() {
        let mut scope = Names::default();
        assert_eq!(field(&mut scope, "petId"), None);
        assert_eq!(field(&mut scope, "pet_id"), Some("pet_id_2".to_owned()));
        assert_eq!(field(&mut scope, "new"), Some("new_".to_owned()));
        assert_eq!(field(&mut scope, "名"), Some("field".to_owned()));
        assert_eq!(field(&mut scope, "type"), None);
    }
}
