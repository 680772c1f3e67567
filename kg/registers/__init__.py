"""Sources of rows, loaded by name (`kg.build.gather.sources`)."""
