import sys


class Nothing:
    def __getattribute__(self, name):
        raise SystemExit(name)


sys.modules[__name__] = Nothing()
