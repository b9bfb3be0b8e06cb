"""Pure statistics over what was recorded: no screen, no disk, no vendor."""
