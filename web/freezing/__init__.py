"""`kg freeze`: the pages and data of a release as files that any web space can hold."""
