import sys
del sys.modules[__name__]
import b
