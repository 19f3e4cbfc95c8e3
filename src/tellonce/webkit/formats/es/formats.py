"""Dates and times in Spanish: the day before the month, hours to 24."""

DATE_FORMAT = r"j \d\e F \d\e Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = r"l j \d\e F \d\e Y H:i"
SHORT_DATE_FORMAT = "j M Y"
MONTH_DAY_FORMAT = r"j \d\e F"
DECIMAL_SEPARATOR = "."  # as in Mexico, the United States and the Caribbean, and as amounts of money are shown
THOUSAND_SEPARATOR = ","
