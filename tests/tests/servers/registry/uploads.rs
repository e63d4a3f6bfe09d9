//! Blobs: chunked uploads, ranges, streams, deletion.

use super::*;

#[test]
fn blob_is_uploaded_in_chunks() {
    let server = start();
    let client = server.client();
    let started = endpoints::start(&client, &endpoints::Start::new(NAME)).unwrap();
    assert!(
        started.location.starts_with(&server.url()),
        "{}",
        started.location
    );
    assert!(
        started
            .location
            .contains(started.docker_upload_uuid.as_str())
    );

    let first = endpoints::Send::new(started.location, b"hello".to_vec());
    let first = endpoints::send(&client, &first.content_range("0-4".to_owned())).unwrap();
    assert_eq!(first.range, "0-4");
    let status = endpoints::Status::new(&*first.location);
    assert_eq!(endpoints::status(&client, &status).unwrap().range, "0-4");
    let second = endpoints::Send::new(first.location, b" wor".to_vec());
    let second = endpoints::send(&client, &second.content_range("5-8".to_owned())).unwrap();
    assert_eq!(second.range, "0-8");
    let finish = endpoints::Finish::new(second.location, HELLO_DIGEST, b"ld".to_vec());
    let finished = endpoints::finish(&client, &finish).unwrap();
    assert_eq!(finished.docker_content_digest.as_str(), HELLO_DIGEST);

    let get = blobs::Get::new(NAME, HELLO_DIGEST);
    let read = blobs::get(&client, &get).unwrap();
    assert_eq!(read, blobs::GetResponse::Ok(HELLO.to_vec()));
}

#[test]
fn blob_ranges_are_read() {
    let server = start();
    let client = server.client();
    push(&client, NAME, HELLO, HELLO_DIGEST);
    let head = blobs::head(&client, &blobs::Head::new(NAME, HELLO_DIGEST)).unwrap();
    assert_eq!(head.content_length, 11);
    assert_eq!(head.docker_content_digest.as_str(), HELLO_DIGEST);

    let part = blobs::Get::new(NAME, HELLO_DIGEST).range("bytes=2-4".to_owned());
    let part = blobs::get(&client, &part).unwrap();
    assert_eq!(part, blobs::GetResponse::PartialContent(b"llo".to_vec()));
    let beyond = blobs::Get::new(NAME, HELLO_DIGEST).range("bytes=100-200".to_owned());
    assert_rejected(blobs::get(&client, &beyond), 416);
}

#[test]
fn large_blob_is_uploaded_and_downloaded() {
    // `head -c 3000000 /dev/zero | sha256sum`
    const DIGEST: &str = "sha256:35bce4eae54ec8e6cc2868baa8d157914d6ae2858811b4cc0c078c94460fa26f";
    let server = start();
    let client = server.client();
    let zeros = vec![0; 3_000_000];
    push(&client, NAME, &zeros, DIGEST);
    let mut read = Vec::new();
    let download = blobs::Download::new(NAME, DIGEST);
    assert_eq!(
        blobs::download(&client, &download, &mut read).unwrap(),
        3_000_000
    );
    assert!(read == zeros);
}

#[test]
fn mount_has_one_variant_per_status_code() {
    let server = start();
    let client = server.client();
    push(&client, NAME, HELLO, HELLO_DIGEST);
    let mount = |from| {
        let mount = endpoints::Mount::new("other", HELLO_DIGEST, from);
        endpoints::mount(&client, &mount).unwrap()
    };
    assert_eq!(mount("nowhere/at-all"), endpoints::MountResponse::Accepted);
    assert_rejected(
        blobs::head(&client, &blobs::Head::new("other", HELLO_DIGEST)),
        404,
    );
    assert_eq!(mount(NAME), endpoints::MountResponse::Created);
    blobs::head(&client, &blobs::Head::new("other", HELLO_DIGEST)).unwrap();
}

#[test]
fn deleted_blob_is_unknown() {
    let server = start();
    let client = server.client();
    push(&client, NAME, HELLO, HELLO_DIGEST);
    let delete = blobs::Delete::new(NAME, HELLO_DIGEST);
    blobs::delete(&client, &delete).unwrap();
    assert_eq!(
        error_codes(blobs::delete(&client, &delete), 404),
        ["BLOB_UNKNOWN"]
    );
    assert_rejected(
        blobs::head(&client, &blobs::Head::new(NAME, HELLO_DIGEST)),
        404,
    );
    let get = blobs::Get::new(NAME, HELLO_DIGEST);
    assert_eq!(
        error_codes(blobs::get(&client, &get), 404),
        ["BLOB_UNKNOWN"]
    );
}

#[test]
fn upload_with_a_wrong_digest_is_rejected() {
    let server = start();
    let client = server.client();
    let started = endpoints::start(&client, &endpoints::Start::new(NAME)).unwrap();
    let finish = endpoints::Finish::new(&*started.location, HELLO_DIGEST, b"hello".to_vec());
    let error = endpoints::finish(&client, &finish).unwrap_err();
    assert_eq!(
        error.to_string(),
        "uploads.finish: the server responded with 400 Bad Request: provided digest did not match \
         uploaded content"
    );
    assert_eq!(error_codes(Err::<(), _>(error), 400), ["DIGEST_INVALID"]);
}

#[test]
fn canceled_upload_is_unknown() {
    let server = start();
    let client = server.client();
    let started = endpoints::start(&client, &endpoints::Start::new(NAME)).unwrap();
    endpoints::cancel(&client, &endpoints::Cancel::new(&*started.location)).unwrap();
    let send = endpoints::Send::new(started.location, HELLO.to_vec());
    assert_eq!(
        error_codes(endpoints::send(&client, &send), 404),
        ["BLOB_UPLOAD_UNKNOWN"]
    );
}

#[test]
fn location_on_another_host_is_rejected_before_sending() {
    let server = start();
    let other = start();
    let started = endpoints::start(&server.client(), &endpoints::Start::new(NAME)).unwrap();
    let send = endpoints::Send::new(started.location, HELLO.to_vec());
    let error = endpoints::send(&other.client(), &send).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert!(!error.may_have_been_processed());
}
