"""What people define: reports, standing orders and their schedules, as they are kept and changed."""
