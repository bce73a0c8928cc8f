"""Custom integrations; this repository has one."""
