//! The netrc file, read as `curl -n` reads it.
//!
//! A `#` starts a comment at the start of a line and where a keyword is due; behind its keyword a
//! value may start with it. Words that are no keywords are an error in the entry that is used, as
//! a password with white space and without quotes leaves them behind, and ignored elsewhere.
//! Other than with curl, a `machine` counts before a `default` that precedes it, and a `macdef`
//! inside an entry is skipped too.

use std::path::Path;

use api_runtime::{Credentials, Error, Secret};

use super::file::{self, Fault};
use super::host::Host;
use super::input;

/// Looks up the credentials for this host; `Ok(None)` if there is no file or no entry in it.
pub(super) fn find_for(host: &Host, path: &Path) -> Result<Option<Credentials>, Error> {
    let Some(text) = file::read(path)? else {
        return Ok(None);
    };
    let Some(entry) = find(text.expose(), host.name()).map_err(|fault| fault.in_file(path))? else {
        return Ok(None);
    };
    let (login, password) = entry.complete().map_err(|fault| fault.in_file(path))?;
    let origin = place(entry.default, host, path);
    Credentials::basic(login.expose(), password.clone())
        .map(|credentials| Some(credentials.found_in(&origin)))
        .map_err(|error| input(format!("{origin}: {}", error.message())))
}

/// The entry that is looked for, for people.
pub(super) fn place_of(host: &Host, path: &Path) -> String {
    place(false, host, path)
}

fn place(default: bool, host: &Host, path: &Path) -> String {
    if default {
        format!("the default of {}", path.display())
    } else {
        format!("machine {} of {}", host.name(), path.display())
    }
}

#[derive(Debug)]
struct Entry {
    default: bool,
    line: usize,
    login: Option<Secret>,
    password: Option<Secret>,
    /// Counts only if the entry is used.
    fault: Option<Fault>,
}

impl Entry {
    fn complete(&self) -> Result<(&Secret, &Secret), Fault> {
        let fault = |what| Fault {
            line: self.line,
            what,
        };
        match (self.fault, &self.login, &self.password) {
            (Some(fault), _, _) => Err(fault),
            (None, Some(login), Some(password)) => Ok((login, password)),
            (None, None, _) => Err(fault("the entry that starts here has no `login`")),
            (None, _, None) => Err(fault("the entry that starts here has no `password`")),
        }
    }
}

/// The first `machine` of this name, or else the first `default`.
fn find(text: &str, name: &str) -> Result<Option<Entry>, Fault> {
    let mut words = Words {
        rest: text,
        line: 1,
    };
    let mut default = None;
    while let Some(keyword) = words.keyword()? {
        match Keyword::from(&keyword) {
            Keyword::Machine => {
                let line = words.line;
                let ours = is_same(words.value()?.expose(), name);
                let entry = parse_entry(&mut words, line, false)?;
                if ours {
                    return Ok(Some(entry));
                }
            }
            Keyword::Default => {
                let line = words.line;
                let entry = parse_entry(&mut words, line, true)?;
                default.get_or_insert(entry);
            }
            Keyword::Macdef => words.skip_macro(),
            _ => {}
        }
    }
    Ok(default)
}

fn is_same(machine: &str, name: &str) -> bool {
    let inner = machine
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    inner.unwrap_or(machine).eq_ignore_ascii_case(name)
}

/// Reads up to the next entry.
fn parse_entry(words: &mut Words<'_>, line: usize, default: bool) -> Result<Entry, Fault> {
    let mut entry = Entry {
        default,
        line,
        login: None,
        password: None,
        fault: None,
    };
    loop {
        let mut ahead = *words;
        let Some(keyword) = ahead.keyword()? else {
            return Ok(entry);
        };
        match Keyword::from(&keyword) {
            Keyword::Machine | Keyword::Default => return Ok(entry),
            Keyword::Login => entry.login = Some(ahead.value()?),
            Keyword::Password => entry.password = Some(ahead.value()?),
            Keyword::Account => drop(ahead.value()?),
            Keyword::Macdef => ahead.skip_macro(),
            Keyword::Unknown => {
                let what = "a word that is no keyword; a value with white space needs quotes";
                entry.fault.get_or_insert(Fault {
                    line: ahead.line,
                    what,
                });
            }
        }
        *words = ahead;
    }
}

enum Keyword {
    Machine,
    Default,
    Login,
    Password,
    Account,
    Macdef,
    Unknown,
}

impl From<&Secret> for Keyword {
    fn from(word: &Secret) -> Self {
        match word.expose().to_ascii_lowercase().as_str() {
            "machine" => Self::Machine,
            "default" => Self::Default,
            "login" => Self::Login,
            "password" => Self::Password,
            "account" => Self::Account,
            "macdef" => Self::Macdef,
            _ => Self::Unknown,
        }
    }
}

/// The words of a file. Any of them may be a password.
#[derive(Clone, Copy)]
struct Words<'a> {
    rest: &'a str,
    line: usize,
}

impl Words<'_> {
    /// The next word, where a keyword is due.
    fn keyword(&mut self) -> Result<Option<Secret>, Fault> {
        self.skip_space();
        while self.rest.starts_with('#') {
            self.skip_line();
            self.skip_space();
        }
        if self.rest.is_empty() {
            Ok(None)
        } else {
            self.word().map(Some)
        }
    }

    /// The next word, which belongs to the keyword before.
    fn value(&mut self) -> Result<Secret, Fault> {
        let line = self.line;
        self.skip_space();
        while self.line > line && self.rest.starts_with('#') {
            self.skip_line();
            self.skip_space();
        }
        if self.rest.is_empty() {
            return Err(Fault {
                line,
                what: "the file ends where a value is due",
            });
        }
        self.word()
    }

    fn word(&mut self) -> Result<Secret, Fault> {
        if let Some(rest) = self.rest.strip_prefix('"') {
            self.rest = rest;
            return self.quoted();
        }
        let end = self.rest.find(is_space).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(end);
        self.rest = rest;
        Ok(Secret::from(word))
    }

    /// Up to the closing quote, on the same line; `\n`, `\r` and `\t` are what they are in C, and
    /// behind any other backslash the character itself is meant.
    fn quoted(&mut self) -> Result<Secret, Fault> {
        let line = self.rest.lines().next().unwrap_or_default();
        // Room for all of it: growing would leave copies behind.
        let mut word = String::with_capacity(line.len());
        let mut chars = line.char_indices();
        while let Some((index, c)) = chars.next() {
            match c {
                '"' => {
                    self.rest = &self.rest[index + 1..];
                    return Ok(Secret::new(word));
                }
                '\\' => word.extend(chars.next().map(|(_, c)| escaped(c))),
                c => word.push(c),
            }
        }
        drop(Secret::new(word));
        Err(Fault {
            line: self.line,
            what: "the closing quote is missing",
        })
    }

    fn skip_space(&mut self) {
        let rest = self.rest.trim_start_matches(is_space);
        let skipped = &self.rest[..self.rest.len() - rest.len()];
        self.line += skipped.matches('\n').count();
        self.rest = rest;
    }

    fn skip_line(&mut self) {
        match self.rest.split_once('\n') {
            Some((_, rest)) => {
                self.rest = rest;
                self.line += 1;
            }
            None => self.rest = "",
        }
    }

    /// Up to the first blank line.
    fn skip_macro(&mut self) {
        self.skip_line();
        while self
            .rest
            .lines()
            .next()
            .is_some_and(|line| !line.trim().is_empty())
        {
            self.skip_line();
        }
    }
}

fn is_space(c: char) -> bool {
    c <= ' '
}

fn escaped(c: char) -> char {
    match c {
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        c => c,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `login:password` as it would be sent, or the fault as `line: what`.
    fn sent(text: &str) -> Result<Option<String>, String> {
        let shown = |fault: Fault| format!("{}: {}", fault.line, fault.what);
        let Some(entry) = find(text, "adb-123.net").map_err(shown)? else {
            return Ok(None);
        };
        let (login, password) = entry.complete().map_err(shown)?;
        Ok(Some(format!("{}:{}", login.expose(), password.expose())))
    }

    #[test]
    fn entries() {
        let cases = [
            (
                "machine adb-123.net login token password dapi0123",
                "token:dapi0123",
            ),
            (
                "machine adb-123.net\n  login token\n  password dapi0123\n",
                "token:dapi0123",
            ),
            (
                "machine\nadb-123.net\r\nlogin\n\n token\npassword\tdapi0123",
                "token:dapi0123",
            ),
            ("MACHINE ADB-123.net Login me PASSWORD p", "me:p"),
            ("machine adb-123.net password p login me", "me:p"),
            ("machine adb-123.net login me account x password p", "me:p"),
            (
                "machine other login a password b machine adb-123.net login me password p",
                "me:p",
            ),
            // The first one counts.
            (
                "machine adb-123.net login a password b\nmachine adb-123.net login c password d",
                "a:b",
            ),
            // Values that look like keywords.
            (
                "machine other login machine password login machine adb-123.net login me password p",
                "me:p",
            ),
            // Comments, and what is none.
            (
                "# machine adb-123.net login a password b\nmachine adb-123.net login me password p",
                "me:p",
            ),
            (
                "machine adb-123.net # mine\nlogin me # me\npassword p#q # secret",
                "me:p#q",
            ),
            ("machine adb-123.net login me password #p", "me:#p"),
            (
                "machine adb-123.net login me password\n# comment\np",
                "me:p",
            ),
            // Quotes.
            ("machine adb-123.net login me password \"a b\"", "me:a b"),
            (
                r#"machine adb-123.net login me password "a\"b\\c\td\x""#,
                "me:a\"b\\c\tdx",
            ),
            ("machine adb-123.net login me password a\"b\"", "me:a\"b\""),
            ("machine adb-123.net login me password \"\"", "me:"),
            ("machine \"adb-123.net\" login me password é", "me:é"),
            // Macros.
            (
                "macdef init\nmachine adb-123.net login a password b\n\nmachine adb-123.net login me password p",
                "me:p",
            ),
            (
                "machine other\nmacdef x\nlogin a \"\n \t\nmachine adb-123.net login me password p",
                "me:p",
            ),
            (
                "machine adb-123.net login me password p\nmacdef init\nlogin x",
                "me:p",
            ),
            // The default stands back wherever it is.
            (
                "machine other login a password b\ndefault login me password p",
                "me:p",
            ),
            (
                "default login a password b\nmachine adb-123.net login me password p",
                "me:p",
            ),
            (
                "default login me password p default login a password b",
                "me:p",
            ),
            // Faults in entries that are not used.
            (
                "machine other port 1 login a\ndefault nonsense\nmachine adb-123.net login me password p",
                "me:p",
            ),
            (
                "nonsense machine adb-123.net login me password p machine x password",
                "me:p",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(sent(text), Ok(Some(expected.to_owned())), "{text}");
        }
    }

    #[test]
    fn no_entry() {
        let cases = [
            "",
            "\n\n",
            "# x",
            "machine adb-123.net.evil login a password b",
            "machine dab login a",
            "macdef a",
        ];
        for text in cases {
            assert_eq!(sent(text), Ok(None), "{text}");
        }
    }

    #[test]
    fn faults_have_a_line_and_no_content() {
        let cases = [
            (
                "\nmachine adb-123.net password dapi",
                "2: the entry that starts here has no `login`",
            ),
            (
                "machine adb-123.net\nlogin me",
                "1: the entry that starts here has no `password`",
            ),
            (
                "machine adb-123.net login me\npassword\n\n",
                "2: the file ends where a value is due",
            ),
            ("machine", "1: the file ends where a value is due"),
            (
                "machine adb-123.net login me\npassword \"dapi\nx\"",
                "2: the closing quote is missing",
            ),
            (
                "machine adb-123.net login me password \"dapi\\",
                "1: the closing quote is missing",
            ),
            (
                "machine adb-123.net login me\npassword dapi with spaces\n",
                "2: a word that is no keyword; a value with white space needs quotes",
            ),
            (
                "default login me\npassword da\"pi x",
                "2: a word that is no keyword; a value with white space needs quotes",
            ),
        ];
        for (text, expected) in cases {
            assert_eq!(sent(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn addresses_match_with_and_without_brackets() {
        for machine in ["::1", "[::1]"] {
            let text = format!("machine {machine} login me password p");
            assert!(find(&text, "::1").unwrap().is_some(), "{machine}");
        }
    }

    #[test]
    fn origins() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let path = file.path();
        let found = |text: &str| {
            std::fs::write(path, text).unwrap();
            let host = Host::parse("https://adb-123.net:8443").unwrap();
            find_for(&host, path).map(|found| found.map(|credentials| credentials.to_string()))
        };
        assert_eq!(
            found("machine adb-123.net login token password dapi0123")
                .unwrap()
                .unwrap(),
            format!(
                "a user and password from machine adb-123.net of {}",
                path.display()
            )
        );
        assert_eq!(
            found("default login token password dapi0123")
                .unwrap()
                .unwrap(),
            format!("a user and password from the default of {}", path.display())
        );
        assert_eq!(found("machine other login a password b").unwrap(), None);
        let error = found("machine adb-123.net login a:b password dapi0123")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with("machine adb-123.net of ") && error.contains("colon"),
            "{error}"
        );
        let error = found("\nmachine adb-123.net login a")
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(&format!("{}, line 2: ", path.display())),
            "{error}"
        );
    }

    #[test]
    fn nothing_printable_shows_a_password() {
        let entry = find("default login me password dapi0123", "x")
            .unwrap()
            .unwrap();
        assert!(!format!("{entry:?}").contains("dapi0123"));
    }

    #[test]
    fn no_text_panics() {
        const PARTS: &[&str] = &[
            "machine", "default", "login", "password", "account", "macdef", "a", " ", " ", " ",
            "\n", "\r\n", "#", "\"", "\\", "é", "\u{0}", "\u{a0}",
        ];
        arbtest::arbtest(|u| {
            let mut text = String::new();
            while !u.is_empty() {
                text.push_str(u.choose(PARTS)?);
            }
            let fault = match find(&text, "a") {
                Ok(entry) => entry.and_then(|entry| entry.complete().err()),
                Err(fault) => Some(fault),
            };
            let lines = text.matches('\n').count() + 1;
            assert!(
                fault.is_none_or(|fault| (1..=lines).contains(&fault.line)),
                "{text:?}"
            );
            Ok(())
        });
    }

    #[test]
    fn what_is_written_in_quotes_is_read() {
        arbtest::arbtest(|u| {
            let password: String = u.arbitrary()?;
            let mut written = String::new();
            for c in password.chars() {
                match c {
                    '\n' => written.push_str("\\n"),
                    '\r' => written.push_str("\\r"),
                    '"' | '\\' => written.extend(['\\', c]),
                    c => written.push(c),
                }
            }
            let text = format!("machine adb-123.net login me password \"{written}\" # comment");
            assert_eq!(sent(&text), Ok(Some(format!("me:{password}"))));
            Ok(())
        });
    }
}
