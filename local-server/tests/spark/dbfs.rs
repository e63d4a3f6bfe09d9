//! Files of DBFS in Spark.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;

use serde_json::json;

use crate::scala;
use crate::workspace::Context;

/// Returns the names of files with data, without the part that Spark generates.
fn kinds(names: &[String]) -> Vec<&str> {
    let mut kinds: Vec<_> = names
        .iter()
        .map(|name| name.split_once("-0000").map_or(&**name, |(kind, _)| kind))
        .collect();
    kinds.dedup();
    kinds
}

#[test]
fn python_and_sql_share_files_with_dbutils_and_the_rest_api() {
    let (python, sql) = (Context::new("python"), Context::new("sql"));
    python.put("/shared/ä.csv", "a,b\n1,x\n2,y\n");
    python.text("dbutils.fs.put('dbfs:/shared/second.csv', 'a,b\\n3,z\\n')");
    for path in ["dbfs:/shared", "dbfs:///shared/", "/shared", "shared"] {
        let rows = format!("spark.read.csv('{path}', header=True).orderBy('a').collect()");
        assert_eq!(
            python.text(&rows),
            "[Row(a='1', b='x'), Row(a='2', b='y'), Row(a='3', b='z')]",
            "{path}"
        );
    }
    // A task in a Python worker.
    let upper = "sc.textFile('dbfs:/shared/ä.csv').map(lambda line: line.upper())";
    assert_eq!(
        python.text(&format!("{upper}.collect()")),
        "['A,B', '1,X', '2,Y']"
    );
    assert_eq!(
        sql.rows("select _c1 from csv.`dbfs:/shared/second.csv`"),
        json!([["b"], ["z"]])
    );

    python.text("spark.range(3).coalesce(1).write.parquet('dbfs:/out/parquet')");
    // No files with checksums.
    assert_eq!(kinds(&python.list("/out/parquet")), ["_SUCCESS", "part"]);
    assert_eq!(
        sql.rows("select sum(id) from parquet.`/out/parquet`"),
        json!([[3]])
    );
    python.text("spark.range(5).write.mode('overwrite').parquet('dbfs:/out/parquet')");
    assert_eq!(
        python.text("spark.read.parquet('/out/parquet').count()"),
        "5"
    );
    python.text(&format!("{upper}.coalesce(1).saveAsTextFile('/out/text')"));
    assert_eq!(
        python.text("dbutils.fs.head('/out/text/part-00000')"),
        "'A,B\\n1,X\\n2,Y\\n'"
    );
    sql.run("create table dbfs_t (n int) using json location '/out/table'");
    sql.run("insert into dbfs_t values (7)");
    assert_eq!(kinds(&python.list("/out/table")), ["_SUCCESS", "part"]);
    assert_eq!(sql.rows("select * from dbfs_t"), json!([[7]]));
    sql.run("drop table dbfs_t");
    python.text("dbutils.fs.rm('/out', True)");
    let missing = "spark.read.parquet('/out/parquet')";
    let (summary, _) = python.failure(missing);
    assert!(
        summary.contains("[PATH_NOT_FOUND]") && summary.contains("dbfs:/out/parquet"),
        "{summary}"
    );
}

#[test]
fn scala_shares_files_with_dbutils_and_the_rest_api() {
    let context = scala::shared();
    context.put("/scala/x.csv", "a\n1\n");
    let text = context.text(
        "print(sc.textFile(\"dbfs:/scala/x.csv\").collect.mkString(\" \") + \
         spark.read.csv(\"/scala\").count)",
    );
    assert_eq!(text, "a 12");
    context.text("spark.range(2).coalesce(1).write.json(\"dbfs:/scala/out\")");
    assert_eq!(kinds(&context.list("/scala/out")), ["_SUCCESS", "part"]);
    let text = context.text("print(dbutils.fs.ls(\"/scala/out\").length)");
    assert_eq!(text, "2");
}

#[test]
fn spark_reaches_the_same_files_as_the_rest_api() {
    let context = Context::new("python");
    context.put("/rules/a.txt", "a");
    let root = context.text("print(spark.conf.get('spark.hadoop.fs.dbfs.root'))");
    let root = PathBuf::from(root);
    let outside = tempfile::tempdir().unwrap();
    fs::write(outside.path().join("secret.txt"), "secret").unwrap();
    symlink(outside.path(), root.join("rules/link")).unwrap();
    symlink(outside.path().join("secret.txt"), root.join("rules/b.txt")).unwrap();
    fs::create_dir_all(root.join(".local-server-uploads")).unwrap();

    // Links are not listed.
    assert_eq!(
        context.text("spark.read.text('dbfs:/rules/').collect()"),
        "[Row(value='a')]"
    );
    for (path, reason) in [
        ("dbfs:/rules/link/secret.txt", "[PATH_NOT_FOUND]"),
        ("dbfs:/rules/b.txt", "[PATH_NOT_FOUND]"),
        ("dbfs:/../secret.txt", "`..` is not supported"),
        (
            "dbfs:/.local-server-uploads/x",
            "this is the folder of uploads",
        ),
        ("dbfs://rules/a.txt", "use `dbfs:/rules`"),
    ] {
        let (summary, cause) = context.failure(&format!("spark.read.text('{path}')"));
        assert!(cause.contains(reason), "{path}: {summary}\n{cause}");
    }
    let (_, cause) = context.failure("spark.range(1).write.csv('dbfs:/rules/link/out')");
    assert!(
        cause.contains("symbolic links are not supported"),
        "{cause}"
    );
    let (_, cause) = context.failure(
        "root = spark._jvm.org.apache.hadoop.fs.Path('dbfs:/')\n\
         root.getFileSystem(spark._jsc.hadoopConfiguration()).delete(root, True)",
    );
    let reason = "the root of DBFS cannot be deleted";
    assert!(cause.contains(reason), "{cause}");
    assert_eq!(context.list("/rules"), ["a.txt"]);
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);

    // There is no local folder with these files.
    let exists = context.text("import os\nos.path.exists('/dbfs/rules')");
    assert_eq!(exists, "False");
    // Other local files have a scheme.
    let path = outside.path().join("secret.txt");
    let path = path.display();
    assert_eq!(
        context.text(&format!("spark.read.text('file:{path}').collect()")),
        "[Row(value='secret')]"
    );
    let (summary, _) = context.failure(&format!("spark.read.text('{path}')"));
    assert!(summary.contains(&format!("dbfs:{path}")), "{summary}");
}
