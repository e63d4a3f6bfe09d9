use super::*;

fn failure(summary: Option<&str>, cause: Option<&str>, language: Language) -> Failure {
    Failure {
        summary: summary.map(str::to_owned),
        cause: cause.map(str::to_owned),
        output: None,
        language,
        location: None,
        exit_code: None,
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
fn name_is_taken_from_summary_or_traceback() {
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
fn message_has_no_exception_name_and_no_traceback() {
    let mount =
        "ExecutionError: An error occurred.\nStatusCode=404\nStatusDescription=Not there\nmore";
    for (summary, cause, message) in [
        (
            Some("ZeroDivisionError: division by zero"),
            Some(CHAINED),
            "division by zero",
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
            "y",
        ),
        (
            Some("java.lang.OutOfMemoryError: Java heap space"),
            None,
            "Java heap space",
        ),
        (Some("KeyboardInterrupt"), None, "KeyboardInterrupt"),
        (
            Some("Fatal error: The Python kernel is unresponsive."),
            None,
            "Fatal error: The Python kernel is unresponsive.",
        ),
        (Some("a < b && c > d"), None, "a < b && c > d"),
        (None, None, NO_DETAILS),
    ] {
        let failure = failure(summary, cause, Language::Scala);
        assert_eq!(failure.message(), message, "{summary:?} {cause:?}");
    }
}

#[test]
fn display_prefers_traceback_or_summary_by_language() {
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
            "" => NO_DETAILS,
            shown => shown,
        };
        let failure = failure(summary, cause, language);
        assert_eq!(failure.to_string(), shown, "{summary:?} {cause:?}");
        // The fields are not modified.
        assert_eq!(failure.summary.as_deref(), summary);
        assert_eq!(failure.cause.as_deref(), cause);
    }
}

#[test]
fn arbitrary_texts_do_not_panic() {
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
        let mut text = || -> arbtest::arbitrary::Result<String> {
            let count = u.int_in_range(0..=8)?;
            (0..count).map(|_| u.choose(&alphabet).copied()).collect()
        };
        let (summary, cause) = (text()?, text()?);
        for language in [Language::Sql, Language::R] {
            let failure = failure(Some(&summary), Some(&cause), language);
            let _ = (failure.name(), failure.message(), failure.to_string());
        }
        Ok(())
    });
}
