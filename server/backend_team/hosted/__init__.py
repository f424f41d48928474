"""The hosted API: accounts, templates, durable executions, deployments and usage; embedded on loopback by default."""
