"""Bodies of the network: an organisation has roles in territories over periods, never one type. Memberships give a
user a role in an organisation; this app supplies them to `accounts` as grants."""
