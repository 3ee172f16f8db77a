from .adjustment import Adjustment as Adjustment
from .adjustment import Scenario as Scenario
from .adjustment import load_scenarios as load_scenarios
from .effect import BASELINE as BASELINE
from .effect import apply_scenario as apply_scenario
from .effect import changes_nothing as changes_nothing
from .effect import compare_scenarios as compare_scenarios
from .effect import needed_factors as needed_factors
