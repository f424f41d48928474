"""The client of the hosted API; it starts the embedded one."""
