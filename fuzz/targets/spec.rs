//! Specs: no panic, diagnostics that can be rendered, and valid Rust code for valid specs.

#![no_main]

use api_codegen::{Options, generate, generate_file};
use api_spec::{Source, Style, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let source = Source::new("fuzz.toml", text);
    let parsed = parse(&source);
    for diagnostic in &parsed.diagnostics {
        let span = diagnostic.span();
        assert!(text.get(span.range()).is_some(), "{span:?}");
        for style in [Style::Plain, Style::Terminal] {
            assert!(!diagnostic.render(&source, style).is_empty());
        }
    }
    assert!(parsed.api.is_some() || parsed.has_errors());
    if let Some(api) = &parsed.api {
        let options = Options::new(&source);
        for code in [generate(api, &options), generate_file(api, &options)] {
            if let Err(error) = syn::parse2::<syn::File>(code.clone()) {
                panic!("{error} in {code}");
            }
        }
    }
});
