"""Policy analysis for Sa Pa: evidence -> series -> forecasting -> scenarios -> verdicts -> reporting.

Importing the package is cheap: a name is loaded with its module when it is first used.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
__version__ = "0.1.0"
