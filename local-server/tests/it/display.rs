//! Results of `display`, `displayHTML` and matplotlib.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};

use crate::harness::Harness;

/// Packages that are installed for the tests of this file.
const PACKAGES: [&str; 2] = ["matplotlib==3.10.7", "pandas==2.3.3"];

/// Returns a folder with [`PACKAGES`], which is created at the first use.
fn packages() -> &'static Path {
    static FOLDER: OnceLock<PathBuf> = OnceLock::new();
    FOLDER.get_or_init(|| {
        let cache = std::env::var_os("XDG_CACHE_HOME")
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(std::env::var_os("HOME")?).join(".cache")));
        let cache = cache.unwrap_or_else(std::env::temp_dir).join("dbexec");
        let version = plain_python(&["-c", "import sys; print(sys.version_info[:2])"]);
        let name = format!("{}{}", PACKAGES.join("-"), version.trim());
        let folder = cache.join(format!(
            "packages-{}",
            name.replace([' ', '(', ')', ','], "-")
        ));
        if !folder.exists() {
            let partial = cache.join(format!("packages-{}.partial", std::process::id()));
            std::fs::create_dir_all(&cache).unwrap();
            let target = partial.to_str().unwrap();
            let options = ["-m", "pip", "install", "--quiet", "--target", target];
            plain_python(&[&options[..], &PACKAGES[..]].concat());
            // Another process may have been faster.
            if std::fs::rename(&partial, &folder).is_err() {
                std::fs::remove_dir_all(&partial).unwrap();
            }
        }
        folder
    })
}

fn plain_python(arguments: &[&str]) -> String {
    let output = Command::new("python3").args(arguments).output().unwrap();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{arguments:?}: {errors}");
    String::from_utf8(output.stdout).unwrap()
}

/// Starts a context that can import the packages.
fn start_with_packages() -> Harness {
    let harness = Harness::start();
    let folder = packages().to_str().unwrap();
    harness.text(&format!("import sys; sys.path.append({folder:?})"));
    harness
}

#[track_caller]
fn table(harness: &Harness, command: &str) -> Value {
    let results = harness.run(command);
    assert_eq!(results["resultType"], "table", "{results}");
    results
}

/// Asserts that a text is the data URL of a PNG, and returns its width and height.
#[track_caller]
fn png_size(url: &Value) -> (u32, u32) {
    let url = url.as_str().unwrap();
    let encoded = url.strip_prefix("data:image/png;base64,").unwrap();
    let png = BASE64.decode(encoded).unwrap();
    assert_eq!(&png[..8], b"\x89PNG\r\n\x1a\n");
    let number = |at: usize| u32::from_be_bytes(png[at..at + 4].try_into().unwrap());
    (number(16), number(20))
}

#[test]
fn displayed_values_are_text_in_order_with_the_output() {
    let harness = Harness::start();
    for (command, text) in [
        ("display(1)", "1"),
        ("display('a')", "'a'"),
        ("display('a', [2])", "'a'\n[2]"),
        ("display(None)", "None"),
        ("display()", ""),
        ("print('a', end=''); display(1); print('b')", "a1\nb"),
        ("displayHTML('<b>ä</b>')", "<b>ä</b>"),
        (
            "class Bold:\n    def _repr_html_(self): return '<b>x</b>'\ndisplay(Bold())",
            "<b>x</b>",
        ),
        (
            "class Plain:\n    _repr_html_ = lambda self: None\n    __repr__ = lambda self: 'p'\n\
             display(Plain())",
            "p",
        ),
        (
            "import os\nif os.fork() == 0: display(1)\nelse: os.wait()",
            "1",
        ),
    ] {
        assert_eq!(harness.text(command), text, "{command:?}");
    }
}

#[test]
fn names_of_notebooks_can_be_assigned() {
    let harness = Harness::start();
    let command = "display = displayHTML = dbutils = 1\n(display, displayHTML, dbutils)";
    assert_eq!(harness.text(command), "(1, 1, 1)");
    harness.text("del display, dbutils");
    assert_eq!(harness.text("display(dbutils.widgets.getAll())"), "{}");
    let names = harness.text("sorted(name for name in globals() if name[0] != '_')");
    assert_eq!(names, "['displayHTML']");
}

#[test]
fn contexts_that_display_nothing_load_nothing() {
    let harness = Harness::start();
    let command = "import sys\n\
                   modules = ('base64', 'dis', 'decimal', 'datetime', 'shutil', 'pyspark')\n\
                   [name for name in modules if name in sys.modules]";
    let plain = plain_python(&[
        "-c",
        &format!("{command}; print(_)").replace("\n[", "; _ = ["),
    ]);
    assert_eq!(harness.text(command), plain.trim());
}

#[test]
fn list_of_named_tuples_is_a_table() {
    let harness = Harness::start();
    harness.text(
        "import collections, datetime, decimal\n\
         Row = collections.namedtuple('Row', 'a b c d e f g h i')\n\
         day = datetime.date(2020, 2, 29)\n\
         zone = datetime.timezone(datetime.timedelta(hours=1))\n\
         time = datetime.datetime(2020, 1, 1, 0, 0, 0, 123456, zone)\n\
         nan = float('nan')",
    );
    let results = table(
        &harness,
        "display([Row(2**53 + 1, 1.5, 'ä', True, day, time, decimal.Decimal('2.50'), b'ab', [1]),\n\
         Row(None, nan, '\\ud800', None, None, None, None, None, None),\n\
         Row(-1, 2, None, False, day, time.replace(tzinfo=None), decimal.Decimal('1E+2'), b'', {})])",
    );
    let types: Vec<_> = results["schema"]
        .as_array()
        .unwrap()
        .iter()
        .map(|column| column["type"].as_str().unwrap())
        .collect();
    assert_eq!(
        types,
        [
            "\"long\"",
            "\"double\"",
            "\"string\"",
            "\"boolean\"",
            "\"date\"",
            "\"timestamp\"",
            "\"decimal(38,18)\"",
            "\"binary\"",
            "\"string\"",
        ]
    );
    assert_eq!(
        results["schema"][0],
        json!({"name": "a", "type": "\"long\"", "metadata": "{}"})
    );
    let (first, second) = ("2019-12-31T23:00:00.123Z", "2020-01-01T00:00:00.123Z");
    assert_eq!(
        results["data"],
        json!([
            [
                9_007_199_254_740_993_u64,
                1.5,
                "ä",
                true,
                "2020-02-29",
                first,
                "2.50",
                "YWI=",
                "[1]"
            ],
            [null, "NaN", "\\ud800", null, null, null, null, null, null],
            [-1, 2.0, null, false, "2020-02-29", second, "100", "", "{}"],
        ])
    );
    assert_eq!(results["isJsonSchema"], true);
    assert_ne!(results["truncated"], true);
}

#[test]
fn large_tables_are_truncated() {
    let harness = Harness::start();
    harness.text("import collections\nRow = collections.namedtuple('Row', 'a')");
    let results = table(&harness, "display([Row(n) for n in range(10_000)])");
    assert_eq!(results["data"].as_array().unwrap().len(), 10_000);
    assert_ne!(results["truncated"], true);
    let results = table(&harness, "display([Row(n) for n in range(10_001)])");
    assert_eq!(results["data"].as_array().unwrap().len(), 10_000);
    assert_eq!(results["truncated"], true);
    let results = table(&harness, "display([Row('x' * 1_000_000)] * 5)");
    assert_eq!(results["data"].as_array().unwrap().len(), 2);
    assert_eq!(results["truncated"], true);
}

#[test]
fn result_is_the_last_displayed_table() {
    let harness = Harness::start();
    harness.text("import collections\nRow = collections.namedtuple('Row', 'a')");
    let results = table(
        &harness,
        "print('text')\ndisplay([Row(1)])\ndisplay([Row(2)])\n3",
    );
    assert_eq!(results["data"], json!([[2]]));
    // It does not remain for the next command, not even after a failure.
    harness.failure("display([Row(1)])\n1 / 0");
    assert_eq!(harness.text("'next'"), "'next'");
}

#[test]
fn pandas_frame_is_a_table() {
    let harness = start_with_packages();
    harness.text(
        "import pandas\n\
         frame = pandas.DataFrame({'i': [1, 2], 'f': [1.5, None], 's': ['ä', None],\n\
         't': pandas.to_datetime(['2020-02-29', '2021-01-01']),\n\
         'n': pandas.array([1, None], dtype='Int64')}, index=['x', 'y'])",
    );
    let results = table(&harness, "display(frame)");
    assert_eq!(
        results["data"],
        json!([
            [1, 1.5, "ä", "2020-02-29T00:00:00.000Z", 1],
            [2, null, null, "2021-01-01T00:00:00.000Z", null],
        ])
    );
    let schema = results["schema"].as_array().unwrap();
    let types: Vec<_> = schema.iter().map(|column| column["type"].clone()).collect();
    assert_eq!(
        types,
        [
            "\"long\"",
            "\"double\"",
            "\"string\"",
            "\"timestamp\"",
            "\"long\""
        ]
    );
    let empty = table(&harness, "display(frame[:0])");
    assert_eq!(empty["schema"][0]["type"], "\"long\"");
    assert_eq!(empty["data"], json!([]));
    let series = table(&harness, "display(frame['i'])");
    assert_eq!(series["data"], json!([[1], [2]]));
}

#[test]
fn open_figures_are_images() {
    let harness = start_with_packages();
    let results = harness.run("import matplotlib.pyplot as plt\nplt.figure(dpi=50)\nplt.plot([1])");
    assert_eq!(results["resultType"], "image", "{results}");
    let (width, height) = png_size(&results["fileName"]);
    assert!(width > 100 && height > 100, "{width}x{height}");
    // The figure is closed.
    assert_eq!(harness.text("plt.get_fignums()"), "[]");
    // `show` displays and closes the figure, like that of notebooks.
    let results = harness.run("plt.plot([1])\nplt.show()\nplt.plot([2])\nplt.show()");
    assert_eq!(results["resultType"], "images", "{results}");
    let urls = results["fileNames"].as_array().unwrap();
    assert_eq!(urls.len(), 2);
    for url in urls {
        png_size(url);
    }
    for value in ["figure", "axes"] {
        let results = harness.run(&format!("figure, axes = plt.subplots()\ndisplay({value})"));
        assert_eq!(results["resultType"], "image", "{value}: {results}");
    }
}

#[test]
fn figures_of_a_failed_command_are_discarded() {
    let harness = start_with_packages();
    harness.failure("import matplotlib.pyplot as plt\nplt.plot([1])\n1 / 0");
    assert_eq!(harness.text("plt.get_fignums()"), "[]");
    let (summary, _) = harness.failure(
        "figure = plt.figure()\nfigure.savefig = lambda *a, **k: 1 / 0\n'the figure fails'",
    );
    assert_eq!(summary, "ZeroDivisionError: division by zero");
    assert_eq!(harness.text("plt.get_fignums()"), "[]");
    let (summary, _) = harness.failure(
        "figure = plt.figure()\nfigure.savefig = lambda file, **k: file.write(bytes(7 << 20))",
    );
    assert!(summary.contains("larger than 8 MiB"), "{summary}");
    assert_eq!(harness.text("1"), "1");
}

#[test]
fn replaced_matplotlib_does_not_end_the_interpreter() {
    let harness = Harness::start();
    for module in [
        "None",
        "1",
        "type('Module', (), {'get_fignums': lambda: 1 / 0})",
    ] {
        let command = format!("import sys\nsys.modules['matplotlib.pyplot'] = {module}");
        harness.run(&command);
        harness.run("display(1)");
        harness.run("1 / 0");
    }
    assert_eq!(harness.text("del sys.modules['matplotlib.pyplot']\n1"), "1");
}

#[test]
fn backend_of_matplotlib_is_not_inherited_and_can_be_selected() {
    let harness = start_with_packages();
    let command = "import matplotlib.pyplot, os\n'MPLBACKEND' in os.environ";
    assert_eq!(harness.text(command), "False");
    let harness = start_with_packages();
    let command = "import matplotlib\nmatplotlib.use('svg')\nimport matplotlib.pyplot as plt\n\
                   matplotlib.get_backend()";
    assert_eq!(harness.text(command), "'svg'");
    assert_eq!(harness.run("plt.plot([1])")["resultType"], "image");
}
