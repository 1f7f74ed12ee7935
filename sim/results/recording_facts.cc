#include "sim/results/recording_facts.h"

#include "sim/core/errors.h"
#include "sim/core/json.h"
#include "sim/results/stored_object.h"

namespace telegrad::results {
namespace {

Value count(std::uint64_t number) { return static_cast<std::int64_t>(number); }

}  // namespace

std::string facts_to_json(const TrainingFacts& facts) {
  Value::Array portions;
  for (const Portion& portion : facts.portions) {
    Value::Array histogram;
    for (std::uint64_t label : portion.label_histogram) histogram.push_back(count(label));
    portions.push_back(Value::Object{{"samples", count(portion.samples)}, {"labels", histogram}});
  }
  return dump_json(Value::Object{{"parameters", count(facts.parameters)},
                                 {"flops_per_sample", facts.flops_per_sample},
                                 {"batch_size", count(facts.batch_size)},
                                 {"portions", portions},
                                 {"up_bytes", count(facts.up_bytes)},
                                 {"down_bytes", count(facts.down_bytes)},
                                 {"up_information_bits", count(facts.up_information_bits)},
                                 {"down_information_bits", count(facts.down_information_bits)},
                                 {"assumptions", texts(facts.assumptions)},
                                 {"not_modelled", texts(facts.not_modelled)},
                                 {"warnings", texts(facts.warnings)}});
}

TrainingFacts facts_from_json(const std::string& text, const std::string& name) {
  Parsed parsed = parse_json(text);
  StoredObject in(parsed.value, name, "recording");
  TrainingFacts facts;
  facts.parameters = in.count("parameters");
  facts.flops_per_sample = in.number("flops_per_sample");
  facts.batch_size = in.count("batch_size");
  for (const Value& one : in.items("portions")) {
    StoredObject portion(one, name, "recording");
    Portion read;
    read.samples = portion.count("samples");
    for (const Value& label : portion.items("labels")) {
      if (!label.is_integer() || label.integer() < 0) portion.refuse("labels");
      read.label_histogram.push_back(static_cast<std::uint64_t>(label.integer()));
    }
    facts.portions.push_back(std::move(read));
  }
  facts.up_bytes = in.count("up_bytes");
  facts.down_bytes = in.count("down_bytes");
  facts.up_information_bits = in.count("up_information_bits");
  facts.down_information_bits = in.count("down_information_bits");
  facts.assumptions = in.texts("assumptions");
  facts.not_modelled = in.texts("not_modelled");
  facts.warnings = in.texts("warnings");
  return facts;
}

}  // namespace telegrad::results
