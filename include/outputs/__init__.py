"""Files for people, in the folder `STOREKEEPER_OUTPUTS`."""
