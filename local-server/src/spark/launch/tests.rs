//! Tests of the commands of JVMs.

use super::*;
use crate::spark::fixtures;

fn installation(java: u32) -> Installation {
    fixtures::installation(Path::new("/java/bin/java"), java)
}

fn launch(installation: &Installation) -> Launch<'_> {
    Launch {
        installation,
        main: "org.example.Main",
        class_path: &[],
        name: "cluster",
        master: "local[2]",
        memory: MemorySize::DEFAULT,
        python: Path::new("/bin/python"),
        folder: Path::new("/folder"),
        dbfs_root: Path::new("/dbfs root"),
        archive: Archive::None,
        settings: &[],
    }
}

fn arguments(command: &Command) -> Vec<&str> {
    command
        .get_args()
        .map(|text| text.to_str().unwrap())
        .collect()
}

fn variable<'a>(command: &'a Command, name: &str) -> Option<&'a str> {
    let mut variables = command.get_envs();
    let (_, value) = variables.find(|(found, _)| *found == name)?;
    value?.to_str()
}

#[test]
fn main_class_follows_the_class_path() {
    let jars = ["/kernels.jar", "/user.jar"].map(PathBuf::from);
    let installation = installation(17);
    let command = Launch {
        class_path: &jars,
        ..launch(&installation)
    }
    .command();
    assert_eq!(command.get_program(), "/java/bin/java");
    let arguments = arguments(&command);
    assert_eq!(
        arguments[arguments.len() - 3..],
        [
            "-cp",
            "/kernels.jar:/user.jar:/spark/jars/*",
            "org.example.Main"
        ]
    );
}

#[test]
fn executors_have_the_kernels_before_the_jars_of_the_settings() {
    let jars = [PathBuf::from("/kernels.jar")];
    let installation = installation(17);
    let setting = |value: &str| (EXECUTOR_CLASS_PATH.to_owned(), value.to_owned());
    for (master, settings, expected) in [
        ("local[2]", vec![], None),
        ("spark://host:7077", vec![], Some("/kernels.jar")),
        (
            "spark://host:7077",
            vec![setting("/user.jar")],
            Some("/kernels.jar:/user.jar"),
        ),
    ] {
        let command = Launch {
            class_path: &jars,
            master,
            settings: &settings,
            ..launch(&installation)
        }
        .command();
        let prefix = format!("-D{EXECUTOR_CLASS_PATH}=");
        let mut values = arguments(&command).into_iter().rev();
        let last = values.find_map(|argument| argument.strip_prefix(&prefix));
        assert_eq!(last, expected, "{master}");
    }
}

#[test]
fn options_depend_on_the_version_of_java() {
    let has = |java, option: &str| {
        let installation = installation(java);
        arguments(&launch(&installation).command()).contains(&option)
    };
    let opens = "--add-opens=java.base/java.lang=ALL-UNNAMED";
    let vector = "--add-modules=jdk.incubator.vector";
    for (java, has_opens, has_vector) in [(8, false, false), (11, true, false), (17, true, true)] {
        assert_eq!(has(java, opens), has_opens, "Java {java}");
        assert_eq!(has(java, "-Xlog:disable"), has_opens, "Java {java}");
        assert_eq!(has(java, vector), has_vector, "Java {java}");
        assert!(has(java, "-Xmx1024m"), "Java {java}");
    }
}

#[test]
fn archive_is_used_or_written() {
    let path = Path::new("/a.jsa");
    let installation = installation(17);
    let has = |archive, option: &str| {
        let launch = Launch {
            archive,
            ..launch(&installation)
        };
        arguments(&launch.command()).contains(&option)
    };
    assert!(has(Archive::Use(path), "-XX:SharedArchiveFile=/a.jsa"));
    assert!(has(Archive::Write(path), "-XX:ArchiveClassesAtExit=/a.jsa"));
    assert!(!has(Archive::None, "-XX:SharedArchiveFile=/a.jsa"));
}

#[test]
fn settings_replace_those_of_the_server() {
    let settings = [("spark.app.name".to_owned(), "mine".to_owned())];
    let installation = installation(17);
    let command = Launch {
        settings: &settings,
        ..launch(&installation)
    }
    .command();
    let arguments = arguments(&command);
    let mut names = arguments
        .iter()
        .filter(|text| text.starts_with("-Dspark.app.name="));
    assert_eq!(names.next_back(), Some(&"-Dspark.app.name=mine"));
}

#[test]
fn only_applications_on_loopback_are_bound_to_loopback() {
    let installation = installation(17);
    for (master, expected) in [
        ("local[4]", true),
        ("local-cluster[1,1,1024]", true),
        ("spark://127.0.0.1:7077", true),
        ("spark://localhost:7077", true),
        ("spark://localhost:7077,127.0.0.2:7077", true),
        ("spark://localhost:7077,example.com:7077", false),
        ("spark://example.com:7077", false),
        ("yarn", false),
    ] {
        let command = Launch {
            master,
            ..launch(&installation)
        }
        .command();
        let is_bound = arguments(&command).contains(&"-Dspark.driver.host=127.0.0.1");
        let variable = variable(&command, "SPARK_LOCAL_IP").is_some();
        assert_eq!((is_bound, variable), (expected, expected), "{master}");
    }
}

#[test]
fn environment_contains_spark_and_python() {
    let command = launch(&installation(17)).command();
    assert_eq!(variable(&command, "SPARK_HOME"), Some("/spark"));
    assert_eq!(variable(&command, "SPARK_SCALA_VERSION"), Some("2.13"));
    assert_eq!(variable(&command, "PYSPARK_PYTHON"), Some("/bin/python"));
    let path = variable(&command, "PYTHONPATH").unwrap();
    assert!(path.starts_with("/spark/python:/spark/py4j.zip"), "{path}");
}

#[test]
fn encoding_is_that_of_the_first_variable_with_a_value() {
    for (variables, expected) in [
        (&[][..], false),
        (&[("LANG", "C.UTF-8")], true),
        (&[("LANG", "en_US.utf8"), ("LC_ALL", "")], true),
        (&[("LANG", "C.UTF-8"), ("LC_CTYPE", "C")], false),
        (&[("LC_CTYPE", "de_DE.UTF-8"), ("LC_ALL", "POSIX")], false),
    ] {
        let variable = |name: &str| {
            let mut found = variables.iter().filter(|(known, _)| *known == name);
            found.next().map(|(_, value)| OsString::from(value))
        };
        assert_eq!(is_utf8_locale(variable), expected, "{variables:?}");
    }
}

#[test]
fn folder_is_prepared() {
    let installation = installation(17);
    let folder = tempfile::tempdir().unwrap();
    let launch = Launch {
        folder: folder.path(),
        ..launch(&installation)
    };
    let command = launch.prepare().unwrap();
    assert!(arguments(&command).contains(&"-Dspark.hadoop.fs.dbfs.root=/dbfs root"));
    let option = format!(
        "-Dlog4j2.configurationFile={}/log4j2.properties",
        folder.path().display()
    );
    assert!(arguments(&command).contains(&option.as_str()));
    assert!(folder.path().join("log4j2.properties").is_file());
    assert!(folder.path().join("tmp").is_dir());
}
