#include "channels/ns3/session.h"

#include <utility>

#include "ns3/ipv4-address-generator.h"
#include "ns3/mac48-address.h"
#include "ns3/object-factory.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "sim/core/errors.h"

namespace telegrad::channels {

namespace {

bool session_lives = false;

}  // namespace

Session::Session(std::uint64_t seed) {
  expect(!session_lives, "one ns-3 simulation at a time in a process");
  session_lives = true;
  ns3::ObjectFactory scheduler;
  scheduler.SetTypeId("ns3::PriorityQueueScheduler");
  ns3::Simulator::SetScheduler(scheduler);
  ns3::RngSeedManager::SetSeed(1);
  ns3::RngSeedManager::SetRun(seed);
  ns3::RngSeedManager::ResetNextStreamIndex();
  ns3::Mac48Address::ResetAllocationIndex();
  ns3::Ipv4AddressGenerator::Reset();
}

Session::~Session() {
  ns3::Simulator::Destroy();
  session_lives = false;
}

void Session::run() {
  if (!failure_) ns3::Simulator::Run();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void Session::stop() { ns3::Simulator::Stop(); }

}  // namespace telegrad::channels
