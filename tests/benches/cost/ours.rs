//! The client of a spec, and a program that calls all of its operations.

use std::fmt::Write as _;

use super::Files;

pub(crate) fn files(count: usize) -> Files {
    let runtime = concat!(env!("CARGO_MANIFEST_DIR"), "/../runtime");
    let manifest = format!(
        r#"[package]
name = "NAME"
edition = "2024"
[dependencies]
api-runtime = {{ path = {runtime:?}, default-features = false }}
[workspace]
[profile.release]
strip = true
"#
    );
    let lock = include_str!("../../../Cargo.lock").to_owned();
    vec![
        ("Cargo.toml", manifest),
        ("Cargo.lock", lock),
        ("api.toml", spec(count)),
        (
            "src/lib.rs",
            "api_runtime::api!(\"api.toml\");\n".to_owned(),
        ),
        ("src/main.rs", program(count)),
    ]
}

pub(crate) fn spec(count: usize) -> String {
    let head = "[api]\nname = \"Much\"\ndoc = \"An API with many operations.\"\n";
    (0..count).fold(head.to_owned(), |mut text, n| {
        let _ = write!(
            text,
            r#"
[enums.State{n}]
doc = "A state."
values = {{ one = "1.", two = "2.", three = "3.", four = "4.", five = "5." }}

[endpoints.group_{group}.call_{n}]
doc = "Operation {n}."
http = "POST /api/call/{n}"
retry = "never"
query = {{ q_a = "string", q_b = "int?", q_c = "bool?", q_d = "State{n}?", q_e = "string?" }}
json = {{ b_a = "string", b_b = "int", b_c = "State{n}", b_d = "[string]", b_e = "float?", b_f = "{{string}}?" }}
response = {{ r_a = "string", r_b = "int", r_c = "State{n}", r_d = "[string]", r_e = "float?", r_f = "bool", r_g = "string?", r_h = "json" }}
"#,
            group = n / 10
        ); // writing to a string cannot fail
        text
    })
}

fn program(count: usize) -> String {
    let head = r#"use NAME::*;

fn main() -> Result<(), api_runtime::Error> {
    let client = api_runtime::Client::builder("http://127.0.0.1:1").build()?;
    let n = std::env::args().count();
    let s = || n.to_string();
    match n {
"#;
    let mut text = (0..count).fold(head.to_owned(), |mut text, n| {
        let _ = write!(
            text,
            r#"        {n} => {{
            let request = group_{group}::Call{n}::new(s(), s(), n as i64, State{n}::Two, vec![s()])
                .q_b(n as i64).q_c(true).q_d(State{n}::One).q_e(s()).b_e(1.0);
            let r = group_{group}::call_{n}(&client, &request)?;
            println!("{{:?}}", (r.r_a, r.r_b, r.r_c.as_str(), r.r_d, r.r_e, r.r_f, r.r_g, r.r_h));
        }}
"#,
            group = n / 10
        ); // writing to a string cannot fail
        text
    });
    text.push_str("        _ => drop(client),\n    }\n    Ok(())\n}\n");
    text
}
