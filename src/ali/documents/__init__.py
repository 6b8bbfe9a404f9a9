"""Files attached to records (photos, certificates, acts, receipts) and printed papers. Who may open a file is said by
the app that owns the record (`subjects.offer_subject`); nothing here knows a home or a person."""
