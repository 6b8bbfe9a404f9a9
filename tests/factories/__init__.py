"""The smallest valid object of each model; situations are traits. One module per app."""
