#pragma once

namespace dkv::sim {

// Mathematical functions for distributions, computed with + - * / alone. The C library's functions differ in the last
// bits between versions, and a run must be the same everywhere. Compiled without fused multiply-add. The relative
// error is below 1e-14 (quantile: 1e-12) in the given ranges.

double exp_of(double x) noexcept;  // -700 <= x <= 700
double log_of(double x) noexcept;  // natural; x > 0, normal
// The quantile function of the standard normal distribution; 1e-300 < p < 1. It is precise near 0; near 1 use
// -quantile(1 - p).
double normal_quantile(double p) noexcept;

}  // namespace dkv::sim
