"""What the homes of a body give and cost together: indicators from kept monthly totals, economics, comparisons."""
