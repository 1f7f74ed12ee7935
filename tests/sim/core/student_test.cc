#include "sim/core/student.h"

#include <gtest/gtest.h>

namespace telegrad {
namespace {

TEST(Student, QuantilesAreThoseOfTheTables) {
  struct Row {
    double freedom, percent_95, percent_99;
  };
  for (const Row& row : {Row{1, 12.7062, 63.6567}, Row{2, 4.3027, 9.9248}, Row{3, 3.1824, 5.8409},
                         Row{5, 2.5706, 4.0321}, Row{12, 2.1788, 3.0545}, Row{30, 2.0423, 2.7500},
                         Row{120, 1.9799, 2.6174}, Row{10000, 1.9602, 2.5763}}) {
    EXPECT_NEAR(student_quantile(Confidence::percent_95, row.freedom), row.percent_95, 2e-3) << row.freedom;
    EXPECT_NEAR(student_quantile(Confidence::percent_99, row.freedom), row.percent_99, 2e-3) << row.freedom;
  }
}

}  // namespace
}  // namespace telegrad
