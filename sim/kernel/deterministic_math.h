#pragma once

namespace dkv::sim {

// The functions that shape distributions, from + - * / alone: the C library's differ in the last bits between versions,
// and a run must be the same everywhere. Compiled without fused multiply-add. Relative error below 1e-14 (the quantile:
// 1e-12) in the ranges given.

double exp_of(double x) noexcept;  // -700 <= x <= 700
double log_of(double x) noexcept;  // natural; x > 0, normal
// The standard normal deviate below which the share p of all lies; 1e-300 < p < 1. Precise near 0; use -quantile(1 - p)
// near 1.
double normal_quantile(double p) noexcept;

}  // namespace dkv::sim
