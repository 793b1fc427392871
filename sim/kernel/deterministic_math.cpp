#include "sim/kernel/deterministic_math.h"

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>

#include "engine/core/assert.h"

namespace dkv::sim {
namespace {

constexpr double kLn2High =
    6.93147180369123816490e-01;  // its last 32 bits are 0: products with small integers are exact
constexpr double kLn2Low = 1.90821492927058770002e-10;

double power_of_two(int exponent) noexcept {
  return std::bit_cast<double>(static_cast<std::uint64_t>(exponent + 1023) << 52);
}

// Evaluates a polynomial; coefficients begin with the highest power.
double polynomial(std::span<const double> coefficients, double x) noexcept {
  double sum = 0;
  for (const double c : coefficients) sum = sum * x + c;
  return sum;
}

}  // namespace

double exp_of(double x) noexcept {
  DKV_ASSERT(x >= -700 && x <= 700);
  // x = k ln 2 + r, |r| <= ln 2 / 2; then the Taylor series of e^r.
  const double scaled = x * 1.4426950408889634;
  const int k = static_cast<int>(scaled < 0 ? scaled - 0.5 : scaled + 0.5);
  const double r = (x - k * kLn2High) - k * kLn2Low;
  double sum = 1;
  for (int i = 17; i >= 1; --i) sum = 1 + r / i * sum;
  return sum * power_of_two(k);
}

double log_of(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x);
  DKV_ASSERT(x > 0 && bits >> 52 != 0 && bits >> 52 != 0x7ff);
  int exponent = static_cast<int>(bits >> 52) - 1023;
  double m = std::bit_cast<double>((bits & 0xfffffffffffffULL) | 0x3ff0000000000000ULL);
  if (m > 1.4142135623730951) {
    m = m / 2;
    ++exponent;
  }
  // ln m = 2 artanh((m - 1) / (m + 1)), |argument| <= 0.172.
  const double s = (m - 1) / (m + 1);
  const double square = s * s;
  double sum = 0;
  for (int i = 25; i >= 1; i -= 2) sum = sum * square + 1.0 / i;
  return exponent * kLn2High + (exponent * kLn2Low + 2 * s * sum);
}

// M. Wichura, algorithm AS 241 (PPND16), Applied Statistics 37 (1988).
double normal_quantile(double p) noexcept {
  DKV_ASSERT(p > 0 && p < 1);
  const double q = p - 0.5;
  if (q >= -0.425 && q <= 0.425) {
    static constexpr double kA[] = {2.5090809287301226727e3, 3.3430575583588128105e4, 6.7265770927008700853e4,
                                    4.5921953931549871457e4, 1.3731693765509461125e4, 1.9715909503065514427e3,
                                    1.3314166789178437745e2, 3.3871328727963666080e0};
    static constexpr double kB[] = {
        5.2264952788528545610e3, 2.8729085735721942674e4, 3.9307895800092710610e4, 2.1213794301586595867e4,
        5.3941960214247511077e3, 6.8718700749205790830e2, 4.2313330701600911252e1, 1.0};
    const double r = 0.180625 - q * q;
    return q * polynomial(kA, r) / polynomial(kB, r);
  }
  double r = std::sqrt(-log_of(q < 0 ? p : 1 - p));
  double z = 0;
  if (r <= 5) {
    static constexpr double kC[] = {7.74545014278341407640e-4, 2.27238449892691845833e-2, 2.41780725177450611770e-1,
                                    1.27045825245236838258e0,  3.64784832476320460504e0,  5.76949722146069140550e0,
                                    4.63033784615654529590e0,  1.42343711074968357734e0};
    static constexpr double kD[] = {
        1.05075007164441684324e-9, 5.47593808499534494600e-4, 1.51986665636164571966e-2, 1.48103976427480074590e-1,
        6.89767334985100004550e-1, 1.67638483018380384940e0,  2.05319162663775882187e0,  1.0};
    r -= 1.6;
    z = polynomial(kC, r) / polynomial(kD, r);
  } else {
    static constexpr double kE[] = {2.01033439929228813265e-7, 2.71155556874348757815e-5, 1.24266094738807843860e-3,
                                    2.65321895265761230930e-2, 2.96560571828504891230e-1, 1.78482653991729133580e0,
                                    5.46378491116411436990e0,  6.65790464350110377720e0};
    static constexpr double kF[] = {
        2.04426310338993978564e-15, 1.42151175831644588870e-7, 1.84631831751005468180e-5, 7.86869131145613259100e-4,
        1.48753612908506148525e-2,  1.36929880922735805310e-1, 5.99832206555887937690e-1, 1.0};
    r -= 5;
    z = polynomial(kE, r) / polynomial(kF, r);
  }
  return q < 0 ? -z : z;
}

}  // namespace dkv::sim
