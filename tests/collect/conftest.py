"""What tests of the collector share: an engine that lives for seconds only."""

import os

# PowerShell's engine starts anew for each script, some hundred times. Background collection, and compiling methods a
# second time by their profile, are a quarter of its work then and never pay off.
os.environ.setdefault("DOTNET_gcConcurrent", "0")
os.environ.setdefault("DOTNET_TieredPGO", "0")
