"""Edits that make copies of a video like those that leaked or re-posted footage goes through, with ground truth.

Needs Python 3.9 and ffmpeg only, and no fonts. The same bytes of the source, seed, unrelated clip and build of ffmpeg
give the same copy, byte for byte: one thread, bitexact muxing, parameters drawn per edit from the source's digest.
"""
