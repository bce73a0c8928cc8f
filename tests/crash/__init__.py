"""Kill the process that delivers transactions, many times, and count the bookings."""
