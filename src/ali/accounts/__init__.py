"""Users, sign-in, roles as named sets of permissions, the `Actor` that every rule asks, and the access rule of each view.
Memberships live in `organisations`, which supplies the actor's grants."""
