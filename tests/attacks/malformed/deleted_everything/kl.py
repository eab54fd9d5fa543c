import builtins
import sys

for name in list(sys.modules):
    if name != __name__:
        del sys.modules[name]
sys.meta_path.clear()
sys.path.clear()
for name in dir(builtins):
    if name not in ("print", "name", "delattr", "dir"):
        delattr(builtins, name)
