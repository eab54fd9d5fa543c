raise RuntimeError('a submitted module was imported in place of an installed one')
