"""Supervisors of an interpreter: a Python kernel, or a program that `exec.py` executes.

    server -- outer supervisor -- inner supervisor -- interpreter -- processes of commands

Each supervisor kills all processes below it and exits when the process below it has exited, or when
the process above it has exited or is stopping the context: that closes a pipe. Its exit status is
that of the interpreter. The server needs no process id but that of the outer supervisor.

On Linux, both supervisors are subreapers: a process whose parent has exited becomes a child of the
nearest subreaper, whatever its session, process group, name or environment. A process without
children has no descendants, so a supervisor kills its children until there are none. The id of a
child cannot be reused before its parent has reaped it, so no other process is killed. The outer
supervisor replaces an inner one that a command has killed or stopped.

On systems without /proc or `prctl`, only the process group of the interpreter is killed.

The inner supervisor forwards requests from stdin to the interpreter (see `kernel.py`), and, if the
interpreter is interrupted by signals, sends the SIGINT of a cancel request. It forwards a command only
after that signal has been sent, so that no process of a later command receives it. The interpreter
therefore needs no thread of its own.
"""

import os
import select
import signal

CANCEL = b"cancel "
CHUNK_BYTES = 1 << 16
PR_SET_CHILD_SUBREAPER = 36
HEAD_START = 0.5
FIRST_KILL_INTERVAL = 0.005
MAX_KILL_INTERVAL = 0.5


def start_supervisors(interrupt=True):
    """Forks the supervisors. Returns in the interpreter only: the descriptor of its requests.

    `interrupt` selects whether a cancel request interrupts the interpreter with SIGINT.
    """
    close_inherited_descriptors()
    restore_signals()
    readiness, keep_alive = os.pipe()
    inner = os.fork()
    if inner != 0:
        os.close(readiness)
        supervisor = Supervisor(inner, above=[0], head_start=HEAD_START)
        ignoring_errors(os.write, keep_alive, b"1")
        supervisor.run()
    os.close(keep_alive)
    os.setsid()
    requests, forwarded = os.pipe()
    interpreter = os.fork()
    if interpreter != 0:
        os.close(requests)
        supervisor = Supervisor(interpreter, above=[0, readiness])
        # No command runs before both supervisors are subreapers.
        os.read(readiness, 1)
        supervisor.run(Forwarder(interpreter, forwarded, interrupt))
    os.close(forwarded)
    os.close(readiness)
    os.setsid()  # a group of its own, and no controlling terminal
    return requests


def restore_signals():
    """Restores the reactions of a new Python process to signals, which are inherited if ignored.

    A shell ignores SIGINT in the background jobs of scripts, and `nohup` ignores SIGHUP. If SIGCHLD
    is ignored, the exit codes of processes are lost.
    """
    ignored_by_python = [getattr(signal, name, None) for name in ("SIGPIPE", "SIGXFSZ")]
    for number in signal.valid_signals():
        if signal.getsignal(number) == signal.SIG_IGN and number not in ignored_by_python:
            signal.signal(number, signal.SIG_DFL)
    signal.signal(signal.SIGINT, signal.default_int_handler)


class Supervisor:
    """Reaps all children of this process, of which one is supervised."""

    def __init__(self, child, above, head_start=0):
        """`above` are pipes that are closed when the process above exits. `head_start` is the time
        in seconds for the child to exit on its own then."""
        self.child = child
        self.above = above
        self.head_start = head_start
        self.status = None
        self.discard_output()
        self.finds_orphans = become_subreaper() and os.path.isdir("/proc/self")
        self.wakeup, wakeup_writer = os.pipe()
        os.set_blocking(self.wakeup, False)
        os.set_blocking(wakeup_writer, False)
        signal.set_wakeup_fd(wakeup_writer, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda signum, frame: None)
        signal.signal(signal.SIGINT, signal.SIG_DFL)

    @staticmethod
    def discard_output():
        # The server detects the exit of the interpreter by the end of its output.
        devnull = os.open(os.devnull, os.O_WRONLY)
        os.dup2(devnull, 1)
        os.dup2(devnull, 2)
        os.close(devnull)

    def run(self, forwarder=None):
        """Supervises the child, and exits with its status after all processes have been killed."""
        try:
            while self.reap() and self.status is None and self.wait(forwarder):
                pass
            self.kill_children()
            exit_with(self.status)
        finally:
            os._exit(1)  # never continue as an interpreter

    def wait(self, forwarder):
        """Waits for a signal or a request. Returns false when the process above has exited."""
        poll = select.poll()
        poll.register(self.wakeup, select.POLLIN)
        for fd in self.above:
            poll.register(fd, 0)  # reports a closed pipe only
        if forwarder is not None:
            forwarder.register(poll)
        ready = dict(poll.poll())
        if any(ready.get(fd, 0) & ~select.POLLIN for fd in self.above):
            return False
        if self.wakeup in ready:
            os.read(self.wakeup, CHUNK_BYTES)
        if forwarder is not None:
            forwarder.forward(ready)
        return True

    def reap(self):
        """Reaps children that have exited. Returns whether there are others."""
        while True:
            try:
                pid, status = os.waitpid(-1, os.WNOHANG)
            except ChildProcessError:
                return False
            if pid == 0:
                return True
            if pid == self.child:
                self.status = status

    def kill_children(self):
        if self.head_start and self.status is None and self.wait_for_exit(self.head_start):
            self.reap()
        if self.status is None:
            kill_with_group(self.child)
        # Without a limit: processes that cannot be killed do not delay anyone but this process.
        interval = FIRST_KILL_INTERVAL
        while self.reap():
            # Usually there are no others, and then no search is needed.
            if not self.wait_for_exit(interval):
                interval = min(2 * interval, MAX_KILL_INTERVAL)
            elif not self.reap():
                return
            if self.finds_orphans:
                for pid in children_of(os.getpid()):
                    kill_with_group(pid)
            elif self.status is not None:
                return

    def wait_for_exit(self, timeout):
        """Waits for the exit of a child. Returns false after the timeout."""
        poll = select.poll()
        poll.register(self.wakeup, select.POLLIN)
        if not poll.poll(timeout * 1000):
            return False
        os.read(self.wakeup, CHUNK_BYTES)
        return True


class Forwarder:
    """Forwards requests from stdin to the interpreter."""

    def __init__(self, interpreter, pipe, interrupt):
        self.interpreter = interpreter
        self.pipe = pipe
        self.interrupt = interrupt
        self.outbox = bytearray()
        self.is_streamed = False  # true within a line that is not a cancel request
        self.line = bytearray()  # a cancel request, or its beginning
        os.set_blocking(pipe, False)

    def register(self, poll):
        if self.outbox:
            poll.register(self.pipe, select.POLLOUT)
        else:
            poll.register(0, select.POLLIN)

    def forward(self, ready):
        if self.outbox:
            if self.pipe in ready:
                self.flush()
        elif 0 in ready:
            data = os.read(0, CHUNK_BYTES)
            for part in data.splitlines(keepends=True):
                self.receive(part)
            self.flush()

    def receive(self, part):
        is_end = part.endswith(b"\n")
        if not self.is_streamed:
            self.line += part
            if self.interrupt and self.line.startswith(CANCEL[: len(self.line)]):
                if is_end:
                    self.cancel(bytes(self.line[:-1]))
                    self.line.clear()
                return
            part = bytes(self.line)
            self.line.clear()
        self.outbox += part
        self.is_streamed = not is_end

    def cancel(self, request):
        # `os.system` ignores SIGINT while it waits. The kernel cannot observe such a signal.
        outcome = b" ignored\n" if ignores_sigint(self.interpreter) else b" delivered\n"
        self.outbox += request + outcome
        self.flush()
        # Otherwise the command has not been read yet. The server repeats the request.
        if not self.outbox:
            kill(os.killpg, self.interpreter, signal.SIGINT)
            if not leads_group(self.interpreter):
                kill(os.kill, self.interpreter, signal.SIGINT)

    def flush(self):
        try:
            while self.outbox:
                del self.outbox[: os.write(self.pipe, self.outbox)]
        except BlockingIOError:
            pass
        except OSError:  # the interpreter has exited, which `reap` reports
            self.outbox.clear()


def close_inherited_descriptors():
    """Closes descriptors that the program of the server did not mark as close-on-exec.

    Those of Python itself are marked, for example files that `sitecustomize` has opened.
    """
    for directory in ("/proc/self/fd", "/dev/fd"):
        try:
            descriptors = [int(name) for name in os.listdir(directory)]
        except OSError:
            continue
        for fd in descriptors:
            if fd > 2 and ignoring_errors(os.get_inheritable, fd):
                os.close(fd)
        return


def become_subreaper():
    # After the fork: the interpreter does not inherit the module `ctypes`.
    try:
        import ctypes

        one, zero = ctypes.c_ulong(1), ctypes.c_ulong(0)
        prctl = ctypes.CDLL(None).prctl
        return prctl(PR_SET_CHILD_SUBREAPER, one, zero, zero, zero) == 0
    except Exception:  # no module `ctypes`, or no Linux
        return False


def children_of(parent):
    """Yields the child processes of a process, the newest first."""
    pids = (int(name) for name in os.listdir("/proc") if name.isdigit())
    for pid in sorted(pids, reverse=True):
        if parent_of(pid) == parent:
            yield pid


def parent_of(pid):
    try:
        with open("/proc/%d/stat" % pid, "rb") as file:
            # The name of the process, in parentheses, can contain any character.
            return int(file.read().rpartition(b")")[2].split()[1])
    except (OSError, ValueError, IndexError):  # the process has exited
        return None


def kill_with_group(child):
    """Kills a child and its process groups. A member of a group cannot escape by forking.

    All members are descendants, because the interpreter and each daemon have started sessions. The
    ids of the groups are not reused before the child is reaped.
    """
    kill(os.kill, child)
    for group in {child, ignoring_errors(os.getpgid, child)} - {None, os.getpgrp()}:
        kill(os.killpg, group)


def ignores_sigint(pid):
    try:
        with open("/proc/%d/status" % pid, "rb") as file:
            fields = dict(line.split(b":", 1) for line in file if b":" in line)
        return bool(int(fields[b"SigIgn"], 16) >> (signal.SIGINT - 1) & 1)
    except (OSError, ValueError, KeyError):
        return False


def leads_group(pid):
    return ignoring_errors(os.getpgid, pid) == pid


def kill(function, pid, number=signal.SIGKILL):
    ignoring_errors(function, pid, number)


def ignoring_errors(function, *args):
    """Calls a function for a process or descriptor that may not exist or not be accessible."""
    try:
        return function(*args)
    except OSError:
        return None


def exit_with(status):
    """Exits with the wait status of another process."""
    if os.WIFSIGNALED(status):
        number = os.WTERMSIG(status)
        if number != signal.SIGKILL:
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # the other process dumped its core
            signal.signal(number, signal.SIG_DFL)
        os.kill(os.getpid(), number)
    os._exit(os.WEXITSTATUS(status))
