// The network `wired`: what a scenario can say of it, and how it runs.

#include <optional>

#include "channels/networks.h"
#include "channels/ns3/attributes.h"
#include "channels/ns3/ns3_network.h"
#include "channels/ns3/outputs.h"
#include "channels/ns3/tcp.h"
#include "channels/ns3/wired_star.h"
#include "channels/sampling.h"
#include "sim/core/expectation.h"

namespace telegrad::channels {

namespace {

class WiredNetwork final : public Ns3Network {
 public:
  WiredNetwork(const WiredSettings& settings, Observer& observer)
      : Ns3Network(observer, wired_attributes(settings), settings.seed, settings.outputs),
        settings_(settings), star_(settings),
        mesh_(star_, session(),
              [this](NodeId from, NodeId to, const std::string& why) { severed(from, to, why); }),
        tcp_(mesh_, *this) {}
  ~WiredNetwork() override { drop(); }

  std::optional<OnAir> on_air() const override { return star_.on_wire(); }

  NetworkFacts facts() const override {
    NetworkFacts facts;
    facts.shared_medium = false;
    facts.device_rate_mbps = settings_.rate_mbps;
    facts.assumptions = {"each worker has a full-duplex link of its own to the server, of " +
                             plain_number(settings_.rate_mbps) + " Mbit/s and " +
                             plain_number(1e3 * seconds(settings_.delay)) +
                             " ms; the server serves all of them at once",
                         "connections are open at time 0"};
    facts.not_modelled = {"other traffic on the links", "time that hosts take for packets"};
    return facts;
  }

 private:
  void open() override {
    mesh_.open(links(star_.hub()), [this] {
      star_.reset_on_wire();
      begin();
    });
  }
  Transport& transport(Leg) const override { return tcp_; }
  void severed(NodeId from, NodeId to, const std::string& why) override {
    throw RunError(ready() ? Failure::connection_lost : Failure::unreachable,
                   "from " + name_of(from, star_.hub()) + " to " + name_of(to, star_.hub()) + ": " + why);
  }

  const WiredSettings settings_;
  WiredStar star_;
  TcpMesh mesh_;
  mutable TcpTransport tcp_;
};

void check(const Value& resolved, std::vector<Problem>& problems) {
  for (auto& problem : check_attributes(resolved["ns3_attributes"], owned_wired_attributes())) {
    problem.pointer.insert(0, "/ns3_attributes");
    problems.push_back(std::move(problem));
  }
}

std::unique_ptr<Network> make(const Value& resolved, const NetworkContext& context) {
  WiredSettings settings;
  settings.workers = context.workers;
  settings.rate_mbps = resolved["rate_mbps"].number();
  settings.delay = from_seconds(resolved["delay_ms"].number() / 1e3);
  settings.packet_error_rate = resolved["packet_error_rate"].number();
  settings.queue_packets = static_cast<std::uint32_t>(resolved["queue_packets"].integer());
  settings.outputs = outputs_of(resolved);
  settings.attributes = attribute_texts(resolved["ns3_attributes"]);
  settings.seed = context.seed;
  return std::make_unique<WiredNetwork>(settings, *context.observer);
}

}  // namespace

NetworkEntry wired() {
  return {{.name = "wired",
           .summary = "a link from each worker to the server, simulated packet by packet in ns-3, by TCP",
           .source = "ns-3 3.44",
           .parameters =
               {real("rate_mbps", "of each link, each way").in(0.001, 1e6).measured_in("Mbit/s"),
                real("delay_ms", "of each link, one way").in(0, 10'000).measured_in("ms").otherwise(0.05),
                real("packet_error_rate", "probability that a packet is lost on a link; TCP sends it again")
                    .in(0, 0.1)
                    .otherwise(0.0),
                integer("queue_packets", "that wait before an end of a link; more are dropped")
                    .in(1, 1'000'000)
                    .measured_in("packets")
                    .otherwise(1000),
                map("ns3_attributes", "defaults of ns-3's own attributes, \"ns3::Class::Attribute\": value")
                    .otherwise_json("{}"),
                outputs_parameter(), sampling_parameter()},
           .example = R"({"type": "wired", "rate_mbps": 25000, "delay_ms": 0.05})",
           .check = check},
          make};
}

}  // namespace telegrad::channels
