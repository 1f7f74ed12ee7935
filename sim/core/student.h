#pragma once

namespace telegrad {

enum class Confidence { percent_95, percent_99 };

/// The number of standard errors on either side of a mean that hold the truth with this confidence, where the
/// error was estimated with so many degrees of freedom (at least 1). To about 1e-4 (Hill 1970, CACM algorithm 396).
double student_quantile(Confidence confidence, double freedom);

}  // namespace telegrad
