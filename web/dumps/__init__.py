"""Dumps: the files of a release, and its description in VoID and DCAT."""
