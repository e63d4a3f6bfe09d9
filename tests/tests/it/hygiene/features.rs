//! Use of the language in the spec of the hygiene test.

use std::collections::BTreeSet;

use api_runtime::Client;
use api_runtime::transport::Scripted;
use api_spec::language::{Format, Kind, Table, tables};
use serde_json::json;
use toml::de::{DeTable, DeValue};

use super::hostile::features;

/// Keys without an effect on generated code.
const WITHOUT_CODE: [&str; 1] = ["document.include"];

/// Returns the spec of the module `features`.
fn spec() -> &'static str {
    let code = include_str!("hostile.rs");
    let (_, code) = code.split_once("pub mod features {").unwrap();
    let (_, spec) = code.split_once("r##\"").unwrap();
    spec.split_once("\"##").unwrap().0
}

/// Collects the keys of a table and of the tables in it.
fn collect(keys: &Table, table: &DeTable<'_>, used: &mut BTreeSet<String>) {
    for (name, value) in table {
        let key = keys.keys.iter().find(|key| key.name == &**name.get_ref());
        let key = key.unwrap_or_else(|| panic!("unknown key `{}`", name.get_ref()));
        used.insert(format!("{}.{}", keys.name, key.name));
        collect_value(&key.kind, value.get_ref(), key.name, used);
    }
}

fn collect_value(kind: &Kind, value: &DeValue<'_>, key: &str, used: &mut BTreeSet<String>) {
    match (kind, value) {
        (Kind::Table(keys), DeValue::Table(table)) => collect(keys, table, used),
        (Kind::Map(_, inner), DeValue::Table(table)) => {
            for value in table.values() {
                collect_value(inner, value.get_ref(), key, used);
            }
        }
        (Kind::StringOr(_, inner) | Kind::OrList(inner, _), DeValue::Table(_)) => {
            collect_value(inner, value, key, used);
        }
        (Kind::OrList(single, _), DeValue::String(_)) => collect_value(single, value, key, used),
        (Kind::List(inner) | Kind::OrList(_, inner), DeValue::Array(items)) => {
            for item in items {
                collect_value(inner, item.get_ref(), key, used);
            }
        }
        (Kind::String(format) | Kind::StringOr(format, _), DeValue::String(text)) => {
            if let Format::OneOf(_) = format {
                used.insert(format!("{key} = {text}"));
            }
        }
        _ => {}
    }
}

/// Returns all keys of the language, and all values of keys with a fixed set of values.
fn language() -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for table in tables() {
        for key in table.keys {
            all.insert(format!("{}.{}", table.name, key.name));
            if let Kind::String(Format::OneOf(values)) = key.kind {
                all.extend(values.iter().map(|value| format!("{} = {value}", key.name)));
            }
        }
    }
    all.retain(|key| !WITHOUT_CODE.contains(&key.as_str()));
    all
}

#[test]
fn spec_uses_every_key_of_the_language() {
    let document = DeTable::parse(spec()).unwrap();
    let mut used = BTreeSet::new();
    collect(tables()[0], document.get_ref(), &mut used);
    let unused: Vec<_> = language().difference(&used).cloned().collect();
    assert!(unused.is_empty(), "unused in `features`: {unused:?}");
}

#[test]
fn spec_uses_every_builtin_type() {
    let source = api_spec::Source::new(
        "unknown.toml",
        spec().replacen("\"json?\"", "\"unheard\"", 1),
    );
    let parsed = api_spec::parse(&source);
    let [error] = parsed.diagnostics.as_slice() else {
        panic!("{:?}", parsed.diagnostics)
    };
    let names = error
        .help
        .iter()
        .flat_map(|help| help.split('`'))
        .skip(1)
        .step_by(2);
    let mut count = 0;
    for name in names {
        let is_used = ["", "?", "]", "]?"]
            .iter()
            .any(|end| spec().contains(&format!("{name}{end}\"")));
        assert!(is_used, "unused in `features`: {name}");
        count += 1;
    }
    assert!(count > 10, "{:?}", error.help);
}

fn client(script: &Scripted) -> Client {
    let client = features::builder_with_x_api_key("key")
        .unwrap()
        .transport(script.clone());
    client.build().unwrap()
}

#[test]
fn pager_of_a_function_named_like_a_parameter() {
    let script = Scripted::new()
        .respond(
            200,
            json!({"request": [{"oldest": 0, "count": 1}], "next": "b"}).to_string(),
        )
        .respond(
            200,
            json!({"request": [{"oldest": 0, "count": 2}]}).to_string(),
        );
    let request = features::client::Request::new("a");
    let client = client(&script);
    let items = features::client::request_all(&client, request);
    let items: Vec<_> = items.map(|item| item.unwrap().count).collect();
    assert_eq!(items, [1, 2]);
    let targets: Vec<_> = script
        .requests()
        .iter()
        .map(|it| it.target.clone())
        .collect();
    let expected = [
        "/client/request/a?version=2.5&size=20",
        "/client/request/a?version=2.5&token=b&size=20",
    ];
    assert_eq!(targets, expected);
}

#[test]
fn pages_by_number_end_with_an_empty_page() {
    let script = Scripted::new()
        .respond(200, json!({"items": [1, null]}).to_string())
        .respond(200, json!({"items": []}).to_string());
    let client = client(&script);
    let items = features::client::items_all(&client, features::client::Items::new(1));
    assert_eq!(items.count(), 2);
    let targets: Vec<_> = script
        .requests()
        .iter()
        .map(|it| it.target.clone())
        .collect();
    let expected = [
        "/client/items?version=2.5&page=1",
        "/client/items?version=2.5&page=2",
    ];
    assert_eq!(targets, expected);
}

/// A request with a float that is not finite is an error before anything is sent, wherever the float is.
#[test]
fn float_that_is_not_finite_is_not_sent() {
    let script = Scripted::new();
    let client = client(&script);
    let every = |rate| {
        let mut every = features::Every::new(1);
        every.rate = rate;
        every
    };
    let nested = features::Every::new(1).nested(
        [(
            "key".to_owned(),
            vec![features::Every::new(1).nullable(Some(f64::NAN))],
        )]
        .into(),
    );
    let tagged = features::Tagged::Some(features::SomeTagged::new(f64::INFINITY));
    let keyed = features::Keyed::None(features::NoneKeyed::new(f64::NEG_INFINITY));
    let wait = features::client::Poll::new;
    let json = [
        (wait(every(0.5), vec![0.5, f64::NAN]), "list"),
        (wait(every(f64::NAN), Vec::new()), "every.rate"),
        (wait(nested, Vec::new()), "every.nested.key.nullable"),
        (
            wait(every(0.5).tagged(tagged), Vec::new()),
            "every.tagged.value",
        ),
        (
            wait(every(0.5).keyed(vec![keyed]), Vec::new()),
            "every.keyed.number",
        ),
    ];
    #[expect(deprecated, reason = "the spec has a function with every key")]
    let errors = json.map(|(request, field)| {
        (
            features::client::poll(&client, &request).unwrap_err(),
            field,
        )
    });
    let form = features::client::Form::new(Vec::new()).pipe(vec![f64::NAN]);
    let multipart =
        features::client::Multipart::new(api_runtime::Upload::bytes("a", "")).rate(f64::NAN);
    let more = [
        (features::client::form(&client, &form).unwrap_err(), "pipe"),
        (
            features::client::multipart(&client, &multipart).unwrap_err(),
            "rate",
        ),
    ];
    for (error, field) in errors.into_iter().chain(more) {
        assert_eq!(error.kind(), api_runtime::ErrorKind::InvalidInput);
        let expected = format!("the field `{field}` must be a finite number");
        assert_eq!(error.message(), expected);
    }
    assert!(script.requests().is_empty());
}
