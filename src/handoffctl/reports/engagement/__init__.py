"""Report engagement: touches and progress."""
