#include "sim/app/experiment.h"
#include "sim/app/identity.h"
#include "sim/app/link_facts.h"
#include "sim/core/expectation.h"

namespace telegrad::app {
namespace {

void append(std::vector<std::string>& all, const std::vector<std::string>& more) {
  all.insert(all.end(), more.begin(), more.end());
}

std::vector<std::string> device_assumptions(const Devices& devices) {
  const DeviceProfile& profile = devices.profile();
  if (!profile.measured && !profile.flops_per_s && !profile.codec_bytes_per_s) return {};
  std::string text = "simulated devices: " + profile.name;
  if (profile.measured) text += ", gradients charged what they took on this host";
  if (profile.flops_per_s) text += ", training at " + plain_number(*profile.flops_per_s / 1e9) + " GFLOP/s";
  if (profile.codec_bytes_per_s)
    text += ", codecs at " + plain_number(*profile.codec_bytes_per_s / 1e6) + " MB/s";
  return {text + " (" + profile.source + ")"};
}

std::vector<std::string> device_gaps(const Devices& devices) {
  std::vector<std::string> gaps;
  if (!devices.models(Phase::gradient)) gaps.push_back("time to compute gradients");
  if (!devices.profile().codec_bytes_per_s) gaps.push_back("time to encode, fold, decode and apply");
  gaps.push_back("energy");
  return gaps;
}

std::vector<results::NodeRow> nodes(const Experiment& experiment, std::uint32_t workers) {
  NetworkFacts network = experiment.network();
  std::vector<results::NodeRow> rows;
  // Without a hub there is none, but an access point has its place.
  const bool hub = experiment.has_hub() || !network.positions.empty();
  for (std::uint32_t i = 0; i < workers + (hub ? 1 : 0); ++i) {
    results::NodeRow row;
    row.node = i;
    row.role = i == workers ? "hub" : "worker";
    if (i < network.positions.size()) {
      row.x = network.positions[i].first;
      row.y = network.positions[i].second;
    }
    row.speed_factor = experiment.devices().speed_factor(NodeId{i});
    if (i < experiment.training().portions.size()) {
      const Portion& portion = experiment.training().portions[i];
      row.samples = portion.samples;
      row.label_histogram = portion.label_histogram;
    }
    rows.push_back(std::move(row));
  }
  return rows;
}

}  // namespace

results::Manifest manifest(const Value& scenario, const Experiment& experiment,
                           const std::string& torch_version) {
  results::Manifest manifest;
  manifest.name = scenario["name"].text();
  manifest.scenario = scenario;
  manifest.versions = versions(torch_version);
  manifest.seeds = scenario["seeds"];
  append(manifest.assumptions, experiment.training().assumptions);
  append(manifest.assumptions, device_assumptions(experiment.devices()));
  append(manifest.assumptions, experiment.network().assumptions);
  if (experiment.sampling()) {
    manifest.assumptions.push_back(
        "fast-forward: the communication of rounds that are not simulated is drawn from some that are");
  }
  append(manifest.not_modelled, device_gaps(experiment.devices()));
  append(manifest.not_modelled, experiment.training().not_modelled);
  append(manifest.not_modelled, experiment.network().not_modelled);
  manifest.warnings = experiment.training().warnings;
  if (experiment.devices().profile().measured) {
    manifest.warnings.push_back("not reproducible: simulated time holds times measured on this machine");
  }
  for (const Value& target : scenario["evaluation"]["targets"].items())
    manifest.targets.push_back(target.number());
  manifest.target_split = scenario["evaluation"]["split"].text() == "test" ? "test" : "validation";
  manifest.parameters = experiment.training().parameters;
  manifest.phy_rate_mbps = experiment.network().phy_rate_mbps;
  manifest.link_independent = link_dependence(scenario, link_facts_of(experiment)).empty();
  manifest.nodes = nodes(experiment, static_cast<std::uint32_t>(scenario["workers"].integer()));
  manifest.threads = experiment.threads();
  manifest.date = results::host_date();
  return manifest;
}

}  // namespace telegrad::app
