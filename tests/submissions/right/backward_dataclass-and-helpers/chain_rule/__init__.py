"""Helpers of mine."""
