"""The briefing: two pages for leaders, composed once from the results."""
