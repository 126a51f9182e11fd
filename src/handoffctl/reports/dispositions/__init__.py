"""The report on dispositions: which proposals were followed, which overruled, and how those deals went on."""
