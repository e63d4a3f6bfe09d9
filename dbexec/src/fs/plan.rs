//! The files that `dbexec fs cp` copies.

use std::ffi::OsString;
use std::fs::{self, DirEntry};
use std::path::{Component, Path, PathBuf};

use generated_client::api_2_0::dbfs;
use generated_client::{Client, files};

use super::error;
use super::location::Location;
use super::path::DbfsPath;
use crate::console;
use crate::error::CliError;

/// Folders to create, and then files to copy.
#[derive(Debug, Default)]
pub(super) struct Plan {
    pub(super) folders: Vec<Location>,
    pub(super) files: Vec<Copy>,
}

/// Copy of a file.
#[derive(Debug)]
pub(super) struct Copy {
    pub(super) source: Location,
    pub(super) target: Location,
}

/// Object at a location.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    File,
    Folder,
    Missing,
}

/// Sources and target of the command line.
#[derive(Debug)]
pub(super) struct Paths {
    sources: Vec<Location>,
    target: Location,
}

impl Paths {
    /// Parses paths, and checks that they can be copied.
    pub(super) fn parse(sources: &[OsString], target: &OsString) -> Result<Self, CliError> {
        let sources = sources.iter().map(|source| Location::parse(source));
        let paths = Self {
            sources: sources.collect::<Result<Vec<_>, _>>()?,
            target: Location::parse(target)?,
        };
        let is_dbfs = |location: &Location| matches!(location, Location::Dbfs(_));
        if !is_dbfs(&paths.target)
            && let Some(source) = paths.sources.iter().find(|source| !is_dbfs(source))
        {
            let message = format!("neither `{source}` nor `{}` is on DBFS", paths.target);
            return Err(CliError::usage(message)
                .help("write paths of DBFS with a prefix, for example `dbfs:/in/big.csv`"));
        }
        if paths.sources.contains(&Location::Stream) && paths.sources.len() > 1 {
            let message = "standard input (`-`) cannot be copied together with other sources";
            return Err(CliError::usage(message));
        }
        Ok(paths)
    }
}

impl Plan {
    /// Looks up sources and target, and lists the files.
    pub(super) fn new(
        client: &Client,
        paths: &Paths,
        is_recursive: bool,
    ) -> Result<Self, CliError> {
        let Paths { sources, target } = paths;
        let kind = kind(client, target)?;
        let into_folder = is_target_folder(target, kind, sources.len())?;
        let mut plan = Self::default();
        for source in sources {
            let is_folder = match self::kind(client, source)? {
                Kind::Missing => {
                    return Err(CliError::usage(format!("`{source}` does not exist")));
                }
                kind => kind == Kind::Folder,
            };
            let target = if into_folder {
                entry_of(target, source)?
            } else {
                target.clone()
            };
            if !is_folder {
                plan.add(source.clone(), target)?;
                continue;
            }
            if !is_recursive {
                return Err(CliError::usage(format!("`{source}` is a folder"))
                    .help("use `-r` to copy it with its contents"));
            }
            if kind == Kind::File || target == Location::Stream {
                let message = format!("`{source}` is a folder, and `{target}` is a file");
                return Err(CliError::usage(message));
            }
            plan.add_folder(client, source, &target)?;
        }
        Ok(plan)
    }

    fn add(&mut self, source: Location, target: Location) -> Result<(), CliError> {
        if source == target {
            let message = format!("`{source}` cannot be copied to itself");
            return Err(CliError::usage(message));
        }
        self.files.push(Copy { source, target });
        Ok(())
    }

    /// Adds the contents of a folder.
    fn add_folder(
        &mut self,
        client: &Client,
        source: &Location,
        target: &Location,
    ) -> Result<(), CliError> {
        match source {
            Location::Dbfs(folder) => self.add_dbfs_folder(client, folder, target),
            Location::Local(folder) => self.add_local_folder(folder, target),
            Location::Stream => Ok(()),
        }
    }

    fn add_dbfs_folder(
        &mut self,
        client: &Client,
        folder: &DbfsPath,
        target: &Location,
    ) -> Result<(), CliError> {
        if let Location::Dbfs(target) = target
            && (target == folder || folder.relative(target.as_str()).is_some())
        {
            let message = format!("`{folder}` cannot be copied into itself");
            return Err(CliError::usage(message));
        }
        self.folders.push(target.clone());
        let failed = |error| error::of_path(&error, folder);
        for entry in files::walk(client, folder.as_str()).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let relative = folder.relative(&entry.path).ok_or_else(|| {
                let message = format!("`{}` is not in the folder `{folder}`", entry.path);
                CliError::service(message)
            })?;
            let target = below(target, relative)?;
            if entry.is_dir == Some(true) {
                self.folders.push(target);
            } else {
                self.add(Location::Dbfs(DbfsPath::new(&entry.path)), target)?;
            }
        }
        Ok(())
    }

    fn add_local_folder(&mut self, folder: &Path, target: &Location) -> Result<(), CliError> {
        self.folders.push(target.clone());
        for entry in sorted_entries(folder)? {
            let path = entry.path();
            let name = entry.file_name();
            let name = name.to_str().ok_or_else(|| {
                CliError::usage(format!("the name of `{}` is not UTF-8", path.display()))
            })?;
            let target = below(target, name)?;
            let is_link = entry.file_type().is_ok_and(|kind| kind.is_symlink());
            match fs::metadata(&path) {
                Ok(metadata) if metadata.is_file() => self.add(Location::Local(path), target)?,
                // A link may lead to a folder above.
                Ok(metadata) if metadata.is_dir() && !is_link => {
                    self.add_local_folder(&path, &target)?;
                }
                Ok(_) => console::warn(format_args!(
                    "`{}` is not copied: it is neither a file nor a folder",
                    path.display()
                )),
                Err(error) => return Err(unreadable(&path, &error)),
            }
        }
        Ok(())
    }
}

/// Returns the object at a location.
fn kind(client: &Client, location: &Location) -> Result<Kind, CliError> {
    match location {
        Location::Stream => Ok(Kind::File),
        Location::Local(path) => match fs::metadata(path) {
            Ok(metadata) if metadata.is_dir() => Ok(Kind::Folder),
            Ok(_) => Ok(Kind::File),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Kind::Missing),
            Err(error) => Err(unreadable(path, &error)),
        },
        Location::Dbfs(path) => {
            match dbfs::get_status(client, &dbfs::GetStatus::new(path.as_str())) {
                Ok(info) if info.is_dir == Some(true) => Ok(Kind::Folder),
                Ok(_) => Ok(Kind::File),
                Err(error) if error::is_missing(&error) => Ok(Kind::Missing),
                Err(error) => Err(error::of_path(&error, path)),
            }
        }
    }
}

/// Returns whether the sources are copied into the target.
fn is_target_folder(target: &Location, kind: Kind, sources: usize) -> Result<bool, CliError> {
    let is_expected = sources > 1 && *target != Location::Stream;
    match (target, kind) {
        (_, Kind::Folder) => Ok(true),
        // Folders of DBFS are created together with their files.
        (Location::Dbfs(path), Kind::Missing) => Ok(is_expected || path.is_folder()),
        (Location::Local(path), _)
            if is_expected || path.as_os_str().to_string_lossy().ends_with('/') =>
        {
            Err(CliError::usage(format!("`{target}` is not a folder")))
        }
        (_, Kind::File) if is_expected => {
            Err(CliError::usage(format!("`{target}` is not a folder")))
        }
        _ => Ok(false),
    }
}

/// Returns the location in a folder for a source.
fn entry_of(folder: &Location, source: &Location) -> Result<Location, CliError> {
    let name = match source {
        Location::Dbfs(path) => path.name(),
        Location::Local(path) => match path.file_name() {
            Some(name) => Some(name.to_str().ok_or_else(|| {
                CliError::usage(format!("the name of `{}` is not UTF-8", path.display()))
            })?),
            None => None,
        },
        Location::Stream => {
            let message = format!("standard input has no name, and `{folder}` is a folder");
            return Err(CliError::usage(message).help("specify the file"));
        }
    };
    match name {
        Some(name) => below(folder, name),
        // The contents of `dbfs:/` or `..`, for example.
        None => Ok(folder.clone()),
    }
}

/// Returns the location below a folder with a relative path. It may come from a server.
fn below(folder: &Location, relative: &str) -> Result<Location, CliError> {
    match folder {
        Location::Dbfs(folder) => Ok(Location::Dbfs(folder.join(relative))),
        Location::Local(folder) => {
            let relative = PathBuf::from(relative);
            let is_normal = |part: Component<'_>| matches!(part, Component::Normal(_));
            if !relative.components().all(is_normal) {
                let message = format!("`{}` is not a path of a file", relative.display());
                return Err(CliError::service(message));
            }
            Ok(Location::Local(folder.join(relative)))
        }
        Location::Stream => Ok(Location::Stream),
    }
}

fn sorted_entries(folder: &Path) -> Result<Vec<DirEntry>, CliError> {
    let entries = fs::read_dir(folder).and_then(Iterator::collect::<Result<Vec<_>, _>>);
    let mut entries = entries.map_err(|error| unreadable(folder, &error))?;
    entries.sort_by_key(DirEntry::file_name);
    Ok(entries)
}

fn unreadable(path: &Path, error: &std::io::Error) -> CliError {
    CliError::usage(format!("{}: {error}", path.display()))
}
