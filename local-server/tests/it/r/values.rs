//! Values, errors and warnings, and their texts.

use std::process::{Command, Stdio};

use super::start;

#[test]
fn names_are_kept_between_commands() {
    let harness = start();
    assert_eq!(
        harness.text("x <- 20\ndouble <- function(y) {\n  2 * y\n}"),
        ""
    );
    assert_eq!(harness.text("double(x) + 2"), "[1] 42");
    assert_eq!(harness.text("ls()"), r#"[1] "double" "x"     "#);
    assert_eq!(harness.text(".Last.value"), r#"[1] "double" "x"     "#);
}

#[test]
fn visible_values_are_printed() {
    let harness = start();
    for (command, text) in [
        ("1; 'a'", "[1] 1\n[1] \"a\""),
        ("invisible(1)", ""),
        ("x <- 1", ""),
        ("(x <- 1)", "[1] 1"),
        ("NULL", "NULL"),
        ("", ""),
        ("# nothing", ""),
        (
            "data.frame(a = 1:2, b = c('x', 'é'))",
            "  a b\n1 1 x\n2 2 é",
        ),
        ("\u{feff}'a\r\nb'\r\n", r#"[1] "a\nb""#),
        ("parent.frame()", "<environment: R_GlobalEnv>"),
        ("sys.calls()", "NULL"),
        ("'\\u65e5本😀'", "[1] \"日本😀\""),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
}

/// Programs whose output is compared with that of `Rscript`. The errors follow the output.
const PROGRAMS: [&str; 30] = [
    "f <- function() g(); g <- function() stop('boom'); f()",
    "f <- function(n) if (n == 0) stop('deep') else f(n - 1); f(20)",
    "stop('one\\ntwo')",
    "f <- function(x) stop('a message that does not fit into the line of the call'); f(1:10000)",
    "f <- function(x) stop('wide messages begin a new line after 75 columns: 1234'); f(1:10)",
    "f <- function(x) stop('wide messages begin a new line after 75 columns: 12345'); f(1:10)",
    "unknown_name",
    "x <- c(a = 1); x[['b']]",
    "(function() stop('anonymous'))()",
    "stopifnot('must be one' = 1 == 2)",
    "library(noSuchPackage)",
    "stats::lm(y ~ x, data = list())",
    "sapply(1:3, function(i) if (i == 2) stop('at ', i) else i)",
    "print.thing <- function(x, ...) stop('cannot print'); structure(1, class = 'thing')",
    "stop(structure(class = c('mine', 'error', 'condition'), list(message = 'm', call = NULL)))",
    "as.integer('a')",
    "f <- function() as.integer('a'); f()",
    "for (i in 1:12) warning(i)\nwarnings()[1]",
    "for (i in 1:60) warning(i)",
    "{ warning('w'); stop('e') }",
    "f <- function() { warning('w'); stop('e') }; g <- function() f(); g()",
    "options(warn = 1); warning('now'); cat('after\\n')",
    "options(warn = 2); as.integer('a')",
    "warning('now', immediate. = TRUE); cat('after\\n')",
    "suppressWarnings(as.integer('a')); message('m'); try(log(-1)); try(stop('s'))",
    "setClass('P', representation(x = 'numeric')); new('P', x = 1); new('P', x = 'a')",
    "x <- 1:100; x; array(1:8, c(2, 2, 2)); str(list(a = 1)); quote(if (a) b)",
    "return(1)",
    "break",
    "1e5; 123456; 0.1 + 0.2; TRUE; NA; list(1, b = 'c'); factor(c('u', 'v')); as.Date('2020-02-29')",
];

#[test]
fn output_is_that_of_rscript() {
    let harness = start();
    for program in PROGRAMS {
        harness.run("rm(list = ls(all.names = TRUE)); options(warn = 0)");
        let expected = rscript(program);
        let results = harness.run(program);
        let text = |key: &str| results[key].as_str().unwrap().to_owned();
        if results["resultType"] == "text" {
            assert_eq!(text("data"), expected.trim_end_matches('\n'), "{program}");
        } else {
            // The error replaces the output.
            let cause = text("cause");
            let error = expected.strip_suffix("\nExecution halted\n").unwrap();
            assert!(error.ends_with(&cause), "{program}: {cause:?} {error:?}");
            assert!(cause.starts_with("Error"), "{program}: {cause:?}");
            assert!(cause.starts_with(&text("summary")), "{program}: {results}");
        }
    }
}

/// Returns the output of a program in a file.
fn rscript(program: &str) -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("program.R");
    std::fs::write(&file, format!("{program}\n")).unwrap();
    let output = Command::new("sh")
        .args(["-c", "exec Rscript \"$0\" 2>&1"])
        .arg(file)
        .stdin(Stdio::null())
        .output()
        .unwrap();
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn syntax_error_contains_its_position_and_nothing_runs() {
    let harness = start();
    for (command, summary) in [
        (
            "x <- 1\ny = = 2",
            "Error: <command-1>:2:5: unexpected '='\n1: x <- 1\n2: y = =\n       ^",
        ),
        (
            "print(1)\nf(",
            "Error: <command-2>:3:0: unexpected end of input\n1: print(1)\n2: f(\n  ^",
        ),
    ] {
        let (actual, cause) = harness.failure(command);
        assert_eq!((actual.as_str(), cause.as_str()), (summary, summary));
    }
    assert_eq!(
        harness.failure("'a\0b'").0,
        "Error: nul character not allowed"
    );
    assert_eq!(harness.text("exists('x')"), "[1] FALSE");
}

#[test]
fn quit_ends_the_command_and_not_the_process() {
    let harness = start();
    harness.text("x <- 1");
    assert_eq!(
        harness.text("cat('bye\n'); quit(); stop('not reached')"),
        "bye"
    );
    assert_eq!(harness.text("q('no')"), "");
    assert_eq!(harness.failure("q('no', 3)").0, "Error: quit with status 3");
    assert_eq!(
        harness
            .failure("f <- function() base::quit(status = 1); f()")
            .0,
        "Error: quit with status 1"
    );
    assert_eq!(harness.text("x"), "[1] 1");
}

#[test]
fn names_and_connections_of_the_user_do_not_disturb_the_kernel() {
    let harness = start();
    for command in [
        "paste0 <- c <- send <- serve <- list <- function(...) stop('mine')",
        "closeAllConnections()",
        "options(error = quote(quit('no', 7)), device = NULL, warn = 0)",
        "Sys.setenv(TMPDIR = '/nowhere')",
        "q <- quit <- function(...) stop('mine')",
        "Sys.setlocale('LC_ALL', 'C') == 'C'; invisible()",
    ] {
        harness.run(command);
        assert_eq!(harness.text("1"), "[1] 1", "{command}");
    }
    assert_eq!(harness.failure("stop('e')").0, "Error: e");
    assert_eq!(harness.text("nrow(showConnections())"), "[1] 0");
    let odd = "conditionMessage.odd <- function(c) stop('no message')\n\
               stop(structure(class = base::c('odd', 'error', 'condition'), base::list(call = NULL)))";
    assert_eq!(
        harness.failure(odd).0,
        "Error in conditionMessage.odd(cond) : no message"
    );
}

#[test]
fn standard_input_is_empty() {
    let harness = start();
    for command in [
        "readLines('stdin')",
        "readLines(stdin())",
        "readLines(file('stdin'))",
    ] {
        assert_eq!(harness.text(command), "character(0)", "{command}");
    }
    assert_eq!(harness.text("length(scan(quiet = TRUE))"), "[1] 0");
    assert_eq!(harness.text("nchar(readline())"), "\n[1] 0");
}
