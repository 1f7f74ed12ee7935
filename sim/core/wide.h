#pragma once

/// What is compiled for AVX2, and whatever its loops call: only what is inlined is compiled so too.
#if defined(__x86_64__) && defined(__GNUC__)
#define TELEGRAD_HAS_WIDE 1
#define TELEGRAD_WIDE __attribute__((target("avx2")))
#else
#define TELEGRAD_HAS_WIDE 0
#define TELEGRAD_WIDE
#endif
#define TELEGRAD_INLINED __attribute__((always_inline))  // of a lambda
#define TELEGRAD_INLINE TELEGRAD_INLINED inline

namespace telegrad {

/// Whether kernels run as compiled for AVX2, which the processor must have, or as for any processor. Results are
/// the same bits; tests and benchmarks turn it off.
#if TELEGRAD_HAS_WIDE
inline bool wide_registers = __builtin_cpu_supports("avx2") != 0;
#else
inline bool wide_registers = false;
#endif

template <class Kernel, class... Arguments>
TELEGRAD_WIDE auto run_wide(Arguments... arguments) {
  return Kernel::run(arguments...);
}

/// Kernel::run(arguments...), a static TELEGRAD_INLINE function, compiled twice and chosen at run time. A target
/// per function, not per file: what a file compiled for AVX2 shares with others, a std::vector say, could be
/// the copy that the linker keeps for processors without it.
template <class Kernel, class... Arguments>
auto dispatch(Arguments... arguments) {
  return wide_registers ? run_wide<Kernel>(arguments...) : Kernel::run(arguments...);
}

}  // namespace telegrad
