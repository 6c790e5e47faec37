"""Made-up clusters for the demo, the tests and the benches. All that comes from here says that it is synthetic."""
