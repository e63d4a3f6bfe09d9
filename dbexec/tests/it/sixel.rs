//! Images on terminals that support sixels. Requires the feature `sixel`.

use std::fs;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use icy_sixel::SixelImage;

use crate::pty::Terminal;
use crate::support::{Sandbox, TOKEN, mock_server};
use crate::tables;

const NOTE: &str = "note: saved the image image-1.png\n";

/// Returns a PNG image of 3 × 2 red pixels.
fn red_png() -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, 3, 2);
    encoder.set_color(png::ColorType::Rgb);
    let mut writer = encoder.write_header().unwrap();
    writer.write_image_data(&[255, 0, 0].repeat(6)).unwrap();
    drop(writer);
    bytes
}

fn results(png: &[u8]) -> String {
    let data = STANDARD.encode(png);
    format!(r#"{{"resultType": "image", "fileName": "data:image/png;base64,{data}"}}"#)
}

fn terminal(term: &str) -> Terminal {
    Terminal::new()
        .variable("TERM", term)
        .variable("NO_COLOR", "1")
}

#[test]
fn terminals_with_sixels_show_images() {
    for term in ["foot", "mlterm", "xterm-sixel"] {
        let outcome = tables::run_with(&terminal(term), &results(&red_png()), &[]);
        assert_eq!(outcome.code, Some(0), "{outcome}");
        let sequence = outcome.stdout.strip_prefix(NOTE).unwrap();
        let sequence = sequence.strip_suffix('\n').unwrap();
        let image = SixelImage::decode(sequence.as_bytes()).unwrap();
        assert!(sequence.contains("\"1;1;3;2#"), "{sequence:?}");
        // Sixels are 6 pixels high.
        assert_eq!(image.width, 3);
        assert_eq!(image.pixels[..24], [255, 0, 0, 255].repeat(6));
    }
}

#[test]
fn pipes_multiplexers_and_other_terminals_receive_no_sixels() {
    for terminal in [terminal("xterm"), terminal("foot").variable("TMUX", "x")] {
        let outcome = tables::run_with(&terminal, &results(&red_png()), &[]);
        assert_eq!((outcome.code, &*outcome.stdout), (Some(0), NOTE));
    }
    let server = mock_server(tables::responses(&results(&red_png())));
    let (sandbox, url) = (Sandbox::new(), server.url());
    let mut command = sandbox.command(["run", "-l", "sql", "-c", "1", "--cluster", "c"]);
    command
        .args(["--host", &url, "--token", TOKEN])
        .env("TERM", "foot");
    let outcome = crate::support::Running::start(command).finish();
    outcome.assert(0, "", NOTE);
}

#[test]
fn corrupt_image_is_saved_and_not_shown() {
    let server = mock_server(tables::responses(&results(b"\x89PNG")));
    let (sandbox, url) = (Sandbox::new(), server.url());
    let run = ["run", "-l", "sql", "-c", "1", "--cluster", "c"];
    let workspace = ["--host", &url, "--token", TOKEN];
    let outcome = terminal("foot").run(&sandbox, [&run[..], &workspace].concat());
    assert_eq!(outcome.code, Some(0), "{outcome}");
    let expected = format!("{NOTE}note: cannot show the image: ");
    assert!(outcome.stdout.starts_with(&expected), "{outcome}");
    assert!(!outcome.stdout.contains('\u{1b}'), "{outcome}");
    assert_eq!(fs::read(sandbox.path("image-1.png")).unwrap(), b"\x89PNG");
}
