//! Programs of JVMs.

/// Program that a JVM runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Program {
    /// The process of a cluster.
    ClusterHost,
    /// The process of a Scala context.
    ScalaKernel,
}

/// A request with one response, of the context `archive`.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypicalRequest {
    pub(super) word: &'static str,
    pub(super) language: &'static str,
    pub(super) source: &'static str,
}

const fn request(
    word: &'static str,
    language: &'static str,
    source: &'static str,
) -> TypicalRequest {
    TypicalRequest {
        word,
        language,
        source,
    }
}

const CLUSTER_HOST_REQUESTS: &[TypicalRequest] = &[
    request("gateway", "", ""),
    request(
        "sql",
        "sql",
        "create or replace temp view v as select id as x from range(10)",
    ),
    request(
        "sql",
        "sql",
        "select x % 2 as y, sum(x), max(current_date()) from v group by 1 order by 1",
    ),
    request("sql", "sql", "select nope"),
    request("close", "", ""),
];

const SCALA_KERNEL_REQUESTS: &[TypicalRequest] = &[
    request("run", "scala", "sc.parallelize(1 to 10).map(_ + 1).collect"),
    request(
        "run",
        "scala",
        "case class P(x: Int); val points = Seq(P(1), P(2)).toDS",
    ),
    request(
        "run",
        "scala",
        "display(points.filter(_.x > 1).groupBy(\"x\").count)",
    ),
    request("run", "scala", "nope"),
    request("run", "scala", "sys.error(\"1\")"),
];

impl Program {
    pub(crate) const ALL: [Self; 2] = [Self::ClusterHost, Self::ScalaKernel];

    /// Returns the name of the main class.
    pub(crate) fn main_class(self) -> &'static str {
        match self {
            Self::ClusterHost => "org.apache.spark.localserver.ClusterHost",
            Self::ScalaKernel => "org.apache.spark.localserver.ScalaKernel",
        }
    }

    /// Returns requests that load the classes of typical commands.
    pub(super) fn typical_requests(self) -> &'static [TypicalRequest] {
        match self {
            Self::ClusterHost => CLUSTER_HOST_REQUESTS,
            Self::ScalaKernel => SCALA_KERNEL_REQUESTS,
        }
    }
}
