#include "sim/programs/programs.h"

namespace telegrad::programs {

#define TELEGRAD_PROGRAM(name) ProgramEntry name();
#include "sim/programs/list.def"
#undef TELEGRAD_PROGRAM

const Registry<MakeProgram>& programs() {
  static const Registry<MakeProgram> registry("programs", "who does what when",
                                              {
#define TELEGRAD_PROGRAM(name) name(),
#include "sim/programs/list.def"
#undef TELEGRAD_PROGRAM
                                              });
  return registry;
}

std::uint32_t cohort_of(const Value& program) {
  const Value* asked = program.find("clients_per_round");
  return asked == nullptr ? 0 : static_cast<std::uint32_t>(asked->integer());
}

bool averages_models(const Value& program) { return program.find("local_steps") != nullptr; }

std::uint64_t gradients_of(const Value& program, std::uint64_t batches) {
  if (const Value* epochs = program.find("local_epochs"))
    return static_cast<std::uint64_t>(epochs->integer()) * batches;
  const Value* steps = program.find("local_steps");
  return steps == nullptr ? 1 : static_cast<std::uint64_t>(steps->integer());
}

}  // namespace telegrad::programs
