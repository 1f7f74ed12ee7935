#include "sim/app/command_line.h"

int main(int argc, char** argv) {
  try {
    return telegrad::app::command_line(argc, argv);
  } catch (...) {
    return telegrad::app::explain_failure();
  }
}
