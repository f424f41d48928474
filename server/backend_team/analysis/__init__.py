"""Analysis of one module: blocks, facts, findings, report.

`from backend_team.analysis.module import Module, analyse`
"""
