//! Properties of every text: no panic, spans inside the text, diagnostics that can be rendered.

use std::fmt::Write as _;
use std::fs;
use std::time::Instant;

use api_spec::{Diagnostic, Source, Style, parse};
use arbitrary::Unstructured;
use arbtest::arbtest;

use crate::cases::files;

#[test]
fn mutated_spec_is_parsed_without_panic() {
    let seeds = seeds();
    arbtest(|u| {
        let mut text = u.choose(&seeds)?.clone().into_bytes();
        for _ in 0..u.int_in_range(1..=8)? {
            mutate(u, &mut text, &seeds)?;
        }
        check(&String::from_utf8_lossy(&text));
        Ok(())
    })
    .budget_ms(4_000);
}

#[test]
fn arbitrary_text_is_parsed_without_panic() {
    arbtest(|u| {
        let text: String = u.arbitrary()?;
        check(&text);
        Ok(())
    })
    .budget_ms(500);
}

/// An editor checks prefixes of a spec while it is typed.
#[test]
fn prefix_of_a_spec_is_parsed_without_panic() {
    for seed in seeds() {
        let step = (seed.len() / 12).max(1);
        for end in (0..seed.len())
            .step_by(step)
            .filter(|&end| seed.is_char_boundary(end))
        {
            check(&seed[..end]);
        }
    }
}

#[test]
fn unusual_text_is_parsed_without_panic() {
    let deep_type = format!(
        "[structs.A]\nfields = {{ a = \"{}\" }}",
        "[".repeat(100_000)
    );
    let deep_table = format!("a = {}", "{ a = ".repeat(100_000));
    let deep_header = format!("[{}a]", "a.".repeat(100_000));
    for text in [
        "",
        "\u{feff}",
        "\u{feff}[api]\nname = 1\ndoc = 2\n",
        "[api]\r\nname = 1\r\ndocs = \"\"\r\n",
        "[api]\rname = 1",
        "[api]\nname = \"\u{0}\"\n",
        "[api]\nname = \"\\u0000\"\ndoc = \"\\u001b[31m\"\n",
        "[\"\u{1F469}\u{200D}\u{1F469}\"]\n",
        "[ids]\n\"\" = \"\"\n\"\\n\" = \"\"\nA = 3\n",
        "[endpoints.\"\".\"\"]\n",
        "[endpoints]\na = 1\nb.c = 2\nd.e.wait = 3\n",
        "x",
        "=",
        "[[a]]\n[[a]]\n[a]\n",
        &deep_type,
        &deep_table,
        &deep_header,
    ] {
        check(text);
    }
}

/// A recursive walk would overflow the stack.
#[test]
fn long_chain_of_structs_is_checked() {
    let parse_chain = |mark: &str| {
        let mut text = String::from("[api]\nname = \"Chain\"\ndoc = \"Long.\"\n\n");
        let links = 20_000;
        for link in 0..links {
            let next = (link + 1) % links;
            let fields = format!("fields = {{ next = \"S{next}{mark}\" }}");
            writeln!(text, "[structs.S{link}]\n{fields}").unwrap();
        }
        parse(&Source::new("chain.toml", text))
    };
    let infinite = parse_chain("");
    assert_eq!(infinite.diagnostics.len(), 1);
    assert!(infinite.api.unwrap().structs.is_empty());
    let boxed = parse_chain("?");
    assert!(!boxed.has_errors());
    let mut fields = boxed
        .api
        .as_ref()
        .unwrap()
        .structs
        .iter()
        .flat_map(|it| &it.fields);
    assert!(fields.all(|field| field.is_boxed));
}

#[test]
fn time_grows_linearly_with_the_size_of_the_spec() {
    // Debug builds are slow, and machines may be busy: the bound only excludes quadratic time.
    for (kind, text) in [("valid", large("State")), ("invalid", large("Stat"))] {
        let source = Source::new("large.toml", text);
        let start = Instant::now();
        let parsed = parse(&source);
        let took = start.elapsed();
        assert_eq!(parsed.has_errors(), kind == "invalid");
        assert!(took.as_secs() < 10, "{kind}: {took:?}");
        println!("{kind}: {took:?} for {} bytes", source.text().len());
    }
}

/// Returns a spec with 1,000 endpoints and 500 waiters. All of them have an error if `State` is
/// misspelled.
fn large(state: &str) -> String {
    let mut text = String::from("[api]\nname = \"Large\"\ndoc = \"Long.\"\n\n");
    text.push_str("[enums.State]\nvalues = { on = \"\", off = \"\" }\n\n");
    for at in 0..500 {
        write!(
            text,
            "[endpoints.group_{0}.start_{at}]\ndoc = \"Starts.\"\nhttp = \"POST /start/{at}\"\n\
             json = {{ name = \"string\", labels = \"{{string}}?\" }}\nresponse = {{ id = \"int\" }}\n\
             wait = {{ poll = \"group_{0}.get_{at}\", bind = {{ id = \"response.id\" }}, \
             field = \"state\", until = [\"on\"], fail = [\"off\"] }}\n\n\
             [endpoints.group_{0}.get_{at}]\ndoc = \"Gets.\"\nhttp = \"GET /get/{at}\"\n\
             query = {{ id = \"int\" }}\nresponse = {{ state = \"{state}\" }}\n\n",
            at / 10
        )
        .unwrap();
    }
    text
}

/// Returns the shipped spec and all cases.
fn seeds() -> Vec<String> {
    let databricks = concat!(env!("CARGO_MANIFEST_DIR"), "/databricks-1.2.toml");
    let mut seeds = vec![fs::read_to_string(databricks).unwrap()];
    for path in files("valid").into_iter().chain(files("invalid")) {
        seeds.push(fs::read_to_string(path).unwrap());
    }
    seeds
}

/// Replaces a byte, deletes or repeats a piece, or inserts a piece of another spec or of the syntax.
fn mutate(u: &mut Unstructured<'_>, text: &mut Vec<u8>, seeds: &[String]) -> arbitrary::Result<()> {
    const PIECES: [&str; 24] = [
        "\"",
        "'",
        "[",
        "]",
        "{",
        "}",
        "=",
        ".",
        ",",
        "?",
        "\n",
        "#",
        "\\",
        "\u{0}",
        "é",
        "\u{1F980}",
        "\"\"\"",
        "\\u00e9",
        "\r\n",
        " ",
        "rust = \"self\"\n",
        "file",
        "[[",
        "\u{feff}",
    ];
    let piece = random_range(u, text.len())?;
    match u.int_in_range(0..=4)? {
        0 => {
            let byte = u.arbitrary()?;
            text.get_mut(piece.start)
                .into_iter()
                .for_each(|slot| *slot = byte);
        }
        1 => drop(text.drain(piece)),
        2 => {
            let copy = text[piece.clone()].to_vec();
            text.splice(piece.end..piece.end, copy);
        }
        3 => {
            let other = u.choose(seeds)?.as_bytes();
            let other = other[random_range(u, other.len())?].to_vec();
            text.splice(piece, other);
        }
        _ => {
            let insert = u.choose(&PIECES)?.bytes();
            text.splice(piece.start..piece.start, insert);
        }
    }
    Ok(())
}

fn random_range(u: &mut Unstructured<'_>, len: usize) -> arbitrary::Result<std::ops::Range<usize>> {
    let start = u.int_in_range(0..=len)?;
    let end = u.int_in_range(start..=len.min(start + 80))?;
    Ok(start..end)
}

fn check(text: &str) {
    let mut source = Source::new("fuzz.toml", text);
    for path in source.included_paths() {
        // The text is also used as the included file.
        let file = (path.len() % 3 > 0).then(|| Source::new("included.toml", text));
        source.include(path, file.ok_or_else(|| "no such file".to_owned()));
    }
    let parsed = parse(&source);
    assert!(parsed.api.is_some() || parsed.has_errors(), "{text:?}");
    assert!(
        parsed.diagnostics.is_sorted_by_key(Diagnostic::span),
        "{text:?}"
    );
    for diagnostic in &parsed.diagnostics {
        check_diagnostic(&source, diagnostic);
    }
}

fn check_diagnostic(source: &Source, diagnostic: &Diagnostic) {
    let text = source.text();
    let suggested = diagnostic
        .suggestion
        .as_ref()
        .map(|suggestion| suggestion.span);
    assert!(!diagnostic.labels.is_empty(), "{diagnostic:?}");
    for span in diagnostic
        .labels
        .iter()
        .map(|label| label.span)
        .chain(suggested)
    {
        let (file, start) = source.file_at(span.start);
        let (text, span) = (file.text(), span.relative_to(start));
        assert!(
            span.start <= span.end && span.end <= text.len(),
            "{diagnostic:?}\n{text:?}"
        );
        assert!(text.get(span.range()).is_some(), "{diagnostic:?}\n{text:?}");
    }
    let message = &diagnostic.message;
    assert!(
        !message.is_empty() && !message.contains(char::is_control),
        "{diagnostic:?}\n{text:?}"
    );
    let plain = diagnostic.render(source, Style::Plain);
    assert!(!plain.starts_with("error"), "{plain}");
    assert!(
        plain.contains(diagnostic.code.id()) && !plain.contains('\u{1b}'),
        "{plain}"
    );
    assert!(
        diagnostic
            .render(source, Style::Terminal)
            .contains("\u{1b}[")
    );
}
