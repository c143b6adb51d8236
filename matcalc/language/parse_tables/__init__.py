"""Generated parse tables, so that start-up need not compute them: see `matcalc.language.surface.stored_tables`."""
