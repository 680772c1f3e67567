"""The registers of the US Department of State: travels, visits, and its chiefs of mission."""
