//! The same client as structs with derived code, and functions that call a common one.

use std::fmt::Write as _;

use super::Files;

const MANIFEST: &str = r#"[package]
name = "NAME"
edition = "2024"
[dependencies]
serde = { version = "1.0", features = ["derive"] }
serde_json = "1.0"
ureq = { version = "3.5", default-features = false }
[workspace]
[profile.release]
strip = true
"#;

const COMMON: &str = r#"#![allow(unused_imports)]
use std::collections::BTreeMap;
use serde::{Deserialize, Serialize};

pub type Failure = Box<dyn std::error::Error>;

pub struct Client { pub agent: ureq::Agent, pub base: String }

impl Client {
    pub fn send(&self, path: &str, query: &[(&str, String)], body: Vec<u8>) -> Result<Vec<u8>, Failure> {
        let mut request = self.agent.post(format!("{}{path}", self.base));
        for (key, value) in query { request = request.query(*key, value); }
        Ok(request.send(&body[..])?.body_mut().read_to_vec()?)
    }
}
"#;

pub(crate) fn files(count: usize) -> Files {
    let lock = include_str!("../../../Cargo.lock").to_owned();
    vec![
        ("Cargo.toml", MANIFEST.to_owned()),
        ("Cargo.lock", lock),
        ("src/lib.rs", library(count)),
        ("src/main.rs", program(count)),
    ]
}

fn library(count: usize) -> String {
    (0..count).fold(COMMON.to_owned(), |mut text, n| {
        let _ = write!(
            text,
            r#"
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum State{n} {{ One, Two, Three, Four, Five, #[serde(untagged)] Unknown(String) }}

impl State{n} {{
    pub fn as_str(&self) -> &str {{
        match self {{
            Self::One => "one", Self::Two => "two", Self::Three => "three", Self::Four => "four",
            Self::Five => "five", Self::Unknown(value) => value,
        }}
    }}
}}

#[derive(Clone, Debug, Serialize)]
pub struct Call{n} {{
    #[serde(skip)] pub q_a: String,
    #[serde(skip)] pub q_b: Option<i64>,
    #[serde(skip)] pub q_c: Option<bool>,
    #[serde(skip)] pub q_d: Option<State{n}>,
    #[serde(skip)] pub q_e: Option<String>,
    pub b_a: String,
    pub b_b: i64,
    pub b_c: State{n},
    pub b_d: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")] pub b_e: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")] pub b_f: Option<BTreeMap<String, String>>,
}}

#[derive(Clone, Debug, Deserialize)]
pub struct Call{n}Response {{
    pub r_a: String,
    pub r_b: i64,
    pub r_c: State{n},
    pub r_d: Vec<String>,
    pub r_e: Option<f64>,
    pub r_f: bool,
    pub r_g: Option<String>,
    pub r_h: serde_json::Value,
}}

pub fn call_{n}(client: &Client, request: &Call{n}) -> Result<Call{n}Response, Failure> {{
    let mut query = vec![("q_a", request.q_a.clone())];
    if let Some(value) = request.q_b {{ query.push(("q_b", value.to_string())); }}
    if let Some(value) = request.q_c {{ query.push(("q_c", value.to_string())); }}
    if let Some(value) = &request.q_d {{ query.push(("q_d", value.as_str().to_owned())); }}
    if let Some(value) = &request.q_e {{ query.push(("q_e", value.clone())); }}
    let response = client.send("/api/call/{n}", &query, serde_json::to_vec(request)?)?;
    Ok(serde_json::from_slice(&response)?)
}}
"#
        ); // writing to a string cannot fail
        text
    })
}

fn program(count: usize) -> String {
    let head = r#"use NAME::*;

fn main() -> Result<(), Failure> {
    let agent = ureq::Agent::new_with_defaults();
    let client = Client { agent, base: "http://127.0.0.1:1".into() };
    let n = std::env::args().count();
    let s = || n.to_string();
    match n {
        usize::MAX => drop(client.send(&s(), &[], Vec::new())?),
"#;
    let mut text = (0..count).fold(head.to_owned(), |mut text, n| {
        let _ = write!(
            text,
            r#"        {n} => {{
            let request = Call{n} {{
                q_a: s(), q_b: Some(n as i64), q_c: Some(true), q_d: Some(State{n}::One), q_e: Some(s()),
                b_a: s(), b_b: n as i64, b_c: State{n}::Two, b_d: vec![s()], b_e: Some(1.0), b_f: None,
            }};
            let r = call_{n}(&client, &request)?;
            println!("{{:?}}", (r.r_a, r.r_b, r.r_c.as_str(), r.r_d, r.r_e, r.r_f, r.r_g, r.r_h));
        }}
"#
        ); // writing to a string cannot fail
        text
    });
    text.push_str("        _ => drop(client),\n    }\n    Ok(())\n}\n");
    text
}
