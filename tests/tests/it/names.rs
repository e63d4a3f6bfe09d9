//! Names in specs that generated code could have itself. In each place of a spec, `check` reports a name,
//! or the generated code compiles.

mod places;

use std::fmt::Write as _;

use api_codegen::{Options, Trait};
use api_spec::model::Api;
use api_spec::{Diagnostic, Source};

use self::places::{PLACES, Place, TYPES};
use crate::cargo::Project;

/// Keywords, and names of generated methods, constants, parameters, variables, functions and modules, of
/// methods of the implemented traits, and of primitive types.
const SNAKE_CASE: &str = "
    as async await box break const continue crate dyn else enum extern false final fn for gen if impl in
    let loop macro match mod move mut override priv pub ref return self static struct super trait true
    try type typeof union unsafe unsized use virtual where while yield macro_rules
    new operation as_str from into try_from try_into clone clone_from default fmt eq ne cmp partial_cmp
    lt max min clamp hash drop deref borrow borrow_mut to_owned to_string type_id by_ref
    encode decode decode_into is_optional shape path query headers body serialize deserialize empty values
    client request response writer wait poll encoder reader value id f key url token user password
    status items turn decoded credentials serializer deserializer
    builder endpoints base_url error_shape generated rt types api_runtime core std alloc
    bool char str u8 u64 i64 f64 usize option some none result ok err string vec send sync iterator debug
    list list_all list_response list_progress wait_for_list all progress";

/// Names of the prelude, of the runtime, of generic parameters, and of generated types, constants and
/// variants.
const CAMEL_CASE: &str = "
    Self Option Some None Result Ok Err String Vec Box Clone Copy Debug Default PartialEq Eq PartialOrd Ord
    Hash From Into TryFrom AsRef Send Sync Sized Drop Fn FnMut FnOnce Iterator ToOwned ToString Display
    Serialize Deserialize Serializer Deserializer S D T E U R A Type
    Client ClientBuilder Error Secret Credentials Items Wait OnPoll Progress Upload Operation Endpoint
    Request Encode Encoder Decode DecodeInto Reader ReadError Value RawJson Nullable OpenEnum EnumValues
    OPERATION ENDPOINTS EMPTY VALUES TAGS VARIANTS NULL Unknown Unrecognized Unlisted List ListResponse
    OneUnion";

fn names(list: &'static str) -> Vec<&'static str> {
    list.split_whitespace().collect()
}

fn parse(spec: &str) -> (Option<Api>, Vec<Diagnostic>) {
    let parsed = api_spec::parse(&Source::new("names.toml", spec));
    let errors = parsed.diagnostics.into_iter().filter(Diagnostic::is_error);
    (parsed.api, errors.collect())
}

/// Returns the accepted names of a place, and adds a line for each of the others.
fn accepted(place: &Place, reported: &mut String) -> Vec<&'static str> {
    let list = if place.snake_case {
        SNAKE_CASE
    } else {
        CAMEL_CASE
    };
    let mut accepted = Vec::new();
    for name in names(list) {
        match parse(&(place.spec)(&[name])).1.first() {
            None => accepted.push(name),
            Some(error) => {
                let _ = writeln!(
                    reported,
                    "{}, `{name}`: {} {}",
                    place.name, error.code, error.message
                );
            }
        }
    }
    accepted
}

/// Adds the client of a spec as two modules: with the items of the macro and of a file.
fn add_modules(code: &mut String, name: &str, spec: &str) {
    let (api, errors) = parse(spec);
    assert!(errors.is_empty(), "{name}: {errors:?}\n{spec}");
    let (api, source) = (api.unwrap(), Source::new("names.toml", spec));
    let options = Options::new(&source).derive(Trait::ALL);
    let items = api_codegen::generate(&api, &options);
    let file = api_codegen::generate_file(&api, &options);
    let _ = write!(
        code,
        "pub mod {name} {{ {items} }}\npub mod {name}_file {{ {file} }}\n"
    );
}

/// `check` reports these names.
#[test]
fn reported_names() {
    let mut reported = String::new();
    for place in PLACES {
        let accepted = accepted(place, &mut reported);
        assert!(accepted.len() > 20, "{}: {accepted:?}", place.name);
    }
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!("reported_names", reported));
}

/// All other names compile, all at once, and those of types also alone: a file contains short paths such as
/// `Vec` only if no item has this name.
#[test]
fn accepted_names_compile() {
    let mut code = String::from("#![allow(warnings)]\n");
    for (index, place) in PLACES.iter().enumerate() {
        let accepted = accepted(place, &mut String::new());
        add_modules(&mut code, &format!("m{index}"), &(place.spec)(&accepted));
    }
    for (index, name) in names(CAMEL_CASE).into_iter().enumerate() {
        let place = &TYPES[index % TYPES.len()];
        let spec = (place.spec)(&[name]);
        if parse(&spec).1.is_empty() {
            add_modules(&mut code, &format!("type{index}"), &spec);
        }
    }
    let project = Project::new("names");
    project.write("src/lib.rs", &code);
    let output = project.cargo(&["check"]);
    assert!(output.success, "{}", output.text);
}
