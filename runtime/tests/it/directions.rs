//! Fields that exist in requests or in responses only.

use api_runtime::transport::Scripted;
use api_runtime::{Client, ErrorKind, ManualClock, Wait};
use serde_json::json;
use test_server::{Action, Server};

use crate::support::{answered, client, sent};

mod api {
    #![deny(warnings)]
    api_runtime::api!(
        "tests/specs/directions.toml",
        derive = [PartialEq, Serialize, Deserialize]
    );
}

use api::{
    Device, FiberLink, Filter, FreeRack, Link, MountedRack, Port, Rack, RadioLink, devices, racks,
};

const DEVICE: &str = r#"{"id":7,"created":"2024-05-01","owner":{"id":1,"password":"***"},"name":"a","ports":[{"id":11,"name":"eth0"}],"routes":{"r":{"hops":2,"seen":"2024-05-02"}},"link":{"kind":"fiber","speed":10,"serial":"x"},"comment":"***","level":9,"position":4,"ready":false}"#;

/// Returns the device of a response.
fn device() -> Device {
    let script = Scripted::new().respond(200, DEVICE);
    devices::get(&client(&script), &devices::Get::new(7)).unwrap()
}

fn new_device() -> Device {
    Device::new(
        "a",
        vec![Port::new("eth0")],
        Link::Fiber(FiberLink::new(10)),
        "new",
    )
}

/// Sends a device in all encodings, and returns the errors.
fn send(device: &Device, client: &Client) -> Vec<String> {
    let devices = vec![device.clone()];
    let results = [
        devices::create(client, &devices::Create::new(device.clone())).map(drop),
        devices::replace(client, &devices::Replace::new(7, device.clone())).map(drop),
        devices::replace_all(client, &devices::ReplaceAll::new(devices)),
        devices::fill(client, &devices::Fill::new(device.clone())),
        devices::attach(client, &devices::Attach::new(device.clone())),
    ];
    let errors = results.into_iter().filter_map(Result::err);
    errors
        .map(|error| {
            assert_eq!(error.kind(), ErrorKind::InvalidInput);
            error.to_string()
        })
        .collect()
}

#[test]
fn fields_of_responses_are_not_sent_back() {
    let server = Server::scripted([Action::json(200, DEVICE), Action::json(200, DEVICE)]);
    let client = Client::builder(server.url()).build().unwrap();
    let mut device = devices::get(&client, &devices::Get::new(7)).unwrap();
    assert_eq!(
        (device.id, device.position, device.ready),
        (Some(7), 4, Some(false))
    );
    assert_eq!(
        device.created.map(|it| it.to_string()).as_deref(),
        Some("2024-05-01")
    );
    // A struct of responses alone has the type of the spec.
    assert_eq!(device.owner.as_ref().map(|owner| owner.id), Some(1));
    device.name = "b".to_owned();
    device.comment = Some("moved".to_owned());
    devices::replace(&client, &devices::Replace::new(7, device)).unwrap();
    let body = r#"{"name":"b","ports":[{"name":"eth0"}],"routes":{"r":{"hops":2}},"link":{"kind":"fiber","speed":10},"comment":"moved","level":3}"#;
    let requests = server.requests();
    assert_eq!(requests[1].target(), "/devices/7");
    assert_eq!(requests[1].text(), body);
}

#[test]
fn fields_of_requests_are_not_decoded() {
    let device = device();
    assert_eq!((device.comment, device.level, device.note), (None, 3, None));
}

#[test]
fn request_without_a_required_field_is_not_sent() {
    let script = Scripted::new();
    let errors = send(&device(), &client(&script));
    assert!(script.requests().is_empty());
    let expected = [
        "devices.create: the field `body.comment` must be set: requests require it",
        "devices.replace: the field `body.comment` must be set: requests require it",
        "devices.replace_all: the field `body.comment` must be set: requests require it",
        "devices.fill: the field `device.comment` must be set: requests require it",
        "devices.attach: the field `device.comment` must be set: requests require it",
    ];
    assert_eq!(errors, expected);
    // The bounds apply as well.
    let mut device = device();
    device.comment = Some("no".to_owned());
    assert_eq!(
        send(&device, &client(&script))[0],
        "devices.create: the field `body.comment` must be at least 3 characters long"
    );
}

#[test]
fn nested_required_field_is_named() {
    let mut device = new_device();
    let radio = r#"{"kind":"radio","key":"***"}"#;
    let body = DEVICE.replace(r#"{"kind":"fiber","speed":10,"serial":"x"}"#, radio);
    let script = Scripted::new().respond(200, body);
    let received = devices::get(&client(&script), &devices::Get::new(7)).unwrap();
    device.link = received.link;
    assert_eq!(device.link, Link::Radio(received_radio()));
    let script = Scripted::new();
    assert_eq!(
        send(&device, &client(&script))[0],
        "devices.create: the field `body.link.key` must be set: requests require it"
    );
}

/// Returns a variant of a response.
fn received_radio() -> RadioLink {
    let mut radio = RadioLink::new("k");
    radio.key = None;
    radio
}

#[test]
fn new_value_is_sent_in_every_encoding() {
    let (client, script) = answered();
    let device = new_device().note("n");
    devices::fill(&client, &devices::Fill::new(device.clone())).unwrap();
    let form = "device[name]=a&device[ports][][name]=eth0&device[link][kind]=fiber&device[link][speed]=10\
                &device[comment]=new&device[level]=3&device[note]=n";
    let form = form.replace('[', "%5B").replace(']', "%5D");
    assert_eq!(String::from_utf8(sent(&script).body).unwrap(), form);
    let server = Server::scripted([Action::json(200, "")]);
    let client = Client::builder(server.url()).build().unwrap();
    let request = devices::Attach::new(device).filter(Filter::new("f"));
    devices::attach(&client, &request).unwrap();
    let sent = server.request();
    assert_eq!(sent.target(), "/parts?filter.name=f");
    let part = r#"{"name":"a","ports":[{"name":"eth0"}],"link":{"kind":"fiber","speed":10},"comment":"new","level":3,"note":"n"}"#;
    assert!(sent.text().contains(part), "{}", sent.text());
}

#[test]
fn required_fields_of_responses_are_checked() {
    for (from, to, message) in [
        (r#""id":7,"#, "", "at the top level: missing field `id`"),
        (
            r#""id":7,"#,
            r#""id":null,"#,
            "at `id`: expected an integer, found null",
        ),
        (
            r#""owner":{"id":1,"#,
            r#""owner":{"#,
            "at `owner`: missing field `id`",
        ),
        (
            r#""serial":"x""#,
            r#""serial":1"#,
            "at `link.serial`: expected a string, found a number",
        ),
    ] {
        let script = Scripted::new().respond(200, DEVICE.replacen(from, to, 1));
        let error = devices::get(&client(&script), &devices::Get::new(7)).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::InvalidResponse);
        let text = error.to_string();
        assert!(text.ends_with(message), "{text}");
    }
}

#[test]
fn variants_are_distinguished_by_fields_of_responses() {
    let racks = r#"{"racks":[{"unit":4,"depth":2},{"room":"r","access":"***"}]}"#;
    let script = Scripted::new().respond(200, racks).respond(200, racks);
    let client = client(&script);
    let request = racks::Move::new(vec![Rack::Free(FreeRack::new("r").access("a"))]);
    let moved = racks::r#move(&client, &request).unwrap();
    let mut mounted = MountedRack::new().depth(2);
    mounted.unit = Some(4);
    assert_eq!(
        moved.racks,
        [Rack::Mounted(mounted), Rack::Free(FreeRack::new("r"))]
    );
    racks::r#move(&client, &racks::Move::new(moved.racks)).unwrap();
    let bodies: Vec<_> = script
        .requests()
        .into_iter()
        .map(|it| String::from_utf8(it.body).unwrap())
        .collect();
    assert_eq!(
        bodies,
        [
            r#"{"racks":[{"room":"r","access":"a"}]}"#,
            r#"{"racks":[{"depth":2},{"room":"r"}]}"#,
        ]
    );
}

#[test]
fn serde_keeps_the_fields_of_both_directions() {
    let device = device();
    let value = serde_json::to_value(&device).unwrap();
    assert_eq!(
        (&value["id"], &value["owner"]),
        (&json!(7), &json!({"id": 1}))
    );
    assert_eq!(value["link"]["serial"], "x");
    assert_eq!(serde_json::from_value::<Device>(value).unwrap(), device);
    let device = new_device();
    let value = serde_json::to_value(&device).unwrap();
    assert_eq!((&value["comment"], value.get("id")), (&json!("new"), None));
    assert_eq!(serde_json::from_value::<Device>(value).unwrap(), device);
}

#[test]
fn waiter_and_pages_use_fields_of_responses() {
    let page = |devices: &[&str]| format!(r#"{{"devices":[{}]}}"#, devices.join(","));
    let script = Scripted::new()
        .respond(200, DEVICE)
        .respond(200, DEVICE)
        .respond(200, DEVICE.replace(r#""ready":false"#, r#""ready":true"#))
        .respond(200, page(&[DEVICE]))
        .respond(200, page(&[]));
    let builder = Client::builder("http://127.0.0.1:1").transport(script.clone());
    let client = builder.clock(ManualClock::new()).build().unwrap();
    let created = devices::create(&client, &devices::Create::new(new_device())).unwrap();
    let ready = devices::wait_for_create(&client, &created, Wait::new()).unwrap();
    assert_eq!(ready.ready, Some(true));
    let listed: Result<Vec<_>, _> = devices::list_all(&client, devices::List::new()).collect();
    assert_eq!(listed.unwrap(), [device()]);
    let targets: Vec<_> = script.requests().into_iter().map(|it| it.target).collect();
    assert_eq!(
        targets[1..],
        ["/devices/7", "/devices/7", "/devices", "/devices?after=7"]
    );
    // A device of a request has no id.
    let error = devices::wait_for_create(&client, &new_device(), Wait::new()).unwrap_err();
    assert_eq!(error.kind(), ErrorKind::InvalidInput);
    assert_eq!(
        error.to_string(),
        "devices.create: `response.id` is not set"
    );
    assert_eq!(script.requests().len(), 5);
}
