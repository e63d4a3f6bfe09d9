//! Files of DBFS.

use std::io::Cursor;

use api_runtime::Client;
use generated_client::api_2_0::{FileInfo, dbfs};
use generated_client::files::{FileDownload, FileUpload};
use serde_json::{Value, json};

use super::{Steps, described};

const PUT: &str = "/sdk/folder/put.txt";

pub(super) fn drive(client: &Client, steps: &mut Steps) {
    dbfs::mkdirs(client, &dbfs::Mkdirs::new("/sdk/folder")).unwrap();
    dbfs::put(client, &dbfs::Put::new(PUT, &b"0123456789"[..])).unwrap();
    let part = dbfs::Read::new(PUT).offset(2).length(3);
    steps.record("read", read(client, &part));
    let error = dbfs::put(client, &dbfs::Put::new(PUT, Vec::new())).unwrap_err();
    steps.record("put again", described(&error));
    let status = dbfs::get_status(client, &dbfs::GetStatus::new(PUT)).unwrap();
    steps.record("file", describe(&status));

    let create = dbfs::Create::new("/sdk/folder/blocks.txt");
    let handle = dbfs::create(client, &create).unwrap().handle;
    for block in [b"one " as &[u8], b"two"] {
        dbfs::add_block(client, &dbfs::AddBlock::new(handle, block)).unwrap();
    }
    dbfs::close(client, &dbfs::Close::new(handle)).unwrap();
    let blocks = dbfs::Read::new("/sdk/folder/blocks.txt");
    steps.record("blocks", read(client, &blocks));
    let error = dbfs::add_block(client, &dbfs::AddBlock::new(handle, vec![0])).unwrap_err();
    let handle = handle.to_string();
    steps.record_with_id("block after the end", &described(&error), &handle);

    let data: Vec<u8> = (0..=255).cycle().take(256 * 6000).collect();
    let upload = FileUpload::new("/sdk/a.bin").overwrite();
    upload.send(client, &mut Cursor::new(&data)).unwrap();
    let mut downloaded = Vec::new();
    let download = FileDownload::new("/sdk/a.bin");
    download.write_to(client, &mut downloaded).unwrap();
    steps.record("equal", downloaded == data);

    dbfs::move_file(client, &dbfs::MoveFile::new(PUT, "/sdk/moved.txt")).unwrap();
    steps.record("list of a folder", list(client, "/sdk"));
    steps.record("list of a file", list(client, "/sdk/a.bin"));
    let error = dbfs::get_status(client, &dbfs::GetStatus::new(PUT)).unwrap_err();
    steps.record("moved", described(&error));
    let error = dbfs::delete(client, &dbfs::Delete::new("/sdk/folder")).unwrap_err();
    steps.record("folder in use", described(&error));
    dbfs::delete(client, &dbfs::Delete::new("/sdk").recursive(true)).unwrap();
    let error = dbfs::get_status(client, &dbfs::GetStatus::new("/sdk/a.bin")).unwrap_err();
    steps.record("exists", error.status() != Some(404));
}

fn read(client: &Client, request: &dbfs::Read) -> Value {
    let response = dbfs::read(client, request).unwrap();
    let data = response.data.map(|data| data.to_string());
    json!({"bytes_read": response.bytes_read, "data": data})
}

fn list(client: &Client, path: &str) -> Value {
    let response = dbfs::list(client, &dbfs::List::new(path)).unwrap();
    let files = response.files.unwrap_or_default();
    files.iter().map(describe).collect()
}

fn describe(file: &FileInfo) -> Value {
    json!({
        "path": file.path,
        "is_dir": file.is_dir,
        "file_size": file.file_size,
        "modification_time": file.modification_time.is_some().then_some("TIME"),
    })
}
