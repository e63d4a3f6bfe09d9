//! Clusters, files and libraries of the local server.

use std::io::Cursor;

use generated_client::api_2_0::{ClusterState, Library, clusters, dbfs, libraries};
use generated_client::files::{self, FileDownload, FileUpload};
use generated_client::{
    Client, Config, ErrorKind, ExecutionContext, Language, Upload, Wait, wait_until_installed,
};
use local_server::{Options, Server};

fn start() -> (Server, Client) {
    let options = Options::new().token("secret").strict_clusters(true);
    let server = Server::start(options).unwrap();
    let config = Config::new().host(server.url()).token("secret");
    let client = config.client().unwrap();
    (server, client)
}

fn create_cluster(client: &Client) -> clusters::CreateResponse {
    let create = clusters::Create::new("16.4.x-scala2.12").num_workers(1);
    let created = clusters::create(client, &create).unwrap();
    let cluster = clusters::wait_for_create(client, &created, Wait::new()).unwrap();
    assert_eq!(cluster.state, ClusterState::Running);
    created
}

/// Bytes of which no two blocks are equal.
fn contents(size: usize) -> Vec<u8> {
    let words = (0..size / 4).map(|index| u32::try_from(index).unwrap().to_le_bytes());
    words.flatten().collect()
}

#[test]
fn cluster_is_started_and_terminated_with_waiters() {
    let (_server, client) = start();
    let id = create_cluster(&client).cluster_id;
    let context = ExecutionContext::create(&client, &id, Language::Python).unwrap();
    assert_eq!(context.run("6 * 7").unwrap().text(), Some("42"));

    let delete = clusters::Delete::new(&id);
    clusters::delete(&client, &delete).unwrap();
    let cluster = clusters::wait_for_delete(&client, &delete, Wait::new()).unwrap();
    assert_eq!(cluster.state, ClusterState::Terminated);
    assert!(cluster.terminated_time.is_some());

    let start = clusters::Start::new(&id);
    clusters::start(&client, &start).unwrap();
    clusters::wait_for_start(&client, &start, Wait::new()).unwrap();
    let listed: Result<Vec<_>, _> = clusters::list_all(&client, clusters::List::new()).collect();
    let listed = listed.unwrap();
    assert_eq!(listed.len(), 1);
    assert_eq!(listed[0].cluster_id, id);
    let error = clusters::get(&client, &clusters::Get::new("other")).unwrap_err();
    assert_eq!(error.code(), Some("INVALID_PARAMETER_VALUE"));
}

#[test]
fn file_is_uploaded_and_downloaded() {
    let (_server, client) = start();
    let contents = contents(5 << 19);
    let upload = || FileUpload::new("/folder/a.jar");
    let mut source = Cursor::new(contents.clone());
    let size = upload().send(&client, &mut source).unwrap();
    assert_eq!(size, contents.len() as u64);
    let mut downloaded = Vec::new();
    FileDownload::new("/folder/a.jar")
        .write_to(&client, &mut downloaded)
        .unwrap();
    assert!(downloaded == contents);

    let error = upload().send(&client, &mut source).unwrap_err();
    assert_eq!(error.code(), Some("RESOURCE_ALREADY_EXISTS"));
    let mut source = Cursor::new(b"new".to_vec());
    assert_eq!(upload().overwrite().send(&client, &mut source).unwrap(), 3);
    let error = FileDownload::new("/folder")
        .write_to(&client, &mut Vec::new())
        .unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
}

#[test]
fn file_is_sent_in_one_request() {
    let (_server, client) = start();
    let contents = contents(5 << 19);
    let file = Upload::bytes("a.jar", contents.clone());
    dbfs::put_file(&client, &dbfs::PutFile::new("/a.jar", file)).unwrap();
    let mut downloaded = Vec::new();
    FileDownload::new("/a.jar")
        .write_to(&client, &mut downloaded)
        .unwrap();
    assert!(downloaded == contents);

    dbfs::put(&client, &dbfs::Put::new("/b", b"hello".to_vec())).unwrap();
    let read = dbfs::read(&client, &dbfs::Read::new("/b").offset(1).length(3)).unwrap();
    assert_eq!(read.data.unwrap().0, b"ell");
    let listed = dbfs::list(&client, &dbfs::List::new("/")).unwrap();
    let paths = listed.files.unwrap().into_iter().map(|file| file.path);
    assert_eq!(paths.collect::<Vec<_>>(), ["/a.jar", "/b"]);
    let to_c = dbfs::MoveFile::new("/b", "/folder/c");
    dbfs::mkdirs(&client, &dbfs::Mkdirs::new("/folder")).unwrap();
    dbfs::move_file(&client, &to_c).unwrap();
    dbfs::delete(&client, &dbfs::Delete::new("/folder").recursive(true)).unwrap();
    let error = dbfs::get_status(&client, &dbfs::GetStatus::new("/folder")).unwrap_err();
    assert_eq!(error.code(), Some("RESOURCE_DOES_NOT_EXIST"));
}

#[test]
fn folders_are_listed_and_deleted_with_their_contents() {
    let (_server, client) = start();
    for path in ["/in/b/c", "/in/a", "/in/b/d/e", "/out"] {
        dbfs::put(&client, &dbfs::Put::new(path, b"x".to_vec())).unwrap();
    }
    let paths = |path: &str| {
        let walk = files::walk(&client, path).unwrap();
        walk.map(|entry| entry.unwrap().path).collect::<Vec<_>>()
    };
    assert_eq!(
        paths("/in"),
        ["/in/a", "/in/b", "/in/b/c", "/in/b/d", "/in/b/d/e"]
    );
    assert_eq!(paths("/in/a"), ["/in/a"]);
    let error = files::walk(&client, "/nowhere").unwrap_err();
    assert_eq!(error.code(), Some("RESOURCE_DOES_NOT_EXIST"));
    files::delete(&client, "/in", false).unwrap_err();
    files::delete(&client, "/in", true).unwrap();
    files::delete(&client, "/in", true).unwrap();
    assert_eq!(paths("/"), ["/out"]);
}

#[test]
fn libraries_are_awaited() {
    let (_server, client) = start();
    let id = create_cluster(&client).cluster_id;
    dbfs::put(&client, &dbfs::Put::new("/a.jar", b"PK".to_vec())).unwrap();
    let install = |uri: &str| {
        let jars = [Library::new().jar(uri)];
        let request = libraries::Install::new(&id, jars.to_vec());
        libraries::install(&client, &request).unwrap();
        wait_until_installed(&client, &id, &jars, Wait::new())
    };
    install("dbfs:/a.jar").unwrap();
    let error = install("dbfs:/b.jar").unwrap_err();
    assert_eq!(error.kind(), ErrorKind::WaitFailed);
    assert!(error.to_string().contains("dbfs:/b.jar"), "{error}");

    // Libraries that were not asked for do not matter.
    install("dbfs:/a.jar").unwrap();
    let jars = vec![Library::new().jar("dbfs:/a.jar")];
    libraries::uninstall(&client, &libraries::Uninstall::new(&id, jars)).unwrap();
}
