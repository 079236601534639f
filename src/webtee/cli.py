"""The command line: arguments and environment variables to Settings, Settings to the app.

Nothing slow is imported before the arguments are known to make sense.
"""

import difflib
import os
import sys
from collections.abc import Sequence
from typing import Any

import click

from webtee import __version__
from webtee.errors import UsageError
from webtee.settings import Settings, option_word, options

_HELP = """Show a command's output live in any number of browsers.

\b
  webtee tail -F access.log      run a command, watch http://localhost:9000
  make 2>&1 | webtee             or pipe into it
  curl -N localhost:9000         or watch without a browser

Everything from the first word on that is no option is the command, exactly as given.
"""


class _Line(click.types.StringParamType):
    """A value that may have blanks: a variable that holds several has one in each line."""

    def split_envvar_value(self, rv: str) -> Sequence[str]:
        """Cut the variable's value; see click's."""
        return [line for line in rv.split("\n") if line]


class _Flag(click.Option):
    """A flag or a pair of them, ``--on/--off``: then there is a variable for either."""

    def resolve_envvar_value(self, ctx: click.Context) -> str | None:
        """Take the variable of ``--off`` where there is none of ``--on``; see click's."""
        value = super().resolve_envvar_value(ctx)
        if value is None and self.secondary_opts:
            opposite = self.secondary_opts[0].removeprefix("--").upper()
            if given := os.environ.get(f"{ctx.auto_envvar_prefix}_{opposite}"):
                return str(not click.BOOL.convert(given, self, ctx))
        return value


def _parameter(name: str, type_: type, default: object, option: Any) -> click.Option:
    word = option_word(name)
    if type_ is bool:
        flags = f"--{word}/--{option.off}" if option.off else f"--{word}"
        return _Flag([flags], is_flag=True, default=default, help=option.help)
    several = type_ == tuple[str, ...]
    return click.Option(
        [f"--{word}"],
        type=int if type_ in (int, int | None) else _Line() if several else str,
        default=default,
        multiple=several,
        metavar=option.placeholder,
        help=option.help,
        show_default=option.default or (default not in ((), None, "")),
    )


def _callback(**values: Any) -> int:
    settings = Settings(**values)
    if not settings.command and os.isatty(0):
        click.echo(click.get_current_context().get_help(), err=True)
        return 2
    from webtee.app import main as run

    return run(settings)


def _show_version(context: click.Context, _parameter: click.Parameter, value: bool) -> None:
    if value:
        click.echo(f"webtee {__version__}")
        context.exit()


command_line = click.Command(
    "webtee",
    callback=_callback,
    params=[
        click.Argument(["command"], nargs=-1, type=click.UNPROCESSED, metavar="COMMAND [ARG]..."),
        *(_parameter(*declared) for declared in options()),
        click.Option(
            ["--version"],
            is_flag=True,
            expose_value=False,
            is_eager=True,
            help="Show the version and exit.",
            callback=_show_version,
        ),
    ],
    help=_HELP,
    options_metavar="[OPTIONS]",
    context_settings={
        "allow_interspersed_args": False,
        "auto_envvar_prefix": "WEBTEE",
        "max_content_width": 100,
    },
)


def main(arguments: Sequence[str] | None = None) -> None:
    """Run webtee as the command line does, and exit with its status."""
    _keep_standard_descriptors()
    try:
        status = command_line.main(
            None if arguments is None else list(arguments), "webtee", standalone_mode=False
        )
    except click.NoSuchOption as error:
        status = _fail(error.message + _meant(error), error.exit_code)
    except click.ClickException as error:
        status = _fail(error.format_message(), error.exit_code)
    except click.Abort:
        status = 130
    except UsageError as error:
        status = _fail(str(error), error.exit_status)
    sys.exit(status)


def _meant(error: click.NoSuchOption) -> str:
    """Return which option was meant; click's own guess counts the dashes as likeness."""
    given = error.option_name.lstrip("-")
    names = [option_word(name) for name, *_ in options()]
    near = difflib.get_close_matches(given, names, n=1)
    return f" Did you mean --{near[0]}?" if near else ""


def _fail(message: str, status: int) -> int:
    click.echo(f"webtee: {message}", err=True)
    return status


def _keep_standard_descriptors() -> None:
    """Open what of 0, 1 and 2 is closed, so that no socket of ours gets such a number."""
    for descriptor in (0, 1, 2):
        try:
            os.fstat(descriptor)
        except OSError:
            os.open(os.devnull, os.O_RDWR)
