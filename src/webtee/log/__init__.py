"""The log: records, segments encoded once, seeking, retention and cursors.

Sans-I/O: nothing here knows of asyncio, sockets, files or clocks. Times are passed in, bytes are
handed back, and every promise of order, completeness and announced gaps can be tested by calling.
"""
