//! Output and plots.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::start;
use crate::harness::poll;

#[test]
fn output_of_all_sources_is_in_order() {
    let harness = start();
    let command = "print('a')\nsystem('echo b')\nmessage('c')\ncat('d\\n', file = stderr())\n\
                   system2('echo', 'e')\nwarning('f')\nparallel::mclapply(1, function(i) cat('g\\n')) -> x\n'h'";
    let text = harness.text(command);
    assert_eq!(
        text,
        "[1] \"a\"\nb\nc\nd\ne\nWarning message:\nf \ng\n[1] \"h\""
    );
}

#[test]
fn output_is_available_while_the_command_runs() {
    let harness = start();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("end");
    let id = harness.submit(&format!(
        "cat('first\\n'); while (!file.exists({file:?})) Sys.sleep(0.01); cat('last\\n')"
    ));
    poll(|| (harness.command(&id).json()["results"]["data"] == "first\n").then_some(()));
    fs::write(&file, "").unwrap();
    assert_eq!(harness.results(&id)["data"], "first\nlast");
}

#[test]
fn large_output_is_truncated() {
    let harness = start();
    let results = harness.run("cat(strrep('x', 1e8))");
    assert_eq!(results["truncated"], true);
    assert_eq!(results["data"].as_str().unwrap().len(), 1 << 20);
    assert_eq!(
        harness
            .text("for (i in 1:20000) cat('line', i, '\\n')")
            .lines()
            .count(),
        20_000
    );
}

#[test]
fn large_sources_and_errors_are_transferred() {
    let harness = start();
    let long = "é".repeat(300_000);
    assert_eq!(harness.text(&format!("nchar('{long}')")), "[1] 300000");
    let (summary, cause) = harness.failure(&format!("stop(simpleError('{long}'))"));
    assert!(summary.contains("\n[...]\n"), "{}", summary.len());
    assert_eq!(cause, format!("Error: {long}"));
    let (_, cause) = harness.failure("stop('\"\\\\ \\t\\u0001\\u007f é\\U1F600')");
    assert_eq!(cause, "Error: \"\\ \t\u{1}\u{7f} é😀");
}

fn png(url: &Value) -> Vec<u8> {
    let url = url.as_str().unwrap();
    let data = url.strip_prefix("data:image/png;base64,").unwrap();
    let bytes = STANDARD.decode(data).unwrap();
    assert!(bytes.starts_with(b"\x89PNG\r\n"), "{url}");
    assert!(bytes.ends_with(b"IEND\xaeB`\x82"), "{url}");
    bytes
}

#[test]
fn plots_are_images() {
    let harness = start();
    let results = harness.run("plot(1:10)");
    assert_eq!(results["resultType"], "image", "{results}");
    let first = png(&results["fileName"]);
    let results = harness.run("plot(1:10); lines(10:1); hist(c(1, 2, 2)); dev.new(); plot(3)");
    assert_eq!(results["resultType"], "images", "{results}");
    let images = results["fileNames"].as_array().unwrap();
    assert_eq!(images.len(), 3);
    assert!(images.iter().all(|image| png(image) != first));
    // A device that the code has opened is not a plot of the command.
    let own =
        "f <- tempfile(); png(f, type = 'cairo'); plot(1); invisible(dev.off()); file.size(f) > 0";
    assert_eq!(harness.text(own), "[1] TRUE");
    assert_eq!(harness.failure("plot(1); stop('after')").0, "Error: after");
    // A large file next to the plot, because a large plot takes several seconds.
    let large = "plot(1); folder <- dirname(list.files(tempdir(), 'png', recursive = TRUE, \
                 full.names = TRUE)[1]); writeBin(raw(7e6), file.path(folder, 'large.png'))";
    assert_eq!(
        harness.failure(large).0,
        "Error: the images of this command are larger than 8 MiB"
    );
    assert_eq!(harness.text("1"), "[1] 1");
    assert_eq!(
        harness.text("length(list.files(tempdir(), 'png', recursive = TRUE))"),
        "[1] 0"
    );
}
