"""Premiums, by which an area follows the area it lies in, and bridges between boundaries: parts of Params."""

from __future__ import annotations

from typing import Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from .field_docs import described


@described
class Premium(BaseModel):
    """How the yearly steps of an area's quantity differ from those of the area it lies in, in logs."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    step: float = Field(gt=0, le=10, description="standard deviation of the premium around its mean")
    mean_sd: float = Field(
        ge=0, le=10, description="standard deviation of its mean, which is zero for all areas"
    )
    memory: float = Field(ge=0, lt=1, description="correlation with the premium of the year before")
    shock: float = Field(ge=0, le=10, description="standard deviation that a shock year adds")
    bridge: float = Field(
        ge=0, le=10, description="standard deviation that a district's own way of measuring adds each year"
    )


@described
class Bridge(BaseModel):
    """How figures of one boundary are read as figures of another."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)

    indicator: str = Field(description="id of indicators.csv")
    of: str = Field(description="area whose figures are read")
    to: str = Field(description="area of which they then speak")
    factor: float = Field(gt=0, le=1000, description="by which they are multiplied")
    sd: float = Field(gt=0, le=10, description="standard deviation of the logarithm of that factor")

    @model_validator(mode="after")
    def _of_another(self) -> Self:
        if self.of == self.to:
            raise ValueError(f'"{self.of}" needs no bridge to itself')
        return self
