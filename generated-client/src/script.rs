//! Python files that run as with the `python` command.

mod record;

use std::fmt::{self, Write as _};
use std::fs;
use std::path::Path;

use api_runtime::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

pub(crate) use self::record::{Outcome, Records};

/// Python script with its arguments, run by
/// [`ExecutionContext::script`](crate::ExecutionContext::script).
///
/// Compared to a command with the same code,
///
/// - what was printed before an exception is part of the [`Failure`](crate::Failure). The service drops it
///   for commands.
/// - tracebacks name the file and its lines, and [`Failure::location`](crate::Failure::location) does as well
/// - `sys.argv` has the arguments, `__file__` is the path, and `__name__` is `"__main__"`
/// - `sys.exit` ends the script: `sys.exit(0)` successfully, and otherwise with a
///   [`Failure`](crate::Failure) that has the [`exit_code`](crate::Failure::exit_code)
/// - the value of the last expression is not printed.
///
/// The variables of the script remain in the context. The script does not exist as a file on the cluster.
/// Python 3.8 is required.
///
/// # Examples
///
/// ```no_run
/// use generated_client::{ExecutionContext, Language, RunError, Script};
///
/// let client = generated_client::from_env()?;
/// let context = ExecutionContext::create(&client, "0123-456789-abcde", Language::Python)?;
/// let script = Script::read("job.py")?.args(["2026-11", "--full"]);
/// match context.script(&script).on_output(|text| print!("{text}")).run() {
///     Err(RunError::Failed(failure)) => {
///         let line = failure.location.as_ref().map(ToString::to_string);
///         eprintln!("{failure}\nfailed at {}", line.unwrap_or_default());
///     }
///     result => drop(result?),
/// }
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[must_use = "a script does nothing until it is run"]
pub struct Script {
    path: String,
    source: Vec<u8>,
    args: Vec<String>,
}

/// Names that a server prepares when a command refers to them for the first time.
const PREPARED_NAMES: [&str; 3] = ["spark", "sc", "sqlContext"];

const BOOTSTRAP: &str = include_str!("script/bootstrap.py");

impl Script {
    /// Creates a script. `path` is its name in tracebacks and in `sys.argv`.
    pub fn new(path: impl Into<String>, source: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            source: source.into(),
            args: Vec::new(),
        }
    }

    /// Reads a script from a file.
    ///
    /// # Errors
    ///
    /// Returns [`ErrorKind::InvalidInput`] if the file cannot be read.
    pub fn read(path: impl AsRef<Path>) -> Result<Self, Error> {
        let name = path.as_ref().display().to_string();
        match fs::read(path) {
            Ok(source) => Ok(Self::new(name, source)),
            Err(error) => {
                let message = format!("the script {name}: {error}");
                Err(Error::before_sending(ErrorKind::InvalidInput, message))
            }
        }
    }

    /// Sets the arguments: `sys.argv` without its first element.
    pub fn args<T: Into<String>>(mut self, args: impl IntoIterator<Item = T>) -> Self {
        self.args = args.into_iter().map(Into::into).collect();
        self
    }

    /// Returns the path.
    #[must_use]
    pub fn path(&self) -> &str {
        &self.path
    }

    /// Returns the code of the command that runs the script and prints a record with this nonce.
    pub(crate) fn code(&self, nonce: &str) -> String {
        let mut code = BOOTSTRAP.replace("NONCE", nonce);
        code.reserve(self.source.len() / 3 * 4 + 1000);
        // JSON strings and lists of strings are valid in Python.
        let (path, args) = (json!(self.path), json!(self.args));
        let _ = write!(code, "_run_script_{nonce}(globals(), {path}, \"");
        STANDARD.encode_string(&self.source, &mut code);
        let names = self.prepared_names().join(", ");
        let _ = writeln!(code, "\", {args}, lambda: [{names}])");
        code
    }

    /// Returns the names of [`PREPARED_NAMES`] that occur in the source as words.
    fn prepared_names(&self) -> Vec<&'static str> {
        let is_in_word = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
        let words = self.source.split(|byte| !is_in_word(byte));
        let mut names = PREPARED_NAMES.to_vec();
        let mut found = Vec::new();
        for word in words {
            if let Some(index) = names.iter().position(|name| name.as_bytes() == word) {
                found.push(names.swap_remove(index));
            }
        }
        found
    }
}

impl fmt::Debug for Script {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Neither source nor arguments are written: they often contain secrets.
        f.debug_struct("Script")
            .field("path", &self.path)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn code_contains_no_text_of_the_script() {
        let script =
            Script::new("a\"\\\n.py", "print('''\"\"\"''')\n").args(["\"); x(\"", "é\u{0}"]);
        let code = script.code("ab");
        let call = code.lines().last().unwrap();
        assert_eq!(
            call,
            "_run_script_ab(globals(), \"a\\\"\\\\\\n.py\", \"cHJpbnQoJycnIiIiJycnKQo=\", \
             [\"\\\"); x(\\\"\",\"é\\u0000\"], lambda: [])"
        );
        assert!(!code.contains("NONCE"));
    }

    #[test]
    fn prepared_names_are_found_as_words() {
        let names = |source: &str| Script::new("a.py", source).prepared_names();
        assert_eq!(names("sc.stop()\nspark.sql('x'); spark"), ["sc", "spark"]);
        assert!(names("sparkly = scs\nmy_spark = 1").is_empty());
    }

    #[test]
    fn debug_shows_neither_source_nor_arguments() {
        let script = Script::new("a.py", "token = 'x'").args(["secret"]);
        assert_eq!(format!("{script:?}"), r#"Script { path: "a.py", .. }"#);
    }
}
