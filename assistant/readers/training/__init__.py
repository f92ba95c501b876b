"""How the trained reader was made: its data, training and figures; nothing here is imported by the assistant."""
