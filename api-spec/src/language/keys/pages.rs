//! Keys of `pages`.

use super::shared::TEXT;
use crate::language::table::{Key, Table};

pub(super) static PAGES: Table = Table {
    name: "pages",
    title: "`pages`",
    keys: &[
        Key::required("items", TEXT)
            .doc("Response field with the list, e.g. `data.items`, or `body` for a response that is a list.")
            .example("items = \"items\"")
            .aliases(&["data", "list", "results"]),
        Key::optional("next", TEXT)
            .doc("Response field, or response header, with the token of the next page.")
            .example("next = \"next_page_token\"")
            .aliases(&["token", "cursor"]),
        Key::optional("into", TEXT)
            .doc("Request field for the token, the id of the last item, or the parameter of the link.")
            .example("into = \"page_token\"")
            .aliases(&["param", "parameter"]),
        Key::optional("last", TEXT)
            .doc("Field of the last item that selects the next page.")
            .example("last = \"id\"")
            .aliases(&["id", "after", "last_id"]),
        Key::optional("link", TEXT)
            .doc("Response header with a link to the next page.")
            .example("link = \"Link\"")
            .aliases(&["header", "links"]),
        Key::optional("url", TEXT)
            .doc("Response field, or response header, with the URL of the next page.")
            .example("url = \"next\"")
            .aliases(&["next_url", "href"]),
        Key::optional("offset", TEXT)
            .doc("Request field with the number of items to skip.")
            .example("offset = \"offset\"")
            .aliases(&["skip", "start"]),
        Key::optional("page", TEXT)
            .doc("Request field with the page number, starting at 1.")
            .example("page = \"page\"")
            .aliases(&["number"]),
        Key::optional("more", TEXT)
            .doc("Response field that is `false` on the last page.")
            .example("more = \"has_more\"")
            .aliases(&["has_more", "has_next"]),
        Key::optional("last_page", TEXT)
            .doc("Response field that is `true` on the last page.")
            .example("last_page = \"is_last\"")
            .aliases(&["is_last", "is_last_page", "end"]),
    ],
};
