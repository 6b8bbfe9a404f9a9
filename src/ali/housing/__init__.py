"""Buildings, dwellings, rooms, beds with their occupants, lawful capacity and costs; states from found to occupied.
Works, tenancies, rent and the guarantee fund come with their issue."""
