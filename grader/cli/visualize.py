"""`grade visualize`: the lesson's interactive page."""

from __future__ import annotations

import rich_click as click

from grader.cli import options


@click.command(epilog=options.examples("grade visualize", "grade visualize --print-path"))
@click.option("--print-path", is_flag=True, help="Only print where the page is.")
def visualize(print_path: bool) -> None:
    """Open the page that shows how gradients flow, with the trick and without it, in a browser.

    It is one file and needs no network. Its path is printed as well.
    """
    import webbrowser

    from grader.release import page_path
    from grader.report import terminal

    path = page_path()
    click.echo(path)
    if not print_path and not webbrowser.open(path.as_uri()):
        terminal.stderr().print("no browser could be started here; open that file in one", soft_wrap=True)
