"""Providers: where applications are deployed. One file each; `local` is the default."""
