"""Links, by which a quantity of an area follows another one of it under a scenario: part of Params."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from .field_docs import described

#: Least standard deviation as a share of the span: a narrower law is a known elasticity, and cannot be drawn.
_NARROWEST = 1e-3


@described
class Link(BaseModel):
    """How far a quantity of an area moves with another one of it: by the ratio to a power, the elasticity.

    The elasticity is not known: it follows a beta law between `low` and `high` with the mean `elasticity` and
    the standard deviation `sd`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    area: str = Field(default="", description="area of which it speaks: an id of areas.csv; blank: any")
    of: str = Field(min_length=1, description="indicator that a scenario moves: an id of indicators.csv")
    to: str = Field(
        min_length=1, description="indicator that follows: an amount, or the growth rate of an amount"
    )
    elasticity: float = Field(
        ge=0, le=5, description="percent by which `to` moves with one percent of `of`: the mean of its law"
    )
    sd: float = Field(ge=0, le=5, description="standard deviation of the elasticity; 0: it is known")
    low: float = Field(ge=0, le=5, description="least elasticity")
    high: float = Field(ge=0, le=5, description="greatest elasticity")

    @model_validator(mode="after")
    def _has_a_law(self) -> Self:
        if self.of == self.to:
            raise ValueError(f'"{self.of}" needs no link to itself')
        if not self.low <= self.elasticity <= self.high:
            raise ValueError("wanted an elasticity between low and high")
        if self.sd and self.sd**2 >= (self.elasticity - self.low) * (self.high - self.elasticity):
            raise ValueError("wanted a smaller sd: no law between low and high is so wide around its mean")
        if 0 < self.sd < _NARROWEST * (self.high - self.low):
            raise ValueError("wanted a wider sd, or 0 where the elasticity is known")
        return self


def _one_step(links: list[Link]) -> list[Link]:
    ends = [(link.area, link.of, link.to) for link in links]
    if twice := [" ".join(end) for end in dict.fromkeys(ends) if ends.count(end) > 1]:
        raise ValueError(f"{', '.join(twice)} stands more than once")
    if chained := {link.to for link in links} & {link.of for link in links}:
        raise ValueError(f"{', '.join(sorted(chained))} follows and is followed; a link has one step")
    return links


#: Links that stand once each and form no chain.
Links = Annotated[list[Link], AfterValidator(_one_step)]
