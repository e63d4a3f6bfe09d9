//! Reader of files for cron, by the rules of crontab(5).

/// Variables and jobs of a file.
#[derive(Debug, Default)]
pub(super) struct Crontab {
    pub(super) variables: Vec<(String, String)>,
    pub(super) jobs: Vec<Job>,
}

/// Command that cron passes to `sh -c`.
#[derive(Debug)]
pub(super) struct Job {
    pub(super) command: String,
    pub(super) stdin: String,
}

impl Crontab {
    pub(super) fn parse(text: &str) -> Self {
        let mut crontab = Self::default();
        let lines = text.lines().map(str::trim_start);
        for line in lines.filter(|line| !line.is_empty() && !line.starts_with('#')) {
            match line.split_once('=') {
                Some((name, value)) if is_name(name) => {
                    crontab.variables.push((name.into(), value.into()));
                }
                _ => crontab.jobs.push(Job::parse(line)),
            }
        }
        crontab
    }

    /// Returns the job whose command contains a text.
    pub(super) fn job(&self, text: &str) -> &Job {
        let mut jobs = self.jobs.iter().filter(|job| job.command.contains(text));
        let job = jobs
            .next()
            .unwrap_or_else(|| panic!("no job contains `{text}`"));
        assert!(jobs.next().is_none(), "several jobs contain `{text}`");
        job
    }
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

impl Job {
    fn parse(line: &str) -> Self {
        /// First and last value of minute, hour, day of the month, month, and day of the week.
        const BOUNDS: [(u32, u32); 5] = [(0, 59), (0, 23), (1, 31), (1, 12), (0, 7)];
        let mut rest = line;
        for (first, last) in BOUNDS {
            let (field, after) = rest.split_once(char::is_whitespace).expect("five fields");
            let is_valid = |number: &str| {
                let number = number.parse::<u32>();
                number.is_ok_and(|number| (first..=last).contains(&number))
            };
            assert!(
                field == "*" || field.split(['-', ',']).all(is_valid),
                "{line}"
            );
            rest = after.trim_start();
        }
        // The first `%` ends the command; what follows is its standard input. `\%` is a character.
        let rest = rest.replace("\\%", "\0");
        let (command, stdin) = rest.split_once('%').unwrap_or((&rest, ""));
        Self {
            command: command.replace('\0', "%"),
            stdin: stdin.replace('%', "\n").replace('\0', "%"),
        }
    }
}

#[test]
fn crontab_is_read_as_by_cron() {
    let crontab = Crontab::parse("# a\nA=b c\n\n5 0 * 1-3 1,7  a=1 date +\\%F%x%y\n");
    assert_eq!(crontab.variables, [("A".to_owned(), "b c".to_owned())]);
    let job = crontab.job("date");
    assert_eq!((&*job.command, &*job.stdin), ("a=1 date +%F", "x\ny"));
}
