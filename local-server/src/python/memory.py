"""Limit of the memory of the interpreter."""

import resource

KERNEL_RESERVE = 64 << 20


class MemoryLimit:
    """Maximum size of the private, writable memory while a command runs.

    The kernel can use more between commands. Otherwise it could not describe a `MemoryError` of a command
    whose values still use all memory, and no command could delete them.
    """

    def __init__(self, limit):
        self.command = self.kernel = None
        if limit is None:
            return
        soft, hard = resource.getrlimit(resource.RLIMIT_DATA)
        if hard != resource.RLIM_INFINITY:
            limit = min(limit, max(hard - KERNEL_RESERVE, 0))
        self.command = (limit, limit + KERNEL_RESERVE)
        self.kernel = (limit + KERNEL_RESERVE, limit + KERNEL_RESERVE)

    # The tuples exist already: these functions run when there is no free memory.

    def apply(self):
        set_limit(self.command)

    def relax(self):
        set_limit(self.kernel)


def set_limit(limit):
    if limit is not None:
        try:
            resource.setrlimit(resource.RLIMIT_DATA, limit)
        except ValueError:  # a command has lowered the hard limit
            pass
