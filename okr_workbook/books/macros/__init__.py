"""The macros: `macros/*.bas` as a VBA project, and the template that holds it."""
