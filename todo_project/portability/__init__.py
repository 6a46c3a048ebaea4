"""What people bring along and take away: calendar files, our own JSON, archives."""
