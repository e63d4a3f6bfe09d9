//! What generated code was made from, in a line that a file of it carries.

use std::fmt;

use crate::context::Options;

/// What a file of generated code was made from: the text of the description, the version of the
/// generator, the path of the runtime, the choice of endpoints, and the traits. Equal stamps stand
/// over equal code.
///
/// # Example
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
    /// The stamp of what these options make.
    pub fn new(options: &Options<'_>) -> Self {
        // Compilers and libraries print the tokens of a path with different spaces.
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

    /// The stamp among the comments that a file begins with.
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

    /// The version of the generator.
    pub fn generator(&self) -> &str {
        &self.generator
    }

    /// The path of the runtime, without spaces.
    pub fn runtime(&self) -> &str {
        &self.runtime
    }

    /// The choice of endpoints, with commas between; empty where all are there.
    pub fn only(&self) -> &str {
        &self.only
    }

    /// The traits, with commas between; empty where there are none beyond the usual.
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
