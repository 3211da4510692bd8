"""Pages of label agreements: opened after an award, written together, signed, amended."""
