"""What happens, chosen by facets, counted, listed; and what two have to do with one another."""
