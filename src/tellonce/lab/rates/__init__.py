"""Rates of events: how often something happens for each unit of time, before and after."""

from tellonce.lab.rates.ratio import RateInputError, RateRatio, rate_ratio

__all__ = ["RateInputError", "RateRatio", "rate_ratio"]
