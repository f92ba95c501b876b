"""The trained reader: a network, its inputs, and scores for spans; `assistant.readers.training` makes its weights."""
