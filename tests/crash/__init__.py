"""Kill what delivers transactions, again and again, and count what Budgero booked."""
