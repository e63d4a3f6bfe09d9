//! Edits of `jobs.toml`, and with them the changes that `diff` reports.

/// A text to replace, and its replacement.
pub(super) type Edit = (&'static str, &'static str);

/// Title and edits of each case.
pub(super) const CASES: &[(&str, &[Edit])] = &[
    ("no change", &[]),
    ("comment", &[("[groups]", "# Groups.\n[groups]")]),
    (
        "documentation",
        &[
            ("Runs jobs", "Runs many jobs"),
            ("Stops a job", "Halts a job"),
            ("A step", "One step"),
            ("\"Done.\"", "\"Ended.\""),
            ("Work", "All work"),
        ],
    ),
    (
        "other keys of error messages",
        &[("[\"message\"]", "[\"error\"]")],
    ),
    (
        "expired credentials",
        &[("[\"message\"]", "[\"message\"], expired = [\"too old\"]")],
    ),
    (
        "transient errors",
        &[(
            "[groups]",
            "[api.transient]\nfailed = [\"again\"]\n[groups]",
        )],
    ),
    (
        "endpoint removed",
        &[(
            "[endpoints.jobs.stop]\ndoc = \"Stops a job.\"\nhttp = \"POST /jobs/stop\"\njson = { id = \"JobId\" }\n",
            "",
        )],
    ),
    (
        "endpoint added",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.list]\ndoc = \"Lists jobs.\"\nhttp = \"GET /jobs/list\"\nresponse = \"[JobId]\"\n\n[endpoints.jobs.stop]",
        )],
    ),
    (
        "endpoint renamed",
        &[("endpoints.jobs.stop", "endpoints.jobs.halt")],
    ),
    (
        "function renamed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nrust = \"halt\"",
        )],
    ),
    (
        "endpoint renamed, function name kept",
        &[(
            "[endpoints.jobs.stop]",
            "[endpoints.jobs.halt]\nrust = \"stop\"",
        )],
    ),
    (
        "required request field added",
        &[(
            "{ name = \"string\", size",
            "{ user = \"string\", name = \"string\", size",
        )],
    ),
    (
        "optional request field added",
        &[(
            "size = \"int\", tasks",
            "size = \"int\", user = \"string?\", tasks",
        )],
    ),
    ("request field removed", &[("size = \"int\", ", "")]),
    (
        "arguments reordered",
        &[(
            "name = \"string\", size = \"int\", tasks",
            "size = \"int\", name = \"string\", tasks",
        )],
    ),
    (
        "field made optional",
        &[("size = \"int\"", "size = \"int?\"")],
    ),
    (
        "wire name of a field changed",
        &[("size = \"int\"", "Size = \"int\"")],
    ),
    (
        "Rust name of a field changed",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", rust = \"length\" }",
        )],
    ),
    (
        "response field removed",
        &[
            ("log = \"Log?\", ", ""),
            (
                "[structs.Log]\ndoc = \"Output of a job.\"\nfields = { text = \"string\", cut = \"bool?\" }\n",
                "",
            ),
        ],
    ),
    (
        "response fields added",
        &[(
            "state = \"State\", log",
            "state = \"State\", at = \"int\", by = \"string?\", log",
        )],
    ),
    (
        "type of a response field changed",
        &[("{ text = \"string\"", "{ text = \"[string]\"")],
    ),
    (
        "struct fields added",
        &[
            (
                "retries = \"int?\"",
                "retries = \"int?\", must = \"bool\", may = \"bool?\"",
            ),
            ("cut = \"bool?\"", "cut = \"bool?\", must = \"bool\""),
        ],
    ),
    (
        "enum value added",
        &[
            ("values.failed", "values.lost = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"lost\", "),
        ],
    ),
    (
        "enum value removed",
        &[
            ("values.queued = \"Waiting.\"\n", ""),
            ("pending = [\"queued\", ", "pending = ["),
        ],
    ),
    (
        "aliases changed",
        &[("also = [\"DONE\"]", "also = [\"ENDED\"]")],
    ),
    (
        "enum value named like the variant for unknown values",
        &[
            ("values.failed", "values.unknown = \"Lost.\"\nvalues.failed"),
            ("fail = [", "fail = [\"unknown\", "),
        ],
    ),
    (
        "tag and variants changed",
        &[
            ("tag = \"kind\"", "tag = \"type\""),
            (
                "variants.none = { doc = \"Nothing.\" }",
                "variants.text = { doc = \"Text.\" }",
            ),
            (
                "rows = \"[json]\" }",
                "rows = \"[json]\", more = \"bool\" }",
            ),
        ],
    ),
    (
        "kind of a type changed",
        &[(
            "[ids]\nJobId = \"A job.\"",
            "[enums.JobId]\ndoc = \"A job.\"\nvalues.one = \"\"",
        )],
    ),
    (
        "struct no longer in requests",
        &[
            (", tasks = \"[Task]?\"", ""),
            (
                "outcome = \"Outcome?\"",
                "outcome = \"Outcome?\", task = \"Task?\"",
            ),
        ],
    ),
    ("path changed", &[("POST /jobs/stop", "POST /jobs/halt")]),
    ("method changed", &[("POST /jobs/stop", "PUT /jobs/stop")]),
    (
        "encoding of the body changed",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nform")],
    ),
    (
        "location of fields changed",
        &[("/jobs/stop\"\njson", "/jobs/stop\"\nquery")],
    ),
    (
        "retry class changed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\nretry = \"idempotent\"",
        )],
    ),
    (
        "response type changed",
        &[
            ("response = { id = \"JobId\" }", "response = \"json\""),
            (
                "[endpoints.jobs.start.wait]\npoll = \"jobs.show\"\nbind = { id = \"response.id\" }\nfield = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]\n",
                "",
            ),
        ],
    ),
    (
        "status classes of a waiter changed",
        &[(
            "until = [\"done\"]\nfail = [\"failed\"]",
            "until = [\"done\", \"failed\"]\nfail = []",
        )],
    ),
    (
        "bindings of a waiter changed",
        &[
            ("size = \"int\"", "size = \"int\", id = \"JobId\""),
            ("response.id", "request.id"),
        ],
    ),
    (
        "parameter moved to the path",
        &[("GET /jobs/show\"\nquery", "GET /jobs/{id}\"\npath")],
    ),
    (
        "fixed header added",
        &[("errors = {", "headers = { X-Version = \"2\" }\nerrors = {")],
    ),
    (
        "items deprecated",
        &[
            (
                "http = \"POST /jobs/stop\"",
                "http = \"POST /jobs/stop\"\ndeprecated = \"Use `cancel`.\"",
            ),
            (
                "size = \"int\"",
                "size = { type = \"int\", deprecated = \"Has no effect.\" }",
            ),
        ],
    ),
    (
        "responses by status",
        &[
            (
                "response = { state = \"State\", log = \"Log?\", outcome = \"Outcome?\" }",
                "responses = { 200 = { state = \"State\", log = \"Log?\", outcome = \"Outcome?\" }, 404 = \"text\" }",
            ),
            (
                "[endpoints.jobs.start.wait]\npoll = \"jobs.show\"\nbind = { id = \"response.id\" }\nfield = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]\n",
                "",
            ),
        ],
    ),
    (
        "response headers added",
        &[(
            "outcome = \"Outcome?\" }",
            "outcome = \"Outcome?\" }\nresponse_headers = { ETag = \"string?\" }",
        )],
    ),
    (
        "error type and condition added",
        &[(
            "errors = { message",
            "errors = { type = \"Log\", when = { ok = false }, message",
        )],
    ),
    (
        "default and bounds added",
        &[(
            "size = \"int\"",
            "size = { type = \"int\", default = 1, max = 9 }",
        )],
    ),
    (
        "URL and authentication added",
        &[
            (
                "errors = {",
                "url = \"https://a.example.com\"\nauth = \"basic\"\nerrors = {",
            ),
            (
                "http = \"GET /jobs/show\"",
                "http = \"GET /jobs/show\"\nauth = \"none\"",
            ),
        ],
    ),
    (
        "timeout changed",
        &[(
            "http = \"GET /jobs/show\"",
            "http = \"GET /jobs/show\"\ntimeout = 90",
        )],
    ),
    (
        "pagination changed",
        &[("next = \"next\", into = \"from\"", "offset = \"skip\"")],
    ),
    (
        "list of items moved into a struct",
        &[
            (
                "response = { jobs = \"[JobId]\", next = \"string?\", cause = \"Cause?\" }",
                "response = { page = \"JobPage?\", cause = \"Cause?\" }",
            ),
            (
                "items = \"jobs\", next = \"next\"",
                "items = \"page.jobs\", next = \"page.next\", more = \"page.more\"",
            ),
            (
                "[structs.Log]",
                "[structs.JobPage]\nfields = { jobs = \"[JobId]\", next = \"string?\", more = \"bool\" }\n\n[structs.Log]",
            ),
        ],
    ),
    (
        "pagination by URL",
        &[("next = \"next\", into = \"from\"", "url = \"next\"")],
    ),
    (
        "status of a waiter replaced by a nested flag",
        &[(
            "field = \"state\"\nuntil = [\"done\"]\nfail = [\"failed\"]\npending = [\"queued\", \"running\"]",
            "field = \"log.cut\"\nuntil = [true]\npending = [false]",
        )],
    ),
    (
        "pagination removed",
        &[(
            "pages = { items = \"jobs\", next = \"next\", into = \"from\" }",
            "",
        )],
    ),
    (
        "key no longer identifies a variant",
        &[(
            "message = \"string\"",
            "message = \"string\", exit = \"int\"",
        )],
    ),
    (
        "variant of an untagged union added",
        &[(
            "server.fields",
            "network.fields = { host = \"string\" }\nserver.fields",
        )],
    ),
    (
        "names of untagged variants changed",
        &[
            (
                "server.fields = {",
                "\"SERVER\" = { rust = \"Server\", fields = {",
            ),
            ("message = \"string\" }", "message = \"string\" } }"),
        ],
    ),
    (
        "tag added",
        &[(
            "[unions.Cause.variants]",
            "[unions.Cause]\ntag = \"why\"\n\n[unions.Cause.variants]",
        )],
    ),
    (
        "body replaced by a single value",
        &[("json = { id = \"JobId\" }", "json = \"[JobId]\"")],
    ),
    (
        "events of another type",
        &[(
            "item = { id = \"JobId\", state = \"State?\" }",
            "item = \"State\"",
        )],
    ),
    (
        "field of events removed",
        &[(", state = \"State?\" }, end", " }, end")],
    ),
    (
        "headers of events added",
        &[(
            "end = \"[DONE]\" }",
            "end = \"[DONE]\" }\nresponse_headers = { ETag = \"string?\" }",
        )],
    ),
    (
        "end, errors and continuation of events",
        &[("end = \"[DONE]\" }", "error = \"error\", resume = true }")],
    ),
    (
        "names of events",
        &[(
            "item = { id = \"JobId\", state = \"State?\" }",
            "item = { event = \"string\", data = \"json\" }, named = true",
        )],
    ),
    ("events replaced by lines", &[("events = {", "lines = {")]),
    (
        "header of a status code removed",
        &[("headers_by_status = { 200 = { ETag = \"string\" } }", "")],
    ),
    (
        "headers of all status codes added",
        &[(
            "headers_by_status = {",
            "response_headers = { Age = \"int?\" }\nheaders_by_status = {",
        )],
    ),
    (
        "media type of the body changed",
        &[(
            "http = \"POST /jobs/stop\"",
            "http = \"POST /jobs/stop\"\ncontent_type = \"application/merge-patch+json\"",
        )],
    ),
    (
        "body with GET",
        &[(
            "http = \"GET /jobs/show\"\nquery",
            "http = \"GET /jobs/show\"\nbody_with_get = true\njson",
        )],
    ),
    (
        "media type of a part changed",
        &[(
            "/jobs/stop\"\njson = { id = \"JobId\" }",
            "/jobs/stop\"\nmultipart = { id = { type = \"JobId\", content_type = \"text/plain\" } }",
        )],
    ),
    (
        "style of a list changed",
        &[(
            "from = \"string?\", skip",
            "from = \"string?\", ids = { type = \"[JobId]\", style = \"comma\" }, skip",
        )],
    ),
    (
        "type replaced by a decimal",
        &[("size = \"int\"", "size = \"decimal\"")],
    ),
    (
        "fields of a struct shared by another one",
        &[(
            "[structs.Log]\ndoc = \"Output of a job.\"\nfields = { text = \"string\", cut = \"bool?\" }",
            "[structs.Text]\nfields = { text = \"string\", cut = \"bool?\" }\n\n[structs.Log]\ndoc = \"Output of a job.\"\nwith = [\"Text\"]\nfields = { lines = \"int\" }",
        )],
    ),
    (
        "untagged union replaced by JSON kinds",
        &[(
            "[unions.Cause.variants]\nstep.fields = { step = \"string\", exit = \"int\" }\nserver.fields = { message = \"string\" }",
            "[unions.Cause.kinds]\nmessage = \"string\"\nlog = \"Log\"",
        )],
    ),
];
