"""Pages of conventions: opened after an award, written together, signed, amended."""
