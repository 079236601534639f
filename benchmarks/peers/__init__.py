"""The programs that webtee is measured beside, and that do not come as packages."""
