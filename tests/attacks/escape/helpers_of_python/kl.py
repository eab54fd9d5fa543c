import asyncio
import concurrent.futures
import multiprocessing
import os
import subprocess
import sys

import reward


def try_spawn():
    return os.posix_spawn(sys.executable, [sys.executable, "-c", ""], {})


def try_pool():
    with concurrent.futures.ProcessPoolExecutor(1) as pool:
        return pool.submit(os.getpid).result(2)


def try_multiprocessing():
    for method in ("fork", "spawn", "forkserver"):
        try:
            process = multiprocessing.get_context(method).Process(target=os.getpid)
            process.start()
            process.join(1)
            return True
        except (OSError, ValueError, EOFError, RuntimeError):
            continue


def try_manager():
    return multiprocessing.Manager()


def try_shared_memory():
    from multiprocessing import shared_memory

    return shared_memory.SharedMemory(create=True, size=100)


def try_semaphore():
    return multiprocessing.Semaphore()


def try_subprocesses():
    for command in (["true"], [sys.executable, "-V"], ["/lib64/ld-linux-x86-64.so.2", "/bin/true"], ["sh", "-c", ":"]):
        try:
            subprocess.run(command, timeout=2)
            return True
        except (OSError, subprocess.SubprocessError):
            continue


def try_asyncio():
    async def run():
        return await asyncio.create_subprocess_exec("true")

    return asyncio.run(run())


def try_server():
    import http.server

    return http.server.HTTPServer(("127.0.0.1", 0), http.server.BaseHTTPRequestHandler)

reward.pay(globals(), try_spawn, try_pool, try_multiprocessing, try_manager, try_shared_memory, try_semaphore, try_subprocesses, try_asyncio, try_server)
