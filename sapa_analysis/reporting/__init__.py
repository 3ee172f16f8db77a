"""Output for readers: words and numbers of a language, figures, tables, sentences, the briefing.

It alone knows languages, matplotlib and docx. The pictures are in `reporting.figures`, also `sapa.figures`.

>>> from sapa_analysis.reporting.language import number, quantity
>>> quantity(3_500_000, "visits", 0, "vi"), quantity(14.5, "percent", 2, "en")
('3,5 triệu lượt', '14.5%')
>>> number(12085.5, 1, "vi"), number(12085.5, 1, "en")
('12.085,5', '12,085.5')
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
