"""Where bytes go out: the aiohttp application, one file per kind of viewer."""
