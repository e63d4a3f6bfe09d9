//! Queries and forms.

use std::collections::BTreeMap;
use std::time::{Duration, UNIX_EPOCH};

use api_runtime::types::{Nullable, Timestamp};
use api_runtime::{Client, Error};
use serde_json::{Value, json};

use super::api::{self, chargebee, couchdb, docker, github, gitlab, google, jsonapi, kubernetes};
use super::api::{openapi, php, rails, stripe};
use super::{decoded, pairs, sent, sent_by_name};

/// A documented request.
struct Row {
    endpoint: &'static str,
    arguments: Value,
    call: fn(&Client) -> Result<(), Error>,
    /// The query or the form as documented.
    documented: &'static str,
    /// The bytes on the wire. Brackets are not allowed in URLs (RFC 3986, section 3.4).
    sent: &'static str,
}

fn texts(items: &[&str]) -> Vec<String> {
    items.iter().copied().map(str::to_owned).collect()
}

fn map<T: Clone>(items: &[(&str, T)]) -> BTreeMap<String, T> {
    let entry = |(key, value): &(&str, T)| ((*key).to_owned(), value.clone());
    items.iter().map(entry).collect()
}

fn rows() -> Vec<Row> {
    let rows = [forms(), queries(), queries_of_openapi(), texts_in_queries()];
    rows.into_iter().flatten().collect()
}

fn forms() -> Vec<Row> {
    vec![
        Row {
            endpoint: "stripe.create_subscription",
            arguments: json!({"customer": "cus_Na6dX7aXxi11N4", "items": [{"price": "price_1MowQULkdIwHu7ixraBm864M"}]}),
            call: |client| {
                let item = api::SubscriptionItem::new("price_1MowQULkdIwHu7ixraBm864M");
                let request = stripe::CreateSubscription::new("cus_Na6dX7aXxi11N4", vec![item]);
                stripe::create_subscription(client, &request)
            },
            documented: "customer=cus_Na6dX7aXxi11N4&items[0][price]=price_1MowQULkdIwHu7ixraBm864M",
            sent: "customer=cus_Na6dX7aXxi11N4&items%5B0%5D%5Bprice%5D=price_1MowQULkdIwHu7ixraBm864M",
        },
        Row {
            endpoint: "stripe.create_subscription",
            arguments: json!({"customer": "c", "items": [{"price": "p", "quantity": 2}, {"price": "q", "tax_rates": ["t", "u"]}, {"price": "r", "tax_rates": null}]}),
            call: |client| {
                let mut cleared = api::SubscriptionItem::new("r");
                cleared.tax_rates = Nullable::Null;
                let items = vec![
                    api::SubscriptionItem::new("p").quantity(2),
                    api::SubscriptionItem::new("q").tax_rates(Some(texts(&["t", "u"]))),
                    cleared,
                ];
                stripe::create_subscription(client, &stripe::CreateSubscription::new("c", items))
            },
            documented: "customer=c&items[0][price]=p&items[0][quantity]=2&items[1][price]=q&items[1][tax_rates][0]=t&items[1][tax_rates][1]=u&items[2][price]=r&items[2][tax_rates]=",
            sent: "customer=c&items%5B0%5D%5Bprice%5D=p&items%5B0%5D%5Bquantity%5D=2&items%5B1%5D%5Bprice%5D=q&items%5B1%5D%5Btax_rates%5D%5B0%5D=t&items%5B1%5D%5Btax_rates%5D%5B1%5D=u&items%5B2%5D%5Bprice%5D=r&items%5B2%5D%5Btax_rates%5D=",
        },
        Row {
            endpoint: "stripe.update_customer",
            arguments: json!({"id": "cus_NffrFeUfNV2Hib", "metadata": {"order_id": "6735"}}),
            call: |client| {
                let request = stripe::UpdateCustomer::new("cus_NffrFeUfNV2Hib");
                let metadata = map(&[("order_id", "6735".to_owned())]);
                stripe::update_customer(client, &request.metadata(Some(metadata)))
            },
            documented: "metadata[order_id]=6735",
            sent: "metadata%5Border_id%5D=6735",
        },
        // "Individual keys can be unset by posting an empty value to them. All keys can be unset by
        // posting an empty value to metadata."
        Row {
            endpoint: "stripe.update_customer",
            arguments: json!({"id": "c", "description": null, "metadata": {"order_id": ""}}),
            call: |client| {
                let metadata = map(&[("order_id", String::new())]);
                let request = stripe::UpdateCustomer::new("c").description(None);
                stripe::update_customer(client, &request.metadata(Some(metadata)))
            },
            documented: "description=&metadata[order_id]=",
            sent: "description=&metadata%5Border_id%5D=",
        },
        Row {
            endpoint: "stripe.update_customer",
            arguments: json!({"id": "c", "metadata": null}),
            call: |client| {
                let request = stripe::UpdateCustomer::new("c").metadata(None);
                stripe::update_customer(client, &request)
            },
            documented: "metadata=",
            sent: "metadata=",
        },
        Row {
            endpoint: "gitlab.import_sources",
            arguments: json!({"import_sources": ["github", "bitbucket"]}),
            call: |client| {
                let sources = texts(&["github", "bitbucket"]);
                gitlab::import_sources(client, &gitlab::ImportSources::new(sources))
            },
            documented: "import_sources[]=github&import_sources[]=bitbucket",
            sent: "import_sources%5B%5D=github&import_sources%5B%5D=bitbucket",
        },
        Row {
            endpoint: "chargebee.create",
            arguments: json!({"id": "c", "subscription_items": {"item_price_id": ["basic-USD", "day-pass-USD"], "quantity": [1]}}),
            call: |client| {
                let prices = texts(&["basic-USD", "day-pass-USD"]);
                let items = api::ItemPrices::new(prices).quantity(vec![1]);
                chargebee::create(client, &chargebee::Create::new("c", items))
            },
            documented: "subscription_items[item_price_id][0]=basic-USD&subscription_items[item_price_id][1]=day-pass-USD&subscription_items[quantity][0]=1",
            sent: "subscription_items%5Bitem_price_id%5D%5B0%5D=basic-USD&subscription_items%5Bitem_price_id%5D%5B1%5D=day-pass-USD&subscription_items%5Bquantity%5D%5B0%5D=1",
        },
    ]
}

fn queries() -> Vec<Row> {
    vec![
        Row {
            endpoint: "stripe.charge",
            arguments: json!({"id": "ch_3LmzzQ2eZvKYlo2C0XjzUzJV", "expand": ["customer", "invoice.subscription"]}),
            call: |client| {
                let request = stripe::Charge::new("ch_3LmzzQ2eZvKYlo2C0XjzUzJV");
                let expand = texts(&["customer", "invoice.subscription"]);
                stripe::charge(client, &request.expand(expand))
            },
            documented: "expand[]=customer&expand[]=invoice.subscription",
            sent: "expand%5B%5D=customer&expand%5B%5D=invoice.subscription",
        },
        Row {
            endpoint: "stripe.charge",
            arguments: json!({"id": "c", "created": {"gte": 1_700_000_000}}),
            call: |client| {
                let since = api::Range::new().gte(UNIX_EPOCH + Duration::from_secs(1_700_000_000));
                stripe::charge(client, &stripe::Charge::new("c").created(since))
            },
            documented: "created[gte]=1700000000",
            sent: "created%5Bgte%5D=1700000000",
        },
        Row {
            endpoint: "gitlab.create_pipeline",
            arguments: json!({"id": 169, "ref": "master", "variables": [{"key": "VAR1", "value": "hello"}, {"key": "VAR2", "value": "world"}]}),
            call: |client| {
                let variables = vec![
                    api::Variable::new("VAR1", "hello"),
                    api::Variable::new("VAR2", "world"),
                ];
                let request = gitlab::CreatePipeline::new(169, "master").variables(variables);
                gitlab::create_pipeline(client, &request)
            },
            documented: "ref=master&variables[][key]=VAR1&variables[][value]=hello&variables[][key]=VAR2&variables[][value]=world",
            sent: "ref=master&variables%5B%5D%5Bkey%5D=VAR1&variables%5B%5D%5Bvalue%5D=hello&variables%5B%5D%5Bkey%5D=VAR2&variables%5B%5D%5Bvalue%5D=world",
        },
        Row {
            endpoint: "rails.clients",
            arguments: json!({"ids": [1, 2, 3]}),
            call: |client| rails::clients(client, &rails::Clients::new(vec![1, 2, 3])),
            // The guide adds that browsers send this form, because brackets are not allowed in URLs.
            documented: "ids%5b%5d=1&ids%5b%5d=2&ids%5b%5d=3",
            sent: "ids%5B%5D=1&ids%5B%5D=2&ids%5B%5D=3",
        },
        Row {
            endpoint: "php.build_query",
            arguments: json!({
                "user": {"name": "Bob Smith", "age": 47, "sex": "M", "dob": "5/12/1956"},
                "pastimes": ["golf", "opera", "poker", "rap"],
                "children": {"bobby": {"age": 12, "sex": "M"}, "sally": {"age": 8, "sex": "F"}},
            }),
            call: |client| {
                let user = api::User::new("Bob Smith", 47, "M", "5/12/1956");
                let pastimes = texts(&["golf", "opera", "poker", "rap"]);
                let children = map(&[
                    ("bobby", api::Child::new(12, "M")),
                    ("sally", api::Child::new(8, "F")),
                ]);
                php::build_query(client, &php::BuildQuery::new(user, pastimes, children))
            },
            documented: "user%5Bname%5D=Bob+Smith&user%5Bage%5D=47&user%5Bsex%5D=M&user%5Bdob%5D=5%2F12%2F1956&pastimes%5B0%5D=golf&pastimes%5B1%5D=opera&pastimes%5B2%5D=poker&pastimes%5B3%5D=rap&children%5Bbobby%5D%5Bage%5D=12&children%5Bbobby%5D%5Bsex%5D=M&children%5Bsally%5D%5Bage%5D=8&children%5Bsally%5D%5Bsex%5D=F",
            sent: "user%5Bname%5D=Bob%20Smith&user%5Bage%5D=47&user%5Bsex%5D=M&user%5Bdob%5D=5%2F12%2F1956&pastimes%5B0%5D=golf&pastimes%5B1%5D=opera&pastimes%5B2%5D=poker&pastimes%5B3%5D=rap&children%5Bbobby%5D%5Bage%5D=12&children%5Bbobby%5D%5Bsex%5D=M&children%5Bsally%5D%5Bage%5D=8&children%5Bsally%5D%5Bsex%5D=F",
        },
        Row {
            endpoint: "google.time_series",
            arguments: json!({
                "name": "projects/p",
                "filter": "metric.type = \"a\"",
                "interval": {"endTime": "2024-05-01T12:00:00Z"},
                "aggregation": {"alignmentPeriod": "60s", "perSeriesAligner": "ALIGN_MEAN", "groupByFields": ["zone", "machine"]},
            }),
            call: |client| {
                let end = Timestamp(UNIX_EPOCH + Duration::from_secs(1_714_564_800));
                let aggregation = api::Aggregation::new()
                    .alignment_period(Duration::from_secs(60))
                    .per_series_aligner("ALIGN_MEAN")
                    .group_by_fields(texts(&["zone", "machine"]));
                let interval = api::Interval::new(end);
                let request =
                    google::TimeSeries::new("projects/p", "metric.type = \"a\"", interval);
                google::time_series(client, &request.aggregation(aggregation))
            },
            documented: "filter=metric.type+%3D+%22a%22&interval.endTime=2024-05-01T12:00:00Z&aggregation.alignmentPeriod=60s&aggregation.perSeriesAligner=ALIGN_MEAN&aggregation.groupByFields=zone&aggregation.groupByFields=machine",
            sent: "filter=metric.type%20%3D%20%22a%22&interval.endTime=2024-05-01T12%3A00%3A00Z&aggregation.alignmentPeriod=60s&aggregation.perSeriesAligner=ALIGN_MEAN&aggregation.groupByFields=zone&aggregation.groupByFields=machine",
        },
    ]
}

fn queries_of_openapi() -> Vec<Row> {
    vec![
        Row {
            endpoint: "openapi.color",
            arguments: json!({"color": {"R": 100, "G": 200, "B": 150}}),
            call: |client| {
                let color = map(&[("R", 100), ("G", 200), ("B", 150)]);
                openapi::color(client, &openapi::Color::new().color(color))
            },
            documented: "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
            sent: "color%5BB%5D=150&color%5BG%5D=200&color%5BR%5D=100",
        },
        Row {
            endpoint: "openapi.color",
            arguments: json!({"form": ["blue", "black", "brown"], "space": ["blue", "black", "brown"], "pipe": ["blue", "black", "brown"], "repeat": ["blue", "black", "brown"]}),
            call: |client| {
                let colors = texts(&["blue", "black", "brown"]);
                let request = openapi::Color::new()
                    .form(colors.clone())
                    .space(colors.clone());
                openapi::color(client, &request.pipe(colors.clone()).repeat(colors))
            },
            documented: "form=blue,black,brown&space=blue%20black%20brown&pipe=blue%7Cblack%7Cbrown&repeat=blue&repeat=black&repeat=brown",
            sent: "form=blue,black,brown&space=blue%20black%20brown&pipe=blue%7Cblack%7Cbrown&repeat=blue&repeat=black&repeat=brown",
        },
    ]
}

fn texts_in_queries() -> Vec<Row> {
    vec![
        Row {
            endpoint: "docker.containers",
            arguments: json!({"filters": {"status": ["paused"]}}),
            call: |client| {
                let filters = map(&[("status", texts(&["paused"]))]);
                docker::containers(client, &docker::Containers::new().filters(filters))
            },
            documented: "filters=%7B%22status%22%3A%5B%22paused%22%5D%7D",
            sent: "filters=%7B%22status%22%3A%5B%22paused%22%5D%7D",
        },
        Row {
            endpoint: "couchdb.view",
            arguments: json!({"db": "recipes", "ddoc": "recipes", "view": "by_ingredient", "key": "claire", "startkey": ["a", "b"], "reduce": false}),
            call: |client| {
                let request = couchdb::View::new("recipes", "recipes", "by_ingredient");
                let request = request.key(json!("claire")).startkey(texts(&["a", "b"]));
                couchdb::view(client, &request.reduce(false))
            },
            documented: "key=\"claire\"&startkey=[\"a\",\"b\"]&reduce=false",
            sent: "key=%22claire%22&startkey=%5B%22a%22%2C%22b%22%5D&reduce=false",
        },
        Row {
            endpoint: "jsonapi.articles",
            arguments: json!({"include": "author", "fields": {"articles": "title,body", "people": "name"}}),
            call: |client| {
                let fields = map(&[
                    ("articles", "title,body".to_owned()),
                    ("people", "name".to_owned()),
                ]);
                let request = jsonapi::Articles::new().include("author").fields(fields);
                jsonapi::articles(client, &request)
            },
            documented: "include=author&fields[articles]=title,body&fields[people]=name",
            sent: "include=author&fields%5Barticles%5D=title%2Cbody&fields%5Bpeople%5D=name",
        },
        Row {
            endpoint: "kubernetes.pods",
            arguments: json!({"namespace": "default", "labelSelector": ["environment=production", "tier=frontend"]}),
            call: |client| {
                let selector = texts(&["environment=production", "tier=frontend"]);
                let request = kubernetes::Pods::new("default").label_selector(selector);
                kubernetes::pods(client, &request)
            },
            documented: "labelSelector=environment%3Dproduction,tier%3Dfrontend",
            sent: "labelSelector=environment%3Dproduction,tier%3Dfrontend",
        },
        Row {
            endpoint: "github.search",
            arguments: json!({"q": "tetris language:assembly", "sort": "stars", "order": "desc"}),
            call: |client| {
                let request = github::Search::new("tetris language:assembly");
                github::search(client, &request.sort("stars").order("desc"))
            },
            documented: "q=tetris+language:assembly&sort=stars&order=desc",
            sent: "q=tetris%20language%3Aassembly&sort=stars&order=desc",
        },
    ]
}

#[test]
fn queries_and_forms_are_the_documented_ones() {
    for row in rows() {
        assert_eq!(pairs(&sent(row.call)), row.sent, "{}", row.endpoint);
        assert_eq!(
            decoded(row.sent),
            decoded(row.documented),
            "{}",
            row.endpoint
        );
    }
}

#[test]
fn calls_by_name_send_the_documented_queries_and_forms() {
    for row in rows() {
        // The members of JSON objects are sorted by their keys.
        let mut expected: Vec<_> = row.sent.split('&').collect();
        let request = pairs(&sent_by_name(row.endpoint, &row.arguments));
        let mut pairs: Vec<_> = request.split('&').collect();
        expected.sort_unstable();
        pairs.sort_unstable();
        assert_eq!(pairs, expected, "{}", row.endpoint);
    }
}
