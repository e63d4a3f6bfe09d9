"""Executes a program below the supervisors, in place of a Python kernel (see `kernel.py`).

    argv[2]   `sigint` if the supervisor sends SIGINT with a cancel request, otherwise `requests`
    argv[3]   maximum memory in bytes, or `unlimited`
    argv[4:]  the program, which is searched for in the PATH, and its arguments

The program has these file descriptors: 0 is /dev/null, 1 and 2 are the pipe of output, 3 the pipe of
requests, and 4 the pipe of events. A program that cannot be executed exits with 127, as in a shell.
"""

import fcntl
import os
import resource
import signal
import sys

FIRST_FREE_FD = 5


def execute(requests, memory_limit, arguments):
    requests, events, output, devnull = [
        fcntl.fcntl(fd, fcntl.F_DUPFD_CLOEXEC, FIRST_FREE_FD)
        for fd in (requests, 1, 2, os.open(os.devnull, os.O_RDONLY))
    ]
    for number, fd in enumerate((devnull, output, output, requests, events)):
        os.dup2(fd, number)
    # Python ignores these signals.
    for name in ("SIGPIPE", "SIGXFSZ"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), signal.SIG_DFL)
    if memory_limit != "unlimited":
        limit_memory(int(memory_limit))
    try:
        os.execvp(arguments[0], arguments)
    except OSError as error:
        message = "cannot execute %s: %s\n" % (arguments[0], error.strerror)
        os.write(2, message.encode("utf-8", "surrogateescape"))
    finally:
        os._exit(127)  # never continue as an interpreter


def limit_memory(limit):
    # The hard limit of this process may be lower.
    _, hard = resource.getrlimit(resource.RLIMIT_DATA)
    if hard == resource.RLIM_INFINITY or limit < hard:
        resource.setrlimit(resource.RLIMIT_DATA, (limit, limit))


if sys.version_info < (3, 8):
    sys.exit("Python 3.8 or newer is required, this is " + sys.version.split()[0])
execute(start_supervisors(interrupt=sys.argv[2] == "sigint"), sys.argv[3], sys.argv[4:])
