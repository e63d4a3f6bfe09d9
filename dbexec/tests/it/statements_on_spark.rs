//! SQL code with several statements, on real Spark.

use local_server::spark::testing;

use crate::support::{Sandbox, TOKEN, run_to_end, start_with_spark};

/// Each part of it would be split, or not, by a mistake.
const CODE: &str = r"-- Statements; and comments.
CREATE OR REPLACE TEMP VIEW sales AS
  SELECT * FROM VALUES ('e;u', 41), ('us', 7) AS t(region, total); -- one;
/* SELECT 0; /* nested; */ */;
SELECT region FROM sales WHERE region LIKE '%;%';
SELECT sum(total) AS begin, max(CASE WHEN region = 'us' THEN 1 END) AS end FROM sales;
SELECT r'\' AS raw, 'a\';b' AS text, `c;d` FROM (SELECT 1 AS `c;d`);
BEGIN
  DECLARE n INT DEFAULT 0;
  WHILE n < 3 DO SET n = n + CASE WHEN n = 0 THEN 1 ELSE 1 END; END WHILE;
  SELECT n;
END;
SELECT :day AS day;

-- This one fails.
SELECT
  missing; SELECT 'not run'
";

#[test]
fn statements_end_where_spark_ends_them() {
    let sandbox = Sandbox::new();
    sandbox.write("a.sql", CODE);
    let server = start_with_spark(testing::installation());
    let url = server.url();
    let workspace = ["--host", &url, "--token", TOKEN, "--cluster", "c"];
    let run = ["run", "a.sql", "-o", "ndjson", "--param", "day=today"];
    let _permit = testing::jvm_start_permit();
    let outcome = run_to_end(sandbox.command([&run[..], &workspace].concat()));
    assert_eq!(outcome.code, Some(1), "{outcome}");
    let rows = concat!(
        r#"{"region":"e;u"}"#,
        "\n",
        r#"{"begin":48,"end":1}"#,
        "\n",
        r#"{"raw":"\\","text":"a';b","c;d":1}"#,
        "\n",
        r#"{"n":3}"#,
        "\n",
        r#"{"day":"today"}"#,
        "\n",
    );
    assert_eq!(outcome.stdout, rows, "{outcome}");
    for expected in [
        "[UNRESOLVED_COLUMN.WITHOUT_SUGGESTION]",
        "line 17 pos 2",
        "error: a.sql:17 (statement 7 of 8) failed after ",
    ] {
        assert!(outcome.stderr.contains(expected), "{expected}: {outcome}");
    }
}
