"""Opens the files of an export, whatever wrote them: CSV in any encoding, or a workbook."""
