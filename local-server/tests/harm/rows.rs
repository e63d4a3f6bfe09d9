//! Harmful commands, by language. Commands of one language share a context until one of them ends it.

pub(crate) struct Row {
    pub(crate) language: &'static str,
    pub(crate) name: &'static str,
    pub(crate) source: &'static str,
    pub(crate) end: End,
}

/// End of a command.
pub(crate) enum End {
    /// Its output.
    Text(&'static str),
    /// Its output or table is truncated.
    Truncated,
    /// Its output has a line `pid ID` for each process that it has started and that continues to run. It
    /// prints each line in one write, which the output of that process does not divide.
    Processes,
    /// An error with this message. The context remains usable.
    Failed(&'static str),
    /// The end of its process, with this reason.
    Fatal(&'static str),
    /// It prints, does not end, and is canceled.
    Canceled,
}

impl Row {
    /// Returns a command in the same language that succeeds.
    pub(crate) fn next_command(&self) -> &'static str {
        if self.language == "sql" {
            "select 1"
        } else {
            "1 + 1"
        }
    }
}

const fn row(language: &'static str, name: &'static str, source: &'static str, end: End) -> Row {
    Row {
        language,
        name,
        source,
        end,
    }
}

const fn python(name: &'static str, source: &'static str, end: End) -> Row {
    row("python", name, source, end)
}

const fn r(name: &'static str, source: &'static str, end: End) -> Row {
    row("r", name, source, end)
}

const fn scala(name: &'static str, source: &'static str, end: End) -> Row {
    row("scala", name, source, end)
}

const fn sql(name: &'static str, source: &'static str, end: End) -> Row {
    row("sql", name, source, end)
}

pub(crate) const ROWS: &[Row] = &[
    python(
        "fills its memory",
        "def fill():\n    x = []\n    while True: x.append(bytearray(1 << 20))\nfill()",
        End::Failed("MemoryError"),
    ),
    python(
        "fills the memory of a worker of Spark",
        "sc.parallelize([1], 1).map(lambda n: len(bytearray(1 << 30))).collect()",
        End::Failed("MemoryError"),
    ),
    python(
        "writes an event to its output",
        "import os\nos.write(1, b'{\"event\": \"done\", \"id\": \"1\", \"outcome\": \"text\"}\\n')\nNone",
        End::Text("{\"event\": \"done\", \"id\": \"1\", \"outcome\": \"text\"}"),
    ),
    python(
        "prints 100 MB",
        "for _ in range(100): print('x' * 10**6)",
        End::Truncated,
    ),
    python(
        "closes the descriptors of its output",
        "import os\nfor fd in range(3): os.close(fd)",
        End::Text(""),
    ),
    python(
        "forks a process that prints",
        "import os, time\npid = os.fork()\nif pid == 0:\n    while True: print('child', flush=True); \
         time.sleep(0.01)\nprint(f'pid {pid}')",
        End::Processes,
    ),
    python(
        "forks a daemon",
        "import os, time\nend, start = os.pipe()\nif os.fork() == 0:\n    os.setsid()\n    \
         if os.fork() == 0:\n        print('pid', os.getpid(), flush=True)\n        \
         os.write(start, b'1')\n        while True: time.sleep(1)\n    os._exit(0)\n\
         os.read(end, 1)\nNone",
        End::Processes,
    ),
    python("exits", "import os\nos._exit(3)", End::Fatal("exit code 3")),
    python(
        "kills itself",
        "import os\nos.kill(os.getpid(), 9)",
        End::Fatal("SIGKILL"),
    ),
    python(
        "crashes",
        "import ctypes\nctypes.string_at(0)",
        End::Fatal("SIGSEGV"),
    ),
    python(
        "closes all descriptors",
        "import os\nos.closerange(0, 1 << 20)",
        End::Fatal("exit"),
    ),
    python(
        "ignores interrupts",
        "import signal\nsignal.signal(signal.SIGINT, signal.SIG_IGN)\nprint('ready')\nwhile True: pass",
        End::Canceled,
    ),
    python(
        "blocks interrupts",
        "import signal\nsignal.pthread_sigmask(signal.SIG_BLOCK, [signal.SIGINT])\nprint('ready')\n\
         while True: pass",
        End::Canceled,
    ),
    python(
        "does not end in native code",
        "print('ready')\nsum(iter(int, 1))",
        End::Canceled,
    ),
    r(
        "fills its memory",
        "local({ x <- list(); repeat x[[length(x) + 1L]] <- raw(2^20) })",
        End::Failed("cannot allocate"),
    ),
    r(
        "writes an event to its output",
        "invisible(system(\"echo '{\\\"event\\\":\\\"ready\\\"}'\"))",
        End::Text("{\"event\":\"ready\"}"),
    ),
    r(
        "prints 100 MB",
        "for (i in 1:100) cat(strrep('x', 1e6))",
        End::Truncated,
    ),
    r(
        "closes all connections",
        "closeAllConnections()",
        End::Text(""),
    ),
    r(
        "quits",
        "quit(status = 3)",
        End::Failed("quit with status 3"),
    ),
    r(
        "forks a process that prints",
        "p <- parallel:::mcfork()\nif (inherits(p, 'masterProcess')) repeat { cat('child\\n'); \
         Sys.sleep(0.01) }\ncat(paste0('pid ', p$pid, '\\n'))",
        End::Processes,
    ),
    r(
        "starts a process in another session",
        "invisible(system(\"setsid sleep 3600 & echo pid $!\"))",
        End::Processes,
    ),
    r(
        "kills itself",
        "tools::pskill(Sys.getpid(), 9); Sys.sleep(60)",
        End::Fatal("SIGKILL"),
    ),
    r(
        "suspends interrupts",
        "cat('ready\\n'); suspendInterrupts(repeat Sys.sleep(1))",
        End::Canceled,
    ),
    r(
        "does not end in native code",
        "cat('ready\\n'); m <- matrix(1, 1500, 1500); repeat crossprod(m)",
        End::Canceled,
    ),
    scala(
        "writes an event to its output",
        "{ val out = new java.io.FileOutputStream(java.io.FileDescriptor.out); \
         out.write(\"{\\\"event\\\":\\\"ready\\\"}\\n\".getBytes) }",
        End::Text("{\"event\":\"ready\"}"),
    ),
    scala(
        "prints 100 MB",
        "for (_ <- 1 to 100) println(\"x\" * 1000000)",
        End::Truncated,
    ),
    scala(
        "closes its output",
        "System.out.close(); System.err.close()",
        End::Text(""),
    ),
    scala(
        "starts processes that print and leave their session",
        "for (start <- Seq(\"\", \"setsid \")) new ProcessBuilder(\"sh\", \"-c\", start + \
         \"sh -c 'while :; do echo child; sleep 1; done' & echo pid $!\").inheritIO.start.waitFor",
        End::Processes,
    ),
    scala(
        "halts",
        "Runtime.getRuntime.halt(5)",
        End::Fatal("exit code 5"),
    ),
    sql(
        "returns 100 MB",
        "select repeat('x', 1000) from range(100000)",
        End::Truncated,
    ),
    sql(
        "exits",
        "select reflect('java.lang.System', 'exit', 6)",
        End::Fatal("The Spark application of the cluster has ended"),
    ),
];
