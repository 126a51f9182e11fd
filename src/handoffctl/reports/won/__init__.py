"""The report on won deals: the signals they had early, compared with those of lost ones."""
