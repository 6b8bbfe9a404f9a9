"""What falls due and for whom, on one board. The apps that own a clock write its deadline here, with a copy of who may
see it: an organisation, and the person concerned if there is one."""
