def f(*_, **__):
    code = compile("1 / 0", "kl.py", "exec").replace(co_name="<script>alert(1)</script>\x1b[31m")
    exec(code)
