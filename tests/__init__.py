"""What spans modules; a module's own tests sit beside it."""
