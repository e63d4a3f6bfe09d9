//! Clients from imported specs: operations of Plaid, `NetBox`, Vault and Telegram with the bytes that
//! their documents declare, and an operation for each of several bodies.
//!
//! `cargo-api-spec/tests/it/import.rs` tests that the specs are the imports of the documents.

use api_runtime::{Client, Credentials, Secret, Upload};
use serde_json::json;
use test_server::{Action, Request, Server};

mod plaid {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/imported/plaid.toml");
}

mod netbox {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/imported/netbox.toml");
}

mod vault {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/imported/vault.toml");
}

mod telegram {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/imported/telegram.toml");
}

mod several {
    #![allow(missing_docs, dead_code)]
    api_runtime::api!("specs/imported/several.toml");
}

fn start<const N: usize>(responses: [(u16, serde_json::Value); N]) -> Server {
    let action = |(status, body): (u16, serde_json::Value)| Action::json(status, body.to_string());
    Server::scripted(responses.map(action))
}

/// Returns the requests with these of their headers.
fn sent(server: &Server, headers: &[&str]) -> Vec<String> {
    let text = |request: &Request| {
        let mut lines = vec![request.line.replace(" HTTP/1.1", "")];
        for name in headers {
            let value = request.header(&name.to_ascii_lowercase());
            lines.push(format!("{name}: {}", value.unwrap_or("(absent)")));
        }
        lines.push(request.text().to_owned());
        lines.join("\n").trim_end().to_owned()
    };
    server.requests().iter().map(text).collect()
}

#[test]
fn plaid_receives_three_keys_and_null() {
    use plaid::plaid as api;
    let clock = json!({"test_clock_id": "c", "virtual_time": "2006-01-02T15:04:05Z"});
    let page = json!({"test_clocks": [clock], "request_id": "r1", "new": 1});
    let reset = json!({"reset_login": true, "request_id": "r2"});
    let error = json!({
        "error_type": "INVALID_INPUT", "error_code": "INVALID_ACCESS_TOKEN",
        "error_message": "could not find matching access token", "display_message": null,
    });
    let server = start([(200, page), (200, reset), (400, error)]);
    let key = |name, key: &str| Credentials::key(name, Secret::from(key)).unwrap();
    let credentials = Credentials::all([
        key("PLAID-CLIENT-ID", "id"),
        key("PLAID-SECRET", "secret"),
        key("Plaid-Version", "2020-09-14"),
    ]);
    let builder = Client::builder(server.url()).credentials(credentials.unwrap());
    let client = builder.build().unwrap();

    let request = api::SandboxTransferTestClockList::new();
    let request = request.start_virtual_time(None).count(Some(5));
    let response = api::sandbox_transfer_test_clock_list(&client, &request).unwrap();
    assert_eq!(response.test_clocks[0].test_clock_id.as_str(), "c");
    let request = api::SandboxItemResetLogin::new("access-sandbox");
    assert!(
        api::sandbox_item_reset_login(&client, &request)
            .unwrap()
            .reset_login
    );
    let error = api::sandbox_item_reset_login(&client, &request).unwrap_err();
    assert_eq!(error.code(), Some("INVALID_ACCESS_TOKEN"));
    let details: plaid::PlaidError = error.details().unwrap();
    assert_eq!(details.error_type, plaid::PlaidErrorType::InvalidInput);
    assert_eq!(details.display_message, None);

    let headers = ["PLAID-CLIENT-ID", "PLAID-SECRET", "Plaid-Version"];
    let keys = "PLAID-CLIENT-ID: id\nPLAID-SECRET: secret\nPlaid-Version: 2020-09-14";
    let reset =
        format!("POST /sandbox/item/reset_login\n{keys}\n{{\"access_token\":\"access-sandbox\"}}");
    let expected = [
        format!(
            "POST /sandbox/transfer/test_clock/list\n{keys}\n{{\"start_virtual_time\":null,\"count\":5}}"
        ),
        reset.clone(),
        reset,
    ];
    assert_eq!(sent(&server, &headers), expected);
}

#[test]
fn plaid_sends_a_file() {
    use plaid::plaid as api;
    let pdf = b"%PDF-1.4\xff\n".as_slice();
    let response = Action::respond(200, &["Content-Type: application/pdf"], pdf);
    let server = Server::scripted([response]);
    let client = Client::builder(server.url()).build().unwrap();
    let options = plaid::AssetReportPdfGetRequestOptions::new().days_to_include(None);
    let request = api::AssetReportAuditCopyPdfGet::new("a-1").options(options);
    assert_eq!(
        api::asset_report_audit_copy_pdf_get(&client, &request).unwrap(),
        pdf
    );
    assert_eq!(
        sent(&server, &["Content-Type"]),
        [
            "POST /asset_report/audit_copy/pdf/get\nContent-Type: application/json\n\
             {\"audit_copy_token\":\"a-1\",\"options\":{\"days_to_include\":null}}"
        ]
    );
}

#[test]
fn netbox_receives_a_token_repeated_parameters_and_partial_objects() {
    let tag = json!({
        "id": 7, "url": "u", "display": "d", "name": "n", "slug": "s", "tagged_items": 0,
        "created": null,
    });
    let manufacturer = json!({"id": 1, "url": "u", "display": "d", "name": "Cisco", "slug": "c"});
    let module = json!({
        "id": 3, "url": "u", "display": "d", "manufacturer": manufacturer, "model": "X",
        "airflow": {"value": "passive", "label": "Passive"}, "weight": null,
    });
    let page = json!({"count": 0, "next": null, "previous": null, "results": []});
    let server = start([(200, page), (201, module), (200, tag)]);
    let builder = netbox::builder(server.url(), "0123").unwrap();
    let client = builder.build().unwrap();

    let request = netbox::core::DataFilesList::new();
    let request = request.id(vec![1, 2]).path(vec!["a&b".to_owned()]).limit(5);
    let page = netbox::core::data_files_list(&client, &request).unwrap();
    assert_eq!((page.count, page.results.len()), (0, 0));
    let manufacturer = netbox::BriefManufacturerRequest::new("Cisco", "c");
    let request = netbox::dcim::ModuleTypesCreate::new(manufacturer, "X").weight(None);
    let request = request.airflow(Some(netbox::WritableModuleTypeRequestAirflow::Passive));
    let module = netbox::dcim::module_types_create(&client, &request).unwrap();
    let airflow = module.airflow.unwrap();
    assert_eq!(airflow.value, Some(netbox::ModuleTypeAirflowValue::Passive));
    let request = netbox::extras::TagsPartialUpdate::new(7).color("ff0000");
    let tag = netbox::extras::tags_partial_update(&client, &request).unwrap();
    assert_eq!((tag.id, tag.created), (7, None));

    assert_eq!(
        sent(&server, &["Authorization"]),
        [
            "GET /api/core/data-files/?id=1&id=2&limit=5&path=a%26b\nAuthorization: Token 0123",
            "POST /api/dcim/module-types/\nAuthorization: Token 0123\n\
             {\"manufacturer\":{\"name\":\"Cisco\",\"slug\":\"c\"},\"model\":\"X\",\
             \"airflow\":\"passive\",\"weight\":null}",
            "PATCH /api/extras/tags/7/\nAuthorization: Token 0123\n{\"color\":\"ff0000\"}",
        ]
    );
}

#[test]
fn vault_receives_fixed_parameters_and_encoded_segments() {
    let keys = json!({"keys": ["a", "b"]});
    let revoked = json!({"revocation_time": 1, "state": "revoked"});
    let server = start([(200, keys), (200, revoked), (200, json!({"policy": "p"}))]);
    let client = Client::builder(server.url()).build().unwrap();

    let request = vault::auth::AwsListStsRoleRelationships::new("aws/eu");
    let list = vault::auth::aws_list_sts_role_relationships(&client, &request).unwrap();
    assert_eq!(list.keys.unwrap(), ["a", "b"]);
    let request = vault::secrets::PkiRevokeWithKey::new("pki").serial_number("39:dd");
    let revoked = vault::secrets::pki_revoke_with_key(&client, &request).unwrap();
    assert_eq!(revoked.state.as_deref(), Some("revoked"));
    // The document declares the body with the status code 204; the server sends it with 200.
    let request = vault::system::PoliciesReadPasswordPolicy::new("my policy");
    let policy = vault::system::policies_read_password_policy(&client, &request).unwrap();
    assert_eq!(policy.policy.as_deref(), Some("p"));

    assert_eq!(
        sent(&server, &[]),
        [
            "GET /auth/aws%2Feu/config/sts/?list=true",
            "POST /pki/revoke-with-key\n{\"serial_number\":\"39:dd\"}",
            "GET /sys/policies/password/my%20policy",
        ]
    );
}

#[test]
fn telegram_receives_parts_and_json_below_the_path_of_the_bot() {
    use telegram::api;
    let photos = json!({"ok": true, "result": {"total_count": 0, "photos": [[]]}});
    let done = json!({"ok": true, "result": true});
    let server = start([(200, done.clone()), (200, photos), (200, done)]);
    let client = Client::builder(server.url()).build().unwrap();

    let request = api::SetStickerSetThumb::new("set", 42).thumb("file-id");
    assert!(
        api::set_sticker_set_thumb(&client, &request)
            .unwrap()
            .result
    );
    let request = api::GetUserProfilePhotos::new(42).limit(1);
    let photos = api::get_user_profile_photos(&client, &request).unwrap();
    assert!(matches!(&photos.result.photos[..], [row] if row.is_empty()));
    let permissions = telegram::ChatPermissions::new().can_pin_messages(false);
    let request = api::RestrictChatMember::new(json!("@group"), permissions, 42);
    assert!(api::restrict_chat_member(&client, &request).unwrap().ok);

    let bot = "/bot123456:ABC-DEF1234ghIkl-zyx57W2v1u123ew11";
    let [parts, photos, restrict] = &sent(&server, &["Content-Type"])[..] else {
        panic!("three requests");
    };
    let (_, boundary) = parts.split_once("boundary=").unwrap();
    let (boundary, _) = boundary.split_once('\n').unwrap();
    let part = |name, value| {
        format!("--B\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let expected = [
        format!("POST {bot}/setStickerSetThumb\nContent-Type: multipart/form-data; boundary=B\n"),
        part("name", "set"),
        part("thumb", "file-id"),
        part("user_id", "42"),
        "--B--".to_owned(),
    ];
    assert_eq!(parts.replace(boundary, "B"), expected.concat());
    assert_eq!(
        *photos,
        format!(
            "POST {bot}/getUserProfilePhotos\nContent-Type: application/json\n\
             {{\"limit\":1,\"user_id\":42}}"
        )
    );
    assert_eq!(
        *restrict,
        format!(
            "POST {bot}/restrictChatMember\nContent-Type: application/json\n\
             {{\"chat_id\":\"@group\",\"permissions\":{{\"can_pin_messages\":false}},\"user_id\":42}}"
        )
    );
}

#[test]
fn each_request_body_has_its_own_operation() {
    use several::photos as api;
    let server = start([(200, json!({"size": 1})), (200, json!({"size": 2}))]);
    let client = Client::builder(server.url()).build().unwrap();

    let request = api::PutPhoto::new("a", "https://example.com/a.png");
    let response = api::put_photo(&client, &request).unwrap();
    assert_eq!(response.size, Some(1));
    let image = Upload::bytes("a.png", b"\x89PNG".as_slice());
    let request = api::PutPhotoMultipart::new("a", image);
    let response = api::put_photo_multipart(&client, &request).unwrap();
    assert_eq!(response.size, Some(2));

    let requests = server.requests();
    let content_type = requests[1].header("content-type").unwrap();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=");
    let boundary = boundary.unwrap();
    assert_eq!(requests[0].line, "PUT /photos/a HTTP/1.1");
    assert_eq!(requests[0].header("content-type"), Some("application/json"));
    assert_eq!(requests[0].text(), r#"{"url":"https://example.com/a.png"}"#);
    assert_eq!(requests[1].line, "PUT /photos/a HTTP/1.1");
    let head = format!(
        "--{boundary}\r\nContent-Disposition: form-data; name=\"image\"; filename=\"a.png\"\r\n\
         Content-Type: application/octet-stream\r\n\r\n"
    );
    let end = format!("\r\n--{boundary}--");
    let body = [head.as_bytes(), b"\x89PNG", end.as_bytes()].concat();
    assert_eq!(requests[1].body.trim_ascii_end(), body);
}

#[test]
fn stream_that_a_field_selects_has_its_own_operation() {
    use several::completions as api;
    let events = "data: {\"delta\":\"Hel\"}\n\ndata: {\"delta\":\"lo\"}\n\ndata: [DONE]\n\n";
    let server = Server::scripted([
        Action::json(200, json!({"text": "Hello"}).to_string()),
        Action::respond(
            200,
            &["Content-Type: text/event-stream", "X-Request-Id: r1"],
            events,
        ),
    ]);
    let client = Client::builder(server.url()).build().unwrap();

    let response = api::complete(&client, &api::Complete::new("Say hello")).unwrap();
    assert_eq!(response.body.text, "Hello");
    let request = api::CompleteStream::new("Say hello");
    let response = api::complete_stream(&client, &request).unwrap();
    assert_eq!(response.x_request_id.as_deref(), Some("r1"));
    let parts: Vec<String> = response.body.map(|part| part.unwrap().delta).collect();
    assert_eq!(parts, ["Hel", "lo"]);

    assert_eq!(
        sent(&server, &["Accept"]),
        [
            "POST /completions\nAccept: application/json\n{\"stream\":false,\"prompt\":\"Say hello\"}",
            "POST /completions\nAccept: text/event-stream\n{\"stream\":true,\"prompt\":\"Say hello\"}",
        ]
    );
}
