//! A client that stands in a file already, as `cargo api-spec expand` writes it.

use std::env;
use std::path::Path;

use api_codegen::Stamp;
use proc_macro2::TokenStream;
use quote::quote;
use syn::LitStr;

use crate::args::Args;
use crate::expand::{self, Described};
use crate::load;

/// The file, if it was made from the description as it is now. If not, an error says what mends
/// it; the file, or code made on the spot, stands beside the error, so that no others follow.
pub(crate) fn client(
    args: &Args,
    file: &LitStr,
    described: &Described<'_>,
) -> syn::Result<TokenStream> {
    if described.files.is_empty() {
        let message = "`checked_in` goes with a description in a file of its own";
        return Err(syn::Error::new(file.span(), message));
    }
    let code = match load::find(file)? {
        Ok(found) => found,
        Err(tried) => {
            let trouble = format!("there is no checked-in client at {tried}");
            let error = error(file, &trouble, args);
            let code = expand::generated(args, described)?;
            return Ok(quote!(#error #code));
        }
    };
    let include = include(&code.path);
    let wanted = Stamp::new(&described.options);
    let trouble = match Stamp::find(&code.text) {
        Some(stamp) if stamp == wanted => return Ok(include),
        Some(stamp) => difference(file, &stamp, &wanted),
        None => format!("`{}` was not made by `cargo api-spec expand`", file.value()),
    };
    // Faults come first: nothing can be made of a description that has them.
    let faults = expand::faults(args, described.source);
    let error = if faults.is_empty() {
        error(file, &trouble, args)
    } else {
        faults
    };
    Ok(quote!(#error #include))
}

fn include(path: &Path) -> TokenStream {
    let path = path.to_string_lossy();
    quote!(::core::include! { #path })
}

fn difference(file: &LitStr, found: &Stamp, wanted: &Stamp) -> String {
    let file = file.value();
    let (old, new) = (found.generator(), wanted.generator());
    if old != new {
        return format!("`{file}` was made by version {old} of `cargo-api-spec`; this is {new}");
    }
    if found.runtime() != wanted.runtime() {
        let (old, new) = (found.runtime(), wanted.runtime());
        return format!("`{file}` was made for the runtime `{old}`; here it is `{new}`");
    }
    if found.only() != wanted.only() {
        return format!("`{file}` was made for another choice of endpoints");
    }
    format!("the description has changed since `{file}` was made")
}

fn error(file: &LitStr, trouble: &str, args: &Args) -> TokenStream {
    let message = format!(
        "{trouble}\n\nmake it anew{}:\n\n    {}\n",
        place(),
        command(file, args)
    );
    syn::Error::new(file.span(), message).into_compile_error()
}

/// Where the command is to be typed, if that is not where cargo runs the compiler.
fn place() -> String {
    let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_default();
    let here = env::current_dir().unwrap_or_default();
    let package = Path::new(&package);
    if package == here {
        return String::new();
    }
    let shown = package.strip_prefix(&here).unwrap_or(package);
    format!(", in `{}`", shown.display())
}

fn command(file: &LitStr, args: &Args) -> String {
    let runtime = args.runtime.as_ref().map_or(String::new(), |runtime| {
        let path: String = runtime.to_string().split_whitespace().collect();
        format!(" --runtime {}", quoted(&path))
    });
    let only = args.patterns().into_iter().map(|pattern| quoted(&pattern));
    let only: String = only.flat_map(|word| [" --only ".into(), word]).collect();
    format!(
        "cargo api-spec expand {} --out {}{runtime}{only}",
        quoted(&args.spec.value()),
        quoted(&file.value())
    )
}

fn quoted(word: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./:\\".contains(c);
    if !word.is_empty() && word.chars().all(plain) {
        word.to_owned()
    } else {
        format!("'{word}'")
    }
}
