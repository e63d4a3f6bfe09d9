//! The file of profiles, `~/.databrickscfg`.
//!
//! Read as the tools of Databricks read it, with these details settled:
//!
//! - a key ends at the first `=` or `:`; keys and names of profiles are told apart by their case
//! - a comment starts with `#` or `;` on a line of its own, or behind a value and white space;
//!   the first character of a value never starts one
//! - a value in `"` or `'` is what stands between them, without escapes
//! - a section that comes twice is one section, and of a key that comes twice the last one counts
//! - what stands before the first section belongs to `DEFAULT`
//! - values do not go on in the next line

use std::fmt;
use std::path::Path;

use api_runtime::{Error, Secret};

use super::file::{self, Fault};
use super::input;
use super::source::{Found, Layer, Setting, trimmed};

const DEFAULT: &str = "DEFAULT";
/// A section that is no profile.
const SETTINGS: &str = "__settings__";

/// One profile: empty if there is none, or it is not to be read.
#[derive(Debug)]
pub(super) struct Profile {
    section: Section,
    path: String,
    /// Why it is empty.
    remark: Option<String>,
}

#[derive(Debug, Default)]
struct Section {
    name: String,
    /// Any of them may be secret.
    values: Vec<(String, Secret)>,
}

impl Profile {
    /// Reads the profile that is asked for, or else the usual one.
    pub(super) fn load(path: &Path, asked: Option<&Found>) -> Result<Self, Error> {
        match (file::read(path)?, asked) {
            (Some(text), _) => {
                let sections = parse(text.expose()).map_err(|fault| fault.in_file(path))?;
                choose(sections, path, asked)
            }
            (None, Some(asked)) => Err(input(format!(
                "profile {}, asked for by {}, is not there: the file {} does not exist",
                asked.value.expose().escape_debug(),
                asked.origin,
                path.display(),
            ))),
            (None, None) => Ok(Self::empty(path, "which does not exist".to_owned())),
        }
    }

    /// The usual profile, left unread because of what was found before.
    pub(super) fn skipped(path: &Path, found: &Found) -> Self {
        let remark = format!(
            "not read, as no profile is asked for and there is {}",
            found.describe()
        );
        Self::empty(path, remark)
    }

    fn empty(path: &Path, remark: String) -> Self {
        let section = Section {
            name: DEFAULT.to_owned(),
            values: Vec::new(),
        };
        Self {
            section,
            path: path.display().to_string(),
            remark: Some(remark),
        }
    }
}

impl Layer for Profile {
    fn value(&self, setting: Setting) -> Result<Option<Secret>, Error> {
        Ok(self
            .section
            .get(setting.key)
            .and_then(|text| trimmed(setting, text)))
    }

    fn origin(&self, _: Setting) -> String {
        format!(
            "profile {} of {}",
            self.section.name.escape_debug(),
            self.path
        )
    }
}

/// The profile as a place to look at, with the reason if it says nothing.
impl fmt::Display for Profile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "profile {} of {}",
            self.section.name.escape_debug(),
            self.path
        )?;
        match &self.remark {
            Some(remark) => write!(f, " ({remark})"),
            None => Ok(()),
        }
    }
}

impl Section {
    fn get(&self, key: &str) -> Option<&str> {
        let mut latest_first = self.values.iter().rev();
        latest_first
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.expose())
    }
}

fn choose(sections: Vec<Section>, path: &Path, asked: Option<&Found>) -> Result<Profile, Error> {
    let settings = sections.iter().find(|section| section.name == SETTINGS);
    let preset = settings
        .and_then(|section| section.get("default_profile"))
        .map(str::trim);
    let (name, asking) = match (asked, preset) {
        (Some(asked), _) => (asked.value.expose(), asked.origin.as_str()),
        (None, Some(preset)) if !preset.is_empty() => (preset, "its `default_profile`"),
        _ => (DEFAULT, ""),
    };
    let explicit = !asking.is_empty();
    if name == SETTINGS {
        return Err(input(format!(
            "profile {SETTINGS} of {}, asked for by {asking}, is a section for settings and no \
             profile",
            path.display()
        )));
    }
    if !sections.iter().any(|section| section.name == name) {
        if explicit {
            return Err(no_such_profile(name, asking, path, &sections));
        }
        return Ok(Profile::empty(path, "which has no such profile".to_owned()));
    }
    let name = name.to_owned();
    let section = sections
        .into_iter()
        .find(|section| section.name == name)
        .unwrap_or_default();
    Ok(Profile {
        section,
        path: path.display().to_string(),
        remark: None,
    })
}

fn no_such_profile(name: &str, asking: &str, path: &Path, sections: &[Section]) -> Error {
    let names = sections.iter().map(|section| section.name.as_str());
    let names: Vec<_> = names.filter(|name| *name != SETTINGS).collect();
    let there = if names.is_empty() {
        "none".to_owned()
    } else {
        names.join(", ")
    };
    input(format!(
        "{} has no profile {}, asked for by {asking}; it has {}",
        path.display(),
        name.escape_debug(),
        there.escape_debug(),
    ))
}

fn parse(text: &str) -> Result<Vec<Section>, Fault> {
    let mut sections = Vec::new();
    let mut current = None;
    for (index, line) in text.lines().enumerate() {
        let line = line.trim();
        let fault = |what| Fault {
            line: index + 1,
            what,
        };
        if line.is_empty() || is_comment(line) {
            continue;
        }
        if let Some(rest) = line.strip_prefix('[') {
            let name = parse_header(rest).map_err(fault)?;
            current = Some(position(&mut sections, name));
        } else {
            let (key, value) = parse_pair(line).map_err(fault)?;
            let section = *current.get_or_insert_with(|| position(&mut sections, DEFAULT));
            sections[section]
                .values
                .push((key.to_owned(), Secret::from(value)));
        }
    }
    Ok(sections)
}

/// Where the section of this name is; it is added if it is new.
fn position(sections: &mut Vec<Section>, name: &str) -> usize {
    sections
        .iter()
        .position(|section| section.name == name)
        .unwrap_or_else(|| {
            sections.push(Section {
                name: name.to_owned(),
                values: Vec::new(),
            });
            sections.len() - 1
        })
}

fn parse_header(rest: &str) -> Result<&str, &'static str> {
    let (name, behind) = rest
        .split_once(']')
        .ok_or("the `[` of a profile has no `]`")?;
    if !behind.is_empty() && !is_comment(behind.trim_start()) {
        return Err("something other than a comment follows the `]` of a profile");
    }
    match name.trim() {
        "" => Err("the name of a profile is empty"),
        name => Ok(name),
    }
}

fn parse_pair(line: &str) -> Result<(&str, &str), &'static str> {
    let (key, value) = line
        .split_once(['=', ':'])
        .ok_or("neither a `[profile]`, nor `key = value`, nor a comment")?;
    match key.trim() {
        "" => Err("a value without a key"),
        key => Ok((key, parse_value(value.trim()))),
    }
}

fn parse_value(text: &str) -> &str {
    quoted(text).unwrap_or_else(|| without_comment(text))
}

fn quoted(text: &str) -> Option<&str> {
    let quote = text.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    let (inner, behind) = text[1..].split_once(quote)?;
    (behind.is_empty() || starts_comment(behind)).then_some(inner)
}

/// Up to the first white space with a comment behind it; a `#` at the very start has none before.
fn without_comment(text: &str) -> &str {
    let mut indices = text.char_indices().map(|(index, _)| index);
    let end = indices.find(|index| starts_comment(&text[*index..]));
    end.map_or(text, |end| &text[..end])
}

/// Whether white space and a comment follow.
fn starts_comment(text: &str) -> bool {
    let comment = text.trim_start();
    comment.len() < text.len() && is_comment(comment)
}

fn is_comment(text: &str) -> bool {
    text.starts_with(['#', ';'])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::source::{PROFILE, TOKEN};

    /// Name, key and value of everything in the file.
    fn pairs(text: &str) -> Vec<(String, String, String)> {
        let sections = parse(text).unwrap();
        let of = |section: Section| {
            let name = section.name;
            let triple = move |(key, value): (String, Secret)| {
                (name.clone(), key, value.expose().to_owned())
            };
            section.values.into_iter().map(triple)
        };
        sections.into_iter().flat_map(of).collect()
    }

    #[test]
    fn values() {
        let cases = [
            ("token = dapi", "dapi"),
            ("token=dapi", "dapi"),
            ("token: dapi", "dapi"),
            ("  token\t=\tdapi  \r", "dapi"),
            ("token = dapi#abc;def", "dapi#abc;def"),
            ("token = dapi # comment", "dapi"),
            ("token = dapi\t; comment # more", "dapi"),
            ("token = a b  # comment", "a b"),
            ("token = #dapi", "#dapi"),
            ("token = #dapi #comment", "#dapi"),
            ("token = \"dapi\"", "dapi"),
            ("token = 'dapi' ; comment", "dapi"),
            ("token = \"a # b\"", "a # b"),
            ("token = \" a \"", " a "),
            ("token = \"it's\"", "it's"),
            ("token = \"dapi'", "\"dapi'"),
            ("token = \"a\" \"b\"", "\"a\" \"b\""),
            ("token = \"a\"b", "\"a\"b"),
            ("token = \"", "\""),
            ("token = a=b:c", "a=b:c"),
            ("token: https://a:1", "https://a:1"),
            ("token = dapi\\", "dapi\\"),
            ("token =", ""),
            ("token = é #", "é"),
        ];
        for (line, value) in cases {
            let key = "token".to_owned();
            assert_eq!(
                pairs(line),
                [(DEFAULT.to_owned(), key, value.to_owned())],
                "{line}"
            );
        }
    }

    #[test]
    fn sections() {
        let text = "; comment\nhost = 1\n\n[ dev ] # comment\nhost = 2\n\tToken = 3\n[DEFAULT]\n\
                    host = 4\n[dev]\nhost = 5\n[Dev]\n";
        let expected = [
            ("DEFAULT", "host", "1"),
            ("DEFAULT", "host", "4"),
            ("dev", "host", "2"),
            ("dev", "Token", "3"),
            ("dev", "host", "5"),
        ];
        let expected = expected.map(|(a, b, c)| (a.to_owned(), b.to_owned(), c.to_owned()));
        assert_eq!(pairs(text), expected);

        let sections = parse(text).unwrap();
        let names: Vec<_> = sections
            .iter()
            .map(|section| section.name.as_str())
            .collect();
        assert_eq!(names, ["DEFAULT", "dev", "Dev"]);
        assert_eq!(sections[0].get("host"), Some("4"));
        assert_eq!(sections[1].get("host"), Some("5"));
        assert_eq!(sections[1].get("token"), None);
    }

    #[test]
    fn faults_have_a_line_and_no_content() {
        let cases = [
            ("[dev]\ntoken = a\ndapi0123\n", 3, "neither"),
            ("[dev\n", 1, "no `]`"),
            ("\n[dev] x\n", 2, "follows"),
            ("[ ]\n", 1, "empty"),
            ("# a\r\n= dapi0123\r\n", 2, "without a key"),
        ];
        for (text, line, part) in cases {
            let fault = parse(text).unwrap_err();
            assert_eq!(fault.line, line, "{text}");
            assert!(fault.what.contains(part), "{text}: {fault:?}");
        }
    }

    fn asked(name: &str) -> Found {
        let origin = "the arguments".to_owned();
        Found {
            setting: PROFILE,
            value: Secret::from(name),
            origin,
            level: 0,
        }
    }

    fn chosen(text: &str, name: Option<&str>) -> Result<String, String> {
        let asked = name.map(asked);
        choose(parse(text).unwrap(), Path::new("/cfg"), asked.as_ref())
            .map(|profile| profile.to_string())
            .map_err(|error| error.to_string())
    }

    #[test]
    fn choices() {
        const ALL: &str = "[__settings__]\ndefault_profile = dev\n[DEFAULT]\n[dev]\n[empty]\n";
        let ok = |name: &str| Ok(format!("profile {name} of /cfg"));
        assert_eq!(chosen("[DEFAULT]\n[dev]\n", None), ok("DEFAULT"));
        assert_eq!(chosen(ALL, None), ok("dev"));
        assert_eq!(chosen(ALL, Some("empty")), ok("empty"));
        assert_eq!(chosen(ALL, Some("DEFAULT")), ok("DEFAULT"));
        assert_eq!(
            chosen("[__settings__]\ndefault_profile =\n[DEFAULT]\n", None),
            ok("DEFAULT")
        );
        assert_eq!(
            chosen("[dev]\n", None).unwrap(),
            "profile DEFAULT of /cfg (which has no such profile)"
        );
    }

    #[test]
    fn choices_that_are_not_there() {
        assert_eq!(
            chosen("[__settings__]\n[dev]\n[b]\n", Some("prod")).unwrap_err(),
            "/cfg has no profile prod, asked for by the arguments; it has dev, b"
        );
        assert_eq!(
            chosen("", Some("DEFAULT")).unwrap_err(),
            "/cfg has no profile DEFAULT, asked for by the arguments; it has none"
        );
        assert_eq!(
            chosen("[__settings__]\ndefault_profile = prod\n[DEFAULT]\n", None).unwrap_err(),
            "/cfg has no profile prod, asked for by its `default_profile`; it has DEFAULT"
        );
        let reserved = chosen("[__settings__]\n", Some("__settings__")).unwrap_err();
        assert!(reserved.contains("and no profile"), "{reserved}");
        let reserved = chosen("[__settings__]\ndefault_profile=__settings__", None).unwrap_err();
        assert!(reserved.contains("`default_profile`"), "{reserved}");
    }

    #[test]
    fn nothing_printable_shows_a_value() {
        let profile = choose(parse("token = dapi0123").unwrap(), Path::new("/cfg"), None).unwrap();
        assert_eq!(profile.value(TOKEN).unwrap().unwrap().expose(), "dapi0123");
        assert!(!format!("{profile:?} {profile}").contains("dapi0123"));
    }

    #[test]
    fn no_text_panics() {
        const PARTS: &[&str] = &[
            "[", "]", "a", "=", ":", " ", "\n", "\r\n", "#", ";", "\"", "'", "é", "\\", "\u{a0}",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            match parse(&text) {
                Ok(sections) => drop(choose(sections, Path::new("/cfg"), Some(&asked("a")))),
                Err(fault) => assert!((1..=text.lines().count()).contains(&fault.line), "{text:?}"),
            }
            Ok(())
        });
    }

    #[test]
    fn what_is_written_in_quotes_is_read() {
        arbtest::arbtest(|u| {
            let value: String = u.arbitrary()?;
            if !value.contains(['"', '\n']) {
                let read = pairs(&format!("[a]\nkey = \"{value}\" # comment"));
                assert_eq!(read, [("a".to_owned(), "key".to_owned(), value)]);
            }
            Ok(())
        });
    }
}
