"""Documents in, hits out: reading, splitting, keeping and searching; nothing here talks to a chat model."""
