//! Identification of the input of a generated file, in a comment of the file.

use std::fmt;

use crate::context::Options;

/// Identification of the input of a generated file: the text of the spec, the version of the
/// generator, the path of the runtime, the selected endpoints, and the additional traits. Files with
/// equal stamps have equal code.
///
/// # Examples
///
/// ```
/// use api_codegen::{Options, Stamp};
///
/// let source = api_spec::Source::new("clock.toml", "[api]\n");
/// let stamp = Stamp::new(&Options::new(&source));
/// let file = format!("// Generated.\n{stamp}\n\npub struct Clock;\n");
/// assert_eq!(Stamp::find(&file), Some(stamp));
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stamp {
    spec: String,
    generator: String,
    runtime: String,
    only: String,
    derive: String,
}

const START: &str = "// stamp: spec=";

impl Stamp {
    /// Returns the stamp of a file that is generated with these options.
    pub fn new(options: &Options<'_>) -> Self {
        // rustc and proc-macro2 print the tokens of a path with different spaces.
        let mut runtime = options.runtime.to_string();
        runtime.retain(|c| !c.is_whitespace());
        let derive: Vec<_> = options.traits.iter().map(|item| item.as_str()).collect();
        Self {
            spec: format!("{:032x}", options.source.fingerprint()),
            generator: env!("CARGO_PKG_VERSION").to_owned(),
            runtime,
            only: options.only.join(","),
            derive: derive.join(","),
        }
    }

    /// Finds the stamp in the comments at the start of a file.
    pub fn find(file: &str) -> Option<Self> {
        let mut comments = file.lines().take_while(|line| line.starts_with("//"));
        let line = comments.find_map(|line| line.strip_prefix(START))?;
        let (spec, rest) = line.split_once(" generator=")?;
        let (generator, rest) = rest.split_once(" runtime=")?;
        let rest = rest.trim_end();
        let (rest, derive) = rest.split_once(" derive=").unwrap_or((rest, ""));
        let (runtime, only) = rest.split_once(" only=").unwrap_or((rest, ""));
        Some(Self {
            spec: spec.to_owned(),
            generator: generator.to_owned(),
            runtime: runtime.to_owned(),
            only: only.to_owned(),
            derive: derive.to_owned(),
        })
    }

    /// Returns the version of the generator.
    pub fn generator(&self) -> &str {
        &self.generator
    }

    /// Returns the path of the runtime, without spaces.
    pub fn runtime(&self) -> &str {
        &self.runtime
    }

    /// Returns the patterns of the selected endpoints, separated by commas. Empty for all endpoints.
    pub fn only(&self) -> &str {
        &self.only
    }

    /// Returns the additional traits, separated by commas.
    pub fn derive(&self) -> &str {
        &self.derive
    }
}

impl fmt::Display for Stamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            spec,
            generator,
            runtime,
            only,
            derive,
        } = self;
        write!(f, "{START}{spec} generator={generator} runtime={runtime}")?;
        for (key, list) in [("only", only), ("derive", derive)] {
            if !list.is_empty() {
                write!(f, " {key}={list}")?;
            }
        }
        Ok(())
    }
}
