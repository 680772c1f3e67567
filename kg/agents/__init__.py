"""`kg mcp`: the graph as tools for an agent (Model Context Protocol), over stdio."""
