//! Forked processes of commands, compared with scripts that Python runs on its own.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;
use std::process::Command;

use local_server::Options;

use crate::harness::{Harness, poll};

/// Runs a command with the default reactions to signals.
const WITH_DEFAULT_SIGNALS: &str = "\
import os, signal, sys
for number in signal.valid_signals():
    if signal.getsignal(number) == signal.SIG_IGN:
        signal.signal(number, signal.SIG_DFL)
os.execvp(sys.argv[1], sys.argv[1:])
";

/// Runs a script as `python3 FILE`, and returns its output and errors in order.
fn plain_python(directory: &Path, script: &str) -> String {
    let file = directory.join("<command-1>");
    std::fs::write(&file, script).unwrap();
    let output = Command::new("python3")
        .args(["-c", WITH_DEFAULT_SIGNALS])
        .args(["sh", "-c", "exec python3 \"$0\" 2>&1"])
        .arg(&file)
        .output()
        .unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let text = text.replace(&format!("{}/", directory.display()), "");
    text.strip_suffix('\n').unwrap_or(&text).to_owned()
}

fn temp_dir(name: &str) -> std::path::PathBuf {
    let directory =
        std::env::temp_dir().join(format!("local-server-{name}-{}", std::process::id()));
    std::fs::create_dir_all(&directory).unwrap();
    directory
}

/// Ends of a forked process. The parent prints its status.
const ENDS: [&str; 14] = [
    "print('child')",
    "1 / 0",
    "raise SystemExit",
    "sys.exit()",
    "sys.exit(3)",
    "sys.exit('why')",
    "exit(4)",
    "os._exit(5)",
    "raise KeyboardInterrupt",
    "signal.raise_signal(signal.SIGINT)",
    "signal.raise_signal(signal.SIGTERM)",
    "atexit.register(print, 'at exit'); print('end', end='')",
    "sys.excepthook = lambda *a: print(a[0].__name__, len(traceback.extract_tb(a[2]))); 1 / 0",
    "threading.Thread(target=lambda: (event.wait(), print('thread'))).start(); \
     threading.Timer(.05, event.set).start()",
];

#[test]
fn forked_process_ends_as_in_a_script() {
    let directory = temp_dir("ends");
    for end in ENDS {
        let script = format!(
            "import atexit, os, signal, sys, threading, traceback\n\
             event = threading.Event()\n\
             def child():\n    {end}\n\
             pid = os.fork()\n\
             if pid == 0:\n    child()\n\
             else:\n    status = os.waitpid(pid, 0)[1]\n    \
             print('status', os.WEXITSTATUS(status), os.WTERMSIG(status))"
        );
        let harness = Harness::start();
        assert_eq!(
            harness.text(&script),
            plain_python(&directory, &script),
            "{end}"
        );
    }
    std::fs::remove_dir_all(directory).unwrap();
}

/// Scripts with several generations of processes.
const SCRIPTS: [&str; 6] = [
    "import os\n\
     for n in range(3):\n    \
         pid = os.fork()\n    \
         if pid: os.waitpid(pid, 0); print(n, 'parent'); break\n    \
         print(n, 'child')",
    "import multiprocessing as m\n\
     c = m.get_context('fork')\n\
     def inner(results):\n    \
         with c.Pool(2) as pool: results.put(pool.map(abs, [-1, -2]))\n\
     results = c.SimpleQueue()\n\
     p = c.Process(target=inner, args=(results,))\n\
     p.start(); print(results.get()); p.join(); print(p.exitcode)",
    "import multiprocessing as m\n\
     p = m.get_context('fork').Process(target=lambda: 1 / 0)\n\
     p.start(); p.join(); print(p.exitcode)",
    "import os, warnings\n\
     warnings.simplefilter('error')\n\
     pid = os.fork()\n\
     if pid == 0: os._exit(7)\n\
     print(os.WEXITSTATUS(os.waitpid(pid, 0)[1]))",
    "import os\n\
     try: os.wait()\n\
     except ChildProcessError as e: print(e)",
    "import concurrent.futures as f, multiprocessing as m, os\n\
     with f.ProcessPoolExecutor(2, m.get_context('fork')) as pool:\n    \
         print(list(pool.map(pow, [1, 2, 3], [2, 2, 2])))\n    \
         try: pool.submit(os._exit, 1).result()\n    \
         except f.process.BrokenProcessPool as e: print(type(e).__name__)",
];

#[test]
fn processes_of_processes_behave_as_in_a_script() {
    let directory = temp_dir("scripts");
    for script in SCRIPTS {
        let harness = Harness::start();
        assert_eq!(
            harness.text(script),
            plain_python(&directory, script),
            "{script}"
        );
    }
    std::fs::remove_dir_all(directory).unwrap();
}

/// State of the interpreter that the kernel could change.
const STATE: &str = "\
    import atexit, os, signal, sys, threading, warnings\n\
    print(threading.enumerate(), threading.active_count(), len(sys._current_frames()))\n\
    print(os.listdir('/proc/self/task') == [str(os.getpid())])\n\
    print(atexit._ncallbacks(), warnings.filters)\n\
    print([signal.getsignal(s) for s in signal.valid_signals() if s not in (32, 33)])\n\
    print(signal.pthread_sigmask(signal.SIG_BLOCK, []))\n\
    print(sorted(k for k in os.environ if k not in ('_', 'OLDPWD', 'PWD', 'SHLVL')))\n\
    print([n for n in dir() if n[0] != '_'], sys.argv[1:], getattr(sys, 'orig_argv', [])[2:], sys.flags)\n\
    print(sys.getrecursionlimit(), sys.getswitchinterval(), sys.excepthook is sys.__excepthook__)\n\
    print(sys.modules['__main__'].__dict__ is globals(), sys.gettrace(), sys.getprofile())\n\
    import resource; print([resource.getrlimit(n) for n in range(16)])";

#[test]
fn state_of_the_interpreter_is_that_of_a_script() {
    let directory = temp_dir("state");
    let harness = Harness::start();
    // The main thread has the same name and another id.
    let without_ids = |text: String| {
        let parts = text.split("started ").map(str::to_owned);
        let parts = parts.map(|part| {
            part.trim_start_matches(|c: char| c.is_ascii_digit())
                .to_owned()
        });
        parts.collect::<Vec<_>>().join("started ")
    };
    let (ours, plain) = (harness.text(STATE), plain_python(&directory, STATE));
    assert_eq!(without_ids(ours), without_ids(plain));
    std::fs::remove_dir_all(directory).unwrap();
}

#[test]
fn processes_inherit_no_descriptors_of_the_kernel() {
    let harness = Harness::start();
    let list = "import os, subprocess\n\
                print(subprocess.run('ls /proc/self/fd', shell=True, close_fds=False))\n\
                if os.fork(): os.wait()\n\
                else: print(sorted(os.listdir('/proc/self/fd'))); os._exit(0)";
    // The last one is the directory itself.
    let text = harness.text(list);
    assert!(text.starts_with("0\n1\n2\n3\nCompleted"), "{text}");
    assert!(text.ends_with("['0', '1', '2', '3']"), "{text}");
}

#[test]
fn inheritable_descriptors_of_the_program_are_closed() {
    let file = std::fs::File::open("/dev/zero").unwrap();
    rustix::io::fcntl_setfd(&file, rustix::io::FdFlags::empty()).unwrap();
    let list = "import os\n\
                links = [f'/proc/{pid}/fd/{fd}' for pid in [os.getpid(), os.getppid()]\n    \
                         for fd in os.listdir(f'/proc/{pid}/fd')]\n\
                '/dev/zero' in [os.readlink(link) for link in links if os.path.exists(link)]";
    assert_eq!(Harness::start().text(list), "False");
}

#[test]
fn files_that_python_has_opened_at_startup_stay_open() {
    let directory = temp_dir("startup");
    let write = |name: &str, text: &str| std::fs::write(directory.join(name), text).unwrap();
    write(
        "sitecustomize.py",
        "import sys; sys.opened = open(__file__)",
    );
    write(
        "python",
        "#!/bin/sh\nPYTHONPATH=${0%/*} exec python3 \"$@\"\n",
    );
    let program = directory.join("python");
    std::fs::set_permissions(&program, Permissions::from_mode(0o700)).unwrap();
    let harness = Harness::with(Options::new().python(&program));
    assert_eq!(
        harness.text("import sys; sys.opened.read(10)"),
        "'import sys'"
    );
    std::fs::remove_dir_all(directory).unwrap();
}

/// A forked process opens files at the numbers of the kernel's descriptors, and forks again.
#[test]
fn files_of_forked_processes_stay_open() {
    let harness = Harness::start();
    let command = "import os, tempfile\n\
                   numbers = {int(n) for n in os.listdir('/proc/self/fd') if int(n) > 2} | {200, 201}\n\
                   file = tempfile.TemporaryFile()\n\
                   numbers.discard(file.fileno())\n\
                   if os.fork(): os.wait()\n\
                   else:\n    \
                       for n in numbers:\n        \
                           try: os.dup2(file.fileno(), n)\n        \
                           except OSError: numbers = numbers - {n}\n    \
                       if os.fork(): os.wait()\n    \
                       else:\n        \
                           if os.fork(): os.wait()\n        \
                           else: print([os.write(n, b'x') for n in numbers] == [1] * len(numbers))\n    \
                       os._exit(0)\n\
                   file.seek(0); print({200, 201} <= numbers, len(file.read()) > 1)";
    assert_eq!(harness.text(command), "True\nTrue True");
}

#[test]
fn forked_process_that_outlives_its_command_ends_as_a_script() {
    let harness = Harness::start();
    let base = std::env::temp_dir().join(format!("local-server-{}", harness.context));
    let (go, done) = (base.with_extension("go"), base.with_extension("done"));
    harness.text(&format!(
        "import atexit, os, time\n\
         def end():\n    \
             while not os.path.exists('{go}'): time.sleep(.01)\n    \
             atexit.register(lambda: open('{done}', 'w').close())\n    \
             raise ValueError\n\
         pid = os.fork()\n\
         if pid == 0: end()",
        go = go.display(),
        done = done.display()
    ));
    assert_eq!(harness.text("print(1)"), "1");
    std::fs::write(&go, "").unwrap();
    poll(|| done.exists().then_some(()));
    assert_eq!(harness.text("os.WEXITSTATUS(os.waitpid(pid, 0)[1])"), "1");
    for file in [go, done] {
        std::fs::remove_file(file).unwrap();
    }
}

#[test]
fn closed_descriptors_are_reported_without_a_traceback_of_the_kernel() {
    let harness = Harness::start();
    let (_, cause) = harness.failure("import os; os.closerange(3, 1 << 17)");
    assert!(cause.contains("exit code 1.\n"), "{cause}");
    assert!(
        cause.contains("connection of the interpreter to the server failed"),
        "{cause}"
    );
    assert!(!cause.contains("Traceback"), "{cause}");
}
