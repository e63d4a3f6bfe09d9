//! Where the servers come from: the machine, or a package that is fetched without being installed.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::OnceLock;

/// What is fetched is kept here between runs.
const CACHE: &str = concat!(env!("CARGO_TARGET_TMPDIR"), "/servers");
const FETCH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/servers/setup/fetch.py");

/// Where Debian keeps what it ships, and what it has ever shipped.
const POOLS: [&str; 2] = [
    "http://deb.debian.org/debian/pool/main",
    "https://snapshot.debian.org/archive/debian/20250520T000000Z/pool/main",
];

/// A server, as a program that can be had.
pub(crate) struct Program {
    /// What it is called.
    pub(crate) name: &'static str,
    /// What its `--version` says where the tests are made for it.
    pub(crate) versions: &'static [&'static str],
    /// The package of Debian and its offspring.
    pub(crate) package: &'static str,
    /// The program in the package.
    pub(crate) member: &'static str,
    /// One such package, without its architecture.
    pub(crate) pinned: &'static str,
    /// The SHA-256 of that package for each architecture, by the names of Rust and Debian.
    pub(crate) hashes: [(&'static str, &'static str, &'static str); 2],
    pub(crate) found: OnceLock<PathBuf>,
}

impl Program {
    /// The program, ready to be run.
    ///
    /// # Panics
    ///
    /// If it is to be had in no way: a test without its server has failed.
    pub(crate) fn path(&self) -> &Path {
        self.found.get_or_init(|| self.find())
    }

    fn find(&self) -> PathBuf {
        let ways = [Self::on_path, Self::kept, Self::by_apt, Self::pinned];
        let mut tried = String::new();
        for way in ways {
            match way(self) {
                Ok(path) => return path,
                Err(why) => tried = tried + "\n- " + why.trim(),
            }
        }
        let Self { name, package, .. } = self;
        panic!("`{name}` (Debian's package `{package}`) is needed, and not to be had:{tried}");
    }

    fn on_path(&self) -> Result<PathBuf, String> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let mut places = std::env::split_paths(&path).map(|folder| folder.join(self.name));
        let place = places.find(|place| place.is_file());
        self.accept(place.ok_or("it is not on the PATH")?)
    }

    fn kept(&self) -> Result<PathBuf, String> {
        let place = self.place();
        if !place.is_file() {
            return Err(format!("it was not fetched before to {}", place.display()));
        }
        self.accept(place)
    }

    /// As the machine is set up to: no mirror needs to be known here, and no one needs to be root.
    fn by_apt(&self) -> Result<PathBuf, String> {
        let folder = workplace()?;
        run(Command::new("apt-get")
            .args(["download", self.package])
            .current_dir(&folder))?;
        let files = fs::read_dir(&folder).map_err(|error| error.to_string())?;
        let mut files = files.filter_map(|file| Some(file.ok()?.path()));
        let package = files.find(|file| file.extension().is_some_and(|it| it == "deb"));
        let package = package.ok_or("`apt-get download` brought nothing")?;
        let unpacked = folder.path().join("unpacked");
        run(Command::new("dpkg-deb")
            .arg("-x")
            .args([&package, &unpacked]))?;
        self.keep(&unpacked.join(self.member))
    }

    fn pinned(&self) -> Result<PathBuf, String> {
        let known = self
            .hashes
            .iter()
            .find(|(rust, ..)| *rust == std::env::consts::ARCH);
        let (_, debian, hash) = known
            .filter(|_| cfg!(target_os = "linux"))
            .ok_or("no package for this machine is known by its hash")?;
        let folder = workplace()?;
        let program = folder.path().join(self.name);
        let urls = POOLS.map(|pool| format!("{pool}/{}_{debian}.deb", self.pinned));
        let mut fetch = Command::new("python3");
        run(fetch
            .arg(FETCH)
            .arg(self.member)
            .arg(&program)
            .arg(hash)
            .args(urls))?;
        self.keep(&program)
    }

    /// Moves a program to where it is looked for, in one step: other processes are at it, too.
    fn keep(&self, program: &Path) -> Result<PathBuf, String> {
        let executable = fs::Permissions::from_mode(0o755);
        fs::set_permissions(program, executable).map_err(|error| error.to_string())?;
        let program = self.accept(program.to_owned())?;
        fs::rename(program, self.place()).map_err(|error| error.to_string())?;
        Ok(self.place())
    }

    fn place(&self) -> PathBuf {
        let folder = format!("{}-{}", self.name, std::env::consts::ARCH);
        Path::new(CACHE).join(folder)
    }

    /// The program, if it runs here and is of a kind that the tests are made for.
    fn accept(&self, program: PathBuf) -> Result<PathBuf, String> {
        let said = run(Command::new(&program).arg("--version"))?;
        if self.versions.iter().any(|version| said.contains(version)) {
            return Ok(program);
        }
        let (program, said) = (program.display(), said.lines().next().unwrap_or_default());
        Err(format!("{program} is another version: {said}"))
    }
}

/// A folder of its own, on the file system of what is kept.
fn workplace() -> Result<tempfile::TempDir, String> {
    fs::create_dir_all(CACHE)
        .and_then(|()| tempfile::tempdir_in(CACHE))
        .map_err(|error| format!("{CACHE}: {error}"))
}

/// What a command printed, or why it did not end well.
fn run(command: &mut Command) -> Result<String, String> {
    let said = command
        .output()
        .map_err(|error| format!("{command:?}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if said.status.success() {
        return Ok(text(&said.stdout));
    }
    Err(format!(
        "{command:?}: {}: {}",
        said.status,
        text(&said.stderr)
    ))
}
