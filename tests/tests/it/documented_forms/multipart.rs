//! Multipart bodies and headers with JSON.

use std::collections::BTreeMap;
use std::fs;

use api_runtime::{CurlVariables, Upload};

use super::api::{self, r#box, discord, drive, dropbox, gitlab, stripe};
use super::sent;

/// Returns the body with the boundary of the example in the documentation.
fn body(request: &test_server::Request, boundary: &str) -> String {
    let body = String::from_utf8(request.body.clone()).unwrap();
    let content_type = request.header("content-type").unwrap();
    let own = content_type.strip_prefix("multipart/form-data; boundary=");
    body.replace(own.unwrap(), boundary)
}

#[test]
fn json_is_a_text_part_as_in_the_documentation_of_box() {
    let request = sent(|client| {
        let attributes = api::Attributes::new("test.txt", api::Folder::new("0"));
        let file = Upload::bytes("test.txt", "Test file text.\n");
        r#box::upload(client, &r#box::Upload::new(attributes, file))
    });
    // Without the spaces in JSON and in lower-case names of headers.
    let documented = "----------------------------9fd09388d840fef1\r\n\
        Content-Disposition: form-data; name=\"attributes\"\r\n\r\n\
        {\"name\":\"test.txt\",\"parent\":{\"id\":\"0\"}}\r\n\
        ----------------------------9fd09388d840fef1\r\n\
        Content-Disposition: form-data; name=\"file\"; filename=\"test.txt\"\r\n\
        Content-Type: text/plain\r\n\r\n\
        Test file text.\n\r\n\
        ----------------------------9fd09388d840fef1--\r\n";
    assert_eq!(
        body(&request, "--------------------------9fd09388d840fef1"),
        documented
    );
}

#[test]
fn json_is_a_part_with_a_media_type_as_in_the_documentation_of_discord() {
    let message = || discord::Send::new("1", api::Message::new("Hello, World! \u{e9}"));
    let gif = || Upload::bytes("myfilename.gif", "GIF89a");
    let request = sent(|client| discord::send(client, &message().files_0(gif())));
    let documented = "--boundary\r\n\
        Content-Disposition: form-data; name=\"payload_json\"\r\n\
        Content-Type: application/json\r\n\r\n\
        {\"content\":\"Hello, World! \u{e9}\"}\r\n\
        --boundary\r\n\
        Content-Disposition: form-data; name=\"files[0]\"; filename=\"myfilename.gif\"\r\n\
        Content-Type: image/gif\r\n\r\n\
        GIF89a\r\n\
        --boundary--\r\n";
    assert_eq!(body(&request, "boundary"), documented);
}

#[test]
fn command_line_has_the_media_types_of_parts() {
    let client = api_runtime::Client::builder("http://localhost")
        .build()
        .unwrap();
    let message = api::Message::new("a \"b\"; c\\");
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a b.gif");
    fs::write(&path, "GIF89a").unwrap();
    let request = discord::Send::new("1", message).files_0(Upload::path(&path));
    let preview = client.preview(discord::Send::OPERATION, &request).unwrap();
    let line = preview.to_curl(&CurlVariables::default());
    let json = r#"'payload_json="{\"content\":\"a \\\"b\\\"; c\\\\\"}";type=application/json'"#;
    assert!(line.contains(&format!("-F {json}")), "{line}");
    let file = format!("-F 'files[0]=@{};type=image/gif'", path.display());
    assert!(line.contains(&file), "{line}");
}

#[test]
fn members_are_text_parts_as_in_the_documentation_of_gitlab_and_stripe() {
    let request = sent(|client| {
        let file = Upload::bytes("somefile.txt", "x");
        let parameters = BTreeMap::from([
            ("some_other_param".to_owned(), "some_value".to_owned()),
            ("visibility".to_owned(), "private".to_owned()),
        ]);
        let request = gitlab::ImportProject::new("email", "impapi", file);
        gitlab::import_project(client, &request.override_params(parameters))
    });
    let body_of_gitlab = body(&request, "boundary");
    let end = "name=\"override_params[some_other_param]\"\r\n\r\nsome_value\r\n--boundary\r\n\
               Content-Disposition: form-data; name=\"override_params[visibility]\"\r\n\r\nprivate\r\n\
               --boundary--\r\n";
    assert!(body_of_gitlab.ends_with(end), "{body_of_gitlab}");
    let request = sent(|client| {
        let file = Upload::bytes("file.jpg", "x");
        let request = stripe::Upload::new("dispute_evidence", file);
        stripe::upload(client, &request.file_link_data(api::FileLink::new(true)))
    });
    let end = "name=\"file_link_data[create]\"\r\n\r\ntrue\r\n--boundary--\r\n";
    let body_of_stripe = body(&request, "boundary");
    assert!(body_of_stripe.ends_with(end), "{body_of_stripe}");
}

#[test]
fn json_in_a_header_is_ascii_as_in_the_documentation_of_dropbox() {
    let request = sent(|client| {
        let argument = api::UploadArg::new("/Homework/m\u{e9}th \u{1f600}.txt", false, "add");
        dropbox::upload(
            client,
            &dropbox::Upload::new(argument, Upload::bytes("x", "x")),
        )
    });
    assert_eq!(
        request.header("dropbox-api-arg").unwrap(),
        r#"{"path":"/Homework/m\u00e9th \ud83d\ude00.txt","autorename":false,"mode":"add"}"#
    );
}

#[test]
fn parts_of_a_related_body_have_no_names_as_in_the_documentation_of_google_drive() {
    let create = || {
        let media = Upload::bytes("a.jpg", "[JPEG_DATA]");
        drive::Create::new(api::DriveFile::new("myObject"), media)
    };
    let request = sent(|client| drive::create(client, &create()));
    assert_eq!(
        request.line,
        "POST /upload/drive/v3/files?uploadType=multipart HTTP/1.1"
    );
    let content_type = request.header("content-type").unwrap();
    let rest = content_type
        .strip_prefix("multipart/related; boundary=")
        .unwrap();
    // RFC 2387 requires the type of the first part.
    let boundary = rest.strip_suffix("; type=\"application/json\"").unwrap();
    let documented = "--foo_bar_baz\r\n\
        Content-Type: application/json; charset=UTF-8\r\n\r\n\
        {\"name\":\"myObject\"}\r\n\
        --foo_bar_baz\r\n\
        Content-Type: image/jpeg\r\n\r\n\
        [JPEG_DATA]\r\n\
        --foo_bar_baz--\r\n";
    let body = String::from_utf8(request.body.clone()).unwrap();
    assert_eq!(body.replace(boundary, "foo_bar_baz"), documented);

    let client = api_runtime::Client::builder("http://localhost")
        .build()
        .unwrap();
    let preview = client.preview(drive::Create::OPERATION, &create()).unwrap();
    let shown = preview.to_string();
    assert!(
        shown.contains("\ncontent-type: multipart/related\n"),
        "{shown}"
    );
    let line = preview.to_curl(&CurlVariables::default());
    assert!(
        line.contains("-H 'content-type: multipart/related'"),
        "{line}"
    );
}
