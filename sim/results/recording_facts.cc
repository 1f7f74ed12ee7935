#include "sim/results/recording_facts.h"

#include "sim/core/errors.h"
#include "sim/core/json.h"

namespace telegrad::results {
namespace {

Value texts(const std::vector<std::string>& all) {
  Value::Array array;
  for (const std::string& one : all) array.emplace_back(one);
  return array;
}

Value count(std::uint64_t number) { return static_cast<std::int64_t>(number); }

/// Members of a parsed object; whatever is missing or of another kind is damage.
class Reader {
 public:
  Reader(const Value& object, const std::string& name) : object_(object), name_(name) {}

  const Value& at(const char* key) const {
    const Value* value = object_.find(key);
    if (value == nullptr) refuse(key);
    return *value;
  }
  std::uint64_t count(const char* key) const { return count_of(at(key), key); }
  double number(const char* key) const {
    if (!at(key).is_number()) refuse(key);
    return at(key).number();
  }
  const Value::Array& items(const char* key) const {
    if (!at(key).is_array()) refuse(key);
    return at(key).items();
  }
  std::vector<std::string> texts(const char* key) const {
    std::vector<std::string> all;
    for (const Value& one : items(key)) {
      if (!one.is_text()) refuse(key);
      all.push_back(one.text());
    }
    return all;
  }
  std::uint64_t count_of(const Value& value, const char* key) const {
    if (!value.is_integer() || value.integer() < 0) refuse(key);
    return static_cast<std::uint64_t>(value.integer());
  }

 private:
  [[noreturn]] void refuse(const char* key) const {
    throw RunError(Failure::bad_data,
                   name_ + ": the recording is damaged (its facts lack '" + key + "'); record it again");
  }
  const Value& object_;
  const std::string& name_;
};

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
  Reader in(parsed.value, name);
  TrainingFacts facts;
  facts.parameters = in.count("parameters");
  facts.flops_per_sample = in.number("flops_per_sample");
  facts.batch_size = in.count("batch_size");
  for (const Value& one : in.items("portions")) {
    Reader portion(one, name);
    Portion read;
    read.samples = portion.count("samples");
    for (const Value& label : portion.items("labels")) {
      read.label_histogram.push_back(portion.count_of(label, "labels"));
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
