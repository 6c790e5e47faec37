"""Reports: one module a format, each a pure function from assessments to text."""
