"""Where bytes come in: a command under a pty or with pipes, and standard input.

Each kind is a small class with the one interface of :mod:`webtee.sources.base`. Nothing here knows
of logs, viewers or the network.
"""
