"""Clock, decisions, transactions, pages, forms' safety, text and money: what every app needs and no domain owns."""
