"""Generated parse tables, so that a start need not compute them: `matcalc.language.surface.machine` goes by them."""
