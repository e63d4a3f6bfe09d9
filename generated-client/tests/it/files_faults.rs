//! Uploads and downloads of which each request is lost, rejected or interrupted once.

use std::fs;
use std::io::{self, Cursor, Read, Seek as _, SeekFrom};

use generated_client::files::{
    FileDownload, FileReader, FileUpload, TransferProgress, UploadRemains,
};
use generated_client::{Error, ErrorKind};

use crate::dbfs::{Dbfs, Fault, Visible};

const MIB: usize = 1 << 20;

/// Contents of a block and a byte.
fn contents() -> Vec<u8> {
    let mut contents = vec![b'a'; MIB];
    contents.push(b'b');
    contents
}

fn upload(dbfs: &Dbfs, overwrite: bool) -> Result<u64, Error> {
    let upload = FileUpload::new("/a");
    let upload = if overwrite {
        upload.overwrite()
    } else {
        upload
    };
    upload.send(&dbfs.client(), &mut Cursor::new(contents()))
}

/// Runs an upload with a fault at each of its requests in turn, and checks its result and the file.
fn check_uploads(visible: Visible, previous: Option<&[u8]>, faults: &[Fault], fault_count: usize) {
    let start = || {
        let dbfs = Dbfs::new(visible);
        match previous {
            Some(previous) => dbfs.with_file("/a", previous),
            None => dbfs,
        }
    };
    let undisturbed = start();
    upload(&undisturbed, previous.is_some()).unwrap();
    assert_eq!(undisturbed.contents("/a"), Some(contents()));
    let count = undisturbed.requests().len();
    assert!((5..=7).contains(&count), "{count}");
    for &fault in faults {
        for first in 0..count {
            let dbfs = start().with_fault(first, fault_count, fault);
            let result = upload(&dbfs, previous.is_some());
            let stored = dbfs.contents("/a");
            let context = format!(
                "{visible:?}, {previous:?}, {fault:?} at {first}: {result:?}, {:?}",
                dbfs.requests()
            );
            match &result {
                Ok(size) => {
                    assert_eq!(*size, contents().len() as u64, "{context}");
                    assert!(stored == Some(contents()), "{context}");
                }
                Err(error) => {
                    let is_as_before = stored.as_deref() == previous;
                    if fault == Fault::InterruptDuring && previous.is_none() {
                        // The response contains what is needed to clean up.
                        assert!(
                            is_as_before && UploadRemains::of(error).is_none(),
                            "{context}"
                        );
                    }
                    assert!(
                        is_as_before || UploadRemains::of(error).is_some(),
                        "{context}"
                    );
                    if fault.is_interrupt() {
                        assert_eq!(error.kind(), ErrorKind::Interrupted, "{context}");
                    } else if fault_count == 1 {
                        // The file may be that of the first request, whose response was lost, or not.
                        let code = Some("RESOURCE_ALREADY_EXISTS");
                        let is_ambiguous = visible == Visible::WhenCreated && first == 0;
                        assert!(is_ambiguous && error.code() == code, "{context}");
                    }
                }
            }
        }
    }
}

#[test]
fn new_file_is_complete_or_removed_after_a_fault_at_any_request() {
    for visible in [Visible::WhenClosed, Visible::WhenCreated] {
        check_uploads(visible, None, &Fault::ALL, 1);
    }
}

#[test]
fn existing_file_is_replaced_as_a_whole_or_reported_after_a_fault_at_any_request() {
    // A file of the same size is not taken for the new one.
    let same_size = vec![b'x'; contents().len()];
    check_uploads(Visible::WhenClosed, Some(&same_size), &Fault::ALL, 1);
    check_uploads(Visible::WhenCreated, Some(b"old"), &Fault::ALL, 1);
}

#[test]
fn service_that_stays_unavailable_is_reported() {
    let faults = [Fault::LostBefore, Fault::Unavailable];
    check_uploads(Visible::WhenClosed, None, &faults, 1000);
    check_uploads(Visible::WhenCreated, Some(b"old"), &faults, 1000);
}

#[test]
fn incomplete_file_is_removed_after_an_interrupt() {
    let dbfs = Dbfs::new(Visible::WhenCreated).with_fault(2, 1, Fault::InterruptDuring);
    let error = upload(&dbfs, false).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Interrupted);
    assert_eq!(UploadRemains::of(&error), None);
    assert_eq!(
        dbfs.requests(),
        ["create", "add-block", "add-block", "close", "delete"]
    );
    assert_eq!(dbfs.contents("/a"), None);
}

#[test]
fn file_that_may_remain_is_named() {
    // The connection is lost for good during the second block.
    let dbfs = Dbfs::new(Visible::WhenCreated).with_fault(2, 1000, Fault::LostBefore);
    let error = upload(&dbfs, false).unwrap_err();
    let remains = UploadRemains::of(&error).unwrap();
    assert_eq!((remains.path(), remains.replaces_file()), ("/a", false));
    let text = error.to_string();
    assert!(
        text.ends_with("; a part of the file may remain at `/a`"),
        "{text}"
    );

    let dbfs = Dbfs::new(Visible::WhenCreated)
        .with_file("/a", b"old")
        .with_fault(4, 1000, Fault::LostBefore);
    let error = upload(&dbfs, true).unwrap_err();
    let text = error.to_string();
    assert!(
        text.ends_with("; the existing file `/a` may be incomplete"),
        "{text}"
    );
}

#[test]
fn existing_file_is_not_replaced_unless_requested() {
    let dbfs = Dbfs::new(Visible::WhenClosed).with_file("/a", b"old");
    let error = upload(&dbfs, false).unwrap_err();
    assert_eq!(error.code(), Some("RESOURCE_ALREADY_EXISTS"));
    assert_eq!(UploadRemains::of(&error), None);
    assert_eq!(dbfs.contents("/a").unwrap(), b"old");
}

#[test]
fn progress_is_reported_from_the_start_of_each_attempt() {
    let dbfs = Dbfs::new(Visible::WhenClosed).with_fault(2, 1, Fault::LostAfter);
    let mut seen = Vec::new();
    FileUpload::new("/a")
        .on_progress(|progress: &TransferProgress| {
            assert_eq!(progress.total, Some(contents().len() as u64));
            seen.push((progress.attempt, progress.bytes));
        })
        .send(&dbfs.client(), &mut Cursor::new(contents()))
        .unwrap();
    let mib = MIB as u64;
    let first = [(1, 0), (1, mib)];
    let second = [(2, 0), (2, mib), (2, mib + 1)];
    assert_eq!(seen, [&first[..], &second].concat());
}

#[test]
fn source_that_can_be_read_once_is_sent_once() {
    let dbfs = Dbfs::new(Visible::WhenClosed);
    let mut pipe = io::repeat(b'x').take(MIB as u64 + 1);
    let size = FileUpload::new("/a").send_once(&dbfs.client(), &mut pipe);
    assert_eq!(size.unwrap(), MIB as u64 + 1);

    let dbfs = Dbfs::new(Visible::WhenClosed).with_fault(1, 1, Fault::LostAfter);
    let mut pipe = io::repeat(b'x').take(MIB as u64);
    let error = FileUpload::new("/a")
        .send_once(&dbfs.client(), &mut pipe)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::Disconnected);
    assert_eq!(dbfs.contents("/a"), None);
    assert_eq!(dbfs.requests(), ["create", "add-block", "close", "delete"]);
}

#[test]
fn source_that_cannot_be_read_is_not_read_again() {
    struct Broken;
    impl Read for Broken {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            Err(io::Error::other("disk failure"))
        }
    }
    impl io::Seek for Broken {
        fn seek(&mut self, _: SeekFrom) -> io::Result<u64> {
            Ok(0)
        }
    }
    let dbfs = Dbfs::new(Visible::WhenClosed);
    let error = FileUpload::new("/a")
        .send(&dbfs.client(), &mut Broken)
        .unwrap_err();
    assert_eq!(error.message(), "cannot read the file: disk failure");
    assert_eq!(dbfs.requests(), ["create", "close", "delete"]);
}

#[test]
fn download_is_complete_or_leaves_no_file_after_a_fault_at_any_request() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    // The properties before and after, and two blocks.
    for fault in Fault::ALL {
        for first in 0..4 {
            let dbfs = Dbfs::new(Visible::WhenClosed)
                .with_file("/a", &contents())
                .with_fault(first, 1, fault);
            let result = FileDownload::new("/a").save(&dbfs.client(), &target);
            let context = format!("{fault:?} at {first}: {result:?}");
            if fault.is_interrupt() {
                assert_eq!(
                    result.unwrap_err().kind(),
                    ErrorKind::Interrupted,
                    "{context}"
                );
                assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 0, "{context}");
            } else {
                assert_eq!(result.unwrap(), contents().len() as u64, "{context}");
                assert!(fs::read(&target).unwrap() == contents(), "{context}");
                fs::remove_file(&target).unwrap();
            }
        }
    }
}

#[test]
fn file_that_changes_while_it_is_read_is_an_error() {
    let dbfs = Dbfs::new(Visible::WhenClosed).with_file("/a", &contents());
    let changed = dbfs.clone();
    let error = FileDownload::new("/a")
        .on_progress(move |progress| {
            if progress.bytes == MIB as u64 {
                changed.write("/a", &contents());
            }
        })
        .write_to(&dbfs.client(), &mut io::sink())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(error.message(), "`/a` has changed while it was read");
}

#[test]
fn existing_file_of_this_machine_is_replaced_if_requested() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    let link = folder.path().join("link");
    fs::write(&target, "old").unwrap();
    std::os::unix::fs::symlink("a", &link).unwrap();
    let dbfs = Dbfs::new(Visible::WhenClosed).with_file("/a", b"new");
    let error = FileDownload::new("/a")
        .save(&dbfs.client(), &target)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(error.message(), format!("`{}` exists", target.display()));
    assert_eq!(dbfs.requests(), [""; 0]);

    let download = FileDownload::new("/a").overwrite();
    assert_eq!(download.save(&dbfs.client(), &link).unwrap(), 3);
    assert_eq!(fs::read(&target).unwrap(), b"new");
    assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 2);
}

#[test]
fn file_that_appears_during_a_download_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let target = folder.path().join("a");
    let dbfs = Dbfs::new(Visible::WhenClosed).with_file("/a", b"new");
    let error = FileDownload::new("/a")
        .on_progress(|_| fs::write(&target, "other").unwrap())
        .save(&dbfs.client(), &target)
        .unwrap_err();
    assert!(error.message().contains("cannot be created"), "{error}");
    assert_eq!(fs::read(&target).unwrap(), b"other");
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
}

#[test]
fn reader_seeks_and_copies_between_files() {
    let dbfs = Dbfs::new(Visible::WhenClosed).with_file("/a", &contents());
    let client = dbfs.client();
    let mut reader = FileReader::open(&client, "/a").unwrap();
    reader.seek(SeekFrom::End(-5)).unwrap();
    let mut end = Vec::new();
    reader.read_to_end(&mut end).unwrap();
    assert_eq!(end, contents()[contents().len() - 5..]);
    reader.rewind().unwrap();
    FileUpload::new("/b").send(&client, &mut reader).unwrap();
    assert!(dbfs.contents("/b") == Some(contents()));

    // An error of the source ends the upload with the same error.
    let mut reader = FileReader::open(&client, "/a").unwrap();
    dbfs.write("/a", b"short");
    let error = FileUpload::new("/c")
        .send(&client, &mut reader)
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidResponse);
    assert_eq!(dbfs.contents("/c"), None);
}
