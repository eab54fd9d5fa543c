from ..secret import answers
import secret
