//! Size of generated code, in the macro form. It determines the time to compile a client, and unlike
//! the time, it is the same on all machines.

use api_codegen::Options;
use api_spec::Source;
use proc_macro2::{TokenStream, TokenTree};

/// Number of functions and tokens.
#[derive(Clone, Copy, Debug)]
struct Size {
    functions: usize,
    tokens: usize,
}

impl Size {
    fn of(tokens: TokenStream) -> Self {
        let mut size = Self {
            functions: 0,
            tokens: 0,
        };
        for token in tokens {
            size.tokens += 1;
            match token {
                TokenTree::Group(group) => {
                    let inner = Self::of(group.stream());
                    size.functions += inner.functions;
                    size.tokens += inner.tokens;
                }
                TokenTree::Ident(ident) if ident == "fn" => size.functions += 1,
                _ => {}
            }
        }
        size
    }

    fn of_spec(items: &str) -> Self {
        let head = "[api]\nname = \"Size\"\ndoc = \"An API.\"\n";
        let source = Source::new("api.toml", format!("{head}{items}"));
        let api = api_spec::parse(&source).api.expect("no errors");
        Self::of(api_codegen::generate(&api, &Options::new(&source)))
    }
}

/// Returns the spec of an operation with these parameters and members of the response.
fn operation(name: &str, query: &str, response: &str) -> String {
    format!(
        "[endpoints.items.{name}]\ndoc = \"Lists items.\"\nhttp = \"GET /{name}\"\n\
         query = {{ a = \"string\"{query} }}\nresponse = {{ b = \"int\"{response} }}\n"
    )
}

#[test]
fn code_per_item_has_a_known_size() {
    let base = operation("all", "", "");
    let other = operation("some", "", "");
    let named = |values: &str| {
        let item = format!("[enums.Color]\ndoc = \"A color.\"\nvalues = {{ {values} }}\n");
        format!(
            "{item}{}",
            operation("all", ", c = \"Color?\"", ", c = \"Color\"")
        )
    };
    let rows = [
        ("operation", base.clone(), format!("{base}{other}")),
        (
            "optional field of a request",
            base.clone(),
            operation("all", ", c = \"int?\"", ""),
        ),
        (
            "required field of a response",
            base,
            operation("all", "", ", c = \"int\""),
        ),
        (
            "value of an enum",
            named("red = \"Red.\""),
            named("red = \"Red.\", blue = \"Blue.\""),
        ),
    ];
    let lines = rows.map(|(item, without, with)| {
        let (without, with) = (Size::of_spec(&without), Size::of_spec(&with));
        let functions = with.functions - without.functions;
        let tokens = with.tokens - without.tokens;
        format!("{item}: {functions} functions, {tokens} tokens")
    });
    insta::assert_snapshot!(lines.join("\n"));
}
