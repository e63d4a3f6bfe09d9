//! Commands of each language.

use serde::Serialize;

/// Commands of a context.
#[derive(Serialize)]
pub(crate) struct Script {
    pub(crate) language: &'static str,
    pub(crate) commands: &'static [&'static str],
    /// Command that does not end.
    pub(crate) endless: &'static str,
}

pub(crate) const SCRIPTS: [Script; 4] = [PYTHON, R, SQL, SCALA];

const PYTHON: Script = Script {
    language: "python",
    commands: &[
        "print(6*7)",
        "text = 'h\u{e9}llo \u{1f600} & x=1'",
        "text",
        "1/0",
        "def f():\n    return 'a\\nb\\n'\nprint(f(), end='')",
        "display(spark.range(2))",
    ],
    endless: "import time\ntime.sleep(100000)",
};

const R: Script = Script {
    language: "r",
    commands: &[
        "x <- c(a = 1, b = 2)",
        "sum(x)",
        "cat('h\u{e9}llo \u{1f600} & x=1\\n')",
        "stop('no')",
        "1 +",
    ],
    endless: "Sys.sleep(100000)",
};

const SQL: Script = Script {
    language: "sql",
    commands: &[
        "select 1 as one, 'a' as text, cast(2.5 as decimal(3, 2)) as price",
        "drop table if exists sdk_numbers",
        "create table sdk_numbers using parquet as select id from range(3)",
        "select * from sdk_numbers order by id",
        "select nope",
    ],
    endless: "select count(*) from range(1000000) a cross join range(1000000) b where a.id + b.id < 0",
};

const SCALA: Script = Script {
    language: "scala",
    commands: &[
        "sc.parallelize(1 to 10).collect",
        "println(\"a\")",
        "nope",
        "sc.parallelize(Seq(1), 1).map(_ / 0).collect",
    ],
    endless: "Thread.sleep(100000000L)",
};
