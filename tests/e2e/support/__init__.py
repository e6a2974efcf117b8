"""Helpers of the end-to-end tests: a home with its service, real clients, files to drop, answers to read."""
