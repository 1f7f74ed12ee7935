// ns-3's own outputs: they change nothing, and say what the run did.

#include <gtest/gtest.h>

#include <unistd.h>

#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

#include "sim/core/errors.h"
#include "tests/channels/ns3/traffic.h"

namespace telegrad {
namespace {

using namespace testing_support;
namespace fs = std::filesystem;

constexpr std::uint32_t kWorkers = 3;

class Folder {
 public:
  Folder() : path(fs::path(testing::TempDir()) / ("outputs_" + std::to_string(::getpid()))) {
    fs::remove_all(path);
  }
  ~Folder() { fs::remove_all(path); }
  const fs::path path;
};

std::string text_of(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

Traffic some_traffic() {
  Traffic traffic;
  traffic.workers = kWorkers;
  traffic.rounds = 2;
  traffic.up = std::vector<std::uint32_t>(20, 1400);
  traffic.down = std::vector<std::uint32_t>(10, 1400);
  return traffic;
}

std::string fingerprint_of(const std::string& json, const fs::path& folder) {
  Fingerprint fingerprint;
  auto network = make_network(json, kWorkers, 1, fingerprint);
  if (!folder.empty()) network->set_output_folder(folder);
  spawn_traffic(*network, some_traffic());
  EXPECT_TRUE(network->run(std::chrono::hours(1)));
  network.reset();
  return fingerprint.text();
}

std::string with_outputs(std::string json, const std::string& outputs) {
  json.insert(json.rfind('}'), ", \"outputs\": " + outputs);
  return json;
}

constexpr auto kAll = R"({"pcap": true, "flow_monitor": true, "attributes": true})";
constexpr auto kWifi = R"({"type": "wifi", "placement": {"type": "ring", "radius_m": 20},
    "fading": {"type": "nakagami", "m": 1}, "frame_retry_limit": 5, "retry_count_under_block_ack": true,
    "ns3_attributes": {"ns3::LogDistancePropagationLossModel::Exponent": 2.9},
    "transport": {"uplink": {"type": "datagram"}}})";
constexpr auto kWired = R"({"type": "wired", "rate_mbps": 20, "packet_error_rate": 0.01})";

TEST(Outputs, AskedForOrNotTheRunIsTheSame) {
  for (const std::string json : {kWifi, kWired}) {
    Folder folder;
    const auto plain = fingerprint_of(json, {});
    EXPECT_EQ(fingerprint_of(with_outputs(json, kAll), folder.path), plain);
    EXPECT_EQ(fingerprint_of(with_outputs(json, kAll), {}), plain);
    EXPECT_TRUE(fs::exists(folder.path / "flows.xml"));
  }
}

TEST(Outputs, OnlyWhatIsAskedForIsWritten) {
  Folder folder;
  fingerprint_of(kWifi, folder.path);
  EXPECT_FALSE(fs::exists(folder.path));
  fingerprint_of(with_outputs(kWifi, R"({"attributes": true})"), folder.path);
  std::size_t files = 0;
  for ([[maybe_unused]] const auto& file : fs::directory_iterator(folder.path)) ++files;
  EXPECT_EQ(files, 1u);
  EXPECT_TRUE(fs::exists(folder.path / "attributes.txt"));
}

/// Frames in a file of libpcap's format, and the bytes they had on the air.
struct Capture {
  std::uint32_t link_type = 0;
  std::size_t frames = 0;
  std::uint64_t bytes = 0;
};

Capture capture_of(const fs::path& file) {
  const std::string text = text_of(file);
  const auto word = [&](std::size_t at) {
    std::uint32_t value = 0;
    std::memcpy(&value, text.data() + at, 4);
    return value;
  };
  Capture capture;
  if (text.size() < 24 || word(0) != 0xa1b2c3d4) return capture;  // microseconds, this machine's byte order
  capture.link_type = word(20);
  for (std::size_t at = 24; at + 16 <= text.size(); at += 16 + word(at + 8)) {
    ++capture.frames;
    capture.bytes += word(at + 12);
  }
  return capture;
}

TEST(Outputs, ACaptureHoldsWhatANodeHears) {
  Folder folder;
  fingerprint_of(with_outputs(kWifi, kAll), folder.path);
  const auto payload = 2u * kWorkers * (20 + 10) * 1400;
  const Capture server = capture_of(folder.path / "node-3.pcap");
  EXPECT_EQ(server.link_type, 127u);  // radiotap
  EXPECT_GT(server.bytes, payload * 8 / 10) << "less than is lost on the way";
  EXPECT_LT(server.bytes, payload * 2);
  for (const char* name : {"node-0.pcap", "node-1.pcap", "node-2.pcap"}) {
    EXPECT_GT(capture_of(folder.path / name).frames, 50u) << name;
  }
  fs::remove_all(folder.path);
  fingerprint_of(with_outputs(kWired, kAll), folder.path);
  EXPECT_EQ(capture_of(folder.path / "node-0.pcap").link_type, 9u);  // PPP
  EXPECT_GT(capture_of(folder.path / "node-3-2.pcap").frames, 40u)
      << "the server has a device for each worker";
}

TEST(Outputs, FlowMonitorCountsTheBytesOfEveryFlow) {
  Folder folder;
  fingerprint_of(with_outputs(kWired, kAll), folder.path);
  const std::string flows = text_of(folder.path / "flows.xml");
  const std::regex received("rxBytes=\"([0-9]+)\"");
  double sum = 0;
  for (std::sregex_iterator at(flows.begin(), flows.end(), received), end; at != end; ++at) {
    sum += std::stod((*at)[1]);
  }
  const double payload = 2.0 * kWorkers * (20 + 10) * 1400;
  EXPECT_GT(sum, payload);
  EXPECT_LT(sum, 1.1 * payload) << "headers and acknowledgements";
}

TEST(Outputs, TheAttributesAreThoseOfTheRun) {
  Folder folder;
  fingerprint_of(with_outputs(kWifi, kAll), folder.path);
  const std::string attributes = text_of(folder.path / "attributes.txt");
  for (const char* line : {"default ns3::LogDistancePropagationLossModel::Exponent \"2.9\"",
                           "PropagationLossModel/Exponent \"2.9\"", "Mac/FrameRetryLimit \"5\"",
                           "default ns3::TcpSocket::SegmentSize \"1448\""}) {
    EXPECT_NE(attributes.find(line), std::string::npos) << line;
  }
}

TEST(Outputs, AFolderThatCannotBeWrittenIsToldBeforeTheRun) {
  Folder folder;
  std::ofstream(folder.path) << "a file";
  try {
    fingerprint_of(with_outputs(kWifi, kAll), folder.path / "ns3");
    FAIL() << "it ran";
  } catch (const RunError& error) {
    EXPECT_EQ(error.failure(), Failure::storage);
    EXPECT_NE(std::string(error.what()).find("cannot be written"), std::string::npos) << error.what();
  }
}

}  // namespace
}  // namespace telegrad
