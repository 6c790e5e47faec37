"""The words that every other part shares: outcome, finding, control, subject, waiver, profile.

Nothing of ours is imported here; see docs/architecture.md for the direction of the arrows.
"""
