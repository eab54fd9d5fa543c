from helpers import encoder_backward

__all__ = ["encoder_backward"]
