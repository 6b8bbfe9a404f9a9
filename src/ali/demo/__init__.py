"""The invented territory, people and homes of the demo. Real municipalities, borders and contracts; invented the rest."""
