//! Manifests, their tags, and the repositories they are in.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// A manifest of one layer, [`HELLO`].
fn manifest() -> Vec<u8> {
    let mut blob = serde_json::json!({
        "mediaType": "application/vnd.docker.container.image.v1+json",
        "size": HELLO.len(),
        "digest": HELLO_DIGEST,
    });
    let config = blob.clone();
    blob["mediaType"] = "application/vnd.docker.image.rootfs.diff.tar.gzip".into();
    let manifest = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.docker.distribution.manifest.v2+json",
        "config": config,
        "layers": [blob],
    });
    manifest.to_string().into_bytes()
}

/// Stores the manifest under a tag, with its blob.
fn tag(client: &Client, name: &str, tag: &str) -> Digest {
    push(client, name, HELLO, HELLO_DIGEST);
    let put = manifests::Put::new(name, tag, manifest());
    manifests::put(client, &put).unwrap().docker_content_digest
}

#[test]
fn a_manifest_is_stored_and_read() {
    let server = start();
    let client = server.client();
    let digest = tag(&client, NAME, "v1");
    for reference in ["v1", digest.as_str()] {
        let read = manifests::get(&client, &manifests::Get::new(NAME, reference)).unwrap();
        assert_eq!(read.docker_content_digest, digest);
        assert_eq!(read.body.schema_version, 2);
        assert_eq!(read.body.layers[0].digest.as_str(), HELLO_DIGEST);
        assert_eq!(read.body.layers[0].size, 11);
        let head = manifests::head(&client, &manifests::Head::new(NAME, reference)).unwrap();
        assert_eq!(head.docker_content_digest, digest);
    }
}

#[test]
fn a_manifest_needs_its_blobs() {
    let server = start();
    let client = server.client();
    let put = manifests::Put::new(NAME, "v1", manifest());
    let codes = codes(manifests::put(&client, &put), 400);
    assert_eq!(codes, ["MANIFEST_BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN"]);
}

#[test]
fn what_is_not_there_has_a_code() {
    let server = start();
    let client = server.client();
    let get = manifests::Get::new(NAME, "v1");
    assert_eq!(
        codes(manifests::get(&client, &get), 404),
        ["MANIFEST_UNKNOWN"]
    );
    refused(
        manifests::head(&client, &manifests::Head::new(NAME, "v1")),
        404,
    );
    let list = tags::List::new("no/such/name");
    assert_eq!(codes(tags::list(&client, &list), 404), ["NAME_UNKNOWN"]);
    // This one is not of the registry but of what routes to it.
    let error = tags::list(&client, &tags::List::new("Not A Name")).unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(404), None));
    assert!(error.details::<Problems>().is_none());
    assert!(error.message().contains("page not found"), "{error}");
}

#[test]
fn a_deleted_manifest_takes_its_tags_along() {
    let server = start();
    let client = server.client();
    let digest = tag(&client, NAME, "v1");
    assert_eq!(tag(&client, NAME, "v2"), digest);
    manifests::delete(&client, &manifests::Delete::new(NAME, digest.clone())).unwrap();
    let again = manifests::delete(&client, &manifests::Delete::new(NAME, digest));
    assert_eq!(codes(again, 404), ["MANIFEST_UNKNOWN"]);
    let list = tags::list(&client, &tags::List::new(NAME)).unwrap();
    assert_eq!(list.tags, None);
}

#[test]
fn tags_are_listed() {
    let server = start();
    let client = server.client();
    for name in ["v2", "v1", "latest"] {
        tag(&client, NAME, name);
    }
    let list = tags::list(&client, &tags::List::new(NAME)).unwrap();
    assert_eq!(list.name, NAME);
    let mut tags = list.tags.unwrap();
    tags.sort_unstable();
    assert_eq!(tags, ["latest", "v1", "v2"]);
}

/// A client, and how many requests it has sent.
fn counted(server: &Running) -> (Client, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let sent = Arc::clone(&count);
    let builder = server.builder().observe(move |_| {
        sent.fetch_add(1, Ordering::Relaxed);
    });
    (builder.build().unwrap(), count)
}

/// The link to the next page is in a header, with the last name of this one in its query.
#[test]
fn repositories_come_in_pages() {
    let server = start();
    let names = ["a", "b/c", "d", "e/f/g", "h", "i", "j"];
    for name in names {
        push(&server.client(), name, HELLO, HELLO_DIGEST);
    }
    let (client, sent) = counted(&server);
    let request = registry::Repositories::new().n(2);
    let first = registry::repositories(&client, &request).unwrap();
    assert_eq!(first.repositories, names[..2]);
    let link = "</v2/_catalog?last=b%2Fc&n=2>; rel=\"next\"";
    assert_eq!(first.link.as_deref(), Some(link));

    sent.store(0, Ordering::Relaxed);
    let all = registry::repositories_all(&client, request.clone());
    assert_eq!(all.collect::<Result<Vec<_>, _>>().unwrap(), names);
    assert_eq!(sent.swap(0, Ordering::Relaxed), 4);

    let some = registry::repositories_all(&client, request).take(4);
    assert_eq!(some.map(Result::unwrap).collect::<Vec<_>>(), names[..4]);
    assert_eq!(sent.load(Ordering::Relaxed), 2);
}
