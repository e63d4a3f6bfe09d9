//! Images in files, and on terminals that can show them.

use std::env;
use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use generated_client::Image;

use crate::console;
use crate::error::CliError;
use crate::out::Out;
use crate::source::Origin;

/// Beginning of the names of the images of a command: `NAME-CELL`.
#[derive(Debug)]
pub(crate) struct ImageName(String);

impl ImageName {
    /// Returns the name for a cell. `cell` is 1 for code without cells.
    pub(crate) fn new(origin: &Origin, cell: usize) -> Self {
        let stem = origin.path().and_then(Path::file_stem);
        let stem = stem.map(|stem| stem.to_string_lossy().into_owned());
        let stem = stem.filter(|_| origin.path() != Some(Path::new("/dev/stdin")));
        Self(format!("{}-{cell}", stem.as_deref().unwrap_or("image")))
    }

    /// Returns the name of an image of the command.
    fn file(&self, index: usize, extension: &str) -> String {
        match index {
            0 => format!("{}.{extension}", self.0),
            _ => format!("{}-{}.{extension}", self.0, index + 1),
        }
    }
}

/// Image of a command.
#[derive(Debug)]
pub(super) enum SavedImage {
    File(PathBuf),
    /// The results do not contain the image.
    Elsewhere,
}

impl SavedImage {
    pub(super) fn path(&self) -> Option<&Path> {
        match self {
            Self::File(path) => Some(path),
            Self::Elsewhere => None,
        }
    }
}

/// Creates the directory for images. Called before the code runs, so that an invalid path is
/// reported early.
pub(crate) fn create_dir(directory: &Path) -> Result<(), CliError> {
    std::fs::create_dir_all(directory)
        .map_err(|error| CliError::usage(format!("{}: {error}", directory.display())))
}

/// Saves the images that the results contain.
pub(super) fn save(
    images: &[Image],
    directory: &Path,
    name: &ImageName,
) -> Result<Vec<SavedImage>, CliError> {
    let mut saved = Vec::new();
    for (index, image) in images.iter().enumerate() {
        saved.push(if let Image::Inline { .. } = image {
            let extension = image.extension().unwrap_or("bin");
            SavedImage::File(save_image(image, directory, name, (index, extension))?)
        } else {
            SavedImage::Elsewhere
        });
    }
    Ok(saved)
}

/// Prints a note for each image. `names_files` is set if nothing else names the files.
pub(super) fn print_notes(images: &[Image], saved: &[SavedImage], names_files: bool, out: &Out) {
    for (image, saved) in images.iter().zip(saved) {
        match saved {
            SavedImage::File(path) if names_files => {
                out.note(format_args!("saved the image {}", path.display()));
            }
            SavedImage::File(_) => {}
            SavedImage::Elsewhere => out.note(image),
        }
    }
}

/// Saves an image and returns its path. In a directory that the user has not selected, existing files are not
/// replaced: the next free number is used.
fn save_image(
    image: &Image,
    directory: &Path,
    name: &ImageName,
    (index, extension): (usize, &str),
) -> Result<PathBuf, CliError> {
    let is_selected = !directory.as_os_str().is_empty();
    let mut paths = (index..).map(|index| directory.join(name.file(index, extension)));
    let mut path = paths.next().unwrap_or_default();
    if !is_selected {
        while let Err(error) = File::create_new(&path) {
            match paths.next() {
                Some(next) if error.kind() == ErrorKind::AlreadyExists => path = next,
                _ => return Err(unsaved(&path, &error)),
            }
        }
    }
    match image.save(&path) {
        Ok(()) => Ok(path),
        Err(error) => Err(unsaved(&path, &error)),
    }
}

fn unsaved(path: &Path, error: &io::Error) -> CliError {
    CliError::service(format!(
        "cannot save the image to {}: {error}",
        path.display()
    ))
}

/// Escape sequences for images.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Protocol {
    Kitty,
    Iterm,
}

/// Shows PNG images, if standard output is a terminal that supports it.
pub(super) fn show(images: &[Image], out: &Out) -> Result<(), CliError> {
    if images.is_empty() || !console::is_stdout_terminal() {
        return Ok(());
    }
    let variable = |name: &str| env::var(name).unwrap_or_default();
    let Some(protocol) = protocol(variable) else {
        return Ok(());
    };
    for image in images {
        if let Image::Inline { media_type, bytes } = image
            && media_type == "image/png"
        {
            out.print_sequence(&protocol.encode(bytes))?;
        }
    }
    Ok(())
}

/// Returns the protocol of the terminal. Only variables are read: a terminal that is queried may leave
/// its response in the input.
fn protocol(variable: impl Fn(&str) -> String) -> Option<Protocol> {
    // Multiplexers pass the sequences on only if they are configured to.
    if ["TMUX", "STY"]
        .iter()
        .any(|name| !variable(name).is_empty())
    {
        return None;
    }
    let program = variable("TERM_PROGRAM");
    let is_kitty = !variable("KITTY_WINDOW_ID").is_empty()
        || ["xterm-kitty", "xterm-ghostty"].contains(&variable("TERM").as_str())
        || program == "ghostty";
    let is_iterm =
        ["iTerm.app", "WezTerm"].contains(&program.as_str()) || variable("LC_TERMINAL") == "iTerm2";
    match (is_kitty, is_iterm) {
        (true, _) => Some(Protocol::Kitty),
        (_, true) => Some(Protocol::Iterm),
        _ => None,
    }
}

impl Protocol {
    /// Returns the sequence that shows a PNG image, and a newline.
    fn encode(self, png: &[u8]) -> Vec<u8> {
        /// Maximum length of the data in a sequence of kitty.
        const MAX_CHUNK: usize = 4096;
        let data = STANDARD.encode(png);
        match self {
            Self::Kitty => {
                let mut sequence = Vec::new();
                let chunks = data.as_bytes().chunks(MAX_CHUNK);
                let count = chunks.len();
                for (index, chunk) in chunks.enumerate() {
                    let keys = if index == 0 { "f=100,a=T," } else { "" };
                    let more = u8::from(index + 1 < count);
                    sequence.extend(format!("\x1b_G{keys}m={more};").bytes());
                    sequence.extend(chunk);
                    sequence.extend(b"\x1b\\");
                }
                sequence.push(b'\n');
                sequence
            }
            Self::Iterm => {
                let size = png.len();
                format!("\x1b]1337;File=inline=1;size={size}:{data}\x07\n").into_bytes()
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_contain_file_and_cell() {
        let name = |origin: Origin, cell, index| ImageName::new(&origin, cell).file(index, "png");
        let file = || Origin::File("a/report.ipynb".into());
        assert_eq!(name(file(), 3, 0), "report-3.png");
        assert_eq!(name(file(), 3, 1), "report-3-2.png");
        assert_eq!(name(Origin::Argument, 1, 0), "image-1.png");
        assert_eq!(name(Origin::StandardInput, 2, 0), "image-2.png");
    }

    #[test]
    fn terminals_are_detected_by_their_variables() {
        let with = |set: &[(&str, &str)]| {
            let set: Vec<_> = set
                .iter()
                .map(|(a, b)| (a.to_string(), b.to_string()))
                .collect();
            protocol(move |name| {
                let found = set.iter().find(|(other, _)| other == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            })
        };
        assert_eq!(with(&[]), None);
        assert_eq!(with(&[("TERM", "xterm-256color")]), None);
        assert_eq!(with(&[("KITTY_WINDOW_ID", "1")]), Some(Protocol::Kitty));
        assert_eq!(with(&[("TERM", "xterm-kitty")]), Some(Protocol::Kitty));
        assert_eq!(with(&[("TERM", "xterm-kitty"), ("TMUX", "x")]), None);
        assert_eq!(
            with(&[("TERM_PROGRAM", "iTerm.app")]),
            Some(Protocol::Iterm)
        );
        assert_eq!(with(&[("LC_TERMINAL", "iTerm2")]), Some(Protocol::Iterm));
    }

    #[test]
    fn long_images_are_sent_to_kitty_in_chunks() {
        let text = |png: &[u8]| String::from_utf8(Protocol::Kitty.encode(png)).unwrap();
        assert_eq!(text(b"\x89PNG"), "\x1b_Gf=100,a=T,m=0;iVBORw==\x1b\\\n");
        let long = text(&[0; 4000]);
        let chunks: Vec<_> = long.split("\x1b_G").skip(1).collect();
        assert!(chunks[0].starts_with("f=100,a=T,m=1;") && chunks[1].starts_with("m=0;"));
        assert_eq!(chunks.len(), 2);
        let iterm = String::from_utf8(Protocol::Iterm.encode(b"\x89PNG")).unwrap();
        assert_eq!(iterm, "\x1b]1337;File=inline=1;size=4:iVBORw==\x07\n");
    }
}
