"""The routes of the hosted API, one file per resource."""
