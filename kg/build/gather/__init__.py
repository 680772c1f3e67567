"""Sources to checked facts to sorted lines, partition by partition."""
