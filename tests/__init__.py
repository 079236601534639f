"""The tests of webtee; helpers that several share are in support/."""
