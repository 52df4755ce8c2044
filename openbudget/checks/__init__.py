"""Rules over a budget document, and the explanation of what they find."""
