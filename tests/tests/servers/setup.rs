//! Finds the server programs: on the `PATH`, or in Debian packages that are downloaded and unpacked
//! without installing them.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// Directory of the downloaded programs.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/servers");
const FETCH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/setup/fetch.py");

/// Package pools of Debian: the current packages, and a snapshot of past ones.
const POOLS: [&str; 2] = [
    "http://deb.debian.org/debian/pool/main",
    "https://snapshot.debian.org/archive/debian/20250520T000000Z/pool/main",
];

/// A server program.
pub(crate) struct Program {
    /// File name of the program.
    pub(crate) name: &'static str,
    /// Argument that prints the version.
    pub(crate) version: &'static str,
    /// Supported versions, as substrings of that output.
    pub(crate) versions: &'static [&'static str],
    /// Name of the package in Debian and its derivatives.
    pub(crate) package: &'static str,
    /// Path of the program in the package.
    pub(crate) member: &'static str,
    /// Path of a package in the pool, up to its architecture.
    pub(crate) pinned: &'static str,
    /// SHA-256 of that package, by the architecture names of Rust and Debian.
    pub(crate) hashes: [(&'static str, &'static str, &'static str); 2],
    /// Result of the search.
    pub(crate) found: OnceLock<PathBuf>,
}

impl Program {
    /// Returns the path of the program. Searches and downloads it once.
    ///
    /// # Panics
    ///
    /// If the program is neither found nor downloaded. Tests are not skipped.
    pub(crate) fn path(&self) -> &Path {
        self.found.get_or_init(|| self.find())
    }

    fn find(&self) -> PathBuf {
        let sources = [
            Self::on_path,
            Self::cached,
            Self::download_by_apt,
            Self::download_pinned,
        ];
        let mut errors = String::new();
        for source in sources {
            match source(self) {
                Ok(path) => return path,
                Err(error) => errors = errors + "\n- " + error.trim(),
            }
        }
        let Self { name, package, .. } = self;
        let versions = self.versions.join(", ");
        panic!(
            "cannot find or download `{name}` (Debian package `{package}`):{errors}\n\
             help: put `{name}` on the PATH (versions: {versions}), e.g. with `apt-get install \
             {package}`, or run the tests once with network access"
        );
    }

    fn on_path(&self) -> Result<PathBuf, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut paths = std::env::split_paths(&path).map(|folder| folder.join(self.name));
        let found = paths.find(|path| path.is_file());
        self.check_version(found.ok_or("not found on the PATH")?)
    }

    fn cached(&self) -> Result<PathBuf, String> {
        let cached = self.cache_path();
        if !cached.is_file() {
            return Err(format!("not downloaded before to {}", cached.display()));
        }
        self.check_version(cached)
    }

    /// Downloads the package from the mirrors that the machine is configured for. Needs no root.
    fn download_by_apt(&self) -> Result<PathBuf, String> {
        let directory = temporary_directory()?;
        run(Command::new("apt-get")
            .args(["download", self.package])
            .current_dir(&directory))?;
        let files = fs::read_dir(&directory).map_err(|error| error.to_string())?;
        let mut files = files.filter_map(|file| Some(file.ok()?.path()));
        let package = files.find(|file| file.extension().is_some_and(|it| it == "deb"));
        let package = package.ok_or("`apt-get download` downloaded no package")?;
        let unpacked = directory.path().join("unpacked");
        run(Command::new("dpkg-deb")
            .arg("-x")
            .args([&package, &unpacked]))?;
        self.cache(&unpacked.join(self.member))
    }

    fn download_pinned(&self) -> Result<PathBuf, String> {
        let known = self
            .hashes
            .iter()
            .find(|(rust, ..)| *rust == std::env::consts::ARCH);
        let (_, debian, hash) = known
            .filter(|_| cfg!(target_os = "linux"))
            .ok_or("no pinned package for this platform")?;
        let directory = temporary_directory()?;
        let program = directory.path().join(self.name);
        let urls = POOLS.map(|pool| format!("{pool}/{}_{debian}.deb", self.pinned));
        let mut fetch = Command::new("python3");
        run(fetch
            .arg(FETCH)
            .arg(self.member)
            .arg(&program)
            .arg(hash)
            .args(urls))?;
        self.cache(&program)
    }

    /// Moves a program to the cache.
    fn cache(&self, program: &Path) -> Result<PathBuf, String> {
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(program, executable).map_err(|error| error.to_string())?;
        let program = self.check_version(program.to_owned())?;
        // Atomic, because other test processes may do the same.
        fs::rename(program, self.cache_path()).map_err(|error| error.to_string())?;
        Ok(self.cache_path())
    }

    fn cache_path(&self) -> PathBuf {
        let name = format!("{}-{}", self.name, std::env::consts::ARCH);
        Path::new(CACHE).join(name)
    }

    /// Returns the program if it runs and has a supported version.
    fn check_version(&self, program: PathBuf) -> Result<PathBuf, String> {
        let output = run(Command::new(&program).arg(self.version))?;
        if self.versions.iter().any(|version| output.contains(version)) {
            return Ok(program);
        }
        let (program, version) = (program.display(), output.lines().next().unwrap_or_default());
        Err(format!("{program} has an unsupported version: {version}"))
    }
}

/// Creates a temporary directory on the file system of the cache, so that files can be renamed.
fn temporary_directory() -> Result<tempfile::TempDir, String> {
    fs::create_dir_all(CACHE)
        .and_then(|()| tempfile::tempdir_in(CACHE))
        .map_err(|error| format!("{CACHE}: {error}"))
}

/// Runs a command and returns its output on stdout, or an error that contains stderr.
fn run(command: &mut Command) -> Result<String, String> {
    let output = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    Err(format!(
        "{command:?}: {}: {}",
        output.status,
        text(&output.stderr)
    ))
}
