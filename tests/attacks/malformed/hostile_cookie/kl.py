# -*- coding: zlib_codec -*-
x = 1
