//! Images in files, and on terminals that can show them.

mod protocol;
#[cfg(feature = "sixel")]
mod sixel;

use std::env;
use std::fs::{self, File};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use clap::ValueEnum;
use generated_client::Image;

use self::protocol::Protocol;
use crate::console;
use crate::error::CliError;
use crate::out::Out;
use crate::source::Origin;

/// Display of images on terminals.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum Images {
    /// With the protocol of the terminal, if it is known, and not in tmux and screen
    Auto,
    /// Not at all
    None,
    /// With the protocol of kitty and Ghostty
    Kitty,
    /// With the protocol of iTerm2 (OSC 1337)
    Iterm,
    /// As sixels, for example for foot and xterm
    #[cfg(feature = "sixel")]
    Sixel,
}

impl Images {
    fn protocol(self) -> Option<Protocol> {
        match self {
            Self::Auto => Protocol::detect(|name| env::var(name).unwrap_or_default()),
            Self::None => None,
            Self::Kitty => Some(Protocol::Kitty),
            Self::Iterm => Some(Protocol::Iterm),
            #[cfg(feature = "sixel")]
            Self::Sixel => Some(Protocol::Sixel),
        }
    }
}

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
    fs::create_dir_all(directory)
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
        Err(error) => {
            if !is_selected {
                // It was created above.
                let _ = fs::remove_file(&path);
            }
            Err(unsaved(&path, &error))
        }
    }
}

fn unsaved(path: &Path, error: &io::Error) -> CliError {
    CliError::service(format!(
        "cannot save the image to {}: {error}",
        path.display()
    ))
}

/// Shows PNG images, if standard output is a terminal that supports it.
pub(super) fn show(images: &[Image], choice: Images, out: &Out) -> Result<(), CliError> {
    if images.is_empty() || !console::is_stdout_terminal() {
        return Ok(());
    }
    let Some(protocol) = choice.protocol() else {
        return Ok(());
    };
    for image in images {
        if let Image::Inline { media_type, bytes } = image
            && media_type == "image/png"
        {
            match protocol.encode(bytes) {
                Ok(sequence) => out.print_sequence(sequence.as_bytes())?,
                Err(error) => out.note(format_args!("cannot show the image: {error}")),
            }
        }
    }
    Ok(())
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
}
