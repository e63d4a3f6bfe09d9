//! Specs of the APIs that can be called: those of Databricks, or a file.

use std::fs;
use std::path::Path;

use api_dynamic::Endpoint;
use api_spec::model::Api;
use api_spec::{Diagnostic, Source, Style, shipped};

use crate::error::CliError;
use crate::{console, suggest};

/// Specs of the Databricks APIs.
const SHIPPED: [(&str, &str); 2] = [
    ("databricks-1.2.toml", shipped::DATABRICKS_1_2),
    ("databricks-2.0.toml", shipped::DATABRICKS_2_0),
];

/// APIs whose endpoints can be called.
#[derive(Debug)]
pub(super) struct Specs {
    apis: Vec<Api>,
    /// Option that selects the spec in command lines.
    option: String,
}

impl Specs {
    /// Reads a spec file, or those of Databricks.
    pub(super) fn load(path: Option<&Path>) -> Result<Self, CliError> {
        let Some(path) = path else {
            return Ok(Self::shipped());
        };
        Ok(Self {
            apis: vec![read(path)?],
            option: format!(" --spec {}", path.display()),
        })
    }

    /// Returns the specs of Databricks.
    pub(super) fn shipped() -> Self {
        let apis = SHIPPED.iter();
        Self {
            // A test checks that both are valid.
            apis: apis
                .filter_map(|(name, text)| api_spec::parse(&Source::new(*name, *text)).api)
                .collect(),
            option: String::new(),
        }
    }

    /// Returns whether the spec is that of a file, whose API may be any.
    pub(super) fn is_foreign(&self) -> bool {
        !self.option.is_empty()
    }

    /// Returns all endpoints.
    pub(super) fn endpoints(&self) -> impl Iterator<Item = Endpoint<'_>> {
        self.apis.iter().flat_map(Endpoint::all)
    }

    /// Returns the command line without the endpoint.
    pub(super) fn command(&self) -> String {
        format!("dbexec call{}", self.option)
    }

    /// Returns the endpoint with this name.
    pub(super) fn find(&self, name: &str) -> Result<Endpoint<'_>, CliError> {
        let mut found = self.apis.iter().filter_map(|api| Endpoint::find(api, name));
        found.next().ok_or_else(|| {
            let error = CliError::usage(format!("unknown endpoint `{}`", name.escape_debug()));
            let names: Vec<_> = self.endpoints().map(|endpoint| endpoint.name()).collect();
            match suggest::most_similar(name, names.iter().map(String::as_str)) {
                Some(similar) => error.help(format!("a similar endpoint exists: `{similar}`")),
                None => error.help(format!("`{}` lists the endpoints", self.command())),
            }
        })
    }
}

/// Reads a spec and the files that it includes. Its errors are printed as `cargo api-spec check` does.
fn read(path: &Path) -> Result<Api, CliError> {
    let mut source = read_file(path)?;
    let folder = path.parent().unwrap_or(Path::new(""));
    for included in source.included_paths() {
        let file = read_file(&folder.join(&included));
        source.include(included, file.map_err(|error| error.message().to_owned()));
    }
    let parsed = api_spec::parse(&source);
    let errors: Vec<_> = parsed
        .diagnostics
        .iter()
        .filter(|it| it.is_error())
        .collect();
    match parsed.api {
        Some(api) if errors.is_empty() => Ok(api),
        _ => Err(invalid(&source, &errors)),
    }
}

fn invalid(source: &Source, errors: &[&Diagnostic]) -> CliError {
    for error in errors {
        console::eprintln(format_args!("{}\n", error.render(source, Style::Terminal)));
    }
    let count = match errors.len() {
        1 => "1 error".to_owned(),
        count => format!("{count} errors"),
    };
    CliError::usage(format!("{} has {count}", source.name()))
}

/// Reads a file, or the target of a symbolic link that Git has checked out as a text file.
fn read_file(path: &Path) -> Result<Source, CliError> {
    let name = path.display().to_string();
    let source = Source::from_bytes(&name, read_bytes(path)?);
    Ok(match Source::link_target(source.text()) {
        Some(target) => Source::from_bytes(name, read_bytes(&path.with_file_name(target))?),
        None => source,
    })
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, CliError> {
    fs::read(path)
        .map_err(|error| CliError::usage(format!("cannot read {}: {error}", path.display())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shipped_specs_are_valid_and_names_of_endpoints_are_unique() {
        let specs = Specs::shipped();
        assert_eq!(specs.apis.len(), SHIPPED.len());
        let mut names: Vec<_> = specs.endpoints().map(|endpoint| endpoint.name()).collect();
        let count = names.len();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), count);
    }
}
