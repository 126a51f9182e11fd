"""Opens the files of an export: CSV in any encoding, or an Excel workbook."""
