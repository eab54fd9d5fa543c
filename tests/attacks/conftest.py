"""The folders below hold hostile submissions, which are data: their conftest.py and test_*.py files are not for pytest."""

collect_ignore_glob = ["*/*"]
