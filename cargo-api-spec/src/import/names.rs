//! Names that the language takes, each given once.

use std::collections::HashSet;

use api_spec::names::RustName;

/// Names that are taken.
#[derive(Debug, Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// The name, or the name with the first number that makes it new.
    pub(super) fn claim(&mut self, name: &str, joint: &str) -> String {
        self.claim_all(name, joint, |name| vec![name.to_owned()])
    }

    /// The same for names that bring others with them.
    pub(super) fn claim_all(
        &mut self,
        name: &str,
        joint: &str,
        with: impl Fn(&str) -> Vec<String>,
    ) -> String {
        let numbered = (2_usize..).map(|number| format!("{name}{joint}{number}"));
        let mut names = std::iter::once(name.to_owned()).chain(numbered);
        let free = names.find(|name| with(name).iter().all(|it| !self.0.contains(it)));
        let name = free.unwrap_or_default();
        self.0.extend(with(&name));
        name
    }
}

/// A text as the name of a type.
pub(super) fn type_name(text: &str) -> String {
    let camel = RustName::camel(text).or_else(|| RustName::camel(&ascii(text)));
    let name = camel.map_or(String::new(), |name| name.unraw().replace('_', ""));
    match name.chars().next() {
        None => "Type".to_owned(),
        Some(first) if first.is_ascii_digit() => format!("Type{name}"),
        Some(_) if name == "Self" => "SelfType".to_owned(),
        Some(_) => name,
    }
}

/// A text as the name of a group or an endpoint.
pub(super) fn snake_name(text: &str, fallback: &str) -> String {
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

/// What to say after `rust =`, if the name that follows from a wire name is taken or there is none.
pub(super) fn field(taken: &mut Names, wire: &str) -> Option<String> {
    let usual = RustName::snake(wire);
    let stem = match &usual {
        // A setter would clash with the function that makes the request.
        Some(name) if name.unraw() != "new" => name.unraw().to_owned(),
        Some(_) => "new_".to_owned(),
        None => snake_name(wire, "field"),
    };
    let name = taken.claim(&stem, "_");
    (usual.is_none_or(|usual| usual.unraw() != name)).then_some(name)
}

/// The same for values and variants.
pub(super) fn word(
    taken: &mut Names,
    wire: &str,
    with: impl Fn(&str) -> Vec<String>,
) -> Option<String> {
    let usual = RustName::camel(wire);
    let stem = match &usual {
        Some(name) => name.unraw().to_owned(),
        None => type_name(wire).replace("Type", "Value"),
    };
    let name = taken.claim_all(&stem, "", with);
    (usual.is_none_or(|usual| usual.unraw() != name)).then_some(name)
}

/// Words as documentation: no code that rustdoc would try to run.
pub(super) fn doc(text: &str) -> String {
    let mut fenced = false;
    let lines = text.trim().lines().map(|line| {
        let clean: String = line.chars().filter(|c| !c.is_control()).collect();
        let words = clean.trim();
        if let Some(fence) = ["```", "~~~"]
            .iter()
            .find(|fence| words.starts_with(**fence))
        {
            fenced = !fenced;
            return if fenced {
                format!("{fence}text")
            } else {
                (*fence).to_owned()
            };
        }
        let indent = clean.len() - clean.trim_start().len();
        let kept = if fenced { indent } else { indent.min(3) };
        format!("{}{words}", " ".repeat(kept))
    });
    let mut lines: Vec<String> = lines.collect();
    if fenced {
        lines.push("```".to_owned());
    }
    lines.join("\n").trim().to_owned()
}

/// The first paragraph on one line.
pub(super) fn line(text: &str) -> String {
    let text = doc(text);
    let first = text.split("\n\n").next().unwrap_or_default();
    if first.contains("```") || first.contains("~~~") {
        return String::new();
    }
    first.split_whitespace().collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_follow_the_language() {
        for (text, name) in [
            ("pet", "Pet"),
            ("2fa", "Type2fa"),
            ("名", "Type"),
            ("größe", "GrE"),
            ("a_1_b", "A1B"),
        ] {
            assert_eq!(type_name(text), name);
        }
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
    fn names_are_given_once() {
        let mut taken = Names::default();
        assert_eq!(field(&mut taken, "petId"), None);
        assert_eq!(field(&mut taken, "pet_id"), Some("pet_id_2".to_owned()));
        assert_eq!(field(&mut taken, "new"), Some("new_".to_owned()));
        assert_eq!(field(&mut taken, "名"), Some("field".to_owned()));
        assert_eq!(field(&mut taken, "type"), None);
    }

    #[test]
    fn documentation_has_nothing_to_run() {
        assert_eq!(
            doc(" a\n\n    b\n```rust\n  c\n"),
            "a\n\n   b\n```text\n  c\n```"
        );
        assert_eq!(line("a\n b\n\nc"), "a b");
    }
}
