"""`matcalc`, and `python -m matcalc`."""

import gc


def main() -> None:
    """Run the command line. The collector of garbage rests while modules are loaded: they hold none."""
    gc.disable()
    from matcalc.command.program import main as program

    program(prog_name="matcalc")


if __name__ == "__main__":
    main()
