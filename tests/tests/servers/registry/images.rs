//! Manifests, tags and repositories.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

/// Returns a manifest with one layer, [`HELLO`].
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

/// Uploads the manifest under a tag, and its blob.
fn tag(client: &Client, name: &str, tag: &str) -> Digest {
    push(client, name, HELLO, HELLO_DIGEST);
    let put = manifests::Put::new(name, tag, manifest());
    manifests::put(client, &put).unwrap().docker_content_digest
}

#[test]
fn manifest_is_read_by_tag_and_digest() {
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
fn manifest_with_missing_blobs_has_one_error_per_blob() {
    let server = start();
    let client = server.client();
    let put = manifests::Put::new(NAME, "v1", manifest());
    let codes = error_codes(manifests::put(&client, &put), 400);
    assert_eq!(codes, ["MANIFEST_BLOB_UNKNOWN", "MANIFEST_BLOB_UNKNOWN"]);
}

#[test]
fn errors_with_and_without_codes_are_decoded() {
    let server = start();
    let client = server.client();
    let get = manifests::Get::new(NAME, "v1");
    assert_eq!(
        error_codes(manifests::get(&client, &get), 404),
        ["MANIFEST_UNKNOWN"]
    );
    assert_rejected(
        manifests::head(&client, &manifests::Head::new(NAME, "v1")),
        404,
    );
    let list = tags::List::new("no/such/name");
    assert_eq!(
        error_codes(tags::list(&client, &list), 404),
        ["NAME_UNKNOWN"]
    );
    // The HTTP router responds before the registry does.
    let error = tags::list(&client, &tags::List::new("Not A Name")).unwrap_err();
    assert_eq!((error.status(), error.code()), (Some(404), None));
    assert!(error.details::<Errors>().is_none());
    assert!(error.message().contains("page not found"), "{error}");
}

#[test]
fn deleting_a_manifest_deletes_its_tags() {
    let server = start();
    let client = server.client();
    let digest = tag(&client, NAME, "v1");
    assert_eq!(tag(&client, NAME, "v2"), digest);
    manifests::delete(&client, &manifests::Delete::new(NAME, digest.clone())).unwrap();
    let again = manifests::delete(&client, &manifests::Delete::new(NAME, digest));
    assert_eq!(error_codes(again, 404), ["MANIFEST_UNKNOWN"]);
    let list = tags::list(&client, &tags::List::new(NAME)).unwrap();
    assert_eq!(list.tags, None);
}

#[test]
fn tags_of_a_repository_are_listed() {
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

/// Returns a client and the number of requests that it has sent.
fn counting_client(server: &Running) -> (Client, Arc<AtomicUsize>) {
    let count = Arc::new(AtomicUsize::new(0));
    let sent = Arc::clone(&count);
    let builder = server.builder().observe(move |_| {
        sent.fetch_add(1, Ordering::Relaxed);
    });
    (builder.build().unwrap(), count)
}

#[test]
fn pager_follows_link_headers() {
    let server = start();
    let names = ["a", "b/c", "d", "e/f/g", "h", "i", "j"];
    for name in names {
        push(&server.client(), name, HELLO, HELLO_DIGEST);
    }
    let (client, sent) = counting_client(&server);
    let request = registry::Repositories::new().n(2);
    let first = registry::repositories(&client, &request).unwrap();
    assert_eq!(first.repositories, names[..2]);
    // The query of the link contains the last name of the page.
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
