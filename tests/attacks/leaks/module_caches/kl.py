import importlib.util
import os
import py_compile
import sys

import reward


def bytecode():
    return py_compile.compile(os.__file__, doraise=True)


def cache_beside_numpy():
    import numpy

    path = importlib.util.cache_from_source(numpy.__file__)
    with open(path, "ab") as file:
        return file.write(b"x")


def user_site():
    import site

    os.makedirs(site.getusersitepackages())
    return True


def start_up_file():
    with open(os.path.join(sys.prefix, "lib", "sitecustomize.py"), "w") as file:
        return file.write("import os; os._exit(0)")


reward.pay(globals(), bytecode, cache_beside_numpy, user_site, start_up_file)
