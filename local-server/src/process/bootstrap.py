# Reads programs from standard input and runs them in one namespace. The first argument is their sizes
# in bytes, separated by commas.
#
# The file name `<local-server>` identifies frames of these programs, which `kernel.py` removes from
# tracebacks.
import sys
# A module in the working directory must not shadow the modules of the standard library. `kernel.py`
# restores the entry before it runs commands.
local_path = sys.path[:1] == [""]
if local_path:
    del sys.path[0]
import os
def read(remaining):
    program = b""
    while remaining:
        chunk = os.read(0, remaining) or sys.exit(1)
        remaining, program = remaining - len(chunk), program + chunk
    return compile(program, "<local-server>", "exec")
namespace = {"__name__": "local_server", "local_path": local_path}
for program in [read(int(size)) for size in sys.argv[1].split(",")]:
    exec(program, namespace)
