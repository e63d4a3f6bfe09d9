use super::*;

fn failure(summary: Option<&str>, cause: Option<&str>, language: Language) -> Failure {
    Failure {
        summary: summary.map(str::to_owned),
        cause: cause.map(str::to_owned),
        output: None,
        language,
    }
}

const IPYTHON: &str = "\
\u{1b}[0;31m-----------------------------------------------------------------\u{1b}[0m
\u{1b}[0;31mZeroDivisionError\u{1b}[0m                  Traceback (most recent call last)
File \u{1b}[0;32m<command-1>:1\u{1b}[0m
\u{1b}[0;32m----> 1\u{1b}[0m \u{1b}[38;5;241m1/0\u{1b}[39m

\u{1b}[0;31mZeroDivisionError\u{1b}[0m: division by zero";

const CHAINED: &str = "\
Traceback (most recent call last):
  File \"<command-1>\", line 2, in <module>
KeyError: 'x'

During handling of the above exception, another exception occurred:

Traceback (most recent call last):
  File \"<command-1>\", line 4, in <module>
    raise m.Broken(\"a\\nLater: b\")
m.Broken: a
Later: b";

#[test]
fn names_are_found_where_there_are_any() {
    for (summary, cause, name) in [
        (
            Some("ZeroDivisionError: division by zero"),
            None,
            Some("ZeroDivisionError"),
        ),
        (
            Some("<span class=\"ansi-red-fg\">ZeroDivisionError</span>: division by zero"),
            None,
            Some("ZeroDivisionError"),
        ),
        (Some("KeyboardInterrupt"), None, Some("KeyboardInterrupt")),
        (Some("pkg.mod.Broken: x"), None, Some("Broken")),
        (
            Some("Error in SQL statement: AnalysisException: no table"),
            None,
            Some("AnalysisException"),
        ),
        (
            Some("java.lang.ArithmeticException: / by zero"),
            None,
            Some("ArithmeticException"),
        ),
        (None, Some(IPYTHON), Some("ZeroDivisionError")),
        (None, Some(CHAINED), Some("Broken")),
        (
            None,
            Some("org.x.Outer$Inner: m\n\tat org.x.Main"),
            Some("Inner"),
        ),
        (Some(""), Some("NameError: x"), Some("NameError")),
        (Some("Error in f(): no"), None, None),
        (Some("Error: object 'x' not found"), None, None),
        (
            Some("Fatal error: The Python kernel is unresponsive."),
            None,
            None,
        ),
        (Some("Command Cancelled"), Some(""), None),
        (Some("http://x: y"), None, None),
        (Some("é: y"), None, None),
        (None, None, None),
    ] {
        let failure = failure(summary, cause, Language::Python);
        assert_eq!(failure.name().as_deref(), name, "{summary:?} {cause:?}");
    }
}

#[test]
fn messages_are_short() {
    let mount =
        "ExecutionError: An error occurred.\nStatusCode=404\nStatusDescription=Not there\nmore";
    for (summary, cause, message) in [
        (
            Some("ZeroDivisionError: division by zero"),
            Some(CHAINED),
            "ZeroDivisionError: division by zero",
        ),
        (
            Some("Error in SQL statement: AnalysisException: no &#39;t&#39;\nat 1"),
            None,
            "no 't'",
        ),
        (
            Some(
                "<div>org.x.SparkException: failed; nested exception is: java.lang.IoException: <b>disk</b> </div>",
            ),
            None,
            "disk",
        ),
        (
            Some("org.x.SparkException: failed; nested exception is:"),
            None,
            "failed",
        ),
        (
            Some("short"),
            Some(mount),
            "An error occurred.\nStatusCode=404\nStatusDescription=Not there",
        ),
        (Some("short"), Some("a ErrorMessage=full\nb"), "full"),
        (
            Some(""),
            Some("\u{1b}[31mTraceback\u{1b}[0m\n  x\nE: y\n"),
            "E: y",
        ),
        (Some("a < b && c > d"), None, "a < b && c > d"),
        (None, None, "the command failed without saying why"),
    ] {
        let failure = failure(summary, cause, Language::Scala);
        assert_eq!(failure.message(), message, "{summary:?} {cause:?}");
    }
}

#[test]
fn people_are_told_what_tells_most() {
    let prefix = format!("DATABRICKS_CURRENT_TEMP_CMD__{}", "x".repeat(32));
    let r = format!("{prefix}Error in f(): no");
    for (summary, cause, language, shown) in [
        (Some("short"), Some("long"), Language::Python, "long"),
        (Some("short"), Some(""), Language::Python, "short"),
        (Some("short"), None, Language::R, "short"),
        (
            Some("short"),
            Some(r.as_str()),
            Language::R,
            "Error in f(): no",
        ),
        (None, Some(prefix.as_str()), Language::R, ""),
        (
            Some("short"),
            Some("DATABRICKS_CURRENT_TEMP_CMD__é"),
            Language::R,
            "DATABRICKS_CURRENT_TEMP_CMD__é",
        ),
        (Some("short"), Some("long"), Language::Scala, "short"),
        (None, Some("long"), Language::Sql, "long"),
        (
            Some("Error in SQL statement: AnalysisException: no table; line 1\n== SQL ==\nx"),
            Some("long"),
            Language::Sql,
            "AnalysisException: no table; line 1\n== SQL ==\nx",
        ),
        (
            Some("java.lang.ArithmeticException: / by zero"),
            None,
            Language::Scala,
            "ArithmeticException: / by zero",
        ),
    ] {
        let shown = match shown {
            "" => "the command failed without saying why",
            shown => shown,
        };
        let failure = failure(summary, cause, language);
        assert_eq!(failure.to_string(), shown, "{summary:?} {cause:?}");
        // What programs read stays as it came.
        assert_eq!(failure.summary.as_deref(), summary);
        assert_eq!(failure.cause.as_deref(), cause);
    }
}

#[test]
fn any_words_can_be_told() {
    arbtest::arbtest(|u| {
        let alphabet = [
            "Exception: ",
            "a.B",
            ": ",
            "\n",
            "é",
            "<b>",
            "<",
            "&#x41;",
            "&#xffffffff;",
            "&",
            ";",
            "Traceback (most recent call last)",
            "ExecutionError: ",
            "\nStatusCode=",
            "ErrorMessage=",
            "DATABRICKS_CURRENT_TEMP_CMD__",
            "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
            "\u{1b}[",
        ];
        let mut words = || -> arbtest::arbitrary::Result<String> {
            let count = u.int_in_range(0..=8)?;
            (0..count).map(|_| u.choose(&alphabet).copied()).collect()
        };
        let (summary, cause) = (words()?, words()?);
        for language in [Language::Sql, Language::R] {
            let failure = failure(Some(&summary), Some(&cause), language);
            let _ = (failure.name(), failure.message(), failure.to_string());
        }
        Ok(())
    });
}
