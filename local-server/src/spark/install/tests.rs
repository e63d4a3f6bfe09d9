use std::collections::VecDeque;
use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, mpsc};
use std::thread;
use std::time::Duration;

use api_runtime::NetworkVariables;
use flate2::Compression;
use flate2::write::GzEncoder;
use ring::digest::{SHA256, digest};
use test_server::{Connection, Request, Server};

use super::archive::{Archive, hexadecimal};
use super::{InstallError, Installer, Progress, Step};

/// Maximum size of a part in these tests.
const PART_BYTES: u64 = 8 << 10;

/// Bytes that cannot be compressed.
fn noise(length: usize) -> Vec<u8> {
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1);
        state.to_be_bytes()[0]
    };
    (0..length).map(|_| next()).collect()
}

/// An archive with one file in the folder `pyspark-1`, of about 100 KB.
fn archive() -> Vec<u8> {
    let mut entries = builder();
    let contents = noise(100_000);
    let mut header = tar::Header::new_gnu();
    header.set_size(contents.len() as u64);
    header.set_mode(0o644);
    let path = "pyspark-1/deps/jars/spark-core_2.13-4.3.0.jar";
    entries
        .append_data(&mut header, path, &contents[..])
        .unwrap();
    finish(entries)
}

type Entries = tar::Builder<GzEncoder<Vec<u8>>>;

fn builder() -> Entries {
    tar::Builder::new(GzEncoder::new(Vec::new(), Compression::fast()))
}

fn finish(entries: Entries) -> Vec<u8> {
    entries.into_inner().unwrap().finish().unwrap()
}

/// Returns the URL, length and checksum of an archive.
fn describe(bytes: &[u8], url: &str) -> Archive {
    let checksum = hexadecimal(digest(&SHA256, bytes).as_ref());
    Archive {
        version: "1",
        url: Box::leak(url.to_owned().into_boxed_str()),
        bytes: bytes.len() as u64,
        checksum: Box::leak(checksum.into_boxed_str()),
        unpacked_bytes: 1 << 20,
    }
}

fn installer(folder: &Path, archive: Archive) -> Installer {
    let mut installer = Installer::with_archive(folder.to_owned(), archive).unwrap();
    installer.part_bytes = PART_BYTES;
    installer.retry_delay = Duration::ZERO;
    installer
}

/// Reaction of a server to one request.
#[derive(Clone, Copy, Debug)]
enum Reaction {
    /// Sends the requested range.
    Range,
    /// Sends half of the requested range and closes the connection.
    Cut,
    /// Sends the whole archive.
    Whole,
    /// Sends another file of this size.
    OtherFile,
    Status(u16),
    Redirect,
}

/// A server that reacts to its requests in turn, and to further ones as to the last one.
fn server(archive: Vec<u8>, reactions: impl IntoIterator<Item = Reaction>) -> Server {
    let reactions = Mutex::new(reactions.into_iter().collect::<VecDeque<_>>());
    Server::start(move |mut connection| {
        while connection.has_data()? {
            let request = connection.read_request()?;
            let mut reactions = reactions.lock().unwrap();
            let reaction = if reactions.len() > 1 {
                reactions.pop_front()
            } else {
                reactions.front().copied()
            };
            drop(reactions);
            react(&mut connection, &archive, &request, reaction.unwrap())?;
        }
        Ok(())
    })
}

fn react(
    connection: &mut Connection,
    archive: &[u8],
    request: &Request,
    reaction: Reaction,
) -> io::Result<()> {
    match reaction {
        Reaction::Range => {
            let (first, last) = range(request).unwrap();
            let header = format!("content-range: bytes {first}-{last}/{}", archive.len());
            connection.respond(206, &[&header], &archive[first..=last])
        }
        Reaction::Cut => {
            let (first, last) = range(request).unwrap();
            let head = format!(
                "HTTP/1.1 206 Partial\r\ncontent-length: {}\r\ncontent-range: bytes {first}-{last}/{}\r\n\r\n",
                last - first + 1,
                archive.len()
            );
            connection.send(head)?;
            connection.send(&archive[first..usize::midpoint(first, last)])?;
            Err(io::ErrorKind::ConnectionAborted.into())
        }
        Reaction::Whole => connection.respond(200, &[], archive),
        Reaction::OtherFile => connection.respond(206, &["content-range: bytes 0-0/7"], "x"),
        Reaction::Status(status) => connection.respond(status, &[], "text"),
        Reaction::Redirect => connection.respond(302, &["location: /other/archive"], ""),
    }
}

/// Returns the first and the last byte of the requested range.
fn range(request: &Request) -> Option<(usize, usize)> {
    let (first, last) = request
        .header("range")?
        .strip_prefix("bytes=")?
        .split_once('-')?;
    Some((first.parse().unwrap(), last.parse().unwrap()))
}

/// Returns the first byte of each requested range.
fn starts(server: &Server) -> Vec<usize> {
    let requests = server.requests();
    let ranges = requests.iter().filter_map(range);
    ranges.map(|(first, _)| first).collect()
}

fn ignore(_: Progress) {}

#[track_caller]
fn assert_installed(folder: &Path) {
    let jar = folder.join("pyspark-1/deps/jars/spark-core_2.13-4.3.0.jar");
    assert_eq!(fs::read(jar).unwrap(), noise(100_000));
    // Neither the archive nor a part of it remains.
    assert_eq!(names(folder), ["install.lock", "pyspark-1"]);
}

fn names(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<_> = names.collect();
    names.sort();
    names
}

#[test]
fn download_continues_after_each_cut() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let reactions = [
        Reaction::Range,
        Reaction::Cut,
        Reaction::Cut,
        Reaction::Status(503),
    ];
    let reactions = reactions.into_iter().chain([Reaction::Range]);
    let server = server(bytes.clone(), reactions);
    let installer = installer(folder.path(), describe(&bytes, &server.url()));
    let mut steps = Vec::new();
    installer
        .install(&mut |progress| steps.push(progress))
        .unwrap();
    assert_installed(folder.path());

    let part = usize::try_from(PART_BYTES).unwrap();
    assert_eq!(starts(&server)[..5], [0, part, part, part, part]);
    let requests = server.requests();
    // Parts are halved after each error, and doubled after each success.
    let size = |index: usize| range(&requests[index]).map(|(first, last)| last - first + 1);
    assert_eq!(size(4), Some(part / 8));
    assert_eq!(size(5), Some(part / 4));
    assert_eq!(requests[0].header("accept-encoding"), Some("identity"));
    let total = bytes.len() as u64;
    for step in [Step::Download, Step::Verify, Step::Unpack] {
        let mut progress = steps.iter().filter(|progress| progress.step == step);
        let last = progress.next_back().unwrap();
        assert_eq!((last.bytes, last.total), (total, total), "{step:?}");
    }
}

#[test]
fn download_is_resumed_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let first = server(
        bytes.clone(),
        [Reaction::Range, Reaction::Range, Reaction::Status(404)],
    );
    let archive = describe(&bytes, &first.url());
    let error = installer(folder.path(), archive)
        .install(&mut ignore)
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot download the archive: `{}/` has returned status code 404",
            first.url()
        )
    );

    let second = server(bytes.clone(), [Reaction::Range]);
    let archive = describe(&bytes, &second.url());
    installer(folder.path(), archive)
        .install(&mut ignore)
        .unwrap();
    assert_installed(folder.path());
    assert_eq!(starts(&second)[0], 2 * usize::try_from(PART_BYTES).unwrap());
}

#[test]
fn server_without_ranges_sends_the_whole_archive() {
    let bytes = archive();
    for present in [0, 1000] {
        let folder = tempfile::tempdir().unwrap();
        // From another file: it must not become a part of the archive.
        fs::write(folder.path().join("pyspark-1.tar.gz"), vec![0; present]).unwrap();
        let server = server(bytes.clone(), [Reaction::Whole]);
        let archive = describe(&bytes, &server.url());
        installer(folder.path(), archive)
            .install(&mut ignore)
            .unwrap();
        assert_installed(folder.path());
        assert_eq!(starts(&server), [present]);
    }
}

#[test]
fn redirect_is_followed() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let server = server(bytes.clone(), [Reaction::Redirect, Reaction::Range]);
    let url = format!("{}/archive", server.url());
    installer(folder.path(), describe(&bytes, &url))
        .install(&mut ignore)
        .unwrap();
    assert_installed(folder.path());
    let requests = server.requests();
    assert_eq!(requests[0].target(), "/archive");
    assert!(
        requests[1..]
            .iter()
            .all(|request| request.target() == "/other/archive")
    );
}

#[test]
fn errors_and_redirects_without_end_are_bounded() {
    for (reaction, count, message) in [
        (Reaction::Status(503), 5, "has returned status code 503"),
        (Reaction::Cut, 5, "the connection failed"),
        (Reaction::Redirect, 11, "too many redirects"),
        (Reaction::OtherFile, 1, "the file has 7 bytes, expected "),
    ] {
        let folder = tempfile::tempdir().unwrap();
        let bytes = archive();
        let server = server(bytes.clone(), [reaction]);
        let installer = installer(folder.path(), describe(&bytes, &server.url()));
        let error = installer.install(&mut ignore).unwrap_err();
        assert!(error.to_string().contains(message), "{reaction:?}: {error}");
        assert_eq!(server.requests().len(), count, "{reaction:?}");
        assert!(!installer.is_installed());
    }
}

#[test]
fn archive_with_another_checksum_is_rejected_and_not_resumed() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let mut damaged = bytes.clone();
    damaged[50_000] ^= 1;
    let first = server(damaged, [Reaction::Range]);
    let installer_of = |server: &Server| installer(folder.path(), describe(&bytes, &server.url()));
    let error = installer_of(&first).install(&mut ignore).unwrap_err();
    assert!(matches!(error, InstallError::Checksum { .. }), "{error}");
    assert_eq!(names(folder.path()), ["install.lock"]);

    let second = server(bytes.clone(), [Reaction::Range]);
    installer_of(&second).install(&mut ignore).unwrap();
    assert_installed(folder.path());
    assert_eq!(starts(&second)[0], 0);
}

#[test]
fn copy_of_the_archive_is_installed_and_kept() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let bytes = archive();
    let file = folder.path().join("copy.tar.gz");
    let installer = installer(&cache, describe(&bytes, "http://127.0.0.1:1/"));
    let installer = installer.from(file.to_str().unwrap()).unwrap();

    let error = installer.install(&mut ignore).unwrap_err();
    assert!(error.to_string().starts_with("cannot read `"), "{error}");
    fs::write(&file, &bytes[1..]).unwrap();
    let error = installer.install(&mut ignore).unwrap_err();
    let expected = format!(
        "`{}` has {} bytes, expected {}",
        file.display(),
        bytes.len() - 1,
        bytes.len()
    );
    assert_eq!(error.to_string(), expected);

    // An installation that was interrupted has left a part of the files.
    fs::create_dir_all(cache.join("pyspark-1.partial/pyspark-1/old")).unwrap();
    fs::write(&file, &bytes).unwrap();
    installer.install(&mut ignore).unwrap();
    assert_installed(&cache);
    assert!(file.exists());
}

#[test]
fn missing_disk_space_is_reported_before_the_download() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let server = server(bytes.clone(), [Reaction::Range]);
    let mut archive = describe(&bytes, &server.url());
    archive.unpacked_bytes = 1 << 60;
    let error = installer(folder.path(), archive)
        .install(&mut ignore)
        .unwrap_err();
    assert!(matches!(error, InstallError::DiskSpace { .. }), "{error}");
    let start = format!(
        "not enough disk space in `{}`: 1152921504",
        folder.path().display()
    );
    assert!(error.to_string().starts_with(&start), "{error}");
    assert_eq!(server.connections(), 0);
}

#[test]
fn entries_outside_of_the_folder_are_rejected() {
    let outside = |entries: &mut Entries, root: &Path| {
        let mut header = tar::Header::new_gnu();
        let name = format!(
            "pyspark-1/../../{}",
            root.file_name().unwrap().to_str().unwrap()
        );
        header.as_old_mut().name[..name.len()].copy_from_slice(name.as_bytes());
        header.set_size(1);
        header.set_cksum();
        entries.append(&header, &b"x"[..]).unwrap();
    };
    let link = |entries: &mut Entries, root: &Path| {
        let mut header = tar::Header::new_gnu();
        header.set_entry_type(tar::EntryType::Symlink);
        header.set_size(0);
        let parent = root.parent().unwrap();
        entries
            .append_link(&mut header, "pyspark-1/link", parent)
            .unwrap();
        let mut header = tar::Header::new_gnu();
        header.set_size(1);
        let path = Path::new("pyspark-1/link").join(root.file_name().unwrap());
        entries.append_data(&mut header, path, &b"x"[..]).unwrap();
    };
    for name in ["parent", "link"] {
        let folder = tempfile::tempdir().unwrap();
        let cache = folder.path().join("cache");
        let victim = folder.path().join("victim");
        let mut entries = builder();
        if name == "parent" {
            outside(&mut entries, &victim);
        } else {
            link(&mut entries, &victim);
        }
        let bytes = finish(entries);
        let file = folder.path().join("archive.tar.gz");
        fs::write(&file, &bytes).unwrap();
        let installer = installer(&cache, describe(&bytes, "http://127.0.0.1:1/"));
        let installer = installer.from(file.to_str().unwrap()).unwrap();
        let error = installer.install(&mut ignore).unwrap_err();
        assert!(matches!(error, InstallError::Archive(_)), "{name}: {error}");
        assert!(!victim.exists() && !cache.join("victim").exists(), "{name}");
        assert!(!installer.is_installed(), "{name}");
    }
}

#[test]
fn proxy_is_that_of_the_given_variables() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    let contents = bytes.clone();
    let proxy = Server::start(move |mut connection| {
        let tunnel = connection.read_request()?;
        assert_eq!(tunnel.line, "CONNECT archive.invalid:80 HTTP/1.1");
        connection.send("HTTP/1.1 200 OK\r\n\r\n")?;
        while connection.has_data()? {
            let request = connection.read_request()?;
            react(&mut connection, &contents, &request, Reaction::Range)?;
        }
        Ok(())
    });
    let variables = NetworkVariables::from_pairs([("http_proxy", proxy.url())]);
    let archive = describe(&bytes, "http://archive.invalid/x");
    let installer = installer(folder.path(), archive).network_variables(variables);
    installer.install(&mut ignore).unwrap();
    assert_installed(folder.path());
}

#[test]
fn second_process_waits_for_the_first() {
    let folder = tempfile::tempdir().unwrap();
    let bytes = archive();
    // The response to the first request is sent when the second installation waits.
    let (waits, is_waiting) = mpsc::channel::<()>();
    let is_waiting = Mutex::new(is_waiting);
    let contents = bytes.clone();
    let server = Server::start(move |mut connection| {
        while connection.has_data()? {
            let request = connection.read_request()?;
            if range(&request).unwrap().0 == 0 {
                let _ = is_waiting
                    .lock()
                    .unwrap()
                    .recv_timeout(test_server::DEADLINE);
            }
            react(&mut connection, &contents, &request, Reaction::Range)?;
        }
        Ok(())
    });
    let installer = installer(folder.path(), describe(&bytes, &server.url()));
    let installer = Arc::new(installer);
    let first = thread::spawn({
        let installer = Arc::clone(&installer);
        move || installer.install(&mut ignore)
    });
    server.wait_until_requested(1);
    let second = installer.install(&mut |progress| {
        assert_eq!(progress.step, Step::Wait);
        let _ = waits.send(());
    });
    let folders: Vec<PathBuf> = [first.join().unwrap(), second].map(Result::unwrap).into();
    assert_eq!(folders[0], folders[1]);
    assert_installed(folder.path());
    let mut starts = starts(&server);
    starts.dedup();
    assert_eq!(starts.len(), server.requests().len());
}

#[test]
fn unfinished_file_of_the_cache_is_not_an_installation() {
    let folder = tempfile::tempdir().unwrap();
    let installer = installer(folder.path(), describe(b"", "http://127.0.0.1:1/"));
    fs::File::create(installer.target())
        .unwrap()
        .write_all(b"x")
        .unwrap();
    assert!(!installer.is_installed());
}
