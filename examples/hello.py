"""Says hello from wherever it runs.

    dbexec run --local examples/hello.py
"""

import platform
from collections import Counter

print("Hello, world!")
print(f"This is Python {platform.python_version()} on {platform.system()}.")

letters = Counter("hello world".replace(" ", ""))
for letter, count in letters.most_common(2):
    print(f"{letter}: {count}")

# The value of the last expression is part of the result, as in a notebook.
sum(letters.values())
