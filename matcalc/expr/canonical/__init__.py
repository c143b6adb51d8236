"""The constructors that keep canonical form: one room, since each of them may need every other one."""
