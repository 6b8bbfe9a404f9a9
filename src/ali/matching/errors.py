"""What can be wrong with what people give to the engine, worded for them."""


class InstanceProblem(ValueError):
    """The instance, or a result read back, cannot be used; the text names file and row."""


class NothingToMatch(InstanceProblem):
    """The tables are sound, but no household may enter any dwelling."""
